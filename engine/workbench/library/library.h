#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/security/crypto/file_sealing.h"
#include "engine/security/identity/roles.h"
#include "engine/workbench/library/library_types.h"

namespace hearth::workbench {

/// Asks whether an action on the model file at a path is allowed, does `work` when it is and notes how it
/// ended: Gate::run for the one who asks. Empty = everything is allowed.
using LibraryGuard = std::function<Result<void>(security::Action action, const std::string& modelPath,
                                                const std::function<Result<void>()>& work)>;

struct LibraryOptions {
    std::filesystem::path folder = {}; ///< for copies, hard links and what jobs write; made when first needed
    LibraryGuard guard = {};
};

/// How a file is to be taken in.
struct AddRequest {
    std::filesystem::path path = {}; ///< a GGUF file; any part of a set brings the whole set
    FileMode mode = FileMode::Referenced;
    std::string origin = "imported";
    std::string source = {}, licence = {}; ///< licence "" = general.license of the file
    std::string name = {};                 ///< of the model; "" = what the file says
    std::string label = {};                ///< of the version; "" = its quantisation
    LibraryId parent = 0, job = 0;
    std::string recipe = "{}", measured = "{}";
    bool hash = true; ///< compute sha256 now; otherwise verify() does it later
    /// Files of it whose bytes were read and checked a moment ago: they are not read again.
    struct Verified {
        std::filesystem::path path;
        std::string sha256;
    };
    std::vector<Verified> verified = {};
};

struct AddReport {
    LibraryId model = 0, version = 0;
    bool newModel = false;
    bool alreadyThere = false; ///< the very file was in the library; `version` is that one
    LibraryId duplicateOf = 0; ///< another version with the same bytes
    bool copyLeftOut = false;  ///< nothing was copied because `duplicateOf` has the bytes
};

struct ImportProblem {
    std::filesystem::path path;
    Error problem;
};

/// What became of files and folders that were given together.
struct ImportReport {
    std::vector<AddReport> added;
    std::vector<std::filesystem::path> convertible; ///< Hugging Face folders: they must be converted first
    std::vector<ImportProblem> problems;
};

/// What a verification found, file by file in the version's order.
struct Verification {
    enum class Verdict { Recorded /**< first time: nothing to compare with */, Same, Changed, Missing };
    struct File {
        std::filesystem::path path;
        Verdict verdict = Verdict::Same;
        std::string expected, found; ///< sha256
    };
    std::vector<File> files;
    [[nodiscard]] bool good() const;
};

/// A version that was taken out, for putting it back.
struct Removed {
    LibraryModel model; ///< as it was, with this version alone
    bool modelGone = false;
    bool wasDefault = false;
    struct Trashed {
        std::filesystem::path path, inTrash;
    };
    std::vector<Trashed> trashed;
    std::uint64_t freedBytes = 0; ///< on disk, once the trash is emptied; hard-linked bytes stay elsewhere
};

/// What became of a version that was sealed.
struct SealedVersion {
    std::filesystem::path path;
    bool readableLeft =
        false; ///< the readable file was kept, was only pointed to, or has another name on the disk
    std::optional<Error> notRemoved; ///< it should be gone, but that failed: tried again with the next open()
};

/// The models of this installation and their versions: one SQLite database that several programs may have
/// open. Files are the truth about bytes, the database about everything else; a row whose file has gone stays
/// and says so. Nothing becomes visible half-done: files are put in place whole, then one transaction records
/// them; when that fails, what was put in place goes again.
///
/// Confined to one thread. Every call that changes something asks the guard first. Errors of all: store.*,
/// permission.*; library.not_found (arg id) for a row that is not there (any more).
class Library {
public:
    [[nodiscard]] static Result<std::unique_ptr<Library>> open(const std::filesystem::path& database,
                                                               LibraryOptions options = {});
    ~Library();

    [[nodiscard]] const std::filesystem::path& folder() const;

    /// Every model with versions and files; states by looking at the disk (size and time only).
    [[nodiscard]] Result<std::vector<LibraryModel>> models();
    [[nodiscard]] Result<LibraryModel> model(LibraryId model);
    /// The model with this version alone.
    [[nodiscard]] Result<LibraryModel> version(LibraryId version);
    /// The version that this file belongs to, with its model; nullopt when it is not in the library.
    [[nodiscard]] Result<std::optional<LibraryModel>> findPath(const std::filesystem::path& path);
    /// Newest first.
    [[nodiscard]] Result<std::vector<DefaultChange>> defaultHistory(LibraryId model);

    /// Takes one file (or set) in. A version of the same model (name, family and size agree, or `parent`'s)
    /// joins it. Progress phases "library.copy" and "library.hash", in bytes. Errors: gguf.*, file.*,
    /// library.not_a_model (a GGUF of another kind: an importance matrix, an adapter, a projector),
    /// library.cannot_link (a hard link to another file system), base.cancelled.
    [[nodiscard]] Result<AddReport> add(const AddRequest& request, std::stop_token stop = {},
                                        const ProgressSink& progress = {});
    /// Files, and folders with everything below them. One that fails does not stop the others. Progress phase
    /// "library.import", in bytes. Errors: base.cancelled (what was taken in until then stays).
    [[nodiscard]] Result<ImportReport> import(std::span<const std::filesystem::path> paths,
                                              const AddRequest& how, std::stop_token stop = {},
                                              const ProgressSink& progress = {});

