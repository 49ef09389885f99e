#include "engine/workbench/guide.h"

#include <utility>

#include "engine/optimize/train/topic_question.h"

namespace hearth::workbench {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxGuideBytes = kMaxGuideParameters * 4 + (1U << 20); // float32 and its vocabulary

bool isFile(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
}

} // namespace

Result<fs::path> findGuide(const DataPaths& paths, const fs::path& programFolder) {
    if (fs::path own = paths.data / kGuideFileName; isFile(own))
        return own;
    fs::path shipped = (programFolder / ".." / "share" / "hearth" / kGuideFileName).lexically_normal();
    if (isFile(shipped))
        return shipped;
    return tl::unexpected<Error>(
        Error{"guide.missing", "the built-in Guide is not at " + shipped.string()}.with("path",
                                                                                        shipped.string()));
}

Result<fs::path> findGuide() {
    // Asked of the system: QCoreApplication knows it only where there is one, and argv[0] may be anything.
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    return findGuide(DataPaths::locate(), program.parent_path());
}

bool isGuide(const ModelFacts& facts) {
    return facts.name == kGuideName && facts.family == "llama" && facts.parameters <= kMaxGuideParameters;
}

bool isGuide(const fs::path& model) {
    std::error_code error;
    if (fs::file_size(model, error) > kMaxGuideBytes || error)
        return false;
    const auto facts = readModelFacts(model);
    return facts && isGuide(*facts);
}

void asGuideTurn(std::vector<runtime::ChatMessage>& messages, runtime::GenerationParams& params) {
    if (messages.size() > 1)
        messages.erase(messages.begin(), messages.end() - 1);
    if (!messages.empty())
        messages.back().content = optimize::topicQuestionAsAsked(messages.back().content);
    const sampling::SamplingParams asked = std::exchange(params.sampling, {});
    params.sampling.temperature = 0;
    params.sampling.seed = asked.seed;
    params.sampling.logProbs = asked.logProbs;
}

} // namespace hearth::workbench
