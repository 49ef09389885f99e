// hearthctl convert, split and merge, as a person runs them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/cli/process.h"
#include "tests/optimize/convert/hf_folder.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using hearth::test::hearthctl;
using testing::HasSubstr;

TEST(ConvertCommand, FolderToModelToPartsAndBack) {
    const hearth::test::TemporaryFolder folder;
    const auto path = [&](const char* name) { return (folder.path() / name).string(); };
    const auto twin = hearth::test::golden("llama-F32.gguf");
    hearth::test::writeHfFolder(twin, path("hf"), {.shards = 2, .editConfig = {}});
    const auto converted = hearthctl({"convert", path("hf"), path("m.gguf"), "--type", "F32"});
    ASSERT_EQ(converted.exit, 0) << converted.err;
    EXPECT_THAT(converted.err, HasSubstr("llama"));
    const auto logits = [&](const std::string& model, const char* out) {
        const auto run =
            hearthctl({"logits", "--model", model, "--tokens", "1,262,278,301", "--out", path(out)});
        EXPECT_EQ(run.exit, 0) << run.err;
        return hearth::test::readFloats(path(out));
    };
    const auto want = logits(twin.string(), "a"), got = logits(path("m.gguf"), "b");
    EXPECT_LT(hearth::test::nmse(got, want), 1e-12);

    const auto split = hearthctl({"split", path("m.gguf"), path("part"), "--max-size", "200KB"});
    ASSERT_EQ(split.exit, 0) << split.err;
    const std::string first = split.out.substr(0, split.out.find('\n'));
    EXPECT_THAT(first, HasSubstr("part-00001-of-"));
    const auto merged = hearthctl({"merge", first, path("whole.gguf")});
    ASSERT_EQ(merged.exit, 0) << merged.err;
    EXPECT_EQ(logits(path("whole.gguf"), "c"), got);

    std::ofstream(folder.path() / "hf" / "model-00001-of-00002.safetensors") << "PK\x03\x04";
    const auto pickle = hearthctl({"convert", path("hf"), path("x.gguf")});
    EXPECT_EQ(pickle.exit, 4) << pickle.err;
    EXPECT_THAT(pickle.err, HasSubstr("safetensors.pickle"));
    EXPECT_FALSE(std::filesystem::exists(path("x.gguf")));
    EXPECT_EQ(hearthctl({"convert", path("hf"), path("x.gguf"), "--type", "F17"}).exit, 2);
    EXPECT_EQ(hearthctl({"convert", path("nowhere"), path("x.gguf")}).exit, 3);
}

} // namespace
