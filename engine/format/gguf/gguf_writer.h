#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/atomic_file.h"
#include "engine/base/error.h"
#include "engine/tensor/dtype.h"

namespace hearth::format {

class GgufFile;

/// Writes a GGUF v3 file in one pass: first describe it (set…, addTensor), then begin(), then append() the
/// tensors' bytes in the order of addTensor(), in pieces of any size, then commit(). Nothing appears at the
/// target before commit() (see AtomicFile). Confined to one thread.
class GgufWriter {
public:
    GgufWriter() = default;

    /// Metadata, in this order in the file. A key set twice is reported by begin().
    void setUint16(std::string_view key, std::uint16_t value);
    void setUint(std::string_view key, std::uint32_t value);
    void setUint64(std::string_view key, std::uint64_t value);
    void setInt(std::string_view key, std::int32_t value);
    void setInt64(std::string_view key, std::int64_t value);
    void setFloat(std::string_view key, float value);
    void setDouble(std::string_view key, double value);
    void setBool(std::string_view key, bool value);
    void setString(std::string_view key, std::string_view value);
    void setStrings(std::string_view key, std::span<const std::string_view> values);
    void setUints(std::string_view key, std::span<const std::uint32_t> values);
    void setInts(std::string_view key, std::span<const std::int32_t> values);
    void setFloats(std::string_view key, std::span<const float> values);
    void setBools(std::string_view key, const std::vector<bool>& values);

    /// Everything of another file but `general.alignment`, `split.*` and what was set before. Numbers are
    /// written in 32 bits where that loses nothing, else in 64.
    void copyMetadata(const GgufFile& file);

    /// shape[0] is contiguous. Errors: gguf.partial_block, gguf.size_overflow, gguf.duplicate_tensor,
    /// gguf.too_many_dimensions, gguf.zero_dimension.
    [[nodiscard]] Result<void> addTensor(std::string_view name, DType type,
                                         std::span<const std::uint64_t> shape);

    /// All that begin() writes ahead of the tensors' bytes, padding included; for writers of their own that
    /// go on where they were interrupted. Errors: gguf.duplicate_key.
    [[nodiscard]] Result<std::string> header() const;

    /// Writes the header. Errors: file.unwritable, file.disk_full, file.write_failed, gguf.duplicate_key.
    [[nodiscard]] Result<void> begin(const std::filesystem::path& target);
    /// Errors: gguf.wrong_data_size when more comes than was announced, file.disk_full, file.write_failed.
    [[nodiscard]] Result<void> append(std::span<const std::byte> bytes);
    /// Errors: gguf.wrong_data_size when bytes are missing, file.disk_full, file.write_failed.
    [[nodiscard]] Result<void> commit();

    /// Bytes of tensor data announced so far, padding included.
    [[nodiscard]] std::uint64_t dataBytes() const { return m_dataBytes; }

private:
    struct Info {
        std::string name;
        DType type;
        std::vector<std::uint64_t> shape;
        std::uint64_t bytes, offset;
    };

    void key(std::string_view key, std::uint32_t type);
    [[nodiscard]] Result<void> pad();

    std::string m_metadata; ///< encoded entries
    std::uint64_t m_entries = 0;
    std::set<std::string, std::less<>> m_keys;
    std::optional<std::string> m_duplicateKey;
    std::vector<Info> m_tensors;
    std::set<std::string, std::less<>> m_names;
    std::uint64_t m_dataBytes = 0;
    std::optional<AtomicFile> m_file;
    std::size_t m_current = 0;   ///< tensor being written
    std::uint64_t m_written = 0; ///< bytes of it
};

} // namespace hearth::format
