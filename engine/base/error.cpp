#include "engine/base/error.h"

namespace hearth {

std::string Error::arg(const std::string& name) const {
    for (const auto& [key, value] : args)
        if (key == name)
            return value;
    return {};
}

std::string Error::message() const {
    std::string text = code + ": " + detail;
    if (offset)
        text += " (at byte " + std::to_string(*offset) + ")";
    return text;
}

tl::unexpected<Error> fail(std::string code, std::string detail, std::optional<std::uint64_t> offset) {
    return tl::unexpected<Error>(Error{std::move(code), std::move(detail), offset});
}

} // namespace hearth
