#include "engine/workbench/model_facts.h"

#include <algorithm>
#include <map>

#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/quant_mix.h"

namespace hearth::workbench {

namespace {

std::string quantisationOf(const format::GgufFile& file) {
    if (const auto number = file.getUint("general.file_type"))
        if (const auto* mix = format::findMixByFileType(*number))
            return std::string(mix->name);
    std::map<DType, std::uint64_t> bytes;
    for (const format::GgufTensor& tensor : file.tensors())
        bytes[tensor.type] += tensor.bytes;
    const auto most = std::max_element(bytes.begin(), bytes.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == bytes.end() ? "" : std::string(traitsOf(most->first).name);
}

} // namespace

ModelFacts modelFacts(const format::GgufFile& file) {
    ModelFacts out;
    out.family = file.getString("general.architecture").value_or("");
    out.name = file.getString("general.name").value_or("");
    if (out.name.empty() && !file.paths().empty())
        out.name = file.paths().front().stem().string();
    out.quantisation = quantisationOf(file);
    for (const format::GgufTensor& tensor : file.tensors())
        out.parameters += tensor.elements; // at most the file's bytes · 8: cannot wrap
    out.fileBytes = file.fileBytes();
    out.trainedContext = file.getUint(out.family + ".context_length").value_or(0);
    return out;
}

Result<ModelFacts> readModelFacts(const std::filesystem::path& path) {
    return format::GgufFile::open(path).map([](const format::GgufFile& file) { return modelFacts(file); });
}

} // namespace hearth::workbench
