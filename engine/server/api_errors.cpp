#include "engine/server/api_errors.h"

#include <array>
#include <string_view>

#include <nlohmann/json.hpp>

namespace hearth::server {

namespace {

using nlohmann::ordered_json;

/// What a client is told about an error. `message` nullptr = the error's own detail, which is about the
/// request alone.
struct Told {
    std::string_view code; ///< of the engine; a prefix where it ends in a dot or underscore
    int status;
    const char* clientCode;
    const char* message;
};
constexpr std::array kTold = std::to_array<Told>({
    {"request.unsupported", 400, "unsupported", nullptr},
    {"request.", 400, "invalid_request", nullptr},
    {"context.full", 400, "context_length_exceeded", nullptr},
    {"sampling.", 400, "invalid_request", nullptr},
    {"session.", 400, "invalid_request", "The prompt holds nothing that the model can continue."},
    {"model.bad_token", 400, "invalid_request", nullptr},
    {"tokenizer.", 400, "invalid_request", "The text cannot be turned into tokens of this model."},
    {"template.", 400, "invalid_request", "The model's chat template cannot be used with these messages."},
    {"serving.no_key", 401, "invalid_api_key", "A key is needed: Authorization: Bearer KEY."},
    {"identity.bad_token", 401, "invalid_api_key", "This key is not valid."},
    {"identity.token_", 401, "invalid_api_key", "This key is not valid."},
    {"identity.disabled", 401, "invalid_api_key", "This key is not valid."},
    {"permission.sign_in", 401, "invalid_api_key", "This key is not valid."},
    {"permission.", 403, "not_allowed", "This key does not allow that."},
    {"serving.unknown_model", 404, "model_not_found", "There is no model of that name here."},
    {"scheduler.queue_full", 503, "overloaded", "Too many requests are waiting. Try again later."},
    {"memory.", 503, "out_of_memory", "There is not enough memory for this model at the moment."},
    {"base.cancelled", 503, "stopping", "The server is stopping."},
    {"gguf.", 500, "model_failed", "The model cannot be loaded."},
    {"file.", 500, "model_failed", "The model cannot be loaded."},
    {"model.", 500, "model_failed", "The model cannot be loaded."},
    {"", 500, "internal_error", "Something went wrong here."},
});

const Told& toldOf(std::string_view code) {
    for (const Told& told : kTold) {
        const bool prefix = told.code.ends_with('.') || told.code.ends_with('_');
        if (told.code.empty() || (prefix ? code.starts_with(told.code) : code == told.code))
            return told;
    }
    return kTold.back();
}

const char* typeOf(int status) {
    switch (status) {
    case 401:
        return "authentication_error";
    case 403:
        return "permission_error";
    case 429:
        return "rate_limit_error";
    default:
        return status >= 500 ? "server_error" : "invalid_request_error";
    }
}

std::string bodyOf(int status, const std::string& code, const std::string& message,
                   const std::string& field) {
    ordered_json error;
    error["message"] = message;
    error["type"] = typeOf(status);
    error["param"] = field.empty() ? ordered_json() : ordered_json(field);
    error["code"] = code;
    return ordered_json{{"error", error}}.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string messageOf(const Told& told, const Error& error) {
    std::string message = told.message ? told.message : error.detail;
    if (!told.message && error.offset)
        message += " at byte " + std::to_string(*error.offset);
    if (!message.empty() && message.front() >= 'a' && message.front() <= 'z')
        message.front() = static_cast<char>(message.front() - 'a' + 'A');
    if (!message.empty() && message.back() != '.')
        message += '.';
    return message;
}

} // namespace

Response errorResponse(int status, const std::string& code, const std::string& message,
                       const std::string& field) {
    Response out;
    out.status = status;
    out.body = bodyOf(status, code, message, field);
    if (status == 401)
        out.fields.emplace_back("WWW-Authenticate", "Bearer");
    if (status == 503)
        out.fields.emplace_back("Retry-After", "1");
    return out;
}

Response errorResponse(const Error& error) {
    const Told& told = toldOf(error.code);
    return errorResponse(told.status, told.clientCode, messageOf(told, error), error.arg("field"));
}

std::string errorBody(const Error& error) {
    const Told& told = toldOf(error.code);
    return bodyOf(told.status, told.clientCode, messageOf(told, error), error.arg("field"));
}

} // namespace hearth::server
