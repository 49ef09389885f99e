// Quantising that was stopped or killed goes on where it was, and ends in the same bytes.

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/synthetic_model.h"
#include "engine/optimize/quantize/importance.h"
#include "engine/optimize/quantize/quantize.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using namespace hearth::optimize;
namespace fs = std::filesystem;

class Resuming : public testing::Test {
protected:
    void SetUp() override {
        const auto written = format::writeSyntheticModel(*format::findSyntheticShape("tiny"), "F16", source);
        ASSERT_TRUE(written) << written.error().message();
        plan = planFor("Q4_K_M");
        ThreadPool pool(2);
        const auto fresh = quantizeFile(source, path("fresh.gguf"), plan, nullptr, pool);
        ASSERT_TRUE(fresh) << fresh.error().message();
        want = test::readText(path("fresh.gguf"));
        report = *fresh;
    }
    fs::path path(const std::string& name) const { return m_folder.path() / name; }
    QuantizePlan planFor(const std::string& mix) const {
        return planQuantization(format::GgufFile::open(source).value(), {.mix = mix}).value();
    }
    Result<QuantizeReport> run(double stopAt = 2, const QuantizePlan* other = nullptr) {
        ThreadPool pool(2);
        std::stop_source stop;
        return quantizeFile(
            source, target, other ? *other : plan, nullptr, pool, stop.get_token(),
            [&](const Progress& p) {
                if (double(p.done) >= stopAt * double(p.total))
                    stop.request_stop();
            },
            Unfinished::Keep);
    }
    /// In a process of its own that dies without warning after this share of the work.
    void runAndDie(double share) {
        const pid_t child = ::fork();
        if (child == 0) {
            ThreadPool pool(2);
            const auto done = quantizeFile(
                source, target, plan, nullptr, pool, {},
                [&](const Progress& p) {
                    if (double(p.done) >= share * double(p.total))
                        ::kill(::getpid(), SIGKILL);
                },
                Unfinished::Keep);
            ::_exit(done ? 0 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status));
    }

private:
    test::TemporaryFolder m_folder;

protected:
    fs::path source = path("source.gguf"), target = path("target.gguf");
    QuantizePlan plan;
    std::string want;
    QuantizeReport report;
};

// As root, the rename at the end would put the model in place of the device.
TEST_F(Resuming, ReplacesNoDevice) {
    target = "/dev/null";
    const auto done = run();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "file.not_regular");
    EXPECT_TRUE(fs::is_character_file(target));
    EXPECT_FALSE(fs::exists("/dev/null.part"));
}

TEST_F(Resuming, AStoppedRunGoesOn) {
    const auto stopped = run(0.5);
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, kCancelled);
    EXPECT_FALSE(fs::exists(target));
    EXPECT_TRUE(hasUnfinished(target));
    const auto done = run();
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_GT(done->resumedTensors, 0U);
    EXPECT_LT(done->resumedTensors, plan.tensors.size());
    EXPECT_EQ(test::readText(target), want);
    EXPECT_FALSE(hasUnfinished(target));
    EXPECT_FALSE(fs::exists(target.string() + ".part"));
    ASSERT_EQ(done->tensors.size(), report.tensors.size());
    for (std::size_t i = 0; i < report.tensors.size(); ++i)
        EXPECT_EQ(done->tensors[i].weightError, report.tensors[i].weightError) << report.tensors[i].name;
}

TEST_F(Resuming, SoDoesAKilledOne) {
    for (const double share : {0.02, 0.2, 0.45, 0.6, 0.8, 0.97})
        runAndDie(share);
    EXPECT_FALSE(fs::exists(target));
    const auto done = run();
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_EQ(test::readText(target), want);
}

TEST_F(Resuming, RemainsOfAnotherWorkAreNotUsed) {
    ASSERT_FALSE(run(0.5));
    const auto other = planFor("Q5_0");
    const auto done = run(2, &other);
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_EQ(done->resumedTensors, 0U);
    ThreadPool pool(2);
    ASSERT_TRUE(quantizeFile(source, path("other.gguf"), other, nullptr, pool));
    EXPECT_EQ(test::readText(target), test::readText(path("other.gguf")));

    // A source that changed is another work too.
    fs::remove(target);
    ASSERT_FALSE(run(0.5));
    fs::last_write_time(source, fs::file_time_type::clock::now() + std::chrono::hours(1));
    const auto again = run();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->resumedTensors, 0U);
    EXPECT_EQ(test::readText(target), want);
}

TEST_F(Resuming, DamagedNotesAndShortPartsStartAnew) {
    for (const char* notes : {"", "nonsense", "hearth quantize 1\nx\n", "\xFF\xFE\n\n\n"}) {
        ASSERT_FALSE(run(0.5));
        std::ofstream(target.string() + ".part.notes", std::ios::binary) << notes;
        const auto done = run();
        ASSERT_TRUE(done) << done.error().message();
        EXPECT_EQ(done->resumedTensors, 0U);
        EXPECT_EQ(test::readText(target), want);
        fs::remove(target);
    }
    ASSERT_FALSE(run(0.5));
    fs::resize_file(target.string() + ".part", 10);
    const auto done = run();
    ASSERT_TRUE(done);
    EXPECT_EQ(done->resumedTensors, 0U);
    EXPECT_EQ(test::readText(target), want);
}

TEST_F(Resuming, DiscardingLeavesNothing) {
    ASSERT_FALSE(run(0.5));
    discardUnfinished(target);
    EXPECT_FALSE(hasUnfinished(target));
    std::size_t left = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(target.parent_path()))
        ++left;
    EXPECT_EQ(left, 2U) << "source and the first result";
}

} // namespace
