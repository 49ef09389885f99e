#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/optimize/train/topics.h"
#include "engine/runtime/loaded_model.h"

namespace hearth::workbench {

struct EvaluationOptions {
    std::size_t sample = 0;    ///< topics to ask about, drawn with `seed`; 0 = all
    std::uint64_t seed = 1;    ///< of the draw; the answers themselves are greedy
    std::string language = {}; ///< only this one ("en", "zh"); empty = every language of a topic
    std::size_t together = 8;  ///< questions answered at a time
    std::size_t timed = 20;    ///< questions asked once more, alone, to time their first token
};

/// One held-out question and what became of it.
struct AskedQuestion {
    std::string topic, language, question, answer;
    std::string given; ///< id of the topic that the answer belongs to; empty = to none
    double score = 0;  ///< of the answer against the nearest known one (trigramScore)
    [[nodiscard]] bool isRight() const { return given == topic; }
};

struct Evaluation {
    std::vector<AskedQuestion> questions;  ///< in the topics' order, English before Chinese
    std::vector<double> firstTokenSeconds; ///< ascending, of the questions that were timed
    double seconds = 0;                    ///< answering all of them together

    struct Tally {
        std::size_t asked = 0, right = 0;
        [[nodiscard]] double accuracy() const {
            return asked ? static_cast<double>(right) / static_cast<double>(asked) : 0;
        }
    };
    [[nodiscard]] Tally of(const std::string& language) const;
    /// Middle of firstTokenSeconds (of an even number, the upper one), and their largest; 0 without any.
    [[nodiscard]] double medianFirstToken() const;
    [[nodiscard]] double worstFirstToken() const;
};

/// How well a model that was trained on topics answers questions that it has not seen: asks the last phrasing
/// of every list, which training holds out, in the form of optimize::topicQuestionAsAsked() as a conversation
/// of one message with the model's own template, greedily and with at most 256 tokens, and lets an
/// AnswerJudge over all answers of the question's language say which topic the answer belongs to. The first
/// token is timed apart, one question at a time, as a person would ask: rendering, tokenising, evaluating the
/// whole prompt, choosing.
///
/// Engine thread. Reports the phase "evaluate" in questions. The same model and options give the same answers
/// on one instruction set. Errors: as runtime::Session and runtime::Scheduler; base.cancelled.
[[nodiscard]] Result<Evaluation> evaluateTopics(const std::shared_ptr<runtime::LoadedModel>& model,
                                                std::span<const optimize::Topic> topics,
                                                const EvaluationOptions& options, std::stop_token stop = {},
                                                const ProgressSink& progress = {});

} // namespace hearth::workbench
