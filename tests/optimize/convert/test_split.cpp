#include <gtest/gtest.h>

#include "engine/format/gguf/gguf_file.h"
#include "engine/optimize/convert/split.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using namespace hearth::optimize;

TEST(Split, PartsAndTheWholeHoldTheSame) {
    const test::TemporaryFolder folder;
    const auto source = test::golden("llama-Q8_0.gguf");
    const auto parts = splitFile(source, folder.path() / "part", 200'000);
    ASSERT_TRUE(parts) << parts.error().message();
    ASSERT_GE(parts->size(), 3U);
    for (const auto& part : *parts)
        EXPECT_LT(std::filesystem::file_size(part), 260'000U) << part;
    const auto set = format::GgufFile::open(parts->at(1)), whole = format::GgufFile::open(source);
    ASSERT_TRUE(set && whole) << set.error().message();
    EXPECT_EQ(set->paths().size(), parts->size());
    ASSERT_TRUE(mergeFile(parts->front(), folder.path() / "whole.gguf"));
    const auto merged = format::GgufFile::open(folder.path() / "whole.gguf");
    ASSERT_TRUE(merged) << merged.error().message();
    EXPECT_EQ(merged->metadata().size(), whole->metadata().size());
    EXPECT_FALSE(merged->find("split.count"));
    ASSERT_EQ(merged->tensors().size(), whole->tensors().size());
    for (const auto& tensor : whole->tensors()) {
        const auto want = whole->tensorData(tensor);
        for (const auto* file : {&*set, &*merged}) {
            const auto* other = file->findTensor(tensor.name);
            ASSERT_TRUE(other) << tensor.name;
            const auto got = file->tensorData(*other);
            EXPECT_TRUE(std::equal(got.begin(), got.end(), want.begin(), want.end())) << tensor.name;
        }
    }
}

TEST(Split, FailuresLeaveNothing) {
    const test::TemporaryFolder folder;
    const auto source = test::golden("llama-Q8_0.gguf");
    const auto one = splitFile(source, folder.path() / "part", 1'000'000'000);
    ASSERT_FALSE(one);
    EXPECT_EQ(one.error().code, "split.one_part");
    std::stop_source stop;
    const auto stopped =
        splitFile(source, folder.path() / "part", 200'000, stop.get_token(), [&](const Progress& p) {
            if (p.done > p.total / 2)
                stop.request_stop();
        });
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, kCancelled);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
    const auto same = mergeFile(source, source);
    ASSERT_FALSE(same);
    EXPECT_EQ(same.error().code, "split.same_file");
}

} // namespace
