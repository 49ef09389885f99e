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

/// Every phrasing as a conversation of its own; the last phrasing of each list is held out for validation.
/// Each of the others appears once as it stands and `variants` times slightly changed (case and punctuation,
/// a polite opening, a word or character left out), which teaches the meaning rather than the wording. The
/// same seed gives the same examples.
[[nodiscard]] std::vector<Example> topicExamples(const std::vector<Topic>& topics, std::size_t variants,
                                                 std::uint64_t seed);

} // namespace hearth::optimize
