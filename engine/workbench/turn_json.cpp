#include <charconv>
#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "engine/workbench/chat.h"

namespace hearth::workbench {

namespace {

using nlohmann::ordered_json;

tl::unexpected<Error> badValue(const std::string& key, const std::string& why) {
    return tl::unexpected<Error>(Error{"parameters.bad_value", key + ": " + why}.with("key", key));
}

/// Visits the plain fields under the names that sampling_ranges.h gives them.
template <class Params, class Visit>
Result<void> visitFields(Params& params, Visit&& visit) {
    auto& s = params.sampling;
    HEARTH_CHECK(visit("temperature", s.temperature));
    HEARTH_CHECK(visit("topK", s.topK));
    HEARTH_CHECK(visit("topP", s.topP));
    HEARTH_CHECK(visit("minP", s.minP));
    HEARTH_CHECK(visit("typicalP", s.typicalP));
    HEARTH_CHECK(visit("repetitionPenalty", s.repetitionPenalty));
    HEARTH_CHECK(visit("frequencyPenalty", s.frequencyPenalty));
    HEARTH_CHECK(visit("presencePenalty", s.presencePenalty));
    HEARTH_CHECK(visit("penaltyWindow", s.penaltyWindow));
    HEARTH_CHECK(visit("dryMultiplier", s.dryMultiplier));
    HEARTH_CHECK(visit("dryBase", s.dryBase));
    HEARTH_CHECK(visit("dryAllowedLength", s.dryAllowedLength));
    HEARTH_CHECK(visit("dryWindow", s.dryWindow));
    HEARTH_CHECK(visit("mirostat", s.mirostat));
    HEARTH_CHECK(visit("mirostatTau", s.mirostatTau));
    HEARTH_CHECK(visit("mirostatEta", s.mirostatEta));
    HEARTH_CHECK(visit("logProbs", s.logProbs));
    HEARTH_CHECK(visit("maxTokens", params.maxTokens));
    HEARTH_CHECK(visit("detectLoops", params.detectLoops));
    HEARTH_CHECK(visit("enableThinking", params.enableThinking));
    return {};
}

/// Writes a float with the digits that it has, not with those of the nearest double (0.8, not 0.800000011…).
ordered_json shortest(float value) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value);
    double out = 0;
    std::from_chars(text, end.ptr, out);
    return out;
}

template <class T>
Result<void> readField(const ordered_json& object, const char* key, T& out) {
    const auto it = object.find(key);
    if (it == object.end())
        return {};
    if constexpr (std::is_same_v<T, bool>) {
        if (!it->is_boolean())
            return badValue(key, "not true or false");
        out = it->template get<bool>();
    } else if constexpr (std::is_floating_point_v<T>) {
        if (!it->is_number())
            return badValue(key, "not a number");
        const double value = it->template get<double>();
        if (!std::isfinite(value) || std::abs(value) > double(std::numeric_limits<T>::max()))
            return badValue(key, "not a finite number");
        out = static_cast<T>(value);
    } else {
        if (!it->is_number_integer())
            return badValue(key, "not a whole number");
        const bool large =
            it->is_number_unsigned() && it->template get<std::uint64_t>() > std::uint64_t(INT64_MAX);
        const std::int64_t value = large ? INT64_MAX : it->template get<std::int64_t>();
        if (large || value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max())
            return badValue(key, it->dump() + " is out of range");
        out = static_cast<T>(value);
    }
    return {};
}

/// A 64-bit number as decimal text, or as a JSON number.
Result<void> readSeed(const ordered_json& object, std::uint64_t& out) {
    const auto it = object.find("seed");
    if (it == object.end())
        return {};
    if (it->is_number_unsigned()) {
        out = it->get<std::uint64_t>();
        return {};
    }
    const std::string text = it->is_string() ? it->get<std::string>() : "";
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return badValue("seed", "not a number from 0 to 2^64 - 1");
    return {};
}

