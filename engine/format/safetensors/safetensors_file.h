#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/mapped_file.h"
#include "engine/tensor/dtype.h"

namespace hearth::format {

struct SafeTensor {
    std::string name;
    DType type = DType::F32;          ///< F32, F16, BF16, F64, I8, I16, I32 or I64
    std::vector<std::uint64_t> shape; ///< the last dimension is contiguous; at most 8, empty for a scalar
    std::uint64_t elements = 1;
    std::uint64_t bytes = 0;
    std::uint64_t offset = 0; ///< absolute, in the file
};

/// A safetensors file over a memory map: u64 length, a JSON object of that length, the tensors' bytes without
/// gap or overlap. Everything is validated in open(). Immutable, thread-safe.
///
/// Errors, all "safetensors." with the byte offset where there is one: truncated (shorter than its length
/// field, its header or its tensors say), empty_header, header_too_large (more than 100 MB), no_header (does
/// not begin with "{"), bad_utf8, bad_json, too_deep, duplicate_tensor, duplicate_field, bad_metadata (no
/// strings), unknown_type, bad_entry (a field is missing or of the wrong kind), bad_offsets, size_overflow,
/// size_mismatch, zero_dimension, overlap, hole, tail_bytes, too_many_tensors, pickle (a Python pickle or a
/// zip of pickles under this name: loading one runs code, so Hearth never does).
class SafetensorsFile {
public:
    /// Also "file.*".
    [[nodiscard]] static Result<SafetensorsFile> open(const std::filesystem::path& path);
    /// The same over bytes in memory, which must outlive the result.
    [[nodiscard]] static Result<SafetensorsFile> parse(std::span<const std::byte> bytes);

    [[nodiscard]] std::span<const SafeTensor> tensors() const { return m_tensors; } ///< by offset
    [[nodiscard]] const SafeTensor* find(std::string_view name) const;
    [[nodiscard]] std::span<const std::byte> data(const SafeTensor& tensor) const;
    /// "__metadata__".
    [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return m_metadata; }
    [[nodiscard]] const MappedFile& map() const { return m_map; }

private:
    MappedFile m_map;
    std::span<const std::byte> m_bytes;
    std::vector<SafeTensor> m_tensors;
    std::map<std::string, std::size_t, std::less<>> m_index;
    std::map<std::string, std::string> m_metadata;
};

/// Whether bytes begin like a pickle, or like a zip archive, in which PyTorch keeps pickles.
[[nodiscard]] bool looksLikePickle(std::span<const std::byte> bytes);

} // namespace hearth::format
