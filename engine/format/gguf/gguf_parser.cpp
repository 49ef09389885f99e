#include "engine/format/gguf/gguf_parser.h"

#include <algorithm>
#include <bit>

#include "engine/base/checked.h"

namespace hearth::format {

namespace {

constexpr std::uint32_t kMagic = 0x46554747;         // "GGUF"
constexpr std::uint32_t kMagicReversed = 0x47475546; // "FUGG"

// The shortest possible entries: what bounds a count by the bytes that remain.
constexpr std::uint64_t kMinMetadataBytes = 8 + 4 + 1;   // empty key, type, one byte of value
constexpr std::uint64_t kMinTensorBytes = 8 + 4 + 4 + 8; // empty name, no dimensions, type, offset
constexpr std::uint64_t kMinStringBytes = 8;

std::string quoted(std::string_view name) {
    std::string text(1, '"');
    return text.append(name).append(1, '"');
}

/// Names come from the file: only well-formed ones are repeated in an error.
tl::unexpected<Error> failTensor(const char* code, std::string_view name, const std::string& detail,
                                 std::uint64_t offset) {
    return tl::unexpected<Error>(
        Error{code, "tensor " + quoted(name) + " " + detail, offset}.with("tensor", std::string(name)));
}

tl::unexpected<Error> failKey(const char* code, std::string_view key, const std::string& detail,
                              std::uint64_t offset) {
    return tl::unexpected<Error>(
        Error{code, "metadata " + quoted(key) + " " + detail, offset}.with("key", std::string(key)));
}

Result<void> checkCount(std::uint64_t count, std::uint64_t entryBytes, std::uint64_t remaining,
                        std::string_view what, std::uint64_t offset) {
    if (count <= remaining / entryBytes)
        return {};
    return tl::unexpected<Error>(Error{"gguf.count_too_large",
                                       std::to_string(count) + " " + std::string(what) +
                                           " cannot fit in the remaining " + std::to_string(remaining) +
                                           " bytes",
                                       offset}
                                     .with("count", std::to_string(count))
                                     .with("remaining_bytes", std::to_string(remaining)));
}

/// Bytes of one element of an array; 0 for types that have no fixed size.
std::uint64_t fixedBytes(GgufType type) {
    switch (type) {
    case GgufType::U8:
    case GgufType::I8:
    case GgufType::Bool:
        return 1;
    case GgufType::U16:
    case GgufType::I16:
        return 2;
    case GgufType::U32:
    case GgufType::I32:
    case GgufType::F32:
        return 4;
    case GgufType::U64:
    case GgufType::I64:
    case GgufType::F64:
        return 8;
    case GgufType::String:
    case GgufType::Array:
        break;
    }
    return 0;
}

template <class Stored, class Out>
void widen(std::span<const std::byte> block, GgufArray& out) {
    auto& numbers = out.emplace<std::vector<Out>>(block.size() / sizeof(Stored));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        Stored value;
        std::memcpy(&value, block.data() + i * sizeof(Stored), sizeof(Stored));
        numbers[i] = static_cast<Out>(value); // NOLINT(bugprone-signed-char-misuse): an int8 is a number here
    }
}

template <class Stored, class Out>
Result<void> readNumber(ByteCursor& cursor, GgufValue& out) {
    HEARTH_TRY(const auto value, cursor.read<Stored>("a metadata value"));
    out = static_cast<Out>(value);
    return {};
}

} // namespace

Result<GgufParser::Shard> GgufParser::run() {
    HEARTH_CHECK(readHeader());
    HEARTH_CHECK(readMetadata(m_metadataCount));
    HEARTH_TRY(const auto alignment, readAlignment());
    HEARTH_CHECK(readTensors(m_tensorCount));
    HEARTH_CHECK(placeTensors(alignment));
    HEARTH_CHECK(refuseOverlaps());
    return std::move(m_shard);
}

