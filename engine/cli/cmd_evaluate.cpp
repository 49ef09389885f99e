#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/cli/input.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/terminal.h"
#include "engine/workbench/topic_evaluation.h"

namespace hearth::cli {

namespace {

using workbench::AskedQuestion;
using workbench::Evaluation;

struct Options {
    ModelArguments model;
    std::filesystem::path topics;
    workbench::EvaluationOptions evaluation;
    bool json = false, failures = false;
};

constexpr const char* kNoTopic = "(no topic)";

std::string givenName(const AskedQuestion& question) {
    return question.given.empty() ? kNoTopic : question.given;
}

std::vector<std::string> languagesOf(const Evaluation& evaluation) {
    std::vector<std::string> out;
    for (const AskedQuestion& question : evaluation.questions)
        if (std::find(out.begin(), out.end(), question.language) == out.end())
            out.push_back(question.language);
    return out;
}

/// (topic, topic it was taken for) and how often, most frequent first.
std::vector<std::pair<std::pair<std::string, std::string>, std::size_t>>
confusions(const Evaluation& evaluation) {
    std::map<std::pair<std::string, std::string>, std::size_t> counts;
    for (const AskedQuestion& question : evaluation.questions)
        if (!question.isRight())
            ++counts[{question.topic, givenName(question)}];
    std::vector<std::pair<std::pair<std::string, std::string>, std::size_t>> out(counts.begin(),
                                                                                 counts.end());
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    return out;
}

template <class... Values>
std::string format(const char* pattern, Values... values) {
    char text[256];
    std::snprintf(text, sizeof text, pattern, values...);
    return text;
}

void printText(const Evaluation& evaluation, bool failures) {
    print("language     asked    right  accuracy\n");
    for (const std::string& language : languagesOf(evaluation)) {
        const auto tally = evaluation.of(language);
        print(format("%-8s %9zu %8zu %7.1f %%\n", language.c_str(), tally.asked, tally.right,
                     100 * tally.accuracy()));
    }
    print(format("first token: median %.1f ms, worst %.1f ms (%zu questions, one at a time)\n",
                 1e3 * evaluation.medianFirstToken(), 1e3 * evaluation.worstFirstToken(),
                 evaluation.firstTokenSeconds.size()));
    const auto wrong = confusions(evaluation);
    if (!wrong.empty())
        print("\nanswered as another topic:\n");
    for (const auto& [pair, count] : wrong)
        print(format("%3zu  ", count) + pair.first + " -> " + pair.second + "\n");
    if (!failures)
        return;
    for (const AskedQuestion& question : evaluation.questions)
        if (!question.isRight())
            print("\n" + question.language + "  " + question.topic + " -> " + givenName(question) +
                  format("  (%.2f)", question.score) + "\n  Q: " + oneLine(question.question) +
                  "\n  A: " + oneLine(question.answer) + "\n");
}

void printJson(const Options& options, const Evaluation& evaluation) {
    nlohmann::ordered_json out;
    out["model"] = options.model.model.string();
    out["topics"] = options.topics.string();
    out["sample"] = options.evaluation.sample;
    out["seed"] = options.evaluation.seed;
    for (const std::string& language : languagesOf(evaluation)) {
        const auto tally = evaluation.of(language);
        out["languages"][language] = {
            {"asked", tally.asked}, {"right", tally.right}, {"accuracy", tally.accuracy()}};
    }
    out["first_token_seconds"] = {{"median", evaluation.medianFirstToken()},
                                  {"worst", evaluation.worstFirstToken()},
                                  {"questions", evaluation.firstTokenSeconds.size()}};
    out["seconds"] = evaluation.seconds;
    auto& list = out["confusions"] = nlohmann::ordered_json::array();
    for (const auto& [pair, count] : confusions(evaluation))
        list.push_back({{"topic", pair.first}, {"answered_as", pair.second}, {"count", count}});
    if (options.failures) {
        auto& failed = out["failures"] = nlohmann::ordered_json::array();
        for (const AskedQuestion& question : evaluation.questions)
            if (!question.isRight())
                failed.push_back({{"topic", question.topic},
                                  {"language", question.language},
                                  {"question", question.question},
                                  {"answer", question.answer},
                                  {"answered_as", givenName(question)},
                                  {"score", question.score}});
    }
    print(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

Result<void> evaluate(Options& options, Environment& environment) {
    HEARTH_TRY(const auto topics, optimize::readTopics(options.topics));
    HEARTH_CHECK(options.model.useGuideWithoutModel());
    const Interrupt::Work work(environment.interrupt);
    HEARTH_TRY(const auto engine, loadEngine(options.model, work.token()));
    const auto result = workbench::evaluateTopics(engine.model, topics, options.evaluation, work.token(),
                                                  progressLine("asking"));
    clearProgressLine();
    if (!result)
        return tl::unexpected<Error>(result.error());
    if (options.json)
        printJson(options, *result);
    else
        printText(*result, options.failures);
    return {};
}

} // namespace

void addEvaluate(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "evaluate", "Ask the held-out questions of a topic collection and count the right answers");
    options->model.addTo(*command, ModelArguments::Choice::GuideByDefault);
    command
        ->add_option("--topics", options->topics,
                     "A topics file or a folder of them; the last phrasing of every list is asked")
        ->required();
    auto& evaluation = options->evaluation;
    command->add_option("--sample", evaluation.sample, "Only so many topics, drawn by the seed; 0 = all")
        ->capture_default_str();
    command->add_option("--seed", evaluation.seed, "Of the draw")->capture_default_str();
    command->add_option("--language", evaluation.language, "Only questions in this language")
        ->check(CLI::IsMember({"en", "zh"}));
    command->add_option("--together", evaluation.together, "Questions answered at a time")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    command->add_flag("--json", options->json, "Print JSON");
    command->add_flag("--failures", options->failures, "Show the wrong answers");
    command->footer("An answer belongs to the topic whose answer in that language shares most character\n"
                    "trigrams with it (F-score, at least 0.5). Answers are greedy.\n");
    command->callback([options, &chosen] {
        chosen = [options](Environment& environment) { return evaluate(*options, environment); };
    });
}

} // namespace hearth::cli
