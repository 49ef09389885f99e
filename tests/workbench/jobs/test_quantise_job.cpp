// Jobs from the queue to the library, on a real small model.

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <map>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "engine/format/gguf/quant_mix.h"
#include "engine/format/gguf/synthetic_model.h"
#include "engine/optimize/quantize/quantize.h"
#include "engine/workbench/jobs/convert_job.h"
#include "engine/workbench/jobs/job_queue.h"
#include "engine/workbench/jobs/measure_version.h"
#include "engine/workbench/jobs/quality.h"
#include "engine/workbench/jobs/quantise_job.h"
#include "tests/model/edited_model.h"
#include "tests/optimize/convert/hf_folder.h"
#include "tests/workbench/library/library_fixture.h"

namespace {

using namespace hearth;
using namespace hearth::workbench;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

class JobRuns : public test::LibraryTest {
protected:
    void SetUp() override {
        LibraryTest::SetUp();
        files = {path("jobs.db"), path("library.db"), path("scratch")};
        auto opened = JobStore::open(files.jobs, files.asked);
        ASSERT_TRUE(opened) << opened.error().message();
        store.emplace(std::move(*opened));
    }
    void startQueue() {
        JobEvents events;
        events.progress = [this](const JobProgress& p) {
            const std::lock_guard lock(m_mutex);
            if (phases.empty() || phases.back() != p.phase)
                phases.push_back(p.phase);
            if (onProgress)
                onProgress(p);
        };
        queue = std::make_unique<JobQueue>(files, LibraryOptions{path("models"), {}}, 2, std::move(events));
    }
    Job waitFor(JobId id, JobState state) {
        for (int i = 0; i < 6000; ++i) {
            Job job = store->get(id).value();
            if (job.state == state)
                return job;
            if (isOver(job.state) || job.state == JobState::Interrupted) {
                ADD_FAILURE() << "ended otherwise: " << (job.error ? job.error->message() : "");
                return job;
            }
            std::this_thread::sleep_for(10ms);
        }
        ADD_FAILURE() << "the job did not end";
        return {};
    }
    QuantiseRequest request(LibraryId source, const std::string& mix) const {
        QuantiseRequest out;
        out.source = source;
        out.mix = mix;
        out.target = freeTarget(library->folder(), "model", mix).string();
        out.chunks = 2;
        return out;
    }
    JobId enqueue(const QuantiseRequest& wanted) {
        const auto id = store->add({.kind = JobKind::Quantise,
                                    .title = "model",
                                    .version = wanted.source,
                                    .request = toJson(wanted)});
        EXPECT_TRUE(id);
        if (queue)
            queue->wake();
        return id.value_or(0);
    }
    /// Large enough to be interrupted.
    LibraryId synthetic() {
        fs::create_directories(path("in"));
        const auto written =
            format::writeSyntheticModel(*format::findSyntheticShape("tiny"), "F16", path("in/s.gguf"));
        EXPECT_TRUE(written) << written.error().message();
        return add(path("in/s.gguf")).version;
    }

