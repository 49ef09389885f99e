#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace hearth::format {
class GgufFile;
}

namespace hearth::model {

/// Reads `{arch}.key` numbers of a model file and refuses those outside a stated range.
/// Errors of every function: model.missing_key (arg key), model.bad_value (args key, value, min, max).
/// Refers to the file, which must outlive it.
class MetadataReader {
public:
    MetadataReader(const format::GgufFile& file, std::string_view architecture);

    [[nodiscard]] bool has(std::string_view key) const;
    /// A required whole number in [min, max].
    [[nodiscard]] Result<std::size_t> size(std::string_view key, std::uint64_t min, std::uint64_t max) const;
    /// The same, or `fallback` (not checked) when the key is absent.
    [[nodiscard]] Result<std::size_t> sizeOr(std::string_view key, std::size_t fallback, std::uint64_t min,
                                             std::uint64_t max) const;
    /// A finite number in [min, max].
    [[nodiscard]] Result<float> realOr(std::string_view key, float fallback, double min, double max) const;
    [[nodiscard]] Result<float> real(std::string_view key, double min, double max) const;
    /// Text, or `fallback` when the key is absent.
    [[nodiscard]] Result<std::string> textOr(std::string_view key, std::string_view fallback) const;

    /// The error for a value that is present but unusable.
    [[nodiscard]] tl::unexpected<Error> bad(std::string_view key, const std::string& value,
                                            const std::string& why) const;

private:
    [[nodiscard]] std::string full(std::string_view key) const;
    const format::GgufFile& m_file;
    std::string m_prefix;
};

} // namespace hearth::model
