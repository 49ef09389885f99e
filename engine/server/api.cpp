#include "engine/server/api.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "engine/base/ascii.h"
#include "engine/base/log.h"
#include "engine/base/utc_time.h"
#include "engine/security/crypto/secure_bytes.h"
#include "engine/server/api_answer.h"
#include "engine/server/api_errors.h"

namespace hearth::server {

namespace {

using Clock = std::chrono::steady_clock;
using runtime::GenerationResult;

/// In the log and the metrics: the client went away before its answer was there.
constexpr int kClientGone = 499;

std::string answerId(ApiKind kind) {
    std::array<std::byte, 12> random{};
    (void)security::randomBytes(random); // a name to tell answers apart, nothing more
    return (kind == ApiKind::Chat ? "chatcmpl-" : "cmpl-") + toHex(random);
}

Response streamHead() {
    Response head;
    head.contentType = "text/event-stream";
    return head;
}

bool wasCut(const std::vector<GenerationResult>& results) {
    return std::any_of(results.begin(), results.end(), [](const GenerationResult& result) {
        return result.stop == runtime::StopReason::Cancelled;
    });
}

std::string countsOf(const std::vector<GenerationResult>& results) {
    std::size_t generated = 0;
    for (const auto& result : results)
        generated += result.stats.generatedTokens;
    return " prompt=" + std::to_string(results.empty() ? 0 : results.front().stats.promptTokens) +
           " generated=" + std::to_string(generated);
}

} // namespace

/// One request, from its head to the line in the log. Handed from thread to thread with the exchange.
struct Api::Call {
    Routed routed;
    Clock::time_point begun = Clock::now();
    workbench::ServingCaller caller;
    workbench::ServedModel model;
};

/// An answer that is being generated. Of the engine's thread once it has begun.
struct Api::Answering {
    ExchangePtr exchange;
    CallPtr call;
    ApiAnswer format;
    std::size_t answers;
    bool stream;
    bool opened = false;

