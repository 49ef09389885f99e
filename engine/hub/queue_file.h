#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/hub/endpoint.h"

namespace hearth::hub {

enum class DownloadState { Queued, Active, Paused, Finished, Failed };
[[nodiscard]] std::string_view stateName(DownloadState state); ///< "queued", …

/// One file that is or was to be fetched.
struct Download {
    std::uint64_t id = 0;
    Endpoint endpoint;
    std::string repository, revision, file;
    std::filesystem::path target;
    std::uint64_t size = 0; ///< 0 = not known yet
    std::string sha256;     ///< empty = what the hub will say
    std::string licence, quantisation;
    std::string owner;        ///< with whose access it is fetched; "" = that of the installation
    std::uint64_t memory = 0; ///< bytes that loading takes, as it was predicted; 0 = unknown
    DownloadState state = DownloadState::Queued;
    std::uint64_t bytesDone = 0;  ///< as last heard
    std::optional<Error> problem; ///< of Failed; of Finished, why the library did not take it
};

/// A part of a set that was fetched and verified, and whose download was taken off the list before the set
/// was whole. Its hash counts as long as the file is as it was then.
struct RememberedPart {
    std::filesystem::path path;
    std::string sha256;
    std::uint64_t bytes = 0;
    std::int64_t modifiedNs = 0; ///< Unix nanoseconds
};

struct QueueContent {
    std::vector<Download> downloads;
    std::uint64_t nextId = 1;
    std::vector<RememberedPart> remembered = {}; ///< oldest first
};

/// The queue as JSON. Errors: hub.queue_damaged. Pure functions.
inline constexpr std::size_t kMaxDownloads = 10'000, kMaxRemembered = 1'000;
[[nodiscard]] Result<QueueContent> parseQueue(std::string_view json);
[[nodiscard]] std::string queueText(const QueueContent& content);

/// Reads it; a missing file is an empty queue. A damaged one is moved aside ("NAME.bad") and told.
struct QueueRead {
    QueueContent content;
    std::optional<Error> problem;
};
[[nodiscard]] QueueRead readQueue(const std::filesystem::path& file);
/// Errors: file.*.
[[nodiscard]] Result<void> writeQueue(const std::filesystem::path& file, const QueueContent& content);

} // namespace hearth::hub
