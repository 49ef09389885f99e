#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/server/host_guard.h"
#include "engine/server/http.h"

namespace hearth::server {

enum class Endpoint { Health, Models, Model, Chat, Completion, Metrics, Other };

/// The name in the log, the metrics and the audit log: "chat.completions"; "other" for what is no endpoint.
[[nodiscard]] const char* nameOf(Endpoint endpoint);

/// What the head of a request asks for, or why it is refused before anybody looks at its key.
struct Routed {
    Endpoint endpoint = Endpoint::Other;
    std::string model;               ///< of Endpoint::Model, decoded
    std::string key;                 ///< of the Authorization field; "" = none
    bool crossOrigin = false;        ///< a web page that is allowed to asks
    std::optional<Response> refusal; ///< or the answer to a page's question what it may ask (OPTIONS)
};

/// Looks at Host, Origin, path, method, and the fields about the body, in this order. Thread-safe.
[[nodiscard]] Routed route(const RequestHead& head, const HostGuard& guard);

} // namespace hearth::server
