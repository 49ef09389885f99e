#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "gui/bridge/engine_backend.h"

namespace hearth::test {

/// What a FakeEngine does and what it was asked; shared between the test and the engine's thread.
struct FakeScript {
    std::mutex mutex;
    std::vector<std::string> answer{"Hello", ", ", "world", "."};
    std::vector<std::string> reasoning;
    std::chrono::milliseconds pieceDelay{0}, loadDelay{0};
    std::optional<Error> loadError, answerError;
    std::size_t promptTokens = 42, contextTokens = 8192;
    bool isGuide = false;                                ///< the model says that it is the built-in Guide
    bool endless = false;                                ///< repeats `answer` until stopped
    std::atomic<bool> loadHeld{false}, countHeld{false}; ///< loading or counting goes on while it is set
    std::function<void(const workbench::TurnRequest&)> onAnswer; ///< in the engine's thread, before any piece
    std::vector<workbench::TurnRequest> answered;
    std::atomic<int> loads{0}, counts{0}, destroyed{0}, forgotten{0};
};

/// A backend that streams what the script says.
class FakeEngine final : public gui::EngineBackend {
public:
    explicit FakeEngine(std::shared_ptr<FakeScript> script) : m_script(std::move(script)) {}
    ~FakeEngine() override { ++m_script->destroyed; }

    Result<workbench::ModelSummary> load(const std::filesystem::path& path, const runtime::LoadOptions&,
                                         std::stop_token stop, const ProgressSink& progress) override {
        ++m_script->loads;
        const auto steps = m_script->loadDelay.count() / 2;
        for (std::int64_t i = 0; i < steps || m_script->loadHeld; ++i) {
            if (stop.stop_requested())
                return fail(kCancelled, "stopped");
            progress({"load.pack", static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(steps)});
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        if (m_script->loadError)
            return tl::unexpected<Error>(*m_script->loadError);
        workbench::ModelSummary summary;
        summary.path = path;
        summary.name = "Qwen3-4B-Instruct";
        summary.family = "qwen3";
        summary.quantisation = "Q4_K_M";
        summary.parameters = 4'000'000'000;
        summary.fileBytes = 2'400'000'000;
        summary.memory.weights = 2'400'000'000;
        summary.contextTokens = m_script->contextTokens;
        summary.isGuide = m_script->isGuide;
        m_summary = summary;
        return summary;
    }
    void eject() override { m_summary.reset(); }
    void forget() override { ++m_script->forgotten; }
    std::optional<workbench::ModelSummary> summary() const override { return m_summary; }
    Result<std::size_t> countTokens(const workbench::TurnRequest&) override {
        ++m_script->counts;
        while (m_script->countHeld)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return m_script->promptTokens;
    }
    Result<runtime::GenerationResult> answer(const workbench::TurnRequest& request, std::stop_token stop,
                                             const runtime::PieceSink& sink, const ProgressSink&) override {
        std::vector<std::string> answer, reasoning;
        {
            const std::lock_guard lock(m_script->mutex);
            m_script->answered.push_back(request);
            answer = m_script->answer;
            reasoning = m_script->reasoning;
        }
        if (m_script->onAnswer)
            m_script->onAnswer(request);
        runtime::GenerationResult result;
        const auto send = [&](runtime::PieceKind kind, const std::string& text) {
            std::this_thread::sleep_for(m_script->pieceDelay);
            sink({kind, text, {}});
            (kind == runtime::PieceKind::Answer ? result.answer : result.reasoning) += text;
            ++result.stats.generatedTokens;
            if (kind == runtime::PieceKind::Reasoning)
                ++result.stats.reasoningTokens;
        };
        for (const auto& text : reasoning)
            if (!stop.stop_requested())
                send(runtime::PieceKind::Reasoning, text);
        do {
            for (const auto& text : answer)
                if (!stop.stop_requested())
                    send(runtime::PieceKind::Answer, text);
        } while (m_script->endless && !stop.stop_requested());
        if (m_script->answerError)
            return tl::unexpected<Error>(*m_script->answerError);
        result.stop = stop.stop_requested() ? runtime::StopReason::Cancelled : runtime::StopReason::EndOfTurn;
        result.stats.promptTokens = m_script->promptTokens;
        result.stats.firstTokenSeconds = 0.18;
        result.stats.generateSeconds = 5.9;
        return result;
    }
    /// A token for each word with the blank in front of it; its id is 100 + the length.
    Result<std::vector<workbench::TokenInfo>> tokensOf(const std::string& text) override {
        if (!m_summary)
            return fail("workbench.no_model", "no model is loaded");
        std::vector<workbench::TokenInfo> out;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find(' ', at + 1), text.size());
            out.push_back({static_cast<int>(100 + end - at), text.substr(at, end - at)});
            at = end;
        }
        return out;
    }
    Result<std::vector<workbench::TokenInfo>> tokensWith(std::span<const runtime::TokenId> ids) override {
        if (!m_summary)
            return fail("workbench.no_model", "no model is loaded");
        std::vector<workbench::TokenInfo> out;
        for (const auto id : ids)
            if (id < 1000)
                out.push_back({id, "word" + std::to_string(id)});
        return out;
    }
    void setThreads(std::size_t) override {}

private:
    std::shared_ptr<FakeScript> m_script;
    std::optional<workbench::ModelSummary> m_summary;
};

inline gui::EngineBackendFactory fakeEngine(std::shared_ptr<FakeScript> script) {
    return [script] { return std::make_unique<FakeEngine>(script); };
}

} // namespace hearth::test
