#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "engine/optimize/train/recipe.h"
#include "tests/support/temporary_folder.h"

namespace hearth::test {

/// A recipe over eight question-and-answer pairs, small enough for a step to take milliseconds.
class TinyRun {
public:
    TinyRun() {
        std::ofstream data(folder() / "data.jsonl");
        const char* pairs[][2] = {{"hello there", "good day to you"},
                                  {"what colour is the sky", "the sky is blue"},
                                  {"how many legs has a cat", "a cat has four legs"},
                                  {"你好", "您好，很高兴见到您"},
                                  {"天空是什么颜色", "天空是蓝色的"},
                                  {"who are you", "i am a very small model"},
                                  {"再见", "再见，祝您愉快"},
                                  {"goodbye", "see you soon"}};
        for (int copy = 0; copy < 30; ++copy)
            for (const auto& pair : pairs)
                data << R"({"messages":[{"role":"user","content":")" << pair[0]
                     << R"("},{"role":"assistant","content":")" << pair[1] << "\"}]}\n";
    }

    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder.path(); }

    /// Writes NAME.json; its output is NAME.gguf. `train` is appended to the members of "train".
    std::filesystem::path writeRecipe(const std::string& name, std::uint64_t steps,
                                      const std::string& train = "") const {
        const auto path = folder() / (name + ".json");
        std::ofstream(path)
            << R"({"name":"Tiny","output":")" << name << R"(.gguf",
            "tokenizer":{"vocabulary":360,"character_coverage":1.0},
            "model":{"dim":64,"layers":2,"heads":4,"kv_heads":2,"feed_forward":96,"context":64},
            "data":[{"type":"chat","path":"data.jsonl"}],
            "train":{"steps":)"
            << steps << R"(,"seed":7,"shards":2,"shard_tokens":192,"learning_rate":0.004,"warmup_steps":10,
            "evaluate_every":100000)"
            << train << "}}";
        return path;
    }
    [[nodiscard]] optimize::Recipe recipe(const std::string& name, std::uint64_t steps,
                                          const std::string& train = "") const {
        return optimize::Recipe::read(writeRecipe(name, steps, train)).value();
    }

private:
    TemporaryFolder m_folder;
};

} // namespace hearth::test
