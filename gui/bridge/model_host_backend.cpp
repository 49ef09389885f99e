#include "gui/bridge/engine_backend.h"

namespace hearth::gui {

namespace {

class ModelHostBackend final : public EngineBackend {
public:
    ModelHostBackend(std::size_t threads, std::unique_ptr<workbench::RunObserver> observer)
        : m_host(threads, std::move(observer)) {}

    Result<workbench::ModelSummary> load(const std::filesystem::path& path,
                                         const runtime::LoadOptions& options, std::stop_token stop,
                                         const ProgressSink& progress) override {
        return m_host.load(path, options, std::move(stop), progress);
    }
    void eject() override { m_host.eject(); }
    void forget() override { m_host.forget(); }
    std::optional<workbench::ModelSummary> summary() const override {
        const auto* loaded = m_host.summary();
        return loaded ? std::optional(*loaded) : std::nullopt;
    }
    Result<std::size_t> countTokens(const workbench::TurnRequest& request) override {
        return m_host.countTokens(request);
    }
    Result<runtime::GenerationResult> answer(const workbench::TurnRequest& request, std::stop_token stop,
                                             const runtime::PieceSink& sink,
                                             const ProgressSink& progress) override {
        return m_host.answer(request, std::move(stop), sink, progress);
    }
    Result<std::vector<workbench::TokenInfo>> tokensOf(const std::string& text) override {
        return m_host.tokensOf(text);
    }
    Result<std::vector<workbench::TokenInfo>> tokensWith(std::span<const runtime::TokenId> ids) override {
        return m_host.tokensWith(ids);
    }
    void setThreads(std::size_t threads) override { m_host.setThreads(threads); }

private:
    workbench::ModelHost m_host;
};

} // namespace

EngineBackendFactory modelHostBackend(std::size_t threads,
                                      std::function<std::unique_ptr<workbench::RunObserver>()> observer) {
    return [threads, observer = std::move(observer)] {
        return std::make_unique<ModelHostBackend>(threads, observer ? observer() : nullptr);
    };
}

} // namespace hearth::gui
