#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/runtime/loaded_model.h"
#include "engine/runtime/session.h"
#include "engine/workbench/chat.h"

namespace hearth::gui {

/// What the engine bridge asks of the engine; the real one stands over workbench::ModelHost, tests bring
/// their own to drive exact streams, errors and slowness. Made, used and destroyed on the engine thread; only
/// the stop tokens are signalled from elsewhere.
class EngineBackend {
public:
    virtual ~EngineBackend() = default;
    /// Errors as workbench::ModelHost::load; after one, summary() tells whether the former model is still
    /// there.
    [[nodiscard]] virtual Result<workbench::ModelSummary> load(const std::filesystem::path& path,
                                                               const runtime::LoadOptions& options,
                                                               std::stop_token stop,
                                                               const ProgressSink& progress) = 0;
    virtual void eject() = 0;
    /// As workbench::ModelHost::forget().
    virtual void forget() = 0;
    [[nodiscard]] virtual std::optional<workbench::ModelSummary> summary() const = 0;
    [[nodiscard]] virtual Result<std::size_t> countTokens(const workbench::TurnRequest& request) = 0;
    [[nodiscard]] virtual Result<runtime::GenerationResult> answer(const workbench::TurnRequest& request,
                                                                   std::stop_token stop,
                                                                   const runtime::PieceSink& sink,
                                                                   const ProgressSink& progress) = 0;
    /// As workbench::ModelHost's.
    [[nodiscard]] virtual Result<std::vector<workbench::TokenInfo>> tokensOf(const std::string& text) = 0;
    [[nodiscard]] virtual Result<std::vector<workbench::TokenInfo>>
    tokensWith(std::span<const runtime::TokenId> ids) = 0;
    virtual void setThreads(std::size_t threads) = 0;
};

using EngineBackendFactory = std::function<std::unique_ptr<EngineBackend>()>;

/// The backend over workbench::ModelHost with `threads` compute threads (0 = one per usable core). `observer`
/// makes what sees its answers, in the engine's thread.
[[nodiscard]] EngineBackendFactory
modelHostBackend(std::size_t threads = 0,
                 std::function<std::unique_ptr<workbench::RunObserver>()> observer = {});

} // namespace hearth::gui
