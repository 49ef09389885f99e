#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/runtime/session.h"
#include "engine/workbench/serving/serving_engine.h"

namespace hearth::server {

enum class ApiKind { Chat, Completion };

/// A request to /v1/chat/completions or /v1/completions, every value within its range. What was not given
/// is empty.
struct ApiRequest {
    static constexpr std::size_t kMaxAnswers = 8;
    static constexpr std::size_t kMaxMessages = 4096;
    static constexpr std::size_t kMaxStops = 16, kMaxStopBytes = 256;
    static constexpr std::size_t kMaxBiases = 1024;
    static constexpr int kMaxDepth = 32;
    /// What /v1/completions generates where no number is given, as the interface that it follows has it.
    static constexpr std::int64_t kUsualCompletion = 16;

    ApiKind kind = ApiKind::Chat;
    std::string model; ///< "" = not given
    workbench::ServingPrompt prompt;
    std::optional<float> temperature, topP, minP, frequencyPenalty, presencePenalty, repetitionPenalty;
    std::optional<std::int32_t> topK;
    std::optional<std::uint64_t> seed; ///< never 0, which would mean "any"
    std::map<sampling::TokenId, float> logitBias;
    std::vector<std::string> stops;
    std::int64_t maxTokens = -1; ///< -1 = until the model stops or the context is full
    std::size_t answers = 1;
    bool stream = false, includeUsage = false;

    /// Puts what was given over `params`.
    void applyTo(runtime::GenerationParams& params) const;
};

/// Reads the body of a request. Fields that are not known are ignored, those that ask for what is not
/// supported are refused by name. Errors, whose details name fields and numbers and never repeat content:
///   request.not_json (offset), request.bad_utf8, request.too_deep (arg max), request.not_object
///   request.missing, request.wrong_type (arg wanted), request.out_of_range (args min, max),
///   request.too_many (arg max), request.unsupported: all with arg field
[[nodiscard]] Result<ApiRequest> parseApiRequest(ApiKind kind, std::string_view body);

} // namespace hearth::server
