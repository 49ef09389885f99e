#include "engine/workbench/serving/serving_engine.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/base/log.h"
#include "engine/runtime/prompt.h"
#include "engine/runtime/scheduler.h"
#include "engine/workbench/guide.h"

namespace hearth::workbench {

namespace {

using runtime::GenerationResult;

/// The answers to one request, put together as they end. Engine thread.
struct Gathering {
    std::vector<GenerationResult> results;
    std::size_t left = 0;
    std::optional<Error> error;
    std::function<void(Result<std::vector<GenerationResult>>)> done;

    void ended(std::size_t index, Result<GenerationResult> result) {
        if (result)
            results[index] = std::move(*result);
        else if (!error)
            error = std::move(result).error();
        if (--left > 0)
            return;
        if (error)
            done(tl::unexpected<Error>(*error));
        else
            done(std::move(results));
    }
};

struct Prompt {
    std::vector<runtime::TokenId> tokens;
    std::optional<std::string> rendered;
};

} // namespace

struct ServingEngine::Impl {
    explicit Impl(ServingOptions chosen) : options(chosen), pool(chosen.threads) {}

    const ServingOptions options;

    mutable std::mutex mutex; ///< guards what follows
    std::condition_variable_any arrived;
    std::deque<ServingRequest> inbox;
    State state;
    bool ending = false;

    // Of the engine's thread.
    ThreadPool pool;
    std::filesystem::path loadedPath;
    std::size_t askedContext = 0;
    std::string askedTemplate;
    bool guide = false;
    std::shared_ptr<runtime::LoadedModel> model;
    std::unique_ptr<runtime::Scheduler> scheduler;

    std::jthread thread; ///< last: it uses the others

