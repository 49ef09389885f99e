// A calibration that was stopped or killed goes on where it was, and ends in the same matrix.

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

#include "engine/optimize/measure/calibrate.h"
#include "engine/optimize/measure/kept_sums.h"
#include "engine/runtime/loaded_model.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using namespace hearth::optimize;
namespace fs = std::filesystem;

constexpr std::size_t kChunks = 8;

/// Threads are made anew for every run: one is in a child process.
class ResumingCalibration : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        source = m_folder.path() / "model.gguf";
        fs::copy_file(test::golden(std::string(GetParam()) + ".gguf"), source);
        const auto fresh = gather({}, nullptr);
        ASSERT_TRUE(fresh) << fresh.error().message();
        want = *fresh;
        ASSERT_EQ(want.chunks, kChunks);
    }
    Result<ImportanceMatrix> gather(const std::function<void(std::uint64_t done, std::stop_source&)>& at,
                                    CalibrationKeep* keep, std::size_t context = 64,
                                    const std::string& last = "town") const {
        ThreadPool pool(2);
        HEARTH_TRY(const auto model, runtime::LoadedModel::load(source, pool, {.checkMemory = false}));
        std::string words;
        for (int i = 0; i < 400; ++i)
            words += "the rain was in the " + last + " " + std::to_string(i) + " ";
        HEARTH_TRY(const auto text,
                   EvaluationText::prepare(*model, words, {.context = context, .maxChunks = kChunks}));
        std::stop_source stop;
        return gatherImportance(
            *model, text, stop.get_token(),
            [&](const Progress& p) {
                if (at)
                    at(p.done, stop);
            },
            keep);
    }
    Result<ImportanceMatrix> stopAt(std::uint64_t chunk) {
        CalibrationKeep keep{part, std::chrono::milliseconds(0)};
        return gather(
            [chunk](std::uint64_t done, std::stop_source& stop) {
                if (done >= chunk)
                    stop.request_stop();
            },
            &keep);
    }
    /// In a process of its own that dies without warning.
    void dieAt(std::uint64_t chunk) {
        const pid_t child = ::fork();
        if (child == 0) {
            CalibrationKeep keep{part, std::chrono::milliseconds(0)};
            const auto done = gather(
                [chunk](std::uint64_t at, std::stop_source&) {
                    if (at >= chunk)
                        ::kill(::getpid(), SIGKILL);
                },
                &keep);
            ::_exit(done ? 0 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status));
    }
    void same(const ImportanceMatrix& got) const {
        EXPECT_EQ(got.chunks, want.chunks);
        ASSERT_EQ(got.entries.size(), want.entries.size());
        for (const auto& [name, entry] : want.entries) {
            const auto it = got.entries.find(name);
            ASSERT_NE(it, got.entries.end()) << name;
            EXPECT_EQ(it->second.cols, entry.cols) << name;
            EXPECT_EQ(it->second.sums, entry.sums) << name;
            EXPECT_EQ(it->second.counts, entry.counts) << name;
        }
    }

private:
    test::TemporaryFolder m_folder;

protected:
    fs::path source, part = m_folder.path() / "importance.part";
    ImportanceMatrix want;
};

TEST_P(ResumingCalibration, AStoppedOneGoesOn) {
    const auto stopped = stopAt(5);
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, kCancelled);
    CalibrationKeep keep{part};
    std::vector<std::uint64_t> told;
    const auto done = gather([&](std::uint64_t at, std::stop_source&) { told.push_back(at); }, &keep);
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_EQ(keep.resumedChunks, 5U);
    EXPECT_EQ(told.front(), 5U) << "what was done is not done again";
    same(*done);
    EXPECT_TRUE(fs::exists(part)) << "it goes when the caller has the matrix safe";
}

TEST_P(ResumingCalibration, SoDoesAKilledOne) {
    for (const std::uint64_t chunk : {1, 2, 4, 7})
        dieAt(chunk);
    CalibrationKeep keep{part};
    const auto done = gather({}, &keep);
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_EQ(keep.resumedChunks, 7U);
    same(*done);
}

