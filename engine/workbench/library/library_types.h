#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hearth::workbench {

using LibraryId = std::int64_t; ///< of a row; 0 = none

/// How a file came to be where it is.
enum class FileMode {
    Referenced, ///< lies where it was found and belongs to whoever put it there
    Copied,     ///< into the library's folder
    HardLinked, ///< into the library's folder, the same bytes as where it was found
    Made        ///< written by the program: a download, a conversion, a quantisation
};

enum class FileState {
    Present,
    Altered, ///< size or time are no longer those that were recorded: verifying tells more
    Changed, ///< the last verification found other bytes than the recorded ones
    Missing
};

struct LibraryFile {
    LibraryId id = 0;
    std::filesystem::path path;
    std::uint64_t bytes = 0;
    std::string sha256; ///< 64 hex digits; "" = not computed yet
    FileMode mode = FileMode::Referenced;
    std::int64_t modifiedNs = 0; ///< of the file when it was recorded, Unix nanoseconds
    std::int64_t verifiedMs = 0; ///< last verification, Unix milliseconds; 0 = never
    bool differed = false;       ///< … found other bytes
    FileState state = FileState::Present;
};

/// One form of a model: as it came, or made from another version.
struct LibraryVersion {
    LibraryId id = 0, model = 0;
    LibraryId parent = 0; ///< the version it was made from
    LibraryId job = 0;    ///< that made it (workbench/jobs)
    std::string label;    ///< "Q4_K_M"; people may change it
    std::string quantisation;
    /// "imported", "downloaded", "converted", "quantised", "trained", or the program whose folder it lies in:
    /// "lm-studio", "jan", "gpt4all", "ollama", "huggingface-cache".
    std::string origin;
    std::string source;   ///< where it came from: a repository, an address, a folder; "" = the file itself
    std::string recipe;   ///< JSON object: the parameters it was made with; "{}" = none
    std::string measured; ///< JSON object: what was measured of it (see jobs/quality.h); "{}" = nothing
    std::string note;
    std::int64_t createdMs = 0, lastUsedMs = 0; ///< Unix milliseconds; 0 = never used
    bool isDefault = false;
    std::vector<LibraryFile> files; ///< parts of a split set in order

    [[nodiscard]] std::uint64_t bytes() const;
    /// Of a single file its sha256, of a set that of the parts' digests one after another; "" while a part
    /// has none.
    [[nodiscard]] std::string contentHash() const;
    [[nodiscard]] FileState state() const;                   ///< the worst of its files'
    [[nodiscard]] const std::filesystem::path& path() const; ///< what is opened: the first part
    [[nodiscard]] bool sealed() const;                       ///< it opens with a key or a password only
};

struct LibraryModel {
    LibraryId id = 0;
    std::string name, family;
    std::uint64_t parameters = 0, trainedContext = 0;
    bool runnable = true; ///< the engine has this family
    std::string licence;  ///< "" = the file does not say
    std::string note;
    std::string defaults; ///< JSON of ModelDefaults; "{}" = the program's own
    std::int64_t createdMs = 0;
    bool canRollBack = false;             ///< another version was the default before
    std::vector<LibraryVersion> versions; ///< the default first, then oldest first

    [[nodiscard]] const LibraryVersion* defaultVersion() const; ///< nullptr only without versions
    [[nodiscard]] std::int64_t lastUsedMs() const;
    [[nodiscard]] std::uint64_t bytes() const;
};

/// A change of a model's default version.
struct DefaultChange {
    LibraryId version = 0;
    std::int64_t atMs = 0;
};

/// What the names of sealed model files end in.
inline constexpr const char* kSealedEnding = ".sealed";

/// Whether bytes of `mode` belong to the library, so that removing the version removes them.
[[nodiscard]] constexpr bool ownedByLibrary(FileMode mode) {
    return mode != FileMode::Referenced;
}

} // namespace hearth::workbench
