#include "engine/format/gguf/gguf_writer.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <type_traits>

#include "engine/base/checked.h"
#include "engine/format/gguf/gguf_parser.h"

namespace hearth::format {

namespace {

constexpr std::uint32_t kVersion = 3;

template <class T>
void put(std::string& out, T value) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    out.append(bytes, sizeof(T));
}

void putString(std::string& out, std::string_view text) {
    put<std::uint64_t>(out, text.size());
    out.append(text);
}

template <class T>
void putArray(std::string& out, GgufType type, std::span<const T> values) {
    put(out, static_cast<std::uint32_t>(type));
    put<std::uint64_t>(out, values.size());
    for (const T value : values)
        put(out, value);
}

template <class Narrow, class Wide>
bool fits(Wide value) {
    if constexpr (std::is_same_v<Wide, double>)
        return !(value == value) || static_cast<double>(static_cast<float>(value)) == value;
    else
        return value >= std::numeric_limits<Narrow>::min() && value <= std::numeric_limits<Narrow>::max();
}

/// An array in 32 bits when every value fits, else in 64.
template <class Narrow, class Wide>
void putNumbers(std::string& out, GgufType narrow, GgufType wide, const std::vector<Wide>& values) {
    if (!std::all_of(values.begin(), values.end(), [](Wide v) { return fits<Narrow>(v); }))
        return putArray<Wide>(out, wide, values);
    std::vector<Narrow> converted(values.size());
    std::transform(values.begin(), values.end(), converted.begin(),
                   [](Wide v) { return static_cast<Narrow>(v); });
    putArray<Narrow>(out, narrow, converted);
}

constexpr std::uint32_t id(GgufType type) {
    return static_cast<std::uint32_t>(type);
}

} // namespace

void GgufWriter::key(std::string_view key, std::uint32_t type) {
    if (!m_keys.emplace(key).second)
        m_duplicateKey = std::string(key);
    ++m_entries;
    putString(m_metadata, key);
    put(m_metadata, type);
}

void GgufWriter::setUint16(std::string_view name, std::uint16_t value) {
    key(name, id(GgufType::U16));
    put(m_metadata, value);
}

void GgufWriter::setUint(std::string_view name, std::uint32_t value) {
    key(name, id(GgufType::U32));
    put(m_metadata, value);
}

void GgufWriter::setUint64(std::string_view name, std::uint64_t value) {
    key(name, id(GgufType::U64));
    put(m_metadata, value);
}

void GgufWriter::setInt(std::string_view name, std::int32_t value) {
    key(name, id(GgufType::I32));
    put(m_metadata, value);
}

void GgufWriter::setInt64(std::string_view name, std::int64_t value) {
    key(name, id(GgufType::I64));
    put(m_metadata, value);
}

void GgufWriter::setFloat(std::string_view name, float value) {
    key(name, id(GgufType::F32));
    put(m_metadata, value);
}

void GgufWriter::setDouble(std::string_view name, double value) {
    key(name, id(GgufType::F64));
    put(m_metadata, value);
}

void GgufWriter::setBool(std::string_view name, bool value) {
    key(name, id(GgufType::Bool));
    put<std::uint8_t>(m_metadata, value ? 1 : 0);
}

void GgufWriter::setString(std::string_view name, std::string_view value) {
    key(name, id(GgufType::String));
    putString(m_metadata, value);
}

void GgufWriter::setStrings(std::string_view name, std::span<const std::string_view> values) {
    key(name, id(GgufType::Array));
    put(m_metadata, id(GgufType::String));
    put<std::uint64_t>(m_metadata, values.size());
    for (const auto value : values)
        putString(m_metadata, value);
}

void GgufWriter::setUints(std::string_view name, std::span<const std::uint32_t> values) {
    key(name, id(GgufType::Array));
    putArray(m_metadata, GgufType::U32, values);
}

void GgufWriter::setInts(std::string_view name, std::span<const std::int32_t> values) {
    key(name, id(GgufType::Array));
    putArray(m_metadata, GgufType::I32, values);
}

void GgufWriter::setFloats(std::string_view name, std::span<const float> values) {
    key(name, id(GgufType::Array));
    putArray(m_metadata, GgufType::F32, values);
}

void GgufWriter::setBools(std::string_view name, const std::vector<bool>& values) {
    key(name, id(GgufType::Array));
    const std::vector<std::uint8_t> bytes(values.begin(), values.end());
    putArray<std::uint8_t>(m_metadata, GgufType::Bool, bytes);
}

