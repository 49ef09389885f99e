#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "engine/server/api_request.h"
#include "engine/server/failure_limit.h"
#include "engine/server/host_guard.h"
#include "engine/server/http.h"
#include "engine/server/metrics.h"
#include "engine/server/routes.h"
#include "engine/server/task_queue.h"
#include "engine/workbench/serving/serving_desk.h"
#include "engine/workbench/serving/serving_engine.h"

namespace hearth::server {

/// The endpoints: what is asked of whom, and who answers. See Server for the threads.
class Api final : public HttpHandler {
public:
    struct Parts {
        HostGuard guard;
        std::size_t contextTokens = 0; ///< where nothing was chosen for a model
        std::function<void(const std::string&)> requestLog;
        std::function<std::size_t()> connections;
    };
    Api(Parts parts, TaskQueue& queue, workbench::ServingDesk& desk, workbench::ServingEngine& engine);

    void onHead(std::shared_ptr<Exchange> exchange) override;
    void onBody(std::shared_ptr<Exchange> exchange, std::string body) override;
    [[nodiscard]] Response onBroken(int status, const std::string& remote) override;

private:
    struct Call;
    struct Answering;
    using ExchangePtr = std::shared_ptr<Exchange>;
    using CallPtr = std::shared_ptr<Call>;

    // Desk thread.
    void admit(const ExchangePtr& exchange, const CallPtr& call);
    void refuseKey(const ExchangePtr& exchange, const Call& call, const Error& error);
    void list(const ExchangePtr& exchange, const Call& call);
    void begin(const ExchangePtr& exchange, const CallPtr& call, const ApiRequest& request);
    // Engine thread.
    void ended(Answering& answering, Result<std::vector<runtime::GenerationResult>> results);

    // Any thread.
    void answer(const ExchangePtr& exchange, const Call& call, Response response,
                std::chrono::milliseconds delay = {});
    void answerError(const ExchangePtr& exchange, const Call& call, const Error& error);
    void logged(const Call& call, const std::string& remote, int status, const std::string& more = {});
    void noteCall(const CallPtr& call, const std::string& reason);
    void allowOrigin(const Exchange& exchange, const Call& call, Response& response) const;

    Parts m_parts;
    TaskQueue& m_queue;
    workbench::ServingDesk& m_desk;
    workbench::ServingEngine& m_engine;
    Metrics m_metrics;
    FailureLimit m_failures; ///< of the desk's thread
    std::mutex m_logMutex;
};

} // namespace hearth::server
