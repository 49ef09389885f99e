// libFuzzer target of the readers of tokenizer.json and tokenizer.model:
//   cmake --preset fuzz && ninja -C build/fuzz fuzz_tokenizer_json && build/fuzz/fuzz/fuzz_tokenizer_json

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "engine/optimize/convert/hf_tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto& tables :
         {hearth::optimize::parseTokenizerJson(text), hearth::optimize::parseSentencePieceModel(text)}) {
        if (!tables && tables.error().code.empty())
            std::abort();
        if (tables && (tables->tokens.empty() || tables->types.size() != tables->tokens.size() ||
                       (tables->model == "llama" && tables->scores.size() != tables->tokens.size())))
            std::abort();
    }
    return 0;
}
