#pragma once

#include <functional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/base/error.h"
#include "engine/model/kv_cache.h"
#include "engine/optimize/measure/evaluation_text.h"

namespace hearth::optimize {

/// Inside of optimize/measure: evaluates the chunks of a text one by one. The model and the text must outlive
/// it; confined to the engine thread.
class ChunkRunner {
public:
    /// Errors: measure.different_vocabulary (the text was cut with another vocabulary), model.out_of_memory.
    [[nodiscard]] static Result<ChunkRunner> create(runtime::LoadedModel& model, const EvaluationText& text);

    /// Called with the index in the chunk of the first of some rows, and their logits [rows][vocabulary].
    using Rows = std::function<void(std::size_t first, std::span<const float> logits)>;

    /// Evaluates chunk `index` from an empty cache and hands out the logits of positions from `from` on.
    /// Errors: model.*, base.cancelled.
    [[nodiscard]] Result<void> run(std::size_t index, std::size_t from, std::stop_token stop,
                                   const Rows& rows);

private:
    ChunkRunner(runtime::LoadedModel& model, const EvaluationText& text, model::KvCache cache);
    runtime::LoadedModel* m_model;
    const EvaluationText* m_text;
    model::KvCache m_cache;
    std::vector<float> m_logits;
};

} // namespace hearth::optimize
