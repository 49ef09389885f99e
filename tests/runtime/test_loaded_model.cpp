#include <gtest/gtest.h>

#include "engine/format/gguf/gguf_file.h"
#include "engine/model/model.h"
#include "engine/runtime/loaded_model.h"
#include "engine/runtime/session.h"
#include "tests/runtime/chat_model.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using namespace hearth::runtime;

TEST(LoadedModels, NotEnoughMemoryIsSaidInNumbersBeforeWeightsAreTouched) {
    ThreadPool pool{1};
    std::vector<std::string> phases;
    const auto loaded =
        LoadedModel::load(test::golden("llama-F32.gguf"), pool, {.availableBytes = 1'000'000}, {},
                          [&](const Progress& progress) { phases.emplace_back(progress.phase); });
    ASSERT_FALSE(loaded);
    const Error& error = loaded.error();
    EXPECT_EQ(error.code, "memory.not_enough");
    EXPECT_EQ(error.arg("available_bytes"), "1000000");
    EXPECT_EQ(std::stoull(error.arg("needed_bytes")), std::stoull(error.arg("weights_bytes")) +
                                                          std::stoull(error.arg("kv_bytes")) +
                                                          std::stoull(error.arg("buffer_bytes")));
    EXPECT_GT(std::stoull(error.arg("needed_bytes")), 1'000'000U);
    EXPECT_EQ(phases, std::vector<std::string>{"load.open"});

    EXPECT_TRUE(LoadedModel::load(test::golden("llama-F32.gguf"), pool,
                                  {.availableBytes = std::stoull(error.arg("needed_bytes"))}));
    EXPECT_TRUE(LoadedModel::load(test::golden("llama-F32.gguf"), pool,
                                  {.checkMemory = false, .availableBytes = 1'000'000}));
    const auto small = LoadedModel::load(test::golden("llama-F32.gguf"), pool,
                                         {.contextTokens = 64, .availableBytes = 1ULL << 40});
    ASSERT_TRUE(small);
    EXPECT_LT((*small)->memory().kvCache, std::stoull(error.arg("kv_bytes")));
}

TEST(LoadedModels, TheContextIsResolved) {
    ThreadPool pool{1};
    EXPECT_EQ((*LoadedModel::load(test::golden("llama-F32.gguf"), pool))->options().contextTokens, 4096U);
    EXPECT_EQ((*LoadedModel::load(test::golden("llama-F32.gguf"), pool, {.contextTokens = 100}))
                  ->options()
                  .contextTokens,
              100U);
    EXPECT_EQ((*LoadedModel::load(test::golden("llama-F32.gguf"), pool, {.contextTokens = 1 << 20}))
                  ->options()
                  .contextTokens,
              4096U)
        << "never more than the model was trained for";
}

TEST(LoadedModels, ProgressGoesByBytesToTheEnd) {
    ThreadPool pool{1};
    std::uint64_t last = 0, total = 0;
    const auto loaded =
        LoadedModel::load(test::golden("llama-F32.gguf"), pool, {}, {}, [&](const Progress& progress) {
            if (progress.phase != "load.pack")
                return;
            EXPECT_GE(progress.done, last);
            last = progress.done;
            total = progress.total;
        });
    ASSERT_TRUE(loaded);
    EXPECT_GT(total, 500'000U);
    EXPECT_EQ(last, total);
}

TEST(LoadedModels, LoadingCanBeCancelled) {
    ThreadPool pool{1};
    std::stop_source stop;
    const auto loaded = LoadedModel::load(test::golden("llama-F32.gguf"), pool, {}, stop.get_token(),
                                          [&](const Progress& progress) {
                                              if (progress.done > 100'000)
                                                  stop.request_stop();
                                          });
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, kCancelled);
}

TEST(LoadedModels, AVocabularyLargerThanTheEmbeddingIsRefused) {
    test::TemporaryFile file;
    test::writeChatModel(file.path(), {});
    test::TemporaryFile cut;
    const auto written =
        test::writeEdited(file.path(), cut.path(),
                          {.without = {"llama.vocab_size"}, .tensor = [](test::EditedTensor& tensor) {
                               if (tensor.name == "token_embd.weight" || tensor.name == "output.weight")
                                   tensor.shape[1] = 320;
                               return true;
                           }});
    ASSERT_TRUE(written) << written.error().message();
    ThreadPool pool{1};
    const auto loaded = LoadedModel::load(cut.path(), pool);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, "tokenizer.size_mismatch");
}

TEST(LoadedModels, ABrokenTemplateGivesWayToTheDefaultAndSaysWhy) {
    const test::ChatModel broken("{% if %}");
    ASSERT_TRUE(broken.model);
    EXPECT_FALSE(broken.model->hasOwnTemplate());
    ASSERT_TRUE(broken.model->templateProblem());
    EXPECT_EQ(broken.model->templateProblem()->code, "template.syntax");
    const test::ChatModel own(test::chatMlTemplate());
    EXPECT_TRUE(own.model->hasOwnTemplate());
    EXPECT_FALSE(own.model->templateProblem());
}

TEST(LoadedModels, MissingFilesAndForeignFilesAreNamed) {
    ThreadPool pool{1};
    EXPECT_EQ(LoadedModel::load("/nonexistent/model.gguf", pool).error().code, "file.not_found");
    EXPECT_EQ(LoadedModel::load(test::golden("llama-F32.logits.f32"), pool).error().code, "gguf.bad_magic");
}

} // namespace