    /// Reads every byte. Records sha256 where there was none, else compares and keeps what was recorded.
    /// Progress phase "library.hash", in bytes.
    [[nodiscard]] Result<Verification> verify(LibraryId version, std::stop_token stop = {},
                                              const ProgressSink& progress = {});
    /// Takes the bytes as they are now for the right ones, after a change that was meant.
    [[nodiscard]] Result<void> acceptChange(LibraryId version, std::stop_token stop = {},
                                            const ProgressSink& progress = {});
    /// A missing file was found elsewhere (same size, and the same bytes where a hash is known). Errors:
    /// library.other_content (arg path), file.*.
    [[nodiscard]] Result<void> relocate(LibraryId file, const std::filesystem::path& path,
                                        std::stop_token stop = {}, const ProgressSink& progress = {});

    /// Moves a version's files into a folder: renamed on one file system, else copied, compared and then
    /// removed. Progress phase "library.move", in bytes. Errors: library.name_taken (arg path),
    /// file.disk_full (args needed_bytes, available_bytes), library.file_missing (arg path), file.*,
    /// base.cancelled.
    [[nodiscard]] Result<void> move(LibraryId version, const std::filesystem::path& folder,
                                    std::stop_token stop = {}, const ProgressSink& progress = {});

    /// Bytes that removing a version frees: of files that are the library's own (or of all, with `always`)
    /// and have no other name on the disk.
    [[nodiscard]] Result<std::uint64_t> wouldFree(LibraryId version, bool always = false);
    /// Takes a version out; the model goes with its last one. Its own files go to the system's trash, with
    /// `trashReferenced` those of others too. Versions made from it keep their place. Errors:
    /// library.no_trash (arg path): nothing was changed.
    [[nodiscard]] Result<Removed> remove(LibraryId version, bool trashReferenced = false);
    /// Undoes remove(), files first. Errors: library.name_taken, file.*.
    [[nodiscard]] Result<void> restore(const Removed& removed);

    /// Seals a version of one file and puts the sealed file in its place, which opens with `secret` only:
    /// read back and compared before anything of the readable one is thrown away. That one is then
    /// overwritten and removed (see store::shred() for what this cannot promise; a symbolic link and what it
    /// points to stay), or left where it is and forgotten; cut off in between, it is overwritten when the
    /// library is next opened. Progress phase "library.seal". Errors: library.one_file_only (arg files),
    /// library.already_sealed, library.in_use (a program has the file open, which would read zeros),
    /// library.name_taken, library.file_missing, library.other_content (it is not what was recorded),
    /// library.seal_differs (args path), file.*, crypto.*, base.cancelled: nothing was changed.
    [[nodiscard]] Result<SealedVersion> seal(LibraryId version, const security::FileSecret& secret,
                                             bool removeReadable, std::stop_token stop = {},
                                             const ProgressSink& progress = {});
    /// Puts a readable file in the place of a sealed one and returns where it lies; access for its owner
    /// only. Progress phase "library.unseal". Errors: library.one_file_only, library.not_sealed,
    /// library.name_taken, library.file_missing, gguf.*, file.*, crypto.*, base.cancelled: nothing was
    /// changed.
    [[nodiscard]] Result<std::filesystem::path> unseal(LibraryId version, const security::FileSecret& secret,
                                                       std::stop_token stop = {},
                                                       const ProgressSink& progress = {});

    [[nodiscard]] Result<void> rename(LibraryId model, const std::string& name);
    [[nodiscard]] Result<void> setLabel(LibraryId version, const std::string& label);
    [[nodiscard]] Result<void> setModelNote(LibraryId model, const std::string& note);
    [[nodiscard]] Result<void> setVersionNote(LibraryId version, const std::string& note);
    [[nodiscard]] Result<void> setLicence(LibraryId model, const std::string& licence);
    /// What is opened when the model is meant. Kept in the history of defaults.
    [[nodiscard]] Result<void> setDefault(LibraryId version);
    /// The default before this one becomes it again; returns it. Errors: library.no_former_default.
    [[nodiscard]] Result<LibraryId> rollBack(LibraryId model);
    [[nodiscard]] Result<void> setMeasured(LibraryId version, const std::string& json);
    /// JSON as model_defaults.h writes it.
    [[nodiscard]] Result<void> setDefaults(LibraryId model, const std::string& json);
    /// A file was opened; nothing when it is not in the library.
    [[nodiscard]] Result<void> noteUsed(const std::filesystem::path& path);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
    explicit Library(std::unique_ptr<Impl> impl);
};

/// The name without what only says its quantisation: "Qwen3-4B-Q4_K_M" → "Qwen3-4B".
[[nodiscard]] std::string nameWithoutQuantisation(const std::string& name);

/// Whether a folder is a model as Hugging Face publishes it: config.json beside safetensors.
[[nodiscard]] bool isHuggingFaceFolder(const std::filesystem::path& folder);

} // namespace hearth::workbench
