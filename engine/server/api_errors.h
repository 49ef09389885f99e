#pragma once

#include <string>

#include "engine/base/error.h"
#include "engine/server/http.h"

namespace hearth::server {

/// An error as clients see it: {"error": {"message", "type", "param", "code"}}. Says what the client can
/// change and nothing of this machine: no path, no library's message, no content. The whole error goes to
/// the log, where the caller puts it.
[[nodiscard]] Response errorResponse(const Error& error);
/// The same for what has no error of the engine: a status and a stable code.
[[nodiscard]] Response errorResponse(int status, const std::string& code, const std::string& message,
                                     const std::string& field = {});
/// The JSON of such an answer, for a stream that has begun.
[[nodiscard]] std::string errorBody(const Error& error);

} // namespace hearth::server