Result<void> GgufParser::readHeader() {
    HEARTH_TRY(const auto magic, m_cursor.read<std::uint32_t>("the magic number"));
    if (magic == kMagicReversed)
        return fail("gguf.big_endian", "the file is big-endian GGUF; only little-endian files are supported",
                    0);
    if (magic != kMagic)
        return fail("gguf.bad_magic", "not a GGUF file: it does not begin with \"GGUF\"", 0);
    HEARTH_TRY(m_shard.version, m_cursor.read<std::uint32_t>("the version"));
    const std::uint32_t swapped = __builtin_bswap32(m_shard.version);
    if (m_shard.version > 0xFFFF && swapped >= 1 && swapped <= 0xFFFF)
        return fail("gguf.big_endian", "the file is big-endian GGUF; only little-endian files are supported",
                    4);
    if (m_shard.version != 2 && m_shard.version != 3)
        return tl::unexpected<Error>(
            Error{"gguf.unsupported_version",
                  "GGUF version " + std::to_string(m_shard.version) + " is not supported (2 and 3 are)", 4}
                .with("version", std::to_string(m_shard.version)));
    HEARTH_TRY(m_tensorCount, m_cursor.read<std::uint64_t>("the tensor count"));
    HEARTH_TRY(m_metadataCount, m_cursor.read<std::uint64_t>("the metadata count"));
    const std::uint64_t left = m_cursor.remaining();
    HEARTH_CHECK(checkCount(m_tensorCount, kMinTensorBytes, left, "tensors", 8));
    return checkCount(m_metadataCount, kMinMetadataBytes, left, "metadata entries", 16);
}

Result<void> GgufParser::readMetadata(std::uint64_t count) {
    m_shard.metadata.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t keyField = m_cursor.position();
        HEARTH_TRY(const auto key, m_cursor.readString("a metadata key"));
        if (!isUtf8(key))
            return fail("gguf.bad_utf8_key", "metadata key " + std::to_string(i) + " is not valid UTF-8",
                        keyField);
        if (!m_shard.keys.emplace(key, m_shard.metadata.size()).second)
            return failKey("gguf.duplicate_key", key, "is there twice", keyField);
        const std::uint64_t typeField = m_cursor.position();
        HEARTH_TRY(const auto type, m_cursor.read<std::uint32_t>("a metadata type"));
        if (type > static_cast<std::uint32_t>(GgufType::F64))
            return failKey("gguf.unknown_value_type", key,
                           "has the unknown value type " + std::to_string(type), typeField);
        if (key == "general.alignment") {
            m_alignmentField = m_cursor.position();
            if (GgufType(type) != GgufType::U32)
                return failKey("gguf.bad_alignment_type", key, "is not a 32-bit unsigned number", typeField);
        }
        m_shard.metadata.emplace_back(key, std::uint64_t{0});
        HEARTH_CHECK(readValue(GgufType(type), key, m_shard.metadata.back().second));
    }
    return {};
}

Result<void> GgufParser::readValue(GgufType type, std::string_view key, GgufValue& out) {
    switch (type) {
    case GgufType::U8:
        return readNumber<std::uint8_t, std::uint64_t>(m_cursor, out);
    case GgufType::I8:
        return readNumber<std::int8_t, std::int64_t>(m_cursor, out);
    case GgufType::U16:
        return readNumber<std::uint16_t, std::uint64_t>(m_cursor, out);
    case GgufType::I16:
        return readNumber<std::int16_t, std::int64_t>(m_cursor, out);
    case GgufType::U32:
        return readNumber<std::uint32_t, std::uint64_t>(m_cursor, out);
    case GgufType::I32:
        return readNumber<std::int32_t, std::int64_t>(m_cursor, out);
    case GgufType::F32:
        return readNumber<float, double>(m_cursor, out);
    case GgufType::U64:
        return readNumber<std::uint64_t, std::uint64_t>(m_cursor, out);
    case GgufType::I64:
        return readNumber<std::int64_t, std::int64_t>(m_cursor, out);
    case GgufType::F64:
        return readNumber<double, double>(m_cursor, out);
    case GgufType::Bool: {
        const std::uint64_t field = m_cursor.position();
        HEARTH_TRY(const auto flag, m_cursor.read<std::uint8_t>("a metadata value"));
        if (flag > 1)
            return failKey("gguf.bad_bool", key, "is neither 0 nor 1", field);
        out = flag == 1;
        return {};
    }
    case GgufType::String: {
        HEARTH_TRY(const auto text, m_cursor.readString("a metadata string"));
        out = text;
        return {};
    }
    case GgufType::Array:
        return readArray(key, out.emplace<GgufArray>());
    }
    return failKey("gguf.unknown_value_type", key, "has an unknown value type", m_cursor.position());
}