Result<void> readLists(const ordered_json& object, runtime::GenerationParams& out) {
    if (const auto it = object.find("stopStrings"); it != object.end()) {
        if (!it->is_array())
            return badValue("stopStrings", "not a list");
        for (const auto& entry : *it) {
            if (!entry.is_string() || entry.get_ref<const std::string&>().empty())
                return badValue("stopStrings", "an entry is not text");
            out.stopStrings.push_back(entry.get<std::string>());
        }
    }
    if (const auto it = object.find("logitBias"); it != object.end()) {
        if (!it->is_object())
            return badValue("logitBias", "not an object of token ids");
        for (const auto& [key, value] : it->items()) {
            sampling::TokenId token = 0;
            const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), token);
            if (key.empty() || error != std::errc() || end != key.data() + key.size() || !value.is_number())
                return badValue("logitBias", "not an object of token ids and numbers");
            out.sampling.logitBias[token] = value.get<float>();
        }
    }
    if (const auto it = object.find("dryBreakers"); it != object.end()) {
        if (!it->is_array())
            return badValue("dryBreakers", "not a list");
        for (const auto& entry : *it) {
            std::vector<sampling::TokenId> tokens;
            if (!entry.is_array())
                return badValue("dryBreakers", "not a list of lists of token ids");
            for (const auto& token : entry) {
                if (!token.is_number_integer() || token.get<double>() < 0 || token.get<double>() > INT32_MAX)
                    return badValue("dryBreakers", "not a list of lists of token ids");
                tokens.push_back(token.get<sampling::TokenId>());
            }
            out.sampling.dryBreakers.push_back(std::move(tokens));
        }
    }
    return {};
}

const char* nameOf(runtime::StopReason reason) {
    switch (reason) {
    case runtime::StopReason::EndOfTurn:
        return "end_of_turn";
    case runtime::StopReason::MaxTokens:
        return "max_tokens";
    case runtime::StopReason::StopString:
        return "stop_string";
    case runtime::StopReason::Context:
        return "context";
    case runtime::StopReason::Cancelled:
        return "cancelled";
    case runtime::StopReason::Loop:
        return "loop";
    }
    return "end_of_turn";
}

} // namespace

std::string toJson(const runtime::GenerationParams& params) {
    ordered_json out;
    static_cast<void>(visitFields(params, [&](const char* key, const auto& value) -> Result<void> {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, float>)
            out[key] = shortest(value);
        else
            out[key] = value;
        return {};
    }));
    out["seed"] = std::to_string(params.sampling.seed);
    out["contextPolicy"] = params.contextPolicy == runtime::ContextPolicy::Stop ? "stop" : "drop_oldest";
    out["stopStrings"] = params.stopStrings;
    ordered_json biases = ordered_json::object();
    for (const auto& [token, bias] : params.sampling.logitBias)
        biases[std::to_string(token)] = shortest(bias);
    out["logitBias"] = std::move(biases);
    out["dryBreakers"] = params.sampling.dryBreakers;
    return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Result<runtime::GenerationParams> paramsFromJson(const std::string& json) {
    runtime::GenerationParams out;
    if (json.empty())
        return out;
    const ordered_json object = ordered_json::parse(json, nullptr, false);
    if (!object.is_object())
        return fail("parameters.bad_json", "not a JSON object");
    const auto read = [&](const char* key, auto& field) { return readField(object, key, field); };
    HEARTH_CHECK(visitFields(out, read));
    HEARTH_CHECK(readSeed(object, out.sampling.seed));
    HEARTH_CHECK(readLists(object, out));
    if (const auto it = object.find("contextPolicy"); it != object.end()) {
        if (*it == "stop")
            out.contextPolicy = runtime::ContextPolicy::Stop;
        else if (*it == "drop_oldest")
            out.contextPolicy = runtime::ContextPolicy::DropOldest;
        else
            return badValue("contextPolicy", "neither stop nor drop_oldest");
    }
    if (out.maxTokens < -1 || out.maxTokens == 0)
        return badValue("maxTokens", "neither positive nor -1");
    if (const auto valid = out.sampling.validate(); !valid) {
        Error error{"parameters.bad_value", valid.error().detail};
        error.args = valid.error().args;
        return tl::unexpected<Error>(std::move(error).with("key", valid.error().arg("field")));
    }
    return out;
}

std::string statsToJson(const runtime::GenerationResult& result) {
    ordered_json out;
    out["prompt_tokens"] = result.stats.promptTokens;
    out["reused_tokens"] = result.stats.reusedTokens;
    out["generated_tokens"] = result.stats.generatedTokens;
    out["reasoning_tokens"] = result.stats.reasoningTokens;
    out["prompt_seconds"] = result.stats.promptSeconds;
    out["first_token_seconds"] = result.stats.firstTokenSeconds;
    out["generate_seconds"] = result.stats.generateSeconds;
    out["tokens_per_second"] = result.stats.tokensPerSecond();
    out["stop_reason"] = nameOf(result.stop);
    out["seed"] = std::to_string(result.seed);
    out["dropped_messages"] = result.droppedMessages.size();
    return out.dump();
}

} // namespace hearth::workbench
