#include "engine/server/routes.h"

#include <algorithm>
#include <array>

#include "engine/base/ascii.h"
#include "engine/server/api_errors.h"

namespace hearth::server {

namespace {

struct Route {
    Endpoint endpoint;
    std::string_view method, path;
    bool prefix;
};
constexpr std::array kRoutes{
    Route{Endpoint::Health, "GET", "/health", false},
    Route{Endpoint::Models, "GET", "/v1/models", false},
    Route{Endpoint::Model, "GET", "/v1/models/", true},
    Route{Endpoint::Chat, "POST", "/v1/chat/completions", false},
    Route{Endpoint::Completion, "POST", "/v1/completions", false},
    Route{Endpoint::Metrics, "GET", "/metrics", false},
};
constexpr std::size_t kMostTarget = 2048;

/// "application/json", with or without parameters.
bool isJson(std::string_view contentType) {
    std::string type = lowerAscii(contentType.substr(0, contentType.find(';')));
    while (!type.empty() && (type.back() == ' ' || type.back() == '\t'))
        type.pop_back();
    return type == "application/json";
}

std::optional<Response> bodyRefusal(const RequestHead& head) {
    if (!isJson(head.value("content-type")))
        return errorResponse(415, "unsupported_media_type", "The body must be application/json.");
    const std::string encoding = lowerAscii(head.value("content-encoding"));
    if (!encoding.empty() && encoding != "identity")
        return errorResponse(415, "unsupported_encoding", "The body must not be compressed.");
    const std::string transfer = lowerAscii(head.value("transfer-encoding"));
    if (!transfer.empty() && transfer != "chunked")
        return errorResponse(415, "unsupported_encoding", "The only transfer encoding is chunked.");
    return std::nullopt;
}

std::optional<Response> placeRefusal(const RequestHead& head, const HostGuard& guard, Routed& out) {
    if (head.count("host") != 1)
        return errorResponse(400, "bad_host", "There must be one Host field.");
    if (!guard.allowsHost(head.value("host"), head.local))
        return errorResponse(403, "host_not_allowed", "This server is not served under that name.");
    if (head.count("origin") > 1 || head.count("authorization") > 1)
        return errorResponse(400, "invalid_request", "A field may stand there once.");
    if (head.count("origin") == 1) {
        if (!guard.allowsOrigin(head.value("origin")))
            return errorResponse(403, "origin_not_allowed",
                                 "Web pages of that origin may not use this server.");
        out.crossOrigin = true;
    }
    return std::nullopt;
}

/// The answer to a page's question what it may ask. Browsers send it without a key.
Response preflight() {
    Response out;
    out.status = 204;
    out.fields = {{"Access-Control-Allow-Methods", "GET, POST"},
                  {"Access-Control-Allow-Headers", "Authorization, Content-Type"},
                  {"Access-Control-Max-Age", "600"}};
    return out;
}

void readKey(const RequestHead& head, Routed& out) {
    constexpr std::string_view kScheme = "bearer ";
    const std::string_view field = head.value("authorization");
    if (lowerAscii(field.substr(0, kScheme.size())) != kScheme)
        return;
    out.key = field.substr(kScheme.size());
    out.key.erase(0, out.key.find_first_not_of(' '));
}

std::optional<Response> pathRefusal(const RequestHead& head, Routed& out) {
    const std::string_view target = head.target;
    const auto path = decodePath(target.substr(0, target.find('?')));
    if (target.size() > kMostTarget || !path || !path->starts_with('/'))
        return errorResponse(400, "invalid_request", "The path cannot be read.");
    const Route* found = nullptr;
    for (const Route& route : kRoutes)
        if (route.prefix ? path->starts_with(route.path) && path->size() > route.path.size()
                         : *path == route.path)
            found = &route;
    if (!found)
        return errorResponse(404, "not_found", "There is nothing here.");
    if (head.method == "OPTIONS" && out.crossOrigin)
        return preflight();
    if (head.method != found->method) {
        Response refused = errorResponse(405, "method_not_allowed",
                                         "The method here is " + std::string(found->method) + ".");
        refused.fields.emplace_back("Allow", std::string(found->method));
        return refused;
    }
    out.endpoint = found->endpoint;
    if (found->endpoint == Endpoint::Model)
        out.model = path->substr(found->path.size());
    return found->method == "POST" ? bodyRefusal(head) : std::nullopt;
}

} // namespace

const char* nameOf(Endpoint endpoint) {
    switch (endpoint) {
    case Endpoint::Health:
        return "health";
    case Endpoint::Models:
    case Endpoint::Model:
        return "models";
    case Endpoint::Chat:
        return "chat.completions";
    case Endpoint::Completion:
        return "completions";
    case Endpoint::Metrics:
        return "metrics";
    case Endpoint::Other:
        break;
    }
    return "other";
}

Routed route(const RequestHead& head, const HostGuard& guard) {
    Routed out;
    out.refusal = placeRefusal(head, guard, out);
    if (!out.refusal)
        out.refusal = pathRefusal(head, out);
    if (!out.refusal)
        readKey(head, out);
    return out;
}

} // namespace hearth::server
