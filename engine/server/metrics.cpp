#include "engine/server/metrics.h"

#include <cstdio>

namespace hearth::server {

namespace {

std::string number(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.6f", value);
    return text;
}

void head(std::string& out, const char* name, const char* kind, const char* help) {
    out += std::string("# HELP ") + name + " " + help + "\n# TYPE " + name + " " + kind + "\n";
}

void one(std::string& out, const char* name, const char* kind, const char* help, const std::string& value) {
    head(out, name, kind, help);
    out += std::string(name) + " " + value + "\n";
}

} // namespace

void Metrics::answered(const std::string& endpoint, int status, double seconds) {
    const std::scoped_lock lock(m_mutex);
    ++m_requests[{endpoint, status}];
    Times& times = m_seconds[endpoint];
    times.sum += seconds;
    ++times.count;
}

void Metrics::generated(const runtime::GenerationStats& stats) {
    const std::scoped_lock lock(m_mutex);
    m_promptTokens += stats.promptTokens;
    m_reusedTokens += stats.reusedTokens;
    m_generatedTokens += stats.generatedTokens;
    m_draftedTokens += stats.draftedTokens;
    m_acceptedDrafts += stats.acceptedDrafts;
    m_generateSeconds += stats.generateSeconds;
    if (stats.generatedTokens > 0) {
        m_firstToken.sum += stats.firstTokenSeconds;
        ++m_firstToken.count;
    }
}

void Metrics::keyRefused() {
    const std::scoped_lock lock(m_mutex);
    ++m_keysRefused;
}

std::string Metrics::text(const workbench::ServingEngine::State& engine, std::size_t connections) const {
    const std::scoped_lock lock(m_mutex);
    std::string out;
    head(out, "hearth_requests_total", "counter", "Requests answered, by endpoint and status.");
    for (const auto& [key, count] : m_requests)
        out += "hearth_requests_total{endpoint=\"" + key.first + "\",status=\"" + std::to_string(key.second) +
               "\"} " + std::to_string(count) + "\n";
    head(out, "hearth_request_seconds", "summary", "From a request's head to the end of its answer.");
    for (const auto& [endpoint, times] : m_seconds) {
        out += "hearth_request_seconds_sum{endpoint=\"" + endpoint + "\"} " + number(times.sum) + "\n";
        out += "hearth_request_seconds_count{endpoint=\"" + endpoint + "\"} " + std::to_string(times.count) +
               "\n";
    }
    head(out, "hearth_first_token_seconds", "summary", "From a request's turn to its first token.");
    out += "hearth_first_token_seconds_sum " + number(m_firstToken.sum) + "\n";
    out += "hearth_first_token_seconds_count " + std::to_string(m_firstToken.count) + "\n";
    one(out, "hearth_prompt_tokens_total", "counter", "Tokens of prompts.", std::to_string(m_promptTokens));
    one(out, "hearth_prompt_tokens_reused_total", "counter", "Of them, found in the KV cache.",
        std::to_string(m_reusedTokens));
    one(out, "hearth_generated_tokens_total", "counter", "Tokens generated.",
        std::to_string(m_generatedTokens));
    one(out, "hearth_guessed_tokens_total", "counter", "Tokens evaluated as guesses.",
        std::to_string(m_draftedTokens));
    one(out, "hearth_guesses_accepted_total", "counter", "Of them, those that came true.",
        std::to_string(m_acceptedDrafts));
    one(out, "hearth_generate_seconds_total", "counter",
        "From first to last token, summed over answers, which may run together.", number(m_generateSeconds));
    one(out, "hearth_keys_refused_total", "counter",
        "Requests with a missing, wrong, revoked or expired key.", std::to_string(m_keysRefused));
    one(out, "hearth_answers_active", "gauge", "Answers being generated.", std::to_string(engine.active));
    one(out, "hearth_requests_waiting", "gauge", "Requests that wait for their turn.",
        std::to_string(engine.waiting));
    one(out, "hearth_model_loads_total", "counter", "Times that a model was loaded.",
        std::to_string(engine.loads));
    one(out, "hearth_model_loaded", "gauge", "Whether a model is in memory.",
        engine.model.empty() ? "0" : "1");
    one(out, "hearth_connections", "gauge", "Open connections.", std::to_string(connections));
    return out;
}

} // namespace hearth::server
