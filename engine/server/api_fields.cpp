#include "engine/server/api_fields.h"

#include <algorithm>
#include <cstdio>

namespace hearth::server {

namespace {

using nlohmann::json;

std::string textOf(double number) {
    char text[40];
    std::snprintf(text, sizeof text, "%.12g", number);
    return text;
}

tl::unexpected<Error> refuse(const char* code, const std::string& field, const std::string& detail) {
    return tl::unexpected<Error>(Error{code, detail}.with("field", field));
}

} // namespace

const json* ApiFields::find(const char* field) const {
    const auto found = m_object.find(field);
    return found == m_object.end() || found->is_null() ? nullptr : &*found;
}

Result<std::optional<double>> ApiFields::number(const char* field, double min, double max) const {
    const json* value = find(field);
    if (!value)
        return std::nullopt;
    if (!value->is_number())
        return wrongType(field, "a number");
    const double got = value->get<double>();
    if (!(got >= min && got <= max))
        return outOfRange(field, min, max);
    return got;
}

Result<std::optional<std::int64_t>> ApiFields::whole(const char* field, std::int64_t min,
                                                     std::int64_t max) const {
    const json* value = find(field);
    if (!value)
        return std::nullopt;
    if (!value->is_number_integer())
        return wrongType(field, "a whole number");
    const bool tooLarge =
        value->is_number_unsigned() && value->get<std::uint64_t>() > std::uint64_t(INT64_MAX);
    const std::int64_t got = tooLarge ? 0 : value->get<std::int64_t>();
    if (tooLarge || got < min || got > max)
        return outOfRange(field, double(min), double(max));
    return got;
}

Result<bool> ApiFields::flag(const char* field) const {
    const json* value = find(field);
    if (!value)
        return false;
    if (!value->is_boolean())
        return wrongType(field, "true or false");
    return value->get<bool>();
}

Result<std::string> ApiFields::text(const char* field) const {
    const json* value = find(field);
    if (!value)
        return std::string();
    if (!value->is_string())
        return wrongType(field, "a text");
    return value->get<std::string>();
}

bool ApiFields::asksForNothing(const char* field, const std::vector<json>& harmless) const {
    const json* value = find(field);
    if (!value || ((value->is_string() || value->is_array() || value->is_object()) && value->empty()) ||
        *value == json(false) || (value->is_string() && value->get_ref<const std::string&>().empty()))
        return true;
    return std::find(harmless.begin(), harmless.end(), *value) != harmless.end();
}

tl::unexpected<Error> ApiFields::missing(const std::string& field) {
    return refuse("request.missing", field, "\"" + field + "\" is missing");
}

tl::unexpected<Error> ApiFields::wrongType(const std::string& field, const char* wanted) {
    return tl::unexpected<Error>(Error{"request.wrong_type", "\"" + field + "\" must be " + wanted}
                                     .with("field", field)
                                     .with("wanted", wanted));
}

tl::unexpected<Error> ApiFields::outOfRange(const std::string& field, double min, double max) {
    return tl::unexpected<Error>(
        Error{"request.out_of_range", "\"" + field + "\" must be " + textOf(min) + " to " + textOf(max)}
            .with("field", field)
            .with("min", textOf(min))
            .with("max", textOf(max)));
}

tl::unexpected<Error> ApiFields::tooMany(const std::string& field, std::size_t max) {
    return tl::unexpected<Error>(
        Error{"request.too_many", "\"" + field + "\" may have " + std::to_string(max) + " entries at most"}
            .with("field", field)
            .with("max", std::to_string(max)));
}

tl::unexpected<Error> ApiFields::unsupported(const std::string& field, const char* why) {
    return refuse("request.unsupported", field, "\"" + field + "\" is not supported here" + why);
}

} // namespace hearth::server
