#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/hub/hub_client.h"

namespace hearth::hub {

/// The metadata and table of tensors of a GGUF file that is not here: a GgufFile whose weights read as zeros.
/// Good for everything that looks at a header only, like hardware::shapeOf(). Of a set of parts it is that of
/// one part. Immutable; thread-safe.
class RemoteHeader {
public:
    /// Longer ones are of no model that is known.
    static constexpr std::uint64_t kLongest = std::uint64_t{64} << 20;

    /// `head` are the file's first bytes, at least its whole header. Errors: gguf.*, hub.header_incomplete,
    /// hub.out_of_memory.
    [[nodiscard]] static Result<std::shared_ptr<const RemoteHeader>> make(std::span<const std::byte> head,
                                                                          std::uint64_t fileBytes);
    ~RemoteHeader();
    RemoteHeader(const RemoteHeader&) = delete;
    RemoteHeader& operator=(const RemoteHeader&) = delete;

    [[nodiscard]] const format::GgufFile& gguf() const { return *m_gguf; }
    [[nodiscard]] std::uint64_t fileBytes() const { return m_fileBytes; }
    [[nodiscard]] std::uint64_t headerBytes() const { return m_headerBytes; } ///< that take memory
    /// The whole file, for format::parseSet().
    [[nodiscard]] std::span<const std::byte> bytes() const {
        return {static_cast<const std::byte*>(m_place), m_fileBytes};
    }

private:
    RemoteHeader() = default;
    void* m_place = nullptr;
    std::uint64_t m_fileBytes = 0, m_headerBytes = 0;
    std::optional<format::GgufFile> m_gguf;
};

/// The length of a GGUF header of which these are the first bytes: nullopt while it goes on behind them, 0
/// when it is none. Any bytes; thread-safe.
[[nodiscard]] std::optional<std::uint64_t> headerLength(std::span<const std::byte> head);

/// How much of a file is asked for.
struct HeaderLimits {
    std::uint64_t first = std::uint64_t{1} << 20; ///< by the first request
    std::uint64_t most = RemoteHeader::kLongest;
};

/// Fetches the header of a file on a hub with range requests of growing length, never more than `limits` say.
/// Answers in the client's thread; the client must outlive the request. Errors: of HubClient::resolve,
/// hub.header_too_long, hub.no_ranges (the server only sends whole files), gguf.*.
Pending fetchRemoteHeader(HubClient& client, const std::string& repository, const std::string& revision,
                          const std::string& file,
                          std::function<void(Result<std::shared_ptr<const RemoteHeader>>)> done,
                          HeaderLimits limits = {});

} // namespace hearth::hub