    void run(const std::stop_token& stop);
    void begin(const std::stop_token& stop);
    [[nodiscard]] bool isLoaded(const ServingRequest& request) const;
    [[nodiscard]] Result<void> load(const ServingRequest& request, const std::stop_token& stop);
    void unload();
    [[nodiscard]] Result<Prompt> promptOf(ServingRequest& request) const;
    void submit(ServingRequest request);
    void publish();
};

bool ServingEngine::Impl::isLoaded(const ServingRequest& request) const {
    return scheduler && loadedPath == request.model && askedContext == request.contextTokens &&
           askedTemplate == request.chatTemplate;
}

void ServingEngine::Impl::unload() {
    scheduler.reset();
    model.reset();
    loadedPath.clear();
}

Result<void> ServingEngine::Impl::load(const ServingRequest& request, const std::stop_token& stop) {
    unload(); // two models at a time would need twice the memory
    publish();
    runtime::LoadOptions wanted;
    wanted.contextTokens = request.contextTokens;
    wanted.kvType = options.kvType;
    wanted.chatTemplate = request.chatTemplate;
    HEARTH_TRY(const ModelFacts facts, readModelFacts(request.model));
    HEARTH_TRY(model, runtime::LoadedModel::load(request.model, pool, wanted, stop));
    runtime::SchedulerOptions many;
    many.sequences = options.sequences;
    many.waiting = options.waiting;
    auto made = runtime::Scheduler::create(model, many);
    while (!made && made.error().code == "memory.not_enough" && many.sequences > 1) {
        many.sequences /= 2;
        made = runtime::Scheduler::create(model, many);
    }
    if (!made) {
        unload();
        return tl::unexpected<Error>(std::move(made).error());
    }
    if (many.sequences < options.sequences)
        log(LogLevel::Warning, "serving",
            "memory for " + std::to_string(many.sequences) + " answers at a time instead of " +
                std::to_string(options.sequences));
    scheduler = std::move(*made);
    loadedPath = request.model;
    askedContext = request.contextTokens;
    askedTemplate = request.chatTemplate;
    guide = isGuide(facts);
    {
        const std::scoped_lock lock(mutex);
        ++state.loads;
    }
    publish();
    return {};
}

Result<Prompt> ServingEngine::Impl::promptOf(ServingRequest& request) const {
    if (auto* tokens = std::get_if<std::vector<runtime::TokenId>>(&request.prompt))
        return Prompt{std::move(*tokens), std::nullopt};
    if (const auto* text = std::get_if<std::string>(&request.prompt)) {
        HEARTH_TRY(auto tokens, model->tokenizer().encode(*text, text::Tokenizer::Specials::Plain));
        runtime::prependBos(model->tokenizer(), tokens);
        return Prompt{std::move(tokens), std::nullopt};
    }
    auto& messages = std::get<std::vector<runtime::ChatMessage>>(request.prompt);
    if (messages.empty())
        return fail("session.no_messages", "there is no message to answer");
    if (guide) {
        messages.erase(messages.begin(), messages.end() - 1);
        asGuideTurn(messages, request.params);
    }
    HEARTH_TRY(auto rendered, model->prompts().render(messages, nullptr, request.params.enableThinking));
    HEARTH_TRY(auto tokens, model->prompts().encode(rendered));
    return Prompt{std::move(tokens), std::move(rendered.text)};
}

void ServingEngine::Impl::submit(ServingRequest request) {
    const auto prompt = promptOf(request);
    if (!prompt)
        return request.done(tl::unexpected<Error>(prompt.error()));
    const auto gathering = std::make_shared<Gathering>();
    gathering->results.resize(request.answers);
    gathering->done = std::move(request.done);
    gathering->left = request.answers;
    std::vector<runtime::Scheduler::RequestId> begun;
    for (std::size_t i = 0; i < request.answers; ++i) {
        runtime::Request one;
        one.prompt = prompt->tokens;
        one.renderedPrompt = prompt->rendered;
        one.params = request.params;
        if (one.params.sampling.seed != 0)
            one.params.sampling.seed += i;
        one.stop = request.stop;
        if (request.piece)
            one.sink = [i, piece = request.piece](const runtime::Piece& text) { piece(i, text); };
        one.done = [i, gathering](Result<GenerationResult> result) {
            gathering->ended(i, std::move(result));
        };
        auto submitted = scheduler->submit(std::move(one));
        if (submitted) {
            begun.push_back(*submitted);
            continue;
        }
        for (const auto id : begun) // all or nothing
            scheduler->cancel(id);
        gathering->left = begun.size() + 1;
        return gathering->ended(i, tl::unexpected<Error>(std::move(submitted).error()));
    }
}

/// Begins waiting requests, as far as the model in memory is theirs or nothing needs it any more.
void ServingEngine::Impl::begin(const std::stop_token& stop) {
    for (;;) {
        ServingRequest request;
        {
            const std::scoped_lock lock(mutex);
            if (inbox.empty())
                return;
            const bool wanted = !inbox.front().stop.stop_requested();
            if (wanted && scheduler && !isLoaded(inbox.front()) &&
                scheduler->active() + scheduler->waiting() > 0)
                return;
            request = std::move(inbox.front());
            inbox.pop_front();
        }
        if (request.stop.stop_requested()) {
            request.done(fail(kCancelled, "nobody waits for the answer any more"));
            continue;
        }
        if (!isLoaded(request)) {
            if (auto loaded = load(request, stop); !loaded) {
                request.done(tl::unexpected<Error>(std::move(loaded).error()));
                continue;
            }
        }
        submit(std::move(request));
    }
}

void ServingEngine::Impl::publish() {
    const std::scoped_lock lock(mutex);
    state.model = loadedPath;
    state.active = scheduler ? scheduler->active() : 0;
    state.waiting = inbox.size() + (scheduler ? scheduler->waiting() : 0);
}

void ServingEngine::Impl::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        begin(stop);
        const bool more = scheduler && scheduler->step();
        publish();
        if (more)
            continue;
        std::unique_lock lock(mutex);
        arrived.wait(lock, stop, [&] { return !inbox.empty(); });
    }
    std::deque<ServingRequest> left;
    {
        const std::scoped_lock lock(mutex);
        ending = true;
        left.swap(inbox);
    }
    unload(); // ends what is generated, and tells each
    for (const ServingRequest& request : left)
        request.done(fail(kCancelled, "the server ends"));
    publish();
}

ServingEngine::ServingEngine(ServingOptions options) : m_impl(std::make_unique<Impl>(options)) {
    m_impl->thread = std::jthread([impl = m_impl.get()](const std::stop_token& stop) { impl->run(stop); });
}

ServingEngine::~ServingEngine() {
    stop();
}

void ServingEngine::stop() {
    m_impl->thread.request_stop();
    if (m_impl->thread.joinable())
        m_impl->thread.join();
}

Result<void> ServingEngine::submit(ServingRequest request) {
    {
        const std::scoped_lock lock(m_impl->mutex);
        if (!m_impl->ending) {
            if (m_impl->inbox.size() >= m_impl->options.waiting)
                return tl::unexpected<Error>(Error{
                    "scheduler.queue_full", std::to_string(m_impl->inbox.size()) + " requests are waiting"}
                                                 .with("waiting", std::to_string(m_impl->inbox.size())));
            m_impl->inbox.push_back(std::move(request));
            m_impl->arrived.notify_one();
            return {};
        }
    }
    request.done(fail(kCancelled, "the server ends"));
    return {};
}

ServingEngine::State ServingEngine::state() const {
    const std::scoped_lock lock(m_impl->mutex);
    return m_impl->state;
}

} // namespace hearth::workbench
