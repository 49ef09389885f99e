// A comparison that was stopped or killed goes on at the chunk where it was, and ends in the same figures.

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <fstream>
#include <functional>
#include <optional>

#include <sys/wait.h>
#include <unistd.h>

#include "engine/optimize/measure/evaluate.h"
#include "engine/runtime/loaded_model.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using namespace hearth::optimize;
namespace fs = std::filesystem;

constexpr std::size_t kChunks = 6;

/// Threads are made anew for every run: one is in a child process.
class ResumingEvaluation : public testing::Test {
protected:
    struct Figures {
        Evaluation reference, compared;
    };
    /// Called before every chunk that is evaluated: of the reference (false) or of what is compared with it.
    using At = std::function<void(bool compared, std::uint64_t chunk, std::stop_source&)>;

    void SetUp() override {
        for (const auto& [name, place] :
             {std::pair("llama-F16.gguf", &source), std::pair("llama-Q4_K.gguf", &made)}) {
            *place = m_folder.path() / name;
            fs::copy_file(test::golden(name), *place);
        }
        kept = m_folder.path() / "kept";
        fs::create_directories(kept);
        const auto fresh = compare({}, KeepChunks::No);
        ASSERT_TRUE(fresh) << fresh.error().message();
        want = *fresh;
        ASSERT_EQ(want.compared.chunks, kChunks);
        ASSERT_TRUE(fs::is_empty(kept));
    }
    Result<Figures> compare(const At& at, KeepChunks keep = KeepChunks::Yes, std::size_t context = 64) {
        ThreadPool pool(2);
        std::stop_source stop;
        asked = {};
        const auto tell = [&](bool compared) {
            return [&, compared](const Progress& p) {
                if (p.done == p.total)
                    return;
                ++asked[compared];
                if (at)
                    at(compared, p.done, stop);
            };
        };
        std::optional<ReferencePredictions> reference;
        Figures out;
        {
            HEARTH_TRY(const auto model, runtime::LoadedModel::load(source, pool, {.checkMemory = false}));
            std::string words;
            for (int i = 0; i < 400; ++i)
                words += "the rain was in the town " + std::to_string(i) + " ";
            HEARTH_TRY(const auto text,
                       EvaluationText::prepare(*model, words, {.context = context, .maxChunks = kChunks}));
            HEARTH_TRY(reference,
                       ReferencePredictions::record(*model, text, kept, stop.get_token(), tell(false), keep));
        }
        out.reference = reference->evaluation();
        HEARTH_TRY(const auto model, runtime::LoadedModel::load(made, pool, {.checkMemory = false}));
        HEARTH_TRY(out.compared, evaluate(*model, reference->text(), &*reference, stop.get_token(),
                                          tell(true), keep == KeepChunks::Yes ? kept : fs::path()));
        return out;
    }
    static At stopAt(bool compared, std::uint64_t chunk) {
        return [=](bool now, std::uint64_t at, std::stop_source& stop) {
            if (now == compared && at == chunk)
                stop.request_stop();
        };
    }
    /// In a process of its own that dies without warning.
    void dieAt(bool compared, std::uint64_t chunk) {
        const pid_t child = ::fork();
        if (child == 0) {
            const auto done = compare([=](bool now, std::uint64_t at, std::stop_source&) {
                if (now == compared && at == chunk)
                    ::kill(::getpid(), SIGKILL);
            });
            ::_exit(done ? 0 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status));
    }
    /// Goes on to the end, where the figures are those of one go.
    void finish(std::size_t ofReference, std::size_t ofCompared) {
        const auto done = compare({});
        ASSERT_TRUE(done) << done.error().message();
        EXPECT_EQ(asked[0], ofReference) << "what was done is not done again";
        EXPECT_EQ(asked[1], ofCompared) << "what was done is not done again";
        for (const auto& [got, fresh] :
             {std::pair(done->reference, want.reference), std::pair(done->compared, want.compared)}) {
            EXPECT_EQ(got.perplexity, fresh.perplexity);
            EXPECT_EQ(got.perplexityError, fresh.perplexityError);
            EXPECT_EQ(got.tokens, fresh.tokens);
            EXPECT_EQ(got.chunks, fresh.chunks);
            ASSERT_EQ(got.divergence.has_value(), fresh.divergence.has_value());
            if (!fresh.divergence)
                continue;
            EXPECT_EQ(got.divergence->mean, fresh.divergence->mean);
            EXPECT_EQ(got.divergence->median, fresh.divergence->median);
            EXPECT_EQ(got.divergence->p99, fresh.divergence->p99);
            EXPECT_EQ(got.divergence->max, fresh.divergence->max);
            EXPECT_EQ(got.divergence->sameTop, fresh.divergence->sameTop);
            EXPECT_EQ(got.divergence->rmsDeltaP, fresh.divergence->rmsDeltaP);
        }
    }

private:
    test::TemporaryFolder m_folder;

protected:
    fs::path source, made, kept;
    std::array<std::size_t, 2> asked{}; ///< chunks of the last run: of the reference, of the other
    Figures want;
};

TEST_F(ResumingEvaluation, AStoppedOneGoesOn) {
    for (const auto& stopped : {compare(stopAt(false, 4)), compare(stopAt(true, 2))}) {
        ASSERT_FALSE(stopped);
        EXPECT_EQ(stopped.error().code, kCancelled);
    }
    EXPECT_EQ(asked[0], kChunks - 4) << "the second run went on with the reference";
    finish(0, kChunks - 2);
    finish(0, 0);
}

TEST_F(ResumingEvaluation, SoDoesAKilledOne) {
    for (const std::uint64_t chunk : {1, 5})
        dieAt(false, chunk);
    for (const std::uint64_t chunk : {0, 3})
        dieAt(true, chunk);
    finish(0, kChunks - 3);
}

TEST_F(ResumingEvaluation, AnotherWorkBeginsAnew) {
    ASSERT_TRUE(compare({}));
    ASSERT_TRUE(compare({}, KeepChunks::Yes, 48));
    EXPECT_EQ(asked, (std::array<std::size_t, 2>{kChunks, kChunks})) << "another length of chunks";
    fs::last_write_time(made, fs::file_time_type::clock::now() + std::chrono::hours(1));
    finish(0, kChunks);
    fs::last_write_time(source, fs::file_time_type::clock::now() + std::chrono::hours(1));
    finish(kChunks, kChunks); // compared with another reference, it is another comparison
}

TEST_F(ResumingEvaluation, DamagedChunksAreEvaluatedAgain) {
    ASSERT_TRUE(compare({}));
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(kept))
        files.push_back(entry.path());
    ASSERT_EQ(files.size(), 3 * kChunks);
    for (const auto& path : files) {
        SCOPED_TRACE(path.filename().string());
        const std::string good = test::readText(path);
        std::string flipped = good;
        flipped[good.size() / 2] = static_cast<char>(flipped[good.size() / 2] ^ 1);
        const bool ofReference = path.filename().string().starts_with("hearth-reference");
        for (const std::string& bad : {std::string(), flipped, good + "x"}) {
            std::ofstream(path, std::ios::binary | std::ios::trunc) << bad;
            finish(ofReference ? 1 : 0, ofReference ? 0 : 1);
            EXPECT_EQ(test::readText(path), good);
        }
    }
    // A folder that is not there is an error with a name.
    fs::remove_all(kept);
    const auto nowhere = compare({});
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, "file.unwritable");
}

} // namespace
