#include "tests/runtime/chat_model.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/format/gguf/gguf_file.h"
#include "tests/support/test_data.h"

namespace hearth::test {

const std::vector<std::string>& chatMarkers() {
    static const std::vector<std::string> markers{"<|im_start|>",
                                                  "<|im_end|>",
                                                  "<|begin_of_text|>",
                                                  "<|eot_id|>",
                                                  "<|eom_id|>",
                                                  "<|start_header_id|>",
                                                  "<|end_header_id|>",
                                                  "<|end_of_text|>",
                                                  "<start_of_turn>",
                                                  "<end_of_turn>",
                                                  "<｜User｜>",
                                                  "<｜Assistant｜>",
                                                  "<｜end▁of▁sentence｜>",
                                                  "<｜begin▁of▁sentence｜>",
                                                  "[INST]",
                                                  "[/INST]",
                                                  "[TOOL_RESULTS]",
                                                  "[AVAILABLE_TOOLS]",
                                                  "<|system|>",
                                                  "<|user|>",
                                                  "<|assistant|>",
                                                  "<|end|>",
                                                  "<|start|>",
                                                  "<|channel|>",
                                                  "<|message|>",
                                                  "<|return|>",
                                                  "<|call|>",
                                                  "<|start_of_role|>",
                                                  "<|end_of_role|>",
                                                  "<|turn>",
                                                  "<turn|>",
                                                  "<|channel>",
                                                  "<channel|>",
                                                  "<|endoftext|>",
                                                  "<think>",
                                                  "</think>",
                                                  "<tool_call>",
                                                  "</tool_call>"};
    return markers;
}

text::TokenId markerId(const std::string& marker) {
    const auto at = std::find(chatMarkers().begin(), chatMarkers().end(), marker);
    EXPECT_NE(at, chatMarkers().end()) << marker;
    return 320 + static_cast<text::TokenId>(at - chatMarkers().begin());
}

void writeChatModel(const std::filesystem::path& target, const std::string& chatTemplate,
                    const std::string& source) {
    const auto file = format::GgufFile::open(golden(source));
    ASSERT_TRUE(file);
    const auto strings = std::get<std::vector<std::string_view>>(*file->getArray("tokenizer.ggml.tokens"));
    std::vector<std::string_view> tokens(strings.begin(), strings.end());
    std::vector<float> scores;
    for (const double score : std::get<std::vector<double>>(*file->getArray("tokenizer.ggml.scores")))
        scores.push_back(static_cast<float>(score));
    std::vector<std::int32_t> types;
    for (const std::int64_t type :
         std::get<std::vector<std::int64_t>>(*file->getArray("tokenizer.ggml.token_type")))
        types.push_back(static_cast<std::int32_t>(type));
    constexpr std::int32_t kControl = 3, kUserDefined = 4;
    for (const std::string& marker : chatMarkers()) {
        types.push_back(&marker - chatMarkers().data() + 4 >= std::ssize(chatMarkers()) ? kUserDefined
                                                                                        : kControl);
        tokens.push_back(marker);
        scores.push_back(-1000);
    }
    const std::uint64_t rows = tokens.size();
    const auto architecture = std::string(*file->getString("general.architecture"));
    const auto written =
        writeEdited(golden(source), target,
                    {.metadata =
                         [&](format::GgufWriter& writer) {
                             writer.setStrings("tokenizer.ggml.tokens", tokens);
                             writer.setFloats("tokenizer.ggml.scores", scores);
                             writer.setInts("tokenizer.ggml.token_type", types);
                             writer.setUint(architecture + ".vocab_size", static_cast<std::uint32_t>(rows));
                             if (!chatTemplate.empty())
                                 writer.setString("tokenizer.chat_template", chatTemplate);
                         },
                     .tensor =
                         [&](EditedTensor& tensor) {
                             if (tensor.name == "token_embd.weight" || tensor.name == "output.weight")
                                 tensor.shape[1] = rows;
                             return true;
                         }});
    ASSERT_TRUE(written) << written.error().message();
}

ChatModel::ChatModel(const std::string& chatTemplate, runtime::LoadOptions options,
                     const std::string& source) {
    writeChatModel(file.path(), chatTemplate, source);
    auto loaded = runtime::LoadedModel::load(file.path(), pool, options);
    EXPECT_TRUE(loaded) << loaded.error().message();
    if (loaded)
        model = *loaded;
}

std::string chatMlTemplate() {
    return "{{ bos_token }}{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% "
           "endfor %}"
           "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
}

} // namespace hearth::test
