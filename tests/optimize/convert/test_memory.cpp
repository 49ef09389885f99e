// Converting streams: memory stays far below the model's size.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "engine/optimize/convert/convert.h"
#include "tests/optimize/convert/hf_folder.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
namespace fs = std::filesystem;

constexpr std::size_t kDim = 1024, kFeedForward = 4096, kLayers = 6, kVocabulary = 320;

/// Resident memory of this process, in bytes.
std::size_t resident() {
    std::ifstream file("/proc/self/statm");
    std::size_t size = 0, pages = 0;
    file >> size >> pages;
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// A llama folder of about 200 MB whose weights are a hole in the file: zeros that take no disk.
std::size_t writeLargeFolder(const fs::path& folder) {
    test::writeHfFolder(test::golden("llama-F32.gguf"), folder, {.editConfig = [](nlohmann::json& config) {
                            config["hidden_size"] = kDim;
                            config["intermediate_size"] = kFeedForward;
                            config["num_hidden_layers"] = kLayers;
                            config["num_attention_heads"] = 8;
                            config["num_key_value_heads"] = 8;
                            config["head_dim"] = kDim / 8;
                            config["tie_word_embeddings"] = true;
                        }});
    nlohmann::ordered_json header;
    std::size_t offset = 0;
    const auto add = [&](const std::string& name, std::vector<std::size_t> shape) {
        std::size_t bytes = 2;
        for (const auto extent : shape)
            bytes *= extent;
        header[name] = {{"dtype", "F16"}, {"shape", shape}, {"data_offsets", {offset, offset + bytes}}};
        offset += bytes;
    };
    add("model.embed_tokens.weight", {kVocabulary, kDim});
    add("model.norm.weight", {kDim});
    for (std::size_t layer = 0; layer < kLayers; ++layer) {
        const std::string prefix = "model.layers." + std::to_string(layer) + ".";
        for (const char* name : {"input_layernorm", "post_attention_layernorm"})
            add(prefix + name + ".weight", {kDim});
        for (const char* name : {"q_proj", "k_proj", "v_proj", "o_proj"})
            add(prefix + "self_attn." + name + ".weight", {kDim, kDim});
        for (const char* name : {"gate_proj", "up_proj"})
            add(prefix + "mlp." + name + ".weight", {kFeedForward, kDim});
        add(prefix + "mlp.down_proj.weight", {kDim, kFeedForward});
    }
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().filename().string().find(".safetensors") != std::string::npos)
            fs::remove(entry.path());
    std::string text = header.dump();
    text.append(8 - text.size() % 8, ' ');
    const fs::path path = folder / "model.safetensors";
    {
        std::ofstream file(path, std::ios::binary);
        const std::uint64_t size = text.size();
        for (int i = 0; i < 8; ++i)
            file.put(static_cast<char>(size >> (8 * i)));
        file << text;
    }
    fs::resize_file(path, 8 + text.size() + offset);
    return offset;
}

TEST(ConvertMemory, StaysFarBelowTheModel) {
    test::TemporaryFolder folder;
    const std::size_t bytes = writeLargeFolder(folder.path() / "hf");
    ASSERT_GT(bytes, 200'000'000U);
    ThreadPool pool(2);
    const std::size_t before = resident();
    std::size_t most = before;
    const auto report =
        optimize::convertFolder(folder.path() / "hf", folder.path() / "out.gguf", {.type = DType::F16}, pool,
                                {}, [&](const Progress&) { most = std::max(most, resident()); });
    ASSERT_TRUE(report) << report.error().message();
    EXPECT_GT(report->bytes, bytes * 9 / 10);
    // The largest tensor is 8 MB. What is held beside it must not grow with the model: a gigabyte is allowed,
    // an eighth of that is plenty.
    const std::size_t largest = kDim * kFeedForward * 2;
    RecordProperty("resident_growth", static_cast<int>(most - before));
    EXPECT_LT(most - before, largest + (std::size_t{128} << 20));
    EXPECT_LT(most - before, bytes / 2);
}

} // namespace
