#include "engine/optimize/measure/work_name.h"

#include <filesystem>
#include <vector>

#include "engine/base/content_hash.h"
#include "engine/format/gguf/gguf_split.h"
#include "engine/optimize/measure/evaluation_text.h"
#include "engine/optimize/quantize/file_mark.h"
#include "engine/runtime/loaded_model.h"

namespace hearth::optimize {

std::string workName(const runtime::LoadedModel& model, const EvaluationText& text) {
    std::vector<std::filesystem::path> parts{model.path()};
    if (const auto split = format::parseSplitName(model.path())) {
        parts.clear();
        for (std::uint32_t part = 1; part <= split->count; ++part)
            parts.push_back(format::splitPath(*split, part));
    }
    ContentHash hash;
    for (const auto& part : parts) {
        const std::string mark = markOf(part);
        hash.add(std::as_bytes(std::span(mark)));
    }
    hash.add(std::as_bytes(std::span(text.tokens)));
    return std::to_string(text.context) + "-" + hash.hex();
}

} // namespace hearth::optimize