Result<void> GgufParser::readArray(std::string_view key, GgufArray& out) {
    const std::uint64_t typeField = m_cursor.position();
    HEARTH_TRY(const auto rawType, m_cursor.read<std::uint32_t>("an array's element type"));
    if (rawType > static_cast<std::uint32_t>(GgufType::F64))
        return failKey("gguf.unknown_value_type", key,
                       "has the unknown element type " + std::to_string(rawType), typeField);
    const GgufType type{rawType};
    if (type == GgufType::Array)
        return failKey("gguf.nested_array", key, "is an array of arrays, which is not supported", typeField);
    const std::uint64_t countField = m_cursor.position();
    HEARTH_TRY(const auto count, m_cursor.read<std::uint64_t>("an array's length"));
    const std::uint64_t size = type == GgufType::String ? kMinStringBytes : fixedBytes(type);
    HEARTH_CHECK(checkCount(count, size, m_cursor.remaining(), "array elements", countField));
    const auto total = checkedAdd(m_elements, count);
    if (!total || *total > kMaxMetadataElements)
        return failKey("gguf.metadata_too_large", key,
                       "brings the metadata above " + std::to_string(kMaxMetadataElements) + " elements",
                       countField);
    m_elements = *total;

    if (type == GgufType::String) {
        auto& texts = out.emplace<std::vector<std::string_view>>(count);
        for (auto& text : texts) {
            HEARTH_TRY(text, m_cursor.readString("a string of an array"));
        }
        return {};
    }
    const std::uint64_t blockStart = m_cursor.position();
    HEARTH_TRY(const auto block, m_cursor.readBlock(count, size, "an array"));
    switch (type) {
    case GgufType::U8:
        widen<std::uint8_t, std::uint64_t>(block, out);
        return {};
    case GgufType::I8:
        widen<std::int8_t, std::int64_t>(block, out);
        return {};
    case GgufType::U16:
        widen<std::uint16_t, std::uint64_t>(block, out);
        return {};
    case GgufType::I16:
        widen<std::int16_t, std::int64_t>(block, out);
        return {};
    case GgufType::U32:
        widen<std::uint32_t, std::uint64_t>(block, out);
        return {};
    case GgufType::I32:
        widen<std::int32_t, std::int64_t>(block, out);
        return {};
    case GgufType::F32:
        widen<float, double>(block, out);
        return {};
    case GgufType::U64:
        widen<std::uint64_t, std::uint64_t>(block, out);
        return {};
    case GgufType::I64:
        widen<std::int64_t, std::int64_t>(block, out);
        return {};
    case GgufType::F64:
        widen<double, double>(block, out);
        return {};
    default:
        break;
    }
    const auto bad = std::find_if(block.begin(), block.end(), [](std::byte b) { return b > std::byte{1}; });
    if (bad != block.end())
        return failKey("gguf.bad_bool", key, "holds a value that is neither 0 nor 1",
                       blockStart + static_cast<std::uint64_t>(bad - block.begin()));
    widen<std::uint8_t, bool>(block, out);
    return {};
}

Result<std::uint64_t> GgufParser::readAlignment() const {
    const auto it = m_shard.keys.find("general.alignment");
    if (it == m_shard.keys.end())
        return kDefaultAlignment;
    const auto alignment = std::get<std::uint64_t>(m_shard.metadata[it->second].second);
    if (!std::has_single_bit(alignment))
        return tl::unexpected<Error>(
            Error{"gguf.bad_alignment", "alignment " + std::to_string(alignment) + " is not a power of two",
                  m_alignmentField}
                .with("alignment", std::to_string(alignment)));
    return alignment;
}

Result<void> GgufParser::readTensors(std::uint64_t count) {
    HEARTH_CHECK(checkCount(count, kMinTensorBytes, m_cursor.remaining(), "tensors", 8));
    m_shard.tensors.reserve(count);
    m_offsetFields.reserve(count);
    std::map<std::string_view, std::size_t> names;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t nameField = m_cursor.position();
        HEARTH_TRY(auto tensor, readTensor());
        if (!names.emplace(tensor.name, i).second)
            return failTensor("gguf.duplicate_tensor", tensor.name, "is there twice", nameField);
        m_shard.tensors.push_back(std::move(tensor));
    }
    return {};
}

