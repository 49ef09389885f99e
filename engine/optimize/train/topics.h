#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/optimize/train/dataset.h"

namespace hearth::optimize {

/// A question in several phrasings with one answer, in one language.
struct TopicText {
    std::string language; ///< "en" or "zh"
    std::vector<std::string> ask;
    std::string answer;
};

struct Topic {
    std::string id; ///< "quantisation.symmetric"
    std::vector<TopicText> texts;
};

/// Reads a topics file: JSON Lines, one topic a line,
///   {"id": "area.name", "en": {"ask": ["…", …], "answer": "…"}, "zh": {"ask": […], "answer": "…"}}
/// or every *.jsonl file of a folder in the order of their names. Errors: dataset.unreadable, dataset.empty,
/// topics.bad_line (args path, line, reason).
[[nodiscard]] Result<std::vector<Topic>> readTopics(const std::filesystem::path& path);

/// Changed copies of the phrasings: words or Chinese characters left out, the commonest short words
/// more often, the beginning of one phrasing joined to the end of another, two phrasings in one, a polite
/// opening. They teach the meaning rather than the wording.
struct TopicVariants {
    std::size_t count = 0;        ///< copies of every phrasing
    std::size_t answerTokens = 0; ///< of the answer that a copy teaches, 0 = all. The opening decides the
                                  ///< topic; the rest is learnt from the unchanged phrasings.
};

/// Every phrasing as a conversation of its own; the last phrasing of each list is held out for validation
/// and takes part in no variant. Each of the others appears once as it stands, beside its variants; all in
/// the form of topicQuestion(). The same seed gives the same examples.
[[nodiscard]] std::vector<Example> topicExamples(const std::vector<Topic>& topics,
                                                 const TopicVariants& variants, std::uint64_t seed);

} // namespace hearth::optimize