    JobFiles files;
    std::optional<JobStore> store;
    std::unique_ptr<JobQueue> queue;
    std::vector<std::string> phases;
    std::function<void(const JobProgress&)> onProgress;
    std::mutex m_mutex;
};

TEST_F(JobRuns, QuantisesRecordsLineageAndMeasures) {
    const auto source = add(put("llama-F16.gguf", "a.gguf"));
    startQueue();
    auto wanted = request(source.version, "Q4_K_M");
    wanted.types = {{"blk.0.attn_q.weight", "Q8_0"}};
    wanted.label = "Q4_K_M, mine";
    const Job job = waitFor(enqueue(wanted), JobState::Done);
    const auto id = nlohmann::json::parse(job.result)["version"].get<LibraryId>();
    const auto model = library->model(source.model).value();
    ASSERT_EQ(model.versions.size(), 2U);
    const auto made = version(id);
    EXPECT_EQ(made.parent, source.version);
    EXPECT_EQ(made.job, job.id);
    EXPECT_EQ(made.label, "Q4_K_M, mine");
    EXPECT_EQ(made.origin, "quantised");
    EXPECT_EQ(made.files.front().mode, FileMode::Made);
    EXPECT_EQ(made.path(), wanted.target);
    EXPECT_EQ(made.state(), FileState::Present);
    EXPECT_EQ(made.contentHash().size(), 64U);
    const auto recipe = nlohmann::json::parse(made.recipe);
    EXPECT_EQ(recipe["mix"], "Q4_K_M");
    EXPECT_EQ(recipe["calibration"], "builtin");
    EXPECT_EQ(recipe["types"]["blk.0.attn_q.weight"], "Q8_0");
    const auto quality = versionQualityFrom(made.measured);
    ASSERT_TRUE(quality.perplexity && quality.divergence && quality.tokensPerSecond);
    EXPECT_GT(*quality.perplexity, 1.0);
    EXPECT_GT(quality.divergence->mean, 0.0);
    EXPECT_LE(quality.divergence->median, quality.divergence->p99);
    EXPECT_LE(quality.divergence->p99, quality.divergence->max);
    EXPECT_GT(quality.divergence->sameTop, 0.3);
    EXPECT_EQ(quality.reference, source.version);
    EXPECT_GT(quality.memoryBytes, 0U);
    EXPECT_GT(quality.bitsPerWeight, 3.0);
    bool found = false;
    for (const auto& tensor : quality.tensors)
        if (tensor.name == "blk.0.attn_q.weight") {
            found = true;
            EXPECT_EQ(tensor.to, "Q8_0");
            EXPECT_GT(tensor.error, 0.0);
        }
    EXPECT_TRUE(found);
    const auto before = versionQualityFrom(version(source.version).measured);
    ASSERT_TRUE(before.perplexity);
    EXPECT_FALSE(before.divergence);
    EXPECT_THAT(phases,
                testing::IsSupersetOf({"job.calibrate", "job.quantise", "job.reference", "job.measure"}));
    EXPECT_FALSE(fs::exists(files.scratch / ("job-" + std::to_string(job.id))));

    // The person's own prompt, both answers.
    const auto ask = store->add(
        {.kind = JobKind::Ask,
         .title = "ask",
         .request =
             nlohmann::json{{"versions", {source.version, id}}, {"prompt", "the rain was in"}}.dump()});
    queue->wake();
    const Job asked = waitFor(*ask, JobState::Done);
    const auto answers = nlohmann::json::parse(asked.result)["answers"];
    ASSERT_EQ(answers.size(), 2U);
    EXPECT_EQ(answers[1]["version"], id);
    for (const char* file : {"jobs.db", "jobs.db-wal"}) {
        const std::string bytes = test::readText(path(file));
        EXPECT_EQ(bytes.find("the rain was in"), std::string::npos) << file;
        EXPECT_EQ(bytes.find("\"text\":"), std::string::npos) << file;
    }
    files.asked->forget();
    EXPECT_EQ(store->get(*ask)->request, "{}");
    EXPECT_EQ(store->get(*ask)->result, "{}");
}

TEST_F(JobRuns, ABudgetIsKept) {
    const auto source = add(put("llama-F16.gguf", "a.gguf"));
    startQueue();
    auto wanted = request(source.version, "");
    wanted.budgetBytes = fs::file_size(path("a.gguf")) / 2;
    wanted.calibration = "none";
    wanted.measure = false;
    const Job job = waitFor(enqueue(wanted), JobState::Done);
    EXPECT_LE(fs::file_size(wanted.target), wanted.budgetBytes);
    wanted.budgetBytes = 1000;
    wanted.target = path("models/other.gguf").string();
    const Job failed = waitFor(enqueue(wanted), JobState::Failed);
    EXPECT_EQ(failed.error->code, "quantize.budget_too_small");
    EXPECT_FALSE(fs::exists(wanted.target));
    EXPECT_EQ(library->model(source.model)->versions.size(), 2U);
}

TEST_F(JobRuns, FailuresAreNamedAndLeaveNothing) {
    const auto source = add(put("llama-F16.gguf", "a.gguf"));
    const auto low = add(put("llama-Q4_0.gguf", "low.gguf"));
    const auto gone = add(put("qwen2-F32.gguf", "gone.gguf"));
    fs::remove(path("gone.gguf"));
    startQueue();
    struct Case {
        LibraryId source;
        std::string mix, calibration, code;
    };
    for (const Case& one : {Case{source.version, "Q9_X", "none", "quantize.unknown_mix"},
                            Case{low.version, "Q2_K", "none", "quantize.lossy_source"},
                            Case{gone.version, "Q8_0", "none", "library.file_missing"},
                            Case{999, "Q8_0", "none", "library.not_found"},
                            Case{source.version, "Q8_0", path("no.txt").string(), "file.not_found"}}) {
        auto wanted = request(one.source, one.mix);
        wanted.calibration = one.calibration;
        wanted.measure = false;
        const Job job = waitFor(enqueue(wanted), JobState::Failed);
        ASSERT_TRUE(job.error);
        EXPECT_EQ(job.error->code, one.code);
        EXPECT_FALSE(fs::exists(wanted.target)) << one.code;
    }
    EXPECT_EQ(models(), 2U) << "two versions of one model, and the missing one";
}

TEST_F(JobRuns, CancellingTakesBackWhatWasMade) {
    const LibraryId source = synthetic();
    std::atomic<JobId> id = 0;
    onProgress = [&](const JobProgress& p) {
        if (p.phase == "job.quantise" && p.done * 3 > p.total)
            queue->cancel(id);
    };
    auto wanted = request(source, "Q4_K_M");
    wanted.calibration = "none";
    id = enqueue(wanted);
    startQueue();
    waitFor(id, JobState::Cancelled);
    EXPECT_FALSE(fs::exists(wanted.target));
    EXPECT_FALSE(optimize::hasUnfinished(wanted.target));
    EXPECT_EQ(library->model(version(source).model)->versions.size(), 1U);
    // And again from the history, without anybody in the way.
    onProgress = {};
    ASSERT_TRUE(store->requeue(id));
    queue->wake();
    waitFor(id, JobState::Done);
    EXPECT_TRUE(fs::exists(wanted.target));
}

TEST_F(JobRuns, LeavingTheProgramInterruptsAndTheNextStartGoesOn) {
    const LibraryId source = synthetic();
    auto wanted = request(source, "Q4_K_M");
    // A small model would be done before anybody could leave: the job is held as soon as there is a tensor to
    // go on from, and slowed down until then so that every step is told.
    std::atomic<bool> far = false, leaving = false;
    onProgress = [&](const JobProgress& p) {
        if (p.phase != "job.quantise")
            return;
        if (!optimize::hasUnfinished(wanted.target)) {
            std::this_thread::sleep_for(60ms);
            return;
        }
        far = true;
        while (!leaving)
            std::this_thread::sleep_for(1ms);
        std::this_thread::sleep_for(60ms); // where the processor was away as it should have been stopped
    };
    wanted.calibration = "none";
    wanted.measure = false;
    const JobId id = enqueue(wanted);
    startQueue();
    for (int i = 0; i < 60'000 && !far; ++i)
        std::this_thread::sleep_for(1ms);
    ASSERT_TRUE(far) << "no progress was told";
    const std::jthread release([&] { // shutdown() asks the job to stop, then waits for it
        std::this_thread::sleep_for(200ms);
        leaving = true;
    });
    queue->shutdown();
    const Job job = store->get(id).value();
    EXPECT_EQ(job.state, JobState::Interrupted);
    EXPECT_TRUE(optimize::hasUnfinished(wanted.target));
    EXPECT_FALSE(fs::exists(wanted.target)) << "only whole files bear the name";
    onProgress = {};
    startQueue();
    ASSERT_TRUE(store->requeue(id));
    queue->wake();
    waitFor(id, JobState::Done);
    EXPECT_FALSE(optimize::hasUnfinished(wanted.target));
    EXPECT_EQ(library->model(version(source).model)->versions.size(), 2U);
}

/// By phase: what reads a text chunk by chunk.
class InterruptedJob : public JobRuns, public testing::WithParamInterface<const char*> {};

TEST_P(InterruptedJob, GoesOnAtTheChunk) {
    const std::string phase = GetParam();
    const auto source = add(put("llama-F16.gguf", "a.gguf"));
    auto wanted = request(source.version, "Q4_K_M");
    wanted.measure = phase != "job.calibrate";
    wanted.chunks = 6;
    std::atomic<bool> far = false, leaving = false;
    onProgress = [&](const JobProgress& p) {
        if (p.phase != phase)
            return;
        if (p.total != wanted.chunks || p.done < 2) { // loading is told in the same phase
            std::this_thread::sleep_for(60ms);        // slow enough that every step is told
            return;
        }
        far = true;
        while (!leaving)
            std::this_thread::sleep_for(1ms);
        std::this_thread::sleep_for(60ms);
    };
    const JobId id = enqueue(wanted);
    startQueue();
    for (int i = 0; i < 60'000 && !far; ++i)
        std::this_thread::sleep_for(1ms);
    ASSERT_TRUE(far) << "no progress was told";
    const std::jthread release([&] {
        std::this_thread::sleep_for(200ms);
        leaving = true;
    });
    queue->shutdown();
    EXPECT_EQ(store->get(id)->state, JobState::Interrupted);
    const auto scratch = files.scratch / ("job-" + std::to_string(id));
    EXPECT_FALSE(fs::is_empty(scratch));
    EXPECT_EQ(fs::exists(scratch / "importance-sums"), phase == "job.calibrate");
    std::map<std::string, std::vector<std::uint64_t>> told;
    onProgress = [&](const JobProgress& p) {
        if (p.total == wanted.chunks && p.done < p.total)
            told[p.phase].push_back(p.done);
        std::this_thread::sleep_for(60ms);
    };
    startQueue();
    ASSERT_TRUE(store->requeue(id));
    queue->wake();
    waitFor(id, JobState::Done);
    const std::lock_guard lock(m_mutex);
    ASSERT_FALSE(told[phase].empty());
    EXPECT_GE(told[phase].front(), 1U) << "what was read is not read again";
    if (phase == "job.measure") {
        EXPECT_TRUE(told["job.reference"].empty()) << "nor is the whole text with the source";
    }
    EXPECT_FALSE(fs::exists(scratch));
}

INSTANTIATE_TEST_SUITE_P(Phases, InterruptedJob,
                         testing::Values("job.calibrate", "job.reference", "job.measure"),
                         [](const auto& one) { return std::string(one.param).substr(4); });

TEST_F(JobRuns, EveryPresetsBitsAreThoseOfItsPlan) {
    const auto source = add(put("llama-F16.gguf", "a.gguf"));
    const auto bits = bitsOfMixes(path("a.gguf")).value();
    EXPECT_EQ(bits.size(), format::quantMixes().size());
    for (const auto& [mix, perWeight] : bits) {
        const auto plan =
            planFor(request(source.version, std::string(mix)), path("a.gguf"), nullptr, 1).value();
        EXPECT_DOUBLE_EQ(perWeight, plan.bitsPerWeight()) << mix;
    }
    EXPECT_EQ(bitsOfMixes(path("nothing.gguf")).error().code, "file.not_found");
}

TEST_F(JobRuns, AFileWrittenButNotRecordedIsTakenIn) {
    const auto source = add(put("llama-F16.gguf", "a.gguf"));
    auto wanted = request(source.version, "Q8_0");
    wanted.calibration = "none";
    wanted.measure = false;
    const JobId id = enqueue(wanted);
    ThreadPool pool(2);
    const auto plan = planFor(wanted, path("a.gguf"), nullptr, 2).value();
    fs::create_directories(fs::path(wanted.target).parent_path());
    ASSERT_TRUE(optimize::quantizeFile(path("a.gguf"), wanted.target, plan, nullptr, pool));
    // As it is when the program was killed right after the last byte …
    ASSERT_TRUE(store->take(id).value());
    ASSERT_TRUE(store->setProgress(id, R"({"writing":true})"));
    ASSERT_TRUE(store->markInterrupted());
    ASSERT_TRUE(store->requeue(id));
    startQueue();
    waitFor(id, JobState::Done);
    EXPECT_EQ(library->model(source.model)->versions.size(), 2U);
    // … while a file that the job did not write is left alone.
    const JobId other = enqueue(wanted);
    EXPECT_EQ(waitFor(other, JobState::Failed).error->code, "library.name_taken");
}

TEST_F(JobRuns, NamesOfFilesToComeAreNotGivenTwice) {
    const auto folder = path("models");
    const auto first = freeTarget(folder, "A model", "Q4_K_M");
    EXPECT_EQ(first.filename(), "A-model-Q4_K_M.gguf");
    const std::vector<std::string> promised{first.string()};
    EXPECT_EQ(freeTarget(folder, "A model", "Q4_K_M", promised).filename(), "A-model-Q4_K_M-2.gguf");
}

TEST_F(JobRuns, AKilledProgramLosesAtMostATensor) {
    const LibraryId source = synthetic();
    auto wanted = request(source, "Q4_K_M");
    wanted.calibration = "none";
    wanted.measure = false;
    const JobId id = enqueue(wanted);
    int kills = 0;
    for (int attempt = 0; attempt < 6; ++attempt) {
        int out[2];
        ASSERT_EQ(::pipe2(out, O_CLOEXEC), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            ::dup2(out[1], 1);
            ::execl(JOB_RUNNER, JOB_RUNNER, path("").c_str(), nullptr);
            ::_exit(127);
        }
        ::close(out[1]);
        char text[64];
        for (int i = 0; i <= attempt * 3 && ::read(out[0], text, sizeof text) > 0; ++i) {
        }
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        ::close(out[0]);
        kills += WIFSIGNALED(status) ? 1 : 0;
        const Job job = store->get(id).value();
        if (job.state == JobState::Done)
            break;
        EXPECT_EQ(job.state, JobState::Running) << "nobody could say otherwise";
        EXPECT_FALSE(fs::exists(wanted.target)) << "only whole files bear the name";
        ASSERT_TRUE(store->markInterrupted());
        ASSERT_TRUE(store->requeue(id));
    }
    EXPECT_GT(kills, 0);
    startQueue();
    waitFor(id, JobState::Done);
    ThreadPool pool(2);
    const auto plan = planFor(wanted, path("in/s.gguf"), nullptr, 2).value();
    ASSERT_TRUE(optimize::quantizeFile(path("in/s.gguf"), path("fresh.gguf"), plan, nullptr, pool));
    EXPECT_EQ(test::readText(wanted.target), test::readText(path("fresh.gguf")))
        << "the same bytes as in one go";
    EXPECT_EQ(library->model(version(source).model)->versions.size(), 2U);
}

TEST_F(JobRuns, AVersionFromElsewhereIsMeasured) {
    const auto source = add(put("llama-F16.gguf", "a.gguf")), other = add(put("llama-Q4_K.gguf", "b.gguf"));
    auto model = library->model(source.model).value();
    ASSERT_EQ(model.versions.size(), 2U);
    const auto* reference = referenceOf(model, model.versions[1]);
    ASSERT_TRUE(reference);
    EXPECT_EQ(reference->id, source.version) << "the largest, for want of a parent";
    EXPECT_EQ(referenceOf(model, model.versions[0]), nullptr) << "nothing is larger";
    model.versions[0].parent = other.version;
    EXPECT_EQ(referenceOf(model, model.versions[0])->id, other.version);
    startQueue();
    const auto run = [&](std::string request) {
        const auto id = store->add({.kind = JobKind::Measure,
                                    .title = "model",
                                    .version = other.version,
                                    .request = std::move(request)});
        queue->wake();
        return *id;
    };
    const Job job = waitFor(run(measureRequest(source.version, other.version)), JobState::Done);
    EXPECT_EQ(nlohmann::json::parse(job.result)["version"], other.version);
    const auto before = versionQualityFrom(version(source.version).measured),
               after = versionQualityFrom(version(other.version).measured);
    ASSERT_TRUE(before.perplexity && before.tokensPerSecond && after.perplexity && after.divergence);
    EXPECT_FALSE(before.divergence);
    EXPECT_EQ(after.reference, source.version);
    EXPECT_GT(after.divergence->mean, 0.0);
    EXPECT_GT(after.memoryBytes, 0U);
    EXPECT_FALSE(fs::exists(files.scratch / ("job-" + std::to_string(job.id))));
    const auto code = [&](std::string request) {
        return waitFor(run(std::move(request)), JobState::Failed).error->code;
    };
    EXPECT_EQ(code(R"({"source":"x"})"), "jobs.bad_request");
    EXPECT_EQ(code(measureRequest(999, other.version)), "library.not_found");
    ASSERT_TRUE(test::writeWithPiece(path("b.gguf"), path("c.gguf"), 300, "another"));
    const auto foreign = add(path("c.gguf"));
    EXPECT_EQ(code(measureRequest(source.version, foreign.version)), "measure.different_tokenizer");
    fs::rename(path("a.gguf"), path("a.gguf.sealed"));
    const auto rows = version(source.version).files;
    ASSERT_TRUE(library->relocate(rows.front().id, path("a.gguf.sealed")));
    EXPECT_EQ(code(measureRequest(source.version, other.version)), "jobs.sealed");
    EXPECT_EQ(referenceOf(library->model(source.model).value(), version(other.version)), nullptr);
    fs::remove(path("a.gguf.sealed"));
    EXPECT_EQ(code(measureRequest(source.version, other.version)), "library.file_missing");
    EXPECT_TRUE(versionQualityFrom(version(other.version).measured).divergence) << "what was known stays";
}

TEST_F(JobRuns, ConvertsAFolderIntoTheLibrary) {
    test::writeHfFolder(test::golden("qwen3-F32.gguf"), path("hf"));
    startQueue();
    const ConvertRequest wanted{path("hf").string(), path("models/q.gguf").string(), "F16", "My Qwen"};
    const auto id = store->add({.kind = JobKind::Convert, .title = "My Qwen", .request = toJson(wanted)});
    queue->wake();
    const Job job = waitFor(*id, JobState::Done);
    const auto model = library->model(nlohmann::json::parse(job.result)["model"].get<LibraryId>()).value();
    EXPECT_EQ(model.name, "My Qwen");
    EXPECT_EQ(model.family, "qwen3");
    EXPECT_EQ(model.versions.front().origin, "converted");
    EXPECT_EQ(job.model, model.id) << "it belongs to the history of what it made";
    EXPECT_EQ(model.versions.front().source, path("hf").string());
    std::ofstream(path("hf/config.json")) << "{";
    const auto bad = store->add({.kind = JobKind::Convert,
                                 .title = "bad",
                                 .request = toJson(ConvertRequest{
                                     path("hf").string(), path("models/bad.gguf").string(), "F16", ""})});
    queue->wake();
    EXPECT_EQ(waitFor(*bad, JobState::Failed).error->code.substr(0, 8), "convert.");
    EXPECT_FALSE(fs::exists(path("models/bad.gguf")));
    EXPECT_EQ(models(), 1U);
}

} // namespace
