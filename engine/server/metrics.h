#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "engine/runtime/session.h"
#include "engine/workbench/serving/serving_engine.h"

namespace hearth::server {

/// Counts since the server began, as Prometheus reads them (text format 0.0.4). Nothing of who called or what
/// was said. Thread-safe.
class Metrics {
public:
    /// A request was answered: the name of its endpoint ("chat.completions"; "other" for none) and the
    /// status.
    void answered(const std::string& endpoint, int status, double seconds);
    void generated(const runtime::GenerationStats& stats);
    void keyRefused();

    [[nodiscard]] std::string text(const workbench::ServingEngine::State& engine,
                                   std::size_t connections) const;

private:
    struct Times {
        double sum = 0;
        std::uint64_t count = 0;
    };
    mutable std::mutex m_mutex;
    std::map<std::pair<std::string, int>, std::uint64_t> m_requests;
    std::map<std::string, Times> m_seconds;
    Times m_firstToken;
    std::uint64_t m_promptTokens = 0, m_reusedTokens = 0, m_generatedTokens = 0, m_keysRefused = 0;
    std::uint64_t m_draftedTokens = 0, m_acceptedDrafts = 0;
    double m_generateSeconds = 0;
};

} // namespace hearth::server