TEST_P(ResumingCalibration, TheFirstChunkIsKeptAndThenNotEveryOne) {
    CalibrationKeep keep{part, std::chrono::hours(1)};
    ASSERT_TRUE(gather({}, &keep));
    CalibrationKeep again{part};
    ASSERT_TRUE(gather({}, &again));
    EXPECT_EQ(again.resumedChunks, 1U);
}

TEST_P(ResumingCalibration, AnotherWorkBeginsAnew) {
    ASSERT_FALSE(stopAt(5));
    CalibrationKeep keep{part};
    ASSERT_TRUE(gather({}, &keep, 64, "village"));
    EXPECT_EQ(keep.resumedChunks, 0U) << "another text";
    ASSERT_FALSE(stopAt(5));
    ASSERT_TRUE(gather({}, &keep, 48));
    EXPECT_EQ(keep.resumedChunks, 0U) << "another length of chunks";
    ASSERT_FALSE(stopAt(5));
    fs::last_write_time(source, fs::file_time_type::clock::now() + std::chrono::hours(1));
    const auto done = gather({}, &keep);
    ASSERT_TRUE(done);
    EXPECT_EQ(keep.resumedChunks, 0U) << "a model that has changed";
    same(*done);
}

TEST_P(ResumingCalibration, DamagedFilesBeginAnew) {
    ASSERT_FALSE(stopAt(3));
    const std::string good = test::readText(part);
    const auto writePart = [&](const std::string& bytes) {
        std::ofstream(part, std::ios::binary | std::ios::trunc) << bytes;
    };
    for (const std::string& bad :
         {std::string(), std::string("nonsense"), good.substr(0, good.size() / 2),
          good.substr(0, good.size() - 1), good + "x", std::string(good.size(), '\0')}) {
        writePart(bad);
        CalibrationKeep keep{part, std::chrono::hours(1)};
        const auto done = gather({}, &keep);
        ASSERT_TRUE(done) << done.error().message();
        EXPECT_EQ(keep.resumedChunks, 0U);
        same(*done);
    }
    // A folder that cannot be written to is an error with a name, not a calibration that is lost later.
    CalibrationKeep nowhere{part.parent_path() / "none" / "x.part"};
    const auto refused = gather({}, &nowhere);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "file.unwritable");
}

INSTANTIATE_TEST_SUITE_P(Models, ResumingCalibration,
                         testing::Values("llama-F32", "phi3-F32", "qwen3moe-F32"), [](const auto& one) {
                             std::string name = one.param;
                             std::erase(name, '-');
                             return name;
                         });

/// Lengths in a file whose hash is right are not believed either.
TEST(KeptSumsFile, ComesBackAndIsCheckedAgainstItsLengths) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "x.part";
    KeptSums sums;
    sums.chunks = 3;
    sums.tensors["a"] = {2, {1, 2, 3, 4}, {5, 6}};
    sums.tensors["b"] = {1, {0.1}, {7}};
    ASSERT_TRUE(sums.write(path, "work"));
    const auto back = KeptSums::read(path, "work");
    ASSERT_TRUE(back);
    EXPECT_EQ(back->chunks, 3U);
    ASSERT_EQ(back->tensors.size(), 2U);
    EXPECT_EQ(back->tensors.at("a").squares, sums.tensors["a"].squares);
    EXPECT_EQ(back->tensors.at("a").counts, sums.tensors["a"].counts);
    EXPECT_EQ(back->tensors.at("b").squares, sums.tensors["b"].squares);
    EXPECT_FALSE(KeptSums::read(path, "another"));
    EXPECT_FALSE(KeptSums::read(folder.path() / "none", "work"));
    const std::string good = test::readText(path);
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << good.substr(0, i);
        EXPECT_FALSE(KeptSums::read(path, "work")) << i;
    }
    for (std::size_t i = 0; i < good.size(); ++i) { // and for any changed bit
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bad;
        EXPECT_FALSE(KeptSums::read(path, "work")) << i;
    }
    sums.tensors["a"].cols = 1'000'000; // says more than there is
    ASSERT_TRUE(sums.write(path, "work"));
    EXPECT_FALSE(KeptSums::read(path, "work"));
    sums.tensors["a"].cols = SIZE_MAX;
    ASSERT_TRUE(sums.write(path, "work"));
    EXPECT_FALSE(KeptSums::read(path, "work"));
}

} // namespace
