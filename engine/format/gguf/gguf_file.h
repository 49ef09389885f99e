#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/mapped_file.h"
#include "engine/tensor/dtype.h"

namespace hearth::format {

/// Array metadata. Numbers keep their width class; strings are views into the mapped file.
using GgufArray = std::variant<std::vector<std::uint64_t>, std::vector<std::int64_t>, std::vector<double>,
                               std::vector<bool>, std::vector<std::string_view>>;
/// One metadata value. Views live as long as the GgufFile.
using GgufValue = std::variant<std::uint64_t, std::int64_t, double, bool, std::string_view, GgufArray>;

struct GgufTensor {
    std::string_view name;
    DType type;
    std::vector<std::uint64_t> shape; ///< shape[0] is contiguous; at most 4 dimensions
    std::uint64_t elements;
    std::uint64_t bytes;
    std::uint64_t offset; ///< absolute, inside its file
    std::uint32_t shard;  ///< index of the file that holds the data
};

/// A GGUF v2/v3 model file (or the set NAME-00001-of-0000N.gguf) over memory maps. Everything is validated in
/// open(): after it, every tensor's bytes lie inside its file and no two overlap. Immutable, thread-safe.
class GgufFile {
public:
    /// Errors "gguf.*" with the byte offset of the offending field, and "file.*".
    /// Any file of a set opens the whole set.
    [[nodiscard]] static Result<GgufFile> open(const std::filesystem::path& path);
    /// The same over one file's bytes in memory, which must outlive the result. paths() is empty.
    [[nodiscard]] static Result<GgufFile> parse(std::span<const std::byte> bytes);

    [[nodiscard]] std::uint32_t version() const;
    [[nodiscard]] std::uint64_t fileBytes() const; ///< all shards together
    [[nodiscard]] const std::vector<std::filesystem::path>& paths() const;

    [[nodiscard]] const GgufValue* find(std::string_view key) const;
    /// Keys in file order.
    [[nodiscard]] std::span<const std::pair<std::string_view, GgufValue>> metadata() const;

    /// Typed access. Integers of any width and sign convert when the value fits, also to getFloat(); nullopt
    /// when absent or of another kind.
    [[nodiscard]] std::optional<std::uint64_t> getUint(std::string_view key) const;
    [[nodiscard]] std::optional<double> getFloat(std::string_view key) const;
    [[nodiscard]] std::optional<bool> getBool(std::string_view key) const;
    [[nodiscard]] std::optional<std::string_view> getString(std::string_view key) const;
    [[nodiscard]] const GgufArray* getArray(std::string_view key) const;

    [[nodiscard]] std::span<const GgufTensor> tensors() const;
    [[nodiscard]] const GgufTensor* findTensor(std::string_view name) const;
    [[nodiscard]] std::span<const std::byte> tensorData(const GgufTensor& tensor) const;
    /// The map that holds a tensor, for read-ahead and page release. Of parse(): an empty one, whose advice
    /// does nothing.
    [[nodiscard]] const MappedFile& mapOf(const GgufTensor& tensor) const;

private:
    std::uint32_t m_version = 0;
    std::vector<MappedFile> m_maps;
    std::vector<std::span<const std::byte>> m_views; ///< the bytes of each shard
    std::vector<std::filesystem::path> m_paths;
    std::vector<std::pair<std::string_view, GgufValue>> m_metadata;
    std::map<std::string_view, std::size_t> m_keyIndex;
    std::vector<GgufTensor> m_tensors;
    std::map<std::string_view, std::size_t> m_tensorIndex;
    friend class GgufParser;
};

} // namespace hearth::format
