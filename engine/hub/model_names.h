#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth::hub {

/// What names of repositories and files tell, by the habits of those who publish models. Guesses for filters
/// and lists; the header of a file knows better. Pure functions; any thread.

/// "Q4_K_M" of "qwen3-8b-q4_k_m.gguf"; empty when the name has none.
[[nodiscard]] std::string quantisationOf(std::string_view file);
/// 8 × 10^9 of "Qwen3-8B-GGUF", 0.5 × 10^9 of "…-0.5b", 46.7 of "8x7B" taken as 8 × 7; nullopt without one.
[[nodiscard]] std::optional<double> parametersOf(std::string_view repository);
/// "llama", "qwen", "gemma", …; empty for an unknown one.
[[nodiscard]] std::string familyOf(std::string_view repository);
[[nodiscard]] bool isGguf(std::string_view file);

/// NAME-00002-of-00005.gguf: the second of five files of one model.
struct PartName {
    std::string stem;
    std::uint32_t part = 1, parts = 1;
};
[[nodiscard]] std::optional<PartName> partOf(std::string_view file);
/// A GGUF file that a model is opened by: no projector for pictures, and of a set the first part.
[[nodiscard]] bool opensModel(std::string_view file);

} // namespace hearth::hub
