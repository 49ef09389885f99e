#include "engine/model/metadata_reader.h"

#include <cmath>

#include "engine/format/gguf/gguf_file.h"

namespace hearth::model {

namespace {

std::string shortNumber(double value) {
    std::string text = std::to_string(value);
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.')
            text.pop_back();
    }
    return text;
}

} // namespace

MetadataReader::MetadataReader(const format::GgufFile& file, std::string_view architecture)
    : m_file(file), m_prefix(std::string(architecture) + '.') {}

std::string MetadataReader::full(std::string_view key) const {
    return m_prefix + std::string(key);
}

bool MetadataReader::has(std::string_view key) const {
    return m_file.find(full(key)) != nullptr;
}

tl::unexpected<Error> MetadataReader::bad(std::string_view key, const std::string& value,
                                          const std::string& why) const {
    return tl::unexpected<Error>(Error{"model.bad_value", full(key) + " is " + value + ": " + why}
                                     .with("key", full(key))
                                     .with("value", value));
}

Result<std::size_t> MetadataReader::size(std::string_view key, std::uint64_t min, std::uint64_t max) const {
    const std::string name = full(key);
    if (!m_file.find(name))
        return tl::unexpected<Error>(
            Error{"model.missing_key", "the model file has no " + name}.with("key", name));
    const auto value = m_file.getUint(name);
    if (!value)
        return bad(key, "no whole number", "a single non-negative whole number is expected");
    if (*value < min || *value > max)
        return tl::unexpected<Error>(Error{"model.bad_value", name + " is " + std::to_string(*value) +
                                                                  ", outside " + std::to_string(min) + "…" +
                                                                  std::to_string(max)}
                                         .with("key", name)
                                         .with("value", std::to_string(*value))
                                         .with("min", std::to_string(min))
                                         .with("max", std::to_string(max)));
    return static_cast<std::size_t>(*value);
}

Result<std::size_t> MetadataReader::sizeOr(std::string_view key, std::size_t fallback, std::uint64_t min,
                                           std::uint64_t max) const {
    return has(key) ? size(key, min, max) : Result<std::size_t>(fallback);
}

Result<float> MetadataReader::real(std::string_view key, double min, double max) const {
    const std::string name = full(key);
    if (!m_file.find(name))
        return tl::unexpected<Error>(
            Error{"model.missing_key", "the model file has no " + name}.with("key", name));
    const auto value = m_file.getFloat(name);
    if (!value)
        return bad(key, "no number", "a single number is expected");
    if (!std::isfinite(*value) || *value < min || *value > max)
        return tl::unexpected<Error>(Error{"model.bad_value", name + " is " + shortNumber(*value) +
                                                                  ", outside " + shortNumber(min) + "…" +
                                                                  shortNumber(max)}
                                         .with("key", name)
                                         .with("value", shortNumber(*value))
                                         .with("min", shortNumber(min))
                                         .with("max", shortNumber(max)));
    return static_cast<float>(*value);
}

Result<float> MetadataReader::realOr(std::string_view key, float fallback, double min, double max) const {
    return has(key) ? real(key, min, max) : Result<float>(fallback);
}

Result<std::string> MetadataReader::textOr(std::string_view key, std::string_view fallback) const {
    if (!has(key))
        return std::string(fallback);
    const auto value = m_file.getString(full(key));
    if (!value)
        return bad(key, "no text", "a string is expected");
    return std::string(*value);
}

} // namespace hearth::model