void GgufWriter::copyMetadata(const GgufFile& file) {
    struct Put {
        GgufWriter& writer;
        std::string_view name;
        void operator()(std::uint64_t v) const {
            fits<std::uint32_t>(v) ? writer.setUint(name, static_cast<std::uint32_t>(v))
                                   : writer.setUint64(name, v);
        }
        void operator()(std::int64_t v) const {
            fits<std::int32_t>(v) ? writer.setInt(name, static_cast<std::int32_t>(v))
                                  : writer.setInt64(name, v);
        }
        void operator()(double v) const {
            fits<float>(v) ? writer.setFloat(name, static_cast<float>(v)) : writer.setDouble(name, v);
        }
        void operator()(bool v) const { writer.setBool(name, v); }
        void operator()(std::string_view v) const { writer.setString(name, v); }
        void operator()(const GgufArray& array) const { std::visit(*this, array); }
        void operator()(const std::vector<bool>& v) const { writer.setBools(name, v); }
        void operator()(const std::vector<std::string_view>& v) const { writer.setStrings(name, v); }
        void operator()(const std::vector<std::uint64_t>& v) const {
            writer.key(name, id(GgufType::Array));
            putNumbers<std::uint32_t>(writer.m_metadata, GgufType::U32, GgufType::U64, v);
        }
        void operator()(const std::vector<std::int64_t>& v) const {
            writer.key(name, id(GgufType::Array));
            putNumbers<std::int32_t>(writer.m_metadata, GgufType::I32, GgufType::I64, v);
        }
        void operator()(const std::vector<double>& v) const {
            writer.key(name, id(GgufType::Array));
            putNumbers<float>(writer.m_metadata, GgufType::F32, GgufType::F64, v);
        }
    };
    for (const auto& [name, value] : file.metadata())
        if (name != "general.alignment" && !name.starts_with("split.") && !m_keys.contains(name))
            std::visit(Put{*this, name}, value);
}

Result<void> GgufWriter::addTensor(std::string_view name, DType type, std::span<const std::uint64_t> shape) {
    const auto refused = [&](const char* code, const char* why) {
        return tl::unexpected<Error>(
            Error{code, "tensor " + std::string(name) + " " + why}.with("tensor", std::string(name)));
    };
    if (shape.empty() || shape.size() > kMaxDimensions)
        return refused("gguf.too_many_dimensions", "does not have one to four dimensions");
    std::uint64_t elements = 1;
    for (const std::uint64_t extent : shape) {
        const auto product = checkedMul(elements, extent);
        if (!product)
            return refused("gguf.size_overflow", "has more elements than 64 bits can count");
        elements = *product;
    }
    if (elements == 0)
        return refused("gguf.zero_dimension", "has a dimension of zero");
    if (shape[0] % traitsOf(type).blockSize != 0)
        return refused("gguf.partial_block", "has rows that are not whole blocks");
    const auto bytes = bytesFor(type, elements);
    const auto padded = bytes ? checkedPad(*bytes, kDefaultAlignment) : std::nullopt;
    const auto total = padded ? checkedAdd(m_dataBytes, *padded) : std::nullopt;
    if (!total)
        return refused("gguf.size_overflow", "has more bytes than 64 bits can count");
    if (!m_names.emplace(name).second)
        return refused("gguf.duplicate_tensor", "is there twice");
    m_tensors.push_back({std::string(name), type, {shape.begin(), shape.end()}, *bytes, m_dataBytes});
    m_dataBytes = *total;
    return {};
}

Result<std::string> GgufWriter::header() const {
    if (m_duplicateKey)
        return fail("gguf.duplicate_key", "metadata " + *m_duplicateKey + " is set twice");
    std::string head("GGUF");
    put(head, kVersion);
    put<std::uint64_t>(head, m_tensors.size());
    put(head, m_entries);
    head += m_metadata;
    for (const Info& info : m_tensors) {
        putString(head, info.name);
        put(head, static_cast<std::uint32_t>(info.shape.size()));
        for (const std::uint64_t extent : info.shape)
            put(head, extent);
        put(head, static_cast<std::uint32_t>(info.type));
        put(head, info.offset);
    }
    if (const std::size_t over = head.size() % kDefaultAlignment; over && !m_tensors.empty())
        head.append(kDefaultAlignment - over, '\0');
    return head;
}

Result<void> GgufWriter::begin(const std::filesystem::path& target) {
    HEARTH_TRY(const std::string head, header());
    HEARTH_TRY(AtomicFile file, AtomicFile::create(target, FileAccess::Umask));
    m_file.emplace(std::move(file));
    return m_file->write(head);
}

Result<void> GgufWriter::pad() {
    static constexpr std::byte kZeros[kDefaultAlignment]{};
    const std::uint64_t over = m_file->size() % kDefaultAlignment;
    return over ? m_file->write(std::span(kZeros, kDefaultAlignment - over)) : Result<void>();
}

Result<void> GgufWriter::append(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        if (!m_file || m_current == m_tensors.size())
            return fail("gguf.wrong_data_size", "more tensor data than announced");
        const std::uint64_t left = m_tensors[m_current].bytes - m_written;
        const auto piece = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(left, bytes.size())));
        HEARTH_CHECK(m_file->write(piece));
        bytes = bytes.subspan(piece.size());
        m_written += piece.size();
        if (m_written == m_tensors[m_current].bytes) {
            HEARTH_CHECK(pad());
            ++m_current;
            m_written = 0;
        }
    }
    return {};
}

Result<void> GgufWriter::commit() {
    if (!m_file || m_current != m_tensors.size())
        return fail("gguf.wrong_data_size", "less tensor data than announced");
    return m_file->commit();
}

} // namespace hearth::format
