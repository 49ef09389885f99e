#include "engine/optimize/measure/chunk_runner.h"

#include <algorithm>

#include "engine/model/model.h"
#include "engine/runtime/loaded_model.h"

namespace hearth::optimize {

namespace {

// Rows whose logits exist at a time: 64 rows of a vocabulary of 256 000 are 62 MiB.
constexpr std::size_t kLogitRows = 64;

} // namespace

ChunkRunner::ChunkRunner(runtime::LoadedModel& model, const EvaluationText& text, model::KvCache cache)
    : m_model(&model), m_text(&text), m_cache(std::move(cache)) {}

Result<ChunkRunner> ChunkRunner::create(runtime::LoadedModel& model, const EvaluationText& text) {
    const std::size_t vocabulary = model.config().vocabulary;
    if (vocabulary != text.vocabulary)
        return tl::unexpected<Error>(
            Error{"measure.different_vocabulary", "the models have vocabularies of " +
                                                      std::to_string(text.vocabulary) + " and " +
                                                      std::to_string(vocabulary) + " tokens"}
                .with("expected", std::to_string(text.vocabulary))
                .with("found", std::to_string(vocabulary)));
    const std::size_t batch = std::min(text.context, runtime::kMaxBatch);
    HEARTH_TRY(auto cache, model::KvCache::create(
                               model.config(),
                               {.context = text.context, .type = model.options().kvType, .batch = batch}));
    HEARTH_CHECK(model.model().reserve(text.context, batch));
    return ChunkRunner(model, text, std::move(cache));
}

Result<void> ChunkRunner::run(std::size_t index, std::size_t from, std::stop_token stop, const Rows& rows) {
    const auto tokens = m_text->chunk(index);
    const std::size_t vocabulary = m_text->vocabulary;
    m_cache.clear();
    for (std::size_t at = 0; at < tokens.size();) {
        if (stop.stop_requested())
            return fail(kCancelled, "measuring was cancelled");
        const bool silent = at < from;
        const std::size_t count = silent ? std::min(from - at, m_cache.maxBatch())
                                         : std::min({tokens.size() - at, kLogitRows, m_cache.maxBatch()});
        if (!silent)
            m_logits.resize(count * vocabulary);
        const model::BatchItem item{&m_cache, tokens.subspan(at, count),
                                    silent ? model::LogitsOf::None : model::LogitsOf::All};
        HEARTH_CHECK(m_model->model().forward({&item, 1}, silent ? nullptr : m_logits.data(), stop));
        if (!silent)
            rows(at, m_logits);
        at += count;
    }
    return {};
}

} // namespace hearth::optimize
