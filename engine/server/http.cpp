#include "engine/server/http.h"

#include <algorithm>
#include <array>

namespace hearth::server {

std::size_t RequestHead::count(std::string_view name) const {
    return static_cast<std::size_t>(
        std::count_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; }));
}

std::string_view RequestHead::value(std::string_view name) const {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
    return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view reasonOf(int status) {
    constexpr std::array kReasons = std::to_array<std::pair<int, std::string_view>>({
        {200, "OK"},
        {204, "No Content"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {413, "Payload Too Large"},
        {415, "Unsupported Media Type"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
    });
    for (const auto& [code, reason] : kReasons)
        if (code == status)
            return reason;
    return "Unknown";
}

} // namespace hearth::server
