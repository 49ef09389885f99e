// Converting that was stopped or killed goes on where it was, and ends in the same bytes.

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

#include "engine/optimize/convert/convert.h"
#include "tests/optimize/convert/hf_folder.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using namespace hearth::optimize;
namespace fs = std::filesystem;

class ResumingConversion : public testing::Test {
protected:
    void SetUp() override {
        test::writeHfFolder(test::golden("qwen3moe-F32.gguf"), folder, {.shards = 2, .editConfig = {}});
        ThreadPool pool(2);
        const auto fresh = convertFolder(folder, path("fresh.gguf"), {.type = DType::F16, .name = "m"}, pool);
        ASSERT_TRUE(fresh) << fresh.error().message();
        want = test::readText(path("fresh.gguf"));
        tensors = fresh->tensors;
    }
    fs::path path(const std::string& name) const { return m_folder.path() / name; }
    /// `atProgress` is called with the share that is done.
    template <class Then>
    Result<ConvertReport> run(Then&& atProgress, DType type = DType::F16) {
        ThreadPool pool(2);
        std::stop_source stop;
        return convertFolder(folder, target, {type, "m", Unfinished::Keep}, pool, stop.get_token(),
                             [&](const Progress& p) {
                                 if (atProgress(double(p.done) / double(p.total)))
                                     stop.request_stop();
                             });
    }
    Result<ConvertReport> runToTheEnd() {
        return run([](double) { return false; });
    }

private:
    test::TemporaryFolder m_folder;

protected:
    fs::path folder = path("hf"), target = path("target.gguf");
    std::string want;
    std::uint64_t tensors = 0;
};

TEST_F(ResumingConversion, AStoppedRunGoesOn) {
    const auto stopped = run([](double share) { return share >= 0.5; });
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, kCancelled);
    EXPECT_FALSE(fs::exists(target));
    EXPECT_GT(unfinishedBytes(target), 0U);
    double first = -1, last = 0;
    const auto done = run([&](double share) {
        first = first < 0 ? share : first;
        EXPECT_GE(share, last);
        last = share;
        return false;
    });
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_GT(done->resumedTensors, 0U);
    EXPECT_LT(done->resumedTensors, tensors);
    EXPECT_EQ(done->tensors, tensors);
    EXPECT_EQ(last, 1.0);
    EXPECT_EQ(test::readText(target), want);
    EXPECT_EQ(unfinishedBytes(target), 0U);
    EXPECT_FALSE(fs::exists(target.string() + ".part"));
}

TEST_F(ResumingConversion, SoDoesAKilledOne) {
    for (const double share : {0.02, 0.2, 0.45, 0.6, 0.8, 0.97}) {
        const pid_t child = ::fork();
        if (child == 0) {
            const auto done = run([&](double now) {
                if (now >= share)
                    ::kill(::getpid(), SIGKILL);
                return false;
            });
            ::_exit(done ? 0 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status)) << share;
        EXPECT_FALSE(fs::exists(target));
    }
    const auto done = runToTheEnd();
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_EQ(test::readText(target), want);
}

TEST_F(ResumingConversion, RemainsOfAnotherWorkAreNotUsed) {
    const auto half = [](double share) { return share >= 0.5; };
    ASSERT_FALSE(run(half, DType::F32));
    const auto other = runToTheEnd();
    ASSERT_TRUE(other) << other.error().message();
    EXPECT_EQ(other->resumedTensors, 0U);
    EXPECT_EQ(test::readText(target), want);
    // Nor are those of a folder that changed meanwhile.
    fs::remove(target);
    ASSERT_FALSE(run(half));
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".safetensors")
            fs::last_write_time(entry, entry.last_write_time() + std::chrono::seconds(5));
    const auto changed = runToTheEnd();
    ASSERT_TRUE(changed) << changed.error().message();
    EXPECT_EQ(changed->resumedTensors, 0U);
    EXPECT_EQ(test::readText(target), want);
}

TEST_F(ResumingConversion, WhatIsGivenUpIsRemoved) {
    ASSERT_FALSE(run([](double share) { return share >= 0.5; }));
    discardUnfinished(target);
    EXPECT_EQ(unfinishedBytes(target), 0U);
    const auto done = runToTheEnd();
    ASSERT_TRUE(done);
    EXPECT_EQ(done->resumedTensors, 0U);
}

} // namespace
