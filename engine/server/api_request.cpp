#include "engine/server/api_request.h"

#include <array>
#include <charconv>

#include "engine/base/json_fields.h"
#include "engine/server/api_fields.h"
#include "engine/text/tokenizer/utf8.h"
#include "engine/workbench/settings.h"

namespace hearth::server {

namespace {

using nlohmann::json;

/// The range of every field that is a number.
struct NumberField {
    const char* name;
    double min, max;
    std::optional<float> ApiRequest::*value;
};
constexpr std::array kNumbers{
    NumberField{"temperature", 0, 2, &ApiRequest::temperature},
    NumberField{"top_p", 0, 1, &ApiRequest::topP},
    NumberField{"min_p", 0, 1, &ApiRequest::minP},
    NumberField{"frequency_penalty", -2, 2, &ApiRequest::frequencyPenalty},
    NumberField{"presence_penalty", -2, 2, &ApiRequest::presencePenalty},
    NumberField{"repetition_penalty", 0.1, 10, &ApiRequest::repetitionPenalty},
};
constexpr std::int64_t kMostTopK = 1'000'000;
constexpr double kMostBias = 100;
/// In place of the seed 0, which the sampler takes for "any".
constexpr std::uint64_t kSeedZero = 0x9e3779b97f4a7c15;

/// Fields that would change the answer and that this server cannot follow; `harmless` are values that ask
/// for what it does anyway.
struct Unsupported {
    const char* name;
    std::vector<json> harmless;
};
const std::vector<Unsupported>& unsupportedFields() {
    static const std::vector<Unsupported> fields = {
        {"tools", {}},
        {"tool_choice", {"none", "auto"}},
        {"functions", {}},
        {"function_call", {"none", "auto"}},
        {"response_format", {json{{"type", "text"}}}},
        {"logprobs", {}},
        {"top_logprobs", {0}},
        {"best_of", {1}},
        {"suffix", {}},
        {"echo", {}},
        {"audio", {}},
        {"modalities", {json::array({"text"})}},
        {"prediction", {}},
        {"web_search_options", {}},
        {"grammar", {}},
        {"json_schema", {}},
        {"guided_json", {}},
        {"guided_regex", {}},
        {"guided_choice", {}},
        {"guided_grammar", {}},
        {"structured_outputs", {}},
    };
    return fields;
}

Result<json> parseBody(std::string_view body) {
    if (!text::isUtf8(body))
        return fail("request.bad_utf8", "the body is not UTF-8");
    if (jsonDeeperThan(body, ApiRequest::kMaxDepth))
        return tl::unexpected<Error>(Error{"request.too_deep", "the JSON is nested deeper than " +
                                                                   std::to_string(ApiRequest::kMaxDepth)}
                                         .with("max", std::to_string(ApiRequest::kMaxDepth)));
    try {
        json value = json::parse(body.begin(), body.end());
        if (!value.is_object())
            return fail("request.not_object", "the body is not one JSON object");
        return value;
    } catch (const json::parse_error& error) { // its text would repeat what was sent
        return fail("request.not_json", "the body is not JSON",
                    error.byte > 0 ? std::optional<std::uint64_t>(error.byte - 1) : std::nullopt);
    } catch (const std::exception&) {
        return fail("request.not_json", "the body holds a number beyond all bounds");
    }
}

std::string at(const char* list, std::size_t index) {
    return std::string(list) + "[" + std::to_string(index) + "]";
}

/// A message's content: a text, or parts of which every one is a text.
Result<std::string> contentOf(const json& message, const std::string& field) {
    const auto found = message.find("content");
    if (found == message.end() || found->is_null())
        return ApiFields::missing(field + ".content");
    if (found->is_string())
        return found->get<std::string>();
    if (!found->is_array())
        return ApiFields::wrongType(field + ".content", "a text or a list of parts");
    std::string out;
    for (const json& part : *found) {
        if (!part.is_object())
            return ApiFields::wrongType(field + ".content", "a text or a list of parts");
        if (const std::string type = textAt(part, "type"); type != "text")
            return ApiFields::unsupported(field + ".content", ": only parts of the type \"text\" are");
        const auto text = part.find("text");
        if (text == part.end() || !text->is_string())
            return ApiFields::wrongType(field + ".content.text", "a text");
        out += (out.empty() ? "" : "\n") + text->get<std::string>();
    }
    return out;
}

Result<workbench::ServingPrompt> messagesOf(const json& object) {
    const json* list = ApiFields(object).find("messages");
    if (!list)
        return ApiFields::missing("messages");
    if (!list->is_array())
        return ApiFields::wrongType("messages", "a list of messages");
    if (list->empty())
        return ApiFields::missing("messages[0]");
    if (list->size() > ApiRequest::kMaxMessages)
        return ApiFields::tooMany("messages", ApiRequest::kMaxMessages);
    std::vector<runtime::ChatMessage> out;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const json& message = (*list)[i];
        const std::string field = at("messages", i);
        if (!message.is_object())
            return ApiFields::wrongType(field, "an object with \"role\" and \"content\"");
        std::string role = textAt(message, "role");
        if (role.empty())
            return ApiFields::missing(field + ".role");
        if (role == "developer")
            role = "system";
        const ApiFields fields(message);
        if (!fields.asksForNothing("tool_calls", {}) || !fields.asksForNothing("function_call", {}))
            return ApiFields::unsupported(field + ".tool_calls");
        if (role == "tool" || role == "function")
            return ApiFields::unsupported(field + ".role", ": tools are not");
        if (role != "system" && role != "user" && role != "assistant")
            return ApiFields::wrongType(field + ".role", "system, developer, user or assistant");
        HEARTH_TRY(std::string content, contentOf(message, field));
        out.push_back({std::move(role), std::move(content)});
    }
    return out;
}

Result<workbench::ServingPrompt> promptOf(const json& object) {
    const json* prompt = ApiFields(object).find("prompt");
    if (!prompt)
        return ApiFields::missing("prompt");
    if (prompt->is_array() && prompt->size() == 1 && !prompt->front().is_number())
        prompt = &prompt->front(); // a list of one prompt
    if (prompt->is_string())
        return prompt->get<std::string>();
    if (!prompt->is_array())
        return ApiFields::wrongType("prompt", "a text or a list of token numbers");
    std::vector<runtime::TokenId> tokens;
    for (const json& token : *prompt) {
        if (token.is_string() || token.is_array())
            return ApiFields::unsupported("prompt", ": one prompt in a request is");
        if (!token.is_number_integer())
            return ApiFields::wrongType("prompt", "a text or a list of token numbers");
        if (!token.is_number_unsigned() || token.get<std::uint64_t>() > std::uint64_t(INT32_MAX))
            return ApiFields::outOfRange("prompt", 0, INT32_MAX);
        tokens.push_back(token.get<runtime::TokenId>());
    }
    return tokens;
}

Result<std::vector<std::string>> stopsOf(const json& object) {
    std::vector<std::string> out;
    const json* stops = ApiFields(object).find("stop");
    if (!stops)
        return out;
    const json list = stops->is_array() ? *stops : json::array({*stops});
    if (list.size() > ApiRequest::kMaxStops)
        return ApiFields::tooMany("stop", ApiRequest::kMaxStops);
    for (const json& stop : list) {
        if (!stop.is_string())
            return ApiFields::wrongType("stop", "a text or a list of texts");
        std::string text = stop.get<std::string>();
        if (text.empty() || text.size() > ApiRequest::kMaxStopBytes)
            return ApiFields::outOfRange("stop", 1, double(ApiRequest::kMaxStopBytes));
        out.push_back(std::move(text));
    }
    return out;
}

Result<std::map<sampling::TokenId, float>> biasesOf(const json& object) {
    std::map<sampling::TokenId, float> out;
    const json* biases = ApiFields(object).find("logit_bias");
    if (!biases)
        return out;
    if (!biases->is_object())
        return ApiFields::wrongType("logit_bias", "an object of token numbers and biases");
    if (biases->size() > ApiRequest::kMaxBiases)
        return ApiFields::tooMany("logit_bias", ApiRequest::kMaxBiases);
    for (const auto& [key, value] : biases->items()) {
        sampling::TokenId id = -1;
        const auto end = std::from_chars(key.data(), key.data() + key.size(), id);
        if (end.ec != std::errc() || end.ptr != key.data() + key.size())
            return ApiFields::wrongType("logit_bias", "an object of token numbers and biases");
        if (id < 0)
            return ApiFields::outOfRange("logit_bias", 0, INT32_MAX);
        if (!value.is_number())
            return ApiFields::wrongType("logit_bias", "an object of token numbers and biases");
        const double bias = value.get<double>();
        if (!(bias >= -kMostBias && bias <= kMostBias))
            return ApiFields::outOfRange("logit_bias", -kMostBias, kMostBias);
        out[id] = static_cast<float>(bias);
    }
    return out;
}

Result<void> readLimits(const ApiFields& fields, ApiRequest& out) {
    constexpr auto kMost = std::int64_t(workbench::Settings::kMaxContext);
    HEARTH_TRY(const auto answers, fields.whole("n", 1, std::int64_t(ApiRequest::kMaxAnswers)));
    out.answers = static_cast<std::size_t>(answers.value_or(1));
    HEARTH_TRY(const auto former, fields.whole("max_tokens", 1, kMost));
    HEARTH_TRY(const auto newer, fields.whole("max_completion_tokens", 1, kMost));
    if (out.kind == ApiKind::Completion)
        out.maxTokens = ApiRequest::kUsualCompletion;
    if (former || newer)
        out.maxTokens = newer ? *newer : *former;
    HEARTH_TRY(const auto topK, fields.whole("top_k", 0, kMostTopK));
    if (topK)
        out.topK = static_cast<std::int32_t>(*topK);
    HEARTH_TRY(const auto seed, fields.whole("seed", INT64_MIN, INT64_MAX));
    if (seed)
        out.seed = *seed == 0 ? kSeedZero : static_cast<std::uint64_t>(*seed);
    return {};
}

Result<void> readStream(const ApiFields& fields, ApiRequest& out) {
    HEARTH_TRY(out.stream, fields.flag("stream"));
    const json* options = fields.find("stream_options");
    if (!options)
        return {};
    if (!out.stream)
        return ApiFields::unsupported("stream_options", " without \"stream\"");
    if (!options->is_object())
        return ApiFields::wrongType("stream_options", "an object");
    HEARTH_TRY(out.includeUsage, ApiFields(*options).flag("include_usage"));
    return {};
}

} // namespace

