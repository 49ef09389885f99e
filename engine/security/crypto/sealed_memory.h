#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/security/crypto/file_sealing.h"

namespace hearth::security {

/// What sealed model files are sealed under.
inline constexpr std::string_view kModelContext = "hearth model file 1";

/// Whether a file begins like a sealed one; false too when it cannot be read.
[[nodiscard]] bool isSealedFile(const std::filesystem::path& file);

/// What opens a sealed file, as it says itself; nullopt where isSealedFile() is false.
enum class SealedBy { Key, Password };
[[nodiscard]] std::optional<SealedBy> sealedBy(const std::filesystem::path& file);

/// A sealed file opened into memory and nowhere else: anonymous pages, left out of core dumps, read-only once
/// they are filled. Move-only; the view lives as long as the object. Thread-safe once opened.
class OpenedMemory {
public:
    /// Each chunk is checked before its text is written; nothing is given out unless the whole file is right.
    /// Errors: those of readSealedFile(), memory.not_enough (args needed_bytes, available_bytes).
    [[nodiscard]] static Result<OpenedMemory> open(const std::filesystem::path& file,
                                                   const FileSecret& secret, std::string_view context,
                                                   std::stop_token stop = {},
                                                   const ProgressSink& progress = {});
    /// Its bytes, which keep it alive: what a model is loaded from.
    [[nodiscard]] static std::shared_ptr<const ByteView> shared(OpenedMemory memory);
    OpenedMemory(OpenedMemory&& other) noexcept;
    OpenedMemory& operator=(OpenedMemory&&) = delete;
    ~OpenedMemory();

    [[nodiscard]] ByteView bytes() const { return {m_data, m_size}; }

private:
    OpenedMemory() = default;
    std::byte* m_data = nullptr;
    std::size_t m_size = 0, m_reserved = 0;
};

} // namespace hearth::security
