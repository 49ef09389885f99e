#include "engine/format/gguf/gguf_file.h"

#include "engine/format/gguf/gguf_parser.h"

namespace hearth::format {

Result<GgufFile> GgufFile::open(const std::filesystem::path& path) {
    return GgufParser::open(path);
}

Result<GgufFile> GgufFile::parse(std::span<const std::byte> bytes) {
    return GgufParser::parse({&bytes, 1});
}

std::uint32_t GgufFile::version() const {
    return m_version;
}

std::uint64_t GgufFile::fileBytes() const {
    std::uint64_t total = 0;
    for (const auto view : m_views)
        total += view.size();
    return total;
}

const std::vector<std::filesystem::path>& GgufFile::paths() const {
    return m_paths;
}

const GgufValue* GgufFile::find(std::string_view key) const {
    const auto it = m_keyIndex.find(key);
    return it == m_keyIndex.end() ? nullptr : &m_metadata[it->second].second;
}

std::span<const std::pair<std::string_view, GgufValue>> GgufFile::metadata() const {
    return m_metadata;
}

std::optional<std::uint64_t> GgufFile::getUint(std::string_view key) const {
    const GgufValue* value = find(key);
    if (!value)
        return std::nullopt;
    if (const auto* number = std::get_if<std::uint64_t>(value))
        return *number;
    if (const auto* number = std::get_if<std::int64_t>(value); number && *number >= 0)
        return static_cast<std::uint64_t>(*number);
    return std::nullopt;
}

std::optional<double> GgufFile::getFloat(std::string_view key) const {
    const GgufValue* value = find(key);
    if (!value)
        return std::nullopt;
    if (const auto* number = std::get_if<double>(value))
        return *number;
    if (const auto* number = std::get_if<std::uint64_t>(value))
        return static_cast<double>(*number);
    if (const auto* number = std::get_if<std::int64_t>(value))
        return static_cast<double>(*number);
    return std::nullopt;
}

std::optional<bool> GgufFile::getBool(std::string_view key) const {
    const GgufValue* value = find(key);
    const auto* flag = value ? std::get_if<bool>(value) : nullptr;
    return flag ? std::optional(*flag) : std::nullopt;
}

std::optional<std::string_view> GgufFile::getString(std::string_view key) const {
    const GgufValue* value = find(key);
    const auto* text = value ? std::get_if<std::string_view>(value) : nullptr;
    return text ? std::optional(*text) : std::nullopt;
}

const GgufArray* GgufFile::getArray(std::string_view key) const {
    const GgufValue* value = find(key);
    return value ? std::get_if<GgufArray>(value) : nullptr;
}

std::span<const GgufTensor> GgufFile::tensors() const {
    return m_tensors;
}

const GgufTensor* GgufFile::findTensor(std::string_view name) const {
    const auto it = m_tensorIndex.find(name);
    return it == m_tensorIndex.end() ? nullptr : &m_tensors[it->second];
}

std::span<const std::byte> GgufFile::tensorData(const GgufTensor& tensor) const {
    return m_views[tensor.shard].subspan(tensor.offset, tensor.bytes);
}

const MappedFile& GgufFile::mapOf(const GgufTensor& tensor) const {
    return m_maps[tensor.shard];
}

} // namespace hearth::format
