#include <charconv>
#include <optional>

#include "engine/format/gguf/gguf_file.h"
#include "engine/text/tokenizer/tokenizer.h"
#include "engine/text/tokenizer/utf8.h"
#include "engine/workbench/chat.h"
#include "engine/workbench/guide.h"
#include "engine/workbench/model_facts.h"

namespace hearth::workbench {

namespace {

struct Loaded {
    std::shared_ptr<runtime::LoadedModel> model;
    std::unique_ptr<runtime::Session> session;
    ModelSummary summary;
};

ModelSummary summarise(const runtime::LoadedModel& model, const runtime::Session& session, ModelFacts facts) {
    ModelSummary out;
    out.path = model.path();
    out.isGuide = isGuide(facts);
    out.name = std::move(facts.name);
    out.family = model.config().family;
    out.quantisation = std::move(facts.quantisation);
    out.parameters = facts.parameters;
    out.fileBytes = facts.fileBytes;
    out.memory = model.memory();
    out.contextTokens = session.contextTokens();
    out.trainedContext = model.config().trainedContext;
    out.hasOwnTemplate = model.hasOwnTemplate();
    return out;
}

Result<ModelFacts> factsOf(const std::filesystem::path& path, const runtime::LoadOptions& options) {
    if (!options.bytes)
        return readModelFacts(path);
    HEARTH_TRY(const auto file, format::GgufFile::parse(*options.bytes));
    ModelFacts facts = modelFacts(file);
    if (facts.name.empty())
        facts.name = path.stem().string();
    return facts;
}

std::uint64_t bytesArg(const Error& error, const char* name) {
    const std::string text = error.arg(name);
    std::uint64_t out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

} // namespace

struct ModelHost::Impl {
    Impl(std::size_t threads, std::unique_ptr<RunObserver> watcher)
        : pool(threads), observer(std::move(watcher)) {}

    ThreadPool pool; // outlives the models that compute on it
    std::unique_ptr<RunObserver> observer;
    std::optional<Loaded> loaded;
    runtime::LoadOptions options; ///< of what is loaded

    Result<Loaded> make(const std::filesystem::path& path, const runtime::LoadOptions& wanted,
                        std::stop_token stop, const ProgressSink& progress) {
        HEARTH_TRY(ModelFacts facts, factsOf(path, wanted));
        Loaded out;
        HEARTH_TRY(out.model, runtime::LoadedModel::load(path, pool, wanted, std::move(stop), progress));
        HEARTH_TRY(out.session, runtime::Session::create(out.model));
        out.summary = summarise(*out.model, *out.session, std::move(facts));
        return out;
    }

    /// The turn as the loaded model takes it; what differs from the request is put together in `own`.
    const TurnRequest& forModel(const TurnRequest& request, TurnRequest& own) const {
        if (!loaded->summary.isGuide || request.messages.empty())
            return request;
        own.messages = {request.messages.back()};
        own.params = request.params;
        asGuideTurn(own.messages, own.params);
        return own;
    }
};

ModelHost::ModelHost(std::size_t threads, std::unique_ptr<RunObserver> observer)
    : m_impl(std::make_unique<Impl>(threads, std::move(observer))) {}
ModelHost::~ModelHost() = default;

Result<ModelSummary> ModelHost::load(const std::filesystem::path& path, const runtime::LoadOptions& options,
                                     std::stop_token stop, const ProgressSink& progress) {
    auto next = m_impl->make(path, options, stop, progress);
    if (!next && next.error().code == "memory.not_enough" && m_impl->loaded) {
        // Everything else about the new model is in order. The one in memory goes first, if that is enough.
        const std::uint64_t freed = m_impl->loaded->summary.memory.total();
        if (bytesArg(next.error(), "available_bytes") + freed < bytesArg(next.error(), "needed_bytes"))
            return tl::unexpected<Error>(std::move(next).error());
        eject();
        runtime::LoadOptions retried = options;
        if (retried.availableBytes) // a given number does not grow by itself
            *retried.availableBytes += freed;
        next = m_impl->make(path, retried, std::move(stop), progress);
    }
    if (!next)
        return tl::unexpected<Error>(std::move(next).error());
    m_impl->loaded = std::move(*next);
    m_impl->options = options;
    m_impl->options.bytes.reset(); // they go with the model
    m_impl->options.contextTokens = m_impl->loaded->summary.contextTokens;
    if (m_impl->observer)
        m_impl->observer->loaded(path, m_impl->options, m_impl->pool.size());
    return m_impl->loaded->summary;
}

void ModelHost::eject() {
    m_impl->loaded.reset();
    if (m_impl->observer)
        m_impl->observer->ejected();
}

void ModelHost::forget() {
    if (!m_impl->loaded)
        return;
    m_impl->loaded->session.reset();
    auto fresh = runtime::Session::create(m_impl->loaded->model);
    if (fresh)
        m_impl->loaded->session = std::move(*fresh);
    else
        m_impl->loaded.reset();
}

const ModelSummary* ModelHost::summary() const {
    return m_impl->loaded ? &m_impl->loaded->summary : nullptr;
}

Result<std::size_t> ModelHost::countTokens(const TurnRequest& request) {
    if (!m_impl->loaded)
        return fail("workbench.no_model", "no model is loaded");
    TurnRequest own;
    const TurnRequest& turn = m_impl->forModel(request, own);
    return m_impl->loaded->session->promptTokens(turn.messages, nullptr, turn.params.enableThinking)
        .map([](const auto& tokens) { return tokens.size(); });
}

Result<runtime::GenerationResult> ModelHost::answer(const TurnRequest& request, std::stop_token stop,
                                                    const runtime::PieceSink& sink,
                                                    const ProgressSink& progress) {
    if (!m_impl->loaded)
        return fail("workbench.no_model", "no model is loaded");
    TurnRequest own;
    const TurnRequest& turn = m_impl->forModel(request, own);
    auto result = m_impl->loaded->session->chat(turn.messages, turn.params, std::move(stop), sink, progress);
    if (result && m_impl->observer)
        m_impl->observer->answered(result->stats);
    return result;
}

Result<std::vector<TokenInfo>> ModelHost::tokensOf(const std::string& text) const {
    if (!m_impl->loaded)
        return fail("workbench.no_model", "no model is loaded");
    HEARTH_TRY(const auto ids,
               m_impl->loaded->model->tokenizer().encode(text, text::Tokenizer::Specials::Plain));
    return tokensWith(ids);
}

Result<std::vector<TokenInfo>> ModelHost::tokensWith(std::span<const runtime::TokenId> ids) const {
    if (!m_impl->loaded)
        return fail("workbench.no_model", "no model is loaded");
    const text::Tokenizer& tokenizer = m_impl->loaded->model->tokenizer();
    std::vector<TokenInfo> out;
    for (const runtime::TokenId id : ids) {
        if (id < 0 || static_cast<std::size_t>(id) >= tokenizer.vocabularySize())
            continue;
        // A token can be a part of a character: then only its name says what it is.
        std::string piece = tokenizer.pieceBytes(id, true);
        if (piece.empty() || !text::isUtf8(piece))
            piece = tokenizer.tokenText(id);
        out.push_back({id, std::move(piece)});
    }
    return out;
}

void ModelHost::setThreads(std::size_t threads) {
    m_impl->pool.resize(threads);
    if (m_impl->loaded && m_impl->observer) // what is predicted for it changes with the threads
        m_impl->observer->loaded(m_impl->loaded->summary.path, m_impl->options, m_impl->pool.size());
}

} // namespace hearth::workbench