Result<ApiRequest> parseApiRequest(ApiKind kind, std::string_view body) {
    HEARTH_TRY(const json object, parseBody(body));
    const ApiFields fields(object);
    ApiRequest out;
    out.kind = kind;
    HEARTH_TRY(out.model, fields.text("model"));
    for (const Unsupported& field : unsupportedFields())
        if (!fields.asksForNothing(field.name, field.harmless))
            return ApiFields::unsupported(field.name);
    for (const NumberField& field : kNumbers) {
        HEARTH_TRY(const auto value, fields.number(field.name, field.min, field.max));
        if (value)
            out.*field.value = static_cast<float>(*value);
    }
    HEARTH_CHECK(readLimits(fields, out));
    HEARTH_CHECK(readStream(fields, out));
    HEARTH_TRY(out.stops, stopsOf(object));
    HEARTH_TRY(out.logitBias, biasesOf(object));
    HEARTH_TRY(out.prompt, kind == ApiKind::Chat ? messagesOf(object) : promptOf(object));
    return out;
}

void ApiRequest::applyTo(runtime::GenerationParams& params) const {
    auto& sampling = params.sampling;
    sampling.temperature = temperature.value_or(sampling.temperature);
    sampling.topP = topP.value_or(sampling.topP);
    sampling.minP = minP.value_or(sampling.minP);
    sampling.topK = topK.value_or(sampling.topK);
    sampling.frequencyPenalty = frequencyPenalty.value_or(sampling.frequencyPenalty);
    sampling.presencePenalty = presencePenalty.value_or(sampling.presencePenalty);
    sampling.repetitionPenalty = repetitionPenalty.value_or(sampling.repetitionPenalty);
    sampling.seed = seed.value_or(sampling.seed);
    for (const auto& [id, bias] : logitBias)
        sampling.logitBias[id] = bias;
    params.stopStrings.insert(params.stopStrings.end(), stops.begin(), stops.end());
    params.maxTokens = maxTokens;
    params.contextPolicy = runtime::ContextPolicy::Stop;
}

} // namespace hearth::server