    void open(const Api& api) {
        if (std::exchange(opened, true))
            return;
        Response head = streamHead();
        api.allowOrigin(*exchange, *call, head);
        exchange->beginStream(std::move(head));
        for (std::size_t i = 0; i < answers; ++i)
            exchange->send(format.opening(i));
    }
};

Api::Api(Parts parts, TaskQueue& queue, workbench::ServingDesk& desk, workbench::ServingEngine& engine)
    : m_parts(std::move(parts)), m_queue(queue), m_desk(desk), m_engine(engine) {}

void Api::allowOrigin(const Exchange& exchange, const Call& call, Response& response) const {
    if (!call.routed.crossOrigin)
        return;
    response.fields.emplace_back("Access-Control-Allow-Origin", std::string(exchange.head().value("origin")));
    response.fields.emplace_back("Vary", "Origin");
}

void Api::logged(const Call& call, const std::string& remote, int status, const std::string& more) {
    const double seconds = std::chrono::duration<double>(Clock::now() - call.begun).count();
    m_metrics.answered(nameOf(call.routed.endpoint), status, seconds);
    if (!m_parts.requestLog)
        return;
    std::array<char, 32> time{};
    std::snprintf(time.data(), time.size(), " %.3fs", seconds);
    std::string who;
    if (call.caller.by == workbench::ServingCaller::By::Token)
        who = " key=" + std::to_string(call.caller.token);
    const std::scoped_lock lock(m_logMutex);
    m_parts.requestLog(utcNow() + " " + remote + " " + nameOf(call.routed.endpoint) + " " +
                       std::to_string(status) + time.data() + who + more);
}

void Api::answer(const ExchangePtr& exchange, const Call& call, Response response,
                 std::chrono::milliseconds delay) {
    allowOrigin(*exchange, call, response);
    logged(call, exchange->head().remote, response.status);
    exchange->respond(std::move(response), delay);
}

void Api::answerError(const ExchangePtr& exchange, const Call& call, const Error& error) {
    Response response = errorResponse(error);
    log(response.status >= 500 ? LogLevel::Error : LogLevel::Debug, "server",
        std::string(nameOf(call.routed.endpoint)) + ": " + error.message());
    answer(exchange, call, std::move(response));
}

Response Api::onBroken(int status, const std::string& remote) {
    logged(Call{}, remote, status);
    switch (status) {
    case 408:
        return errorResponse(408, "timeout", "The request took too long to arrive.");
    case 413:
        return errorResponse(413, "too_large", "The body is too large.");
    case 431:
        return errorResponse(431, "too_large", "The head of the request is too large.");
    case 500:
        return errorResponse(500, "internal_error", "Something went wrong here.");
    default:
        return errorResponse(400, "invalid_request", "This is not a well-formed HTTP request.");
    }
}

void Api::onHead(std::shared_ptr<Exchange> exchange) {
    const auto call = std::make_shared<Call>();
    exchange->context = call;
    call->routed = route(exchange->head(), m_parts.guard);
    if (call->routed.refusal)
        return answer(exchange, *call, *call->routed.refusal);
    if (call->routed.endpoint == Endpoint::Health) {
        Response healthy;
        healthy.body = R"({"status":"ok"})";
        return answer(exchange, *call, std::move(healthy));
    }
    m_queue.post([this, exchange, call] { admit(exchange, call); });
}

void Api::admit(const ExchangePtr& exchange, const CallPtr& call) {
    auto caller = m_desk.admit(call->routed.key);
    if (!caller)
        return refuseKey(exchange, *call, caller.error());
    call->caller = *caller;
    switch (call->routed.endpoint) {
    case Endpoint::Models:
    case Endpoint::Model:
        return list(exchange, *call);
    case Endpoint::Metrics: {
        Response text;
        text.contentType = "text/plain; version=0.0.4; charset=utf-8";
        text.body = m_metrics.text(m_engine.state(), m_parts.connections());
        return answer(exchange, *call, std::move(text));
    }
    default:
        exchange->readBody();
    }
}

void Api::refuseKey(const ExchangePtr& exchange, const Call& call, const Error& error) {
    Response response = errorResponse(error);
    if (response.status != 401)
        return answerError(exchange, call, error);
    m_metrics.keyRefused();
    const auto verdict = m_failures.failed(exchange->head().remote, Clock::now());
    if (verdict.note > 0)
        if (const auto noted = m_desk.noteRefused(exchange->head().remote, error.code, verdict.note); !noted)
            return answerError(exchange, call, noted.error());
    answer(exchange, call, std::move(response), verdict.delay);
}

void Api::list(const ExchangePtr& exchange, const Call& call) {
    const auto models = m_desk.models(call.caller);
    if (!models)
        return answerError(exchange, call, models.error());
    Response response;
    if (call.routed.endpoint == Endpoint::Models) {
        response.body = modelList(*models);
        return answer(exchange, call, std::move(response));
    }
    const auto found = std::find_if(models->begin(), models->end(),
                                    [&](const auto& model) { return model.id == call.routed.model; });
    if (found == models->end())
        return answerError(exchange, call, Error{"serving.unknown_model", "no model of that name is served"});
    response.body = modelEntry(*found);
    answer(exchange, call, std::move(response));
}

void Api::onBody(std::shared_ptr<Exchange> exchange, std::string body) {
    const auto call = std::static_pointer_cast<Call>(exchange->context);
    const ApiKind kind = call->routed.endpoint == Endpoint::Chat ? ApiKind::Chat : ApiKind::Completion;
    auto request = parseApiRequest(kind, body);
    if (!request)
        return answerError(exchange, *call, request.error());
    m_queue.post([this, exchange, call, request = std::move(*request)] { begin(exchange, call, request); });
}

void Api::begin(const ExchangePtr& exchange, const CallPtr& call, const ApiRequest& request) {
    auto model = m_desk.choose(call->caller, request.model, nameOf(call->routed.endpoint));
    if (!model)
        return answerError(exchange, *call, model.error());
    call->model = std::move(*model);
    const auto answering =
        std::make_shared<Answering>(Answering{exchange, call,
                                              ApiAnswer(request.kind, answerId(request.kind), call->model.id,
                                                        std::time(nullptr), request.includeUsage),
                                              request.answers, request.stream});
    workbench::ServingRequest wanted;
    wanted.model = call->model.path;
    wanted.contextTokens = call->model.contextTokens ? call->model.contextTokens : m_parts.contextTokens;
    wanted.chatTemplate = call->model.chatTemplate;
    wanted.prompt = request.prompt;
    wanted.params = call->model.params;
    request.applyTo(wanted.params);
    wanted.answers = request.answers;
    wanted.stop = exchange->gone();
    if (request.stream)
        wanted.piece = [this, answering](std::size_t answer, const runtime::Piece& piece) {
            answering->open(*this);
            answering->exchange->send(answering->format.piece(answer, piece));
        };
    wanted.done = [this, answering](Result<std::vector<GenerationResult>> results) {
        ended(*answering, std::move(results));
    };
    if (const auto submitted = m_engine.submit(std::move(wanted)); !submitted) {
        noteCall(call, submitted.error().code);
        answerError(exchange, *call, submitted.error());
    }
}

void Api::ended(Answering& answering, Result<std::vector<GenerationResult>> results) {
    const CallPtr& call = answering.call;
    Exchange& exchange = *answering.exchange;
    if (results)
        for (const GenerationResult& result : *results)
            m_metrics.generated(result.stats);
    std::optional<Error> error;
    if (!results)
        error = results.error();
    else if (wasCut(*results))
        error = Error{kCancelled, "the client has gone or the server ends"};
    noteCall(call, error ? error->code : "");
    if (error && !answering.opened && error->code != kCancelled)
        return answerError(answering.exchange, *call, *error);
    const std::string counts = results ? countsOf(*results) : "";
    const int status = error ? kClientGone : 200;
    if (error)
        log(error->code == kCancelled ? LogLevel::Debug : LogLevel::Error, "server", error->message());
    logged(*call, exchange.head().remote, status, counts);
    if (!error && !answering.stream) {
        Response whole;
        whole.body = answering.format.whole(*results);
        allowOrigin(exchange, *call, whole);
        return exchange.respond(std::move(whole));
    }
    if (error && !answering.opened)
        return exchange.respond(errorResponse(*error)); // where somebody is still there to read it
    answering.open(*this);
    exchange.send(error ? event(errorBody(*error)) : answering.format.closing(*results));
    exchange.endStream();
}

void Api::noteCall(const CallPtr& call, const std::string& reason) {
    m_queue.post([this, call, reason] {
        const auto noted = m_desk.noteCall(call->caller, call->model, nameOf(call->routed.endpoint), reason);
        if (!noted)
            log(LogLevel::Error, "server", "a call could not be noted: " + noted.error().message());
    });
}

} // namespace hearth::server
