#include "engine/workbench/topic_evaluation.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>
#include <optional>

#include "engine/optimize/train/random.h"
#include "engine/optimize/train/topic_question.h"
#include "engine/runtime/prompt.h"
#include "engine/runtime/scheduler.h"
#include "engine/runtime/session.h"
#include "engine/workbench/answer_judge.h"

namespace hearth::workbench {

namespace {

using optimize::Topic;

/// Topics' answers have two sentences; a model that goes on and on has not given one of them.
constexpr std::int64_t kMaxAnswerTokens = 256;

double since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

runtime::GenerationParams greedy() {
    runtime::GenerationParams params;
    params.sampling.temperature = 0;
    params.maxTokens = kMaxAnswerTokens;
    return params;
}

std::vector<runtime::ChatMessage> asMessages(const AskedQuestion& question) {
    return {{"user", optimize::topicQuestionAsAsked(question.question)}};
}

/// Indices of the topics to ask about, ascending.
std::vector<std::size_t> drawn(std::size_t count, const EvaluationOptions& options) {
    std::vector<std::size_t> out(count);
    std::iota(out.begin(), out.end(), std::size_t{0});
    if (options.sample != 0 && options.sample < count) {
        optimize::Random(options.seed).shuffle(out);
        out.resize(options.sample);
        std::sort(out.begin(), out.end());
    }
    return out;
}

std::vector<AskedQuestion> heldOutQuestions(std::span<const Topic> topics, const EvaluationOptions& options) {
    std::vector<AskedQuestion> out;
    for (const std::size_t index : drawn(topics.size(), options))
        for (const auto& text : topics[index].texts)
            if (!text.ask.empty() && (options.language.empty() || options.language == text.language))
                out.push_back({topics[index].id, text.language, text.ask.back(), {}, {}, 0});
    return out;
}

/// Every known answer of a language with its topic, sampled or not.
struct Known {
    std::vector<std::string> ids, answers;
    std::optional<AnswerJudge> judge;
};

std::map<std::string, Known> knownAnswers(std::span<const Topic> topics) {
    std::map<std::string, Known> out;
    for (const Topic& topic : topics)
        for (const auto& text : topic.texts) {
            out[text.language].ids.push_back(topic.id);
            out[text.language].answers.push_back(text.answer);
        }
    for (auto& [language, known] : out)
        known.judge.emplace(known.answers);
    return out;
}

Result<void> answerAll(const std::shared_ptr<runtime::LoadedModel>& model,
                       std::vector<AskedQuestion>& questions, std::size_t together, std::stop_token stop,
                       const ProgressSink& progress) {
    std::optional<Error> problem;
    std::size_t done = 0;
    // After what its callbacks refer to: its destructor calls those that are left.
    HEARTH_TRY(const auto scheduler,
               runtime::Scheduler::create(
                   model, {.sequences = std::min(together, std::max<std::size_t>(1, questions.size())),
                           .waiting = questions.size()}));
    for (AskedQuestion& question : questions) {
        HEARTH_TRY(auto rendered, model->prompts().render(asMessages(question), nullptr, true));
        runtime::Request request;
        HEARTH_TRY(request.prompt, model->prompts().encode(rendered));
        request.renderedPrompt = std::move(rendered.text);
        request.params = greedy();
        request.stop = stop;
        request.done = [&](Result<runtime::GenerationResult> result) {
            if (result)
                question.answer = std::move(result->answer);
            else if (!problem)
                problem = result.error();
            if (++done; progress)
                progress({"evaluate", done, questions.size()});
        };
        HEARTH_CHECK(scheduler->submit(std::move(request)));
    }
    while (scheduler->step() && !problem)
        if (stop.stop_requested())
            return fail(kCancelled, "the evaluation was stopped");
    if (problem)
        return tl::unexpected<Error>(*problem);
    return {};
}

/// First tokens of questions spread evenly over the set.
Result<std::vector<double>> timeFirstTokens(const std::shared_ptr<runtime::LoadedModel>& model,
                                            const std::vector<AskedQuestion>& questions, std::size_t count,
                                            std::stop_token stop) {
    std::vector<double> out;
    HEARTH_TRY(const auto session, runtime::Session::create(model));
    count = std::min(count, questions.size());
    for (std::size_t i = 0; i < count; ++i) {
        auto params = greedy();
        params.maxTokens = 1;
        session->clear(); // the whole prompt counts
        HEARTH_TRY(const auto result,
                   session->chat(asMessages(questions[i * questions.size() / count]), params, stop));
        if (stop.stop_requested())
            return fail(kCancelled, "the evaluation was stopped");
        out.push_back(result.stats.firstTokenSeconds);
    }
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace

Evaluation::Tally Evaluation::of(const std::string& language) const {
    Tally out;
    for (const AskedQuestion& question : questions)
        if (question.language == language) {
            ++out.asked;
            out.right += question.isRight();
        }
    return out;
}

double Evaluation::medianFirstToken() const {
    return firstTokenSeconds.empty() ? 0 : firstTokenSeconds[firstTokenSeconds.size() / 2];
}

double Evaluation::worstFirstToken() const {
    return firstTokenSeconds.empty() ? 0 : firstTokenSeconds.back();
}

Result<Evaluation> evaluateTopics(const std::shared_ptr<runtime::LoadedModel>& model,
                                  std::span<const Topic> topics, const EvaluationOptions& options,
                                  std::stop_token stop, const ProgressSink& progress) {
    Evaluation out;
    out.questions = heldOutQuestions(topics, options);
    const auto begin = std::chrono::steady_clock::now();
    HEARTH_CHECK(answerAll(model, out.questions, options.together, stop, progress));
    out.seconds = since(begin);
    const auto known = knownAnswers(topics);
    for (AskedQuestion& question : out.questions) {
        const Known& answers = known.at(question.language);
        const auto verdict = answers.judge->judge(question.answer);
        question.score = verdict.score;
        if (verdict.index != AnswerJudge::kNone)
            question.given = answers.ids[verdict.index];
    }
    HEARTH_TRY(out.firstTokenSeconds, timeFirstTokens(model, out.questions, options.timed, stop));
    return out;
}

} // namespace hearth::workbench
