#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/format/gguf/byte_cursor.h"
#include "engine/format/gguf/gguf_file.h"

namespace hearth::format {

/// Ids of metadata value types (GGUF specification, "gguf_metadata_value_type").
enum class GgufType : std::uint32_t {
    U8 = 0,
    I8 = 1,
    U16 = 2,
    I16 = 3,
    U32 = 4,
    I32 = 5,
    F32 = 6,
    Bool = 7,
    String = 8,
    Array = 9,
    U64 = 10,
    I64 = 11,
    F64 = 12,
};

/// Metadata elements that one file may hold altogether. A vocabulary with merges, scores and types has about
/// one million; the bound keeps a hostile file from multiplying its own size in memory.
inline constexpr std::uint64_t kMaxMetadataElements = 1U << 24;
inline constexpr std::uint32_t kMaxDimensions = 4;
inline constexpr std::uint64_t kDefaultAlignment = 32;

/// Reads the files of one model into a GgufFile, one after the other. The class behind
/// GgufFile::open(), parse() and parseSet(); confined to one thread.
///
/// Counts are compared with the bytes that remain before anything is allocated, and all sizes go through
/// engine/base/checked.h.
class GgufParser {
public:
    [[nodiscard]] static Result<GgufFile> open(const std::filesystem::path& path);
    [[nodiscard]] static Result<GgufFile> parse(std::span<const std::span<const std::byte>> files);

private:
    using Metadata = std::vector<std::pair<std::string_view, GgufValue>>;
    /// The parts of one file, before they join the others.
    struct Shard {
        std::uint32_t version = 0;
        Metadata metadata;
        std::map<std::string_view, std::size_t> keys;
        std::vector<GgufTensor> tensors;
    };
    /// What `split.*` says about a set of files.
    struct SplitInfo {
        std::uint64_t index = 0, count = 1;
        std::optional<std::uint64_t> tensors;
    };

    GgufParser(std::span<const std::byte> bytes, std::uint32_t shardIndex)
        : m_bytes(bytes), m_cursor(bytes), m_shardIndex(shardIndex) {}

    [[nodiscard]] Result<Shard> run();
    [[nodiscard]] Result<void> readHeader();
    [[nodiscard]] Result<void> readMetadata(std::uint64_t count);
    [[nodiscard]] Result<void> readValue(GgufType type, std::string_view key, GgufValue& out);
    [[nodiscard]] Result<void> readArray(std::string_view key, GgufArray& out);
    [[nodiscard]] Result<std::uint64_t> readAlignment() const;
    [[nodiscard]] Result<void> readTensors(std::uint64_t count);
    [[nodiscard]] Result<GgufTensor> readTensor();
    [[nodiscard]] Result<void> placeTensors(std::uint64_t alignment);
    [[nodiscard]] Result<void> refuseOverlaps() const;

    [[nodiscard]] static SplitInfo splitInfo(const Shard& shard);
    [[nodiscard]] static Result<void> join(GgufFile& file, Shard shard);

    std::span<const std::byte> m_bytes;
    ByteCursor m_cursor;
    std::uint32_t m_shardIndex;
    std::uint64_t m_tensorCount = 0, m_metadataCount = 0, m_elements = 0;
    Shard m_shard;
    std::vector<std::uint64_t> m_offsetFields; ///< where each tensor's offset is written, for errors
    std::uint64_t m_alignmentField = 0;
};

} // namespace hearth::format
