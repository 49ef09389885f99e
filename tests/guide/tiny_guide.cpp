#include "tests/guide/tiny_guide.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "engine/base/thread_pool.h"
#include "engine/optimize/train/trainer.h"
#include "tests/support/temporary_folder.h"

namespace hearth::test {

namespace {

constexpr const char* kTopics =
    R"({"id":"test.sky","en":{"ask":["what colour is the sky","sky colour","the sky, which colour"],"answer":"The sky is blue by day."},"zh":{"ask":["天空是什么颜色","天的颜色","天空颜色"],"answer":"白天的天空是蓝色的。"}}
{"id":"test.cat","en":{"ask":["how many legs has a cat","legs of a cat","cat legs"],"answer":"A cat has four legs and a tail."},"zh":{"ask":["猫有几条腿","猫的腿","猫腿"],"answer":"猫有四条腿和一条尾巴。"}}
{"id":"test.page","en":{"ask":["where are the settings","open settings","settings page"],"answer":"Settings are on the Settings page; hearthctl bench measures speed."},"zh":{"ask":["设置在哪里","打开设置","设置页面"],"answer":"设置在设置页，速度用 hearthctl bench 测量。"}}
{"id":"test.bye","en":{"ask":["goodbye","bye bye","good bye now"],"answer":"Goodbye, see you soon."},"zh":{"ask":["再见","拜拜","再见了"],"answer":"再见，祝您愉快。"}}
)";

constexpr const char* kRecipe = R"({"name":"Hearth Guide","output":"tiny.gguf","export":["Q8_0"],
  "tokenizer":{"vocabulary":420,"character_coverage":1.0},
  "model":{"dim":64,"layers":2,"heads":4,"kv_heads":2,"feed_forward":96,"context":128},
  "data":[{"type":"topics","path":"topics.jsonl"}],
  "train":{"steps":180,"seed":5,"shards":2,"shard_tokens":320,"learning_rate":0.005,"warmup_steps":10,
           "evaluate_every":100000}})";

TinyGuide make(const std::filesystem::path& folder) {
    std::ofstream(folder / "topics.jsonl") << kTopics;
    std::ofstream(folder / "recipe.json") << kRecipe;
    const auto recipe = optimize::Recipe::read(folder / "recipe.json");
    ThreadPool pool(2);
    const auto trained = optimize::train(recipe.value(), false, pool);
    if (!trained) {
        std::fprintf(stderr, "the tiny Guide cannot be trained: %s\n", trained.error().message().c_str());
        std::abort();
    }
    auto topics = optimize::readTopics(folder / "topics.jsonl").value();
    for (auto& topic : topics)
        for (auto& text : topic.texts)
            text.ask.pop_back();
    return {folder, trained->files.back(), std::move(topics)};
}

} // namespace

const TinyGuide& tinyGuide() {
    static const TemporaryFolder folder;
    static const TinyGuide guide = make(folder.path());
    return guide;
}

} // namespace hearth::test
