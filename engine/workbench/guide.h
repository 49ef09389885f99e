#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "engine/base/error.h"
#include "engine/runtime/session.h"
#include "engine/workbench/data_paths.h"
#include "engine/workbench/model_facts.h"

namespace hearth::workbench {

/// The Guide: the small model that Hearth carries with it, so that the first start ends in a conversation
/// without a network and without a choice. A llama of about five million parameters, trained by
/// `hearthctl train` from resources/guide/recipe.json (see resources/guide/MODEL_CARD.md).
///
/// It was taught single questions, so it is not used like a chat model. Wherever it is in memory, a turn
/// consists of the last question alone, without a system prompt, and is answered with the likeliest tokens.
/// These are the built-in description's rules (asGuideTurn), not entries of the model file.

inline constexpr const char* kGuideName = "Hearth Guide";        ///< its general.name
inline constexpr const char* kGuideFileName = "guide.gguf";      ///< where the program keeps it
inline constexpr std::uint64_t kMaxGuideParameters = 16'000'000; ///< above, a model of that name is not it

/// Where the Guide lies: guide.gguf in this person's data folder, when there is one (it takes the place of
/// the one that came with the program), else in ../share/hearth beside `programFolder`, for programs in bin
/// folders of a build or of an installation. Reads no more than the folders. Errors: guide.missing (args
/// path: where the program's own should be).
[[nodiscard]] Result<std::filesystem::path> findGuide(const DataPaths& paths,
                                                      const std::filesystem::path& programFolder);
/// The same for the running program.
[[nodiscard]] Result<std::filesystem::path> findGuide();

/// Whether a model says of itself that it is the Guide, wherever its file lies.
[[nodiscard]] bool isGuide(const ModelFacts& facts);
/// The same of a file; false when it cannot be read. Large files are not opened.
[[nodiscard]] bool isGuide(const std::filesystem::path& model);

/// Makes of a turn what the Guide is given: the last message in the form of optimize::topicQuestionAsAsked(),
/// and greedy sampling (temperature 0, no penalties; the limits, stop strings and log-probabilities that were
/// asked for stay).
void asGuideTurn(std::vector<runtime::ChatMessage>& messages, runtime::GenerationParams& params);

} // namespace hearth::workbench