Result<GgufTensor> GgufParser::readTensor() {
    const std::uint64_t nameField = m_cursor.position();
    GgufTensor tensor{};
    HEARTH_TRY(tensor.name, m_cursor.readString("a tensor's name"));
    if (!isUtf8(tensor.name))
        return fail("gguf.bad_utf8_name", "a tensor's name is not valid UTF-8", nameField);

    const std::uint64_t dimensionsField = m_cursor.position();
    HEARTH_TRY(const auto dimensions, m_cursor.read<std::uint32_t>("a tensor's number of dimensions"));
    if (dimensions > kMaxDimensions)
        return failTensor("gguf.too_many_dimensions", tensor.name,
                          "has " + std::to_string(dimensions) + " dimensions; at most 4 are supported",
                          dimensionsField);
    tensor.elements = 1;
    for (std::uint32_t d = 0; d < dimensions; ++d) {
        const std::uint64_t field = m_cursor.position();
        HEARTH_TRY(const auto extent, m_cursor.read<std::uint64_t>("a tensor's dimension"));
        if (extent > static_cast<std::uint64_t>(INT64_MAX))
            return failTensor(
                "gguf.negative_dimension", tensor.name,
                "has the negative dimension " + std::to_string(static_cast<std::int64_t>(extent)), field);
        if (extent == 0)
            return failTensor("gguf.zero_dimension", tensor.name, "has a dimension of zero", field);
        const auto product = checkedMul(tensor.elements, extent);
        if (!product)
            return failTensor("gguf.size_overflow", tensor.name, "has more elements than 64 bits can count",
                              field);
        tensor.elements = *product;
        tensor.shape.push_back(extent);
    }
    if (tensor.shape.empty()) // a scalar: one element, so that shape[0] always exists
        tensor.shape.push_back(1);

    const std::uint64_t typeField = m_cursor.position();
    HEARTH_TRY(const auto typeId, m_cursor.read<std::uint32_t>("a tensor's type"));
    const DTypeTraits* traits = findTraits(typeId);
    if (!traits) {
        auto error = failTensor("gguf.unknown_tensor_type", tensor.name,
                                "has the unknown element type " + std::to_string(typeId), typeField);
        error.value().args.emplace_back("type", std::to_string(typeId));
        return error;
    }
    tensor.type = traits->type;
    if (tensor.shape[0] % traits->blockSize != 0)
        return failTensor("gguf.partial_block", tensor.name,
                          "has rows of " + std::to_string(tensor.shape[0]) +
                              " elements, not a multiple of the " + std::to_string(traits->blockSize) +
                              " of a " + std::string(traits->name) + " block",
                          dimensionsField + 4);
    const auto bytes = bytesFor(tensor.type, tensor.elements);
    if (!bytes)
        return failTensor("gguf.size_overflow", tensor.name, "has more bytes than 64 bits can count",
                          dimensionsField + 4);
    tensor.bytes = *bytes;
    tensor.shard = m_shardIndex;
    m_offsetFields.push_back(m_cursor.position());
    HEARTH_TRY(tensor.offset, m_cursor.read<std::uint64_t>("a tensor's offset"));
    return tensor;
}

Result<void> GgufParser::placeTensors(std::uint64_t alignment) {
    if (m_shard.tensors.empty())
        return {}; // a file of metadata alone may end without padding
    const auto dataStart = checkedPad(m_cursor.position(), alignment);
    if (!dataStart)
        return fail("gguf.padding_overflow", "the padding before the tensor data wraps", m_alignmentField);
    for (std::size_t i = 0; i < m_shard.tensors.size(); ++i) {
        GgufTensor& tensor = m_shard.tensors[i];
        const std::uint64_t field = m_offsetFields[i];
        if (tensor.offset % alignment != 0)
            return failTensor("gguf.misaligned_offset", tensor.name,
                              "begins at " + std::to_string(tensor.offset) +
                                  ", not a multiple of the alignment " + std::to_string(alignment),
                              field);
        // Writers pad every tensor; the padding after the last one may be missing, but its size must be sane.
        if (!checkedPad(tensor.bytes, alignment))
            return failTensor("gguf.padding_overflow", tensor.name, "wraps when padded to the alignment",
                              field);
        const auto begin = checkedAdd(*dataStart, tensor.offset);
        const auto end = begin ? checkedAdd(*begin, tensor.bytes) : std::nullopt;
        if (!end)
            return failTensor("gguf.offset_overflow", tensor.name, "ends beyond what 64 bits can count",
                              field);
        if (*end > m_bytes.size()) {
            auto error =
                failTensor("gguf.offset_past_end", tensor.name,
                           "ends at byte " + std::to_string(*end) + ", but the file has only " +
                               std::to_string(m_bytes.size()) + " bytes; it may be an incomplete download",
                           field);
            error.value().args.emplace_back("needed_bytes", std::to_string(*end));
            error.value().args.emplace_back("file_bytes", std::to_string(m_bytes.size()));
            return error;
        }
        tensor.offset = *begin;
    }
    return {};
}

Result<void> GgufParser::refuseOverlaps() const {
    std::vector<std::size_t> order(m_shard.tensors.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return m_shard.tensors[a].offset < m_shard.tensors[b].offset;
    });
    for (std::size_t i = 1; i < order.size(); ++i) {
        const GgufTensor& before = m_shard.tensors[order[i - 1]];
        const GgufTensor& after = m_shard.tensors[order[i]];
        if (before.offset + before.bytes > after.offset)
            return failTensor("gguf.overlap", after.name, "overlaps tensor " + quoted(before.name),
                              m_offsetFields[order[i]]);
    }
    return {};
}

} // namespace hearth::format
