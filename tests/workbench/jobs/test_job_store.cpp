#include "engine/workbench/jobs/job_store.h"

#include <gmock/gmock.h>

#include <array>

#include "engine/store/file_care.h"
#include "engine/workbench/jobs/convert_job.h"
#include "engine/workbench/jobs/quality.h"
#include "engine/workbench/jobs/quantise_job.h"
#include "tests/workbench/library/library_fixture.h"

namespace {

using namespace hearth;
using namespace hearth::workbench;
using test::codeOf;

class Jobs : public test::LibraryTest {
protected:
    JobStore openJobs() const { return std::move(*JobStore::open(path("jobs.db"))); }
};

TEST_F(Jobs, QueueInOrderWithStatesAndHistory) {
    JobStore store = openJobs();
    EXPECT_FALSE(store.next().value());
    const JobId first =
        store
            .add({.kind = JobKind::Quantise, .title = "一", .model = 3, .request = "{\"a\":1}", .owner = 7})
            .value();
    const JobId second = store.add({.kind = JobKind::Convert, .title = "two"}).value();
    EXPECT_EQ(store.next().value()->id, first);
    EXPECT_TRUE(store.take(first).value());
    EXPECT_FALSE(store.take(first).value()) << "taken once only";
    EXPECT_EQ(store.next().value()->id, second);
    ASSERT_TRUE(store.setProgress(first, "{\"step\":2}"));
    ASSERT_TRUE(store.end(first, JobState::Failed, "{}",
                          Error{"gguf.truncated", "ends early", 12}.with("path", "/x \"y\"")));
    JobStore other = openJobs(); // another connection sees it
    const Job job = other.get(first).value();
    EXPECT_EQ(job.state, JobState::Failed);
    EXPECT_EQ(job.title, "一");
    EXPECT_EQ(job.request, "{\"a\":1}");
    EXPECT_EQ(job.owner, 7);
    EXPECT_EQ(other.get(second)->owner, 0);
    EXPECT_EQ(job.progress, "{\"step\":2}");
    ASSERT_TRUE(job.error);
    EXPECT_EQ(job.error->code, "gguf.truncated");
    EXPECT_EQ(job.error->offset, 12U);
    EXPECT_EQ(job.error->arg("path"), "/x \"y\"");
    EXPECT_GT(job.startedMs, 0);
    EXPECT_GE(job.endedMs, job.startedMs);
    EXPECT_EQ(store.list(3).value().size(), 1U);
    EXPECT_EQ(store.list().value().front().id, second) << "newest first";
    ASSERT_TRUE(store.requeue(first));
    EXPECT_FALSE(store.get(first).value().error);
    EXPECT_EQ(store.next().value()->id, first);
}

TEST_F(Jobs, StatesRefuseWhatDoesNotFit) {
    JobStore store = openJobs();
    const JobId id = store.add({.title = "x"}).value();
    EXPECT_EQ(codeOf(store.requeue(id)), "jobs.not_waiting");
    EXPECT_EQ(codeOf(store.remove(id)), "jobs.still_running");
    ASSERT_TRUE(store.take(id).value());
    EXPECT_EQ(codeOf(store.cancelWaiting(id)), "jobs.not_waiting");
    EXPECT_EQ(store.markInterrupted().value(), 1U);
    EXPECT_EQ(store.get(id)->state, JobState::Interrupted);
    ASSERT_TRUE(store.cancelWaiting(id));
    EXPECT_EQ(store.get(id)->state, JobState::Cancelled);
    ASSERT_TRUE(store.remove(id));
    for (const auto& code :
         {codeOf(store.get(id)), codeOf(store.remove(id)), codeOf(store.requeue(id)),
          codeOf(store.end(id, JobState::Done, "{}")), codeOf(store.setProgress(id, "{}"))})
        EXPECT_EQ(code, "jobs.not_found");
}

TEST_F(Jobs, WhatIsAskedIsNotInTheFile) {
    const auto asked = std::make_shared<AskedTexts>();
    JobStore store = std::move(*JobStore::open(path("jobs.db"), asked));
    JobStore queue = std::move(*JobStore::open(path("jobs.db"), asked));
    const auto late = store.add({.kind = JobKind::Ask, .request = R"({"prompt":"gooseberry"})"}).value();
    const auto id = store.add({.kind = JobKind::Ask, .request = R"({"prompt":"gooseberry"})"}).value();
    ASSERT_TRUE(queue.take(id).value() && queue.take(late).value());
    EXPECT_EQ(queue.get(id)->request, R"({"prompt":"gooseberry"})");
    ASSERT_TRUE(queue.end(id, JobState::Done, R"({"text":"lantern"})"));
    EXPECT_EQ(store.get(id)->result, R"({"text":"lantern"})");
    EXPECT_EQ(openJobs().get(id)->result, "{}"); // of another program
    for (const char* file : {"jobs.db", "jobs.db-wal"})
        for (const char* word : {"gooseberry", "lantern"})
            EXPECT_EQ(test::readText(path(file)).find(word), std::string::npos) << file << " " << word;
    asked->forget();
    ASSERT_TRUE(queue.end(late, JobState::Done, R"({"text":"lantern"})")); // after it was forgotten
    for (const JobId each : {id, late}) {
        EXPECT_EQ(store.get(each)->request, "{}");
        EXPECT_EQ(store.get(each)->result, "{}");
    }
}

TEST_F(Jobs, WhatWasAskedIsForgotten) {
    JobStore store = openJobs();
    const auto add = [&](JobKind kind) { return store.add({.kind = kind, .title = "x"}).value(); };
    const auto over = add(JobKind::Ask), interrupted = add(JobKind::Ask), running = add(JobKind::Ask),
               waiting = add(JobKind::Ask), other = add(JobKind::Convert);
    ASSERT_TRUE(store.take(interrupted).value());
    ASSERT_TRUE(store.markInterrupted());
    for (const auto id : {over, running, other})
        ASSERT_TRUE(store.take(id).value());
    ASSERT_TRUE(store.end(over, JobState::Done, R"({"prompt":"private"})"));
    ASSERT_TRUE(store.end(other, JobState::Done, "{}"));
    EXPECT_EQ(store.forgetAsked().value(), 2U);
    std::vector<JobId> left;
    const auto jobs = store.list().value();
    for (const Job& job : jobs)
        left.push_back(job.id);
    EXPECT_THAT(left, testing::ElementsAre(other, waiting, running));
}

TEST_F(Jobs, OfTheFirstSchemaAreKept) {
    static constexpr std::array<std::string_view, 4> kFirst = {
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
        "INSERT INTO meta (key, value) VALUES ('database_id', randomblob(16)), ('last_write', x'')",
        "CREATE TABLE job (id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL CHECK (kind BETWEEN "
        "0 AND 2), state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 5), model INTEGER NOT NULL, version "
        "INTEGER NOT NULL, created_ms INTEGER NOT NULL, started_ms INTEGER NOT NULL, ended_ms INTEGER NOT "
        "NULL, title BLOB NOT NULL, request BLOB NOT NULL, progress BLOB NOT NULL, result BLOB NOT NULL, "
        "error BLOB NOT NULL) STRICT",
        "CREATE INDEX job_model ON job (model, id)"};
    {
        const std::array steps{store::Migration{1, kFirst}};
        auto old = store::openShared(path("jobs.db"), steps);
        ASSERT_TRUE(old) << old.error().message();
        for (const char* row : {"1, 0, 2, 7, 8, 9, 10, 11, x'61', x'62', x'63', x'64', x''",
                                "9, 1, 0, 0, 0, 0, 0, 0, x'', x'', x'', x'', x''"})
            ASSERT_TRUE((*old)->run("INSERT INTO job VALUES (" + std::string(row) + ")"));
        ASSERT_TRUE((*old)->run("DELETE FROM job WHERE id = 9"));
    }
    JobStore store = openJobs();
    const auto jobs = store.list().value();
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs[0].id, 1);
    EXPECT_EQ(jobs[0].state, JobState::Done);
    EXPECT_EQ(jobs[0].model, 7);
    EXPECT_EQ(jobs[0].version, 8);
    EXPECT_EQ(jobs[0].endedMs, 11);
    EXPECT_EQ(jobs[0].owner, 0);
    EXPECT_EQ(jobs[0].title + jobs[0].request + jobs[0].progress + jobs[0].result, "abcd");
    EXPECT_EQ(store.add({.kind = JobKind::Measure}).value(), 10) << "no id is used twice";
    EXPECT_EQ(openJobs().get(10).value().kind, JobKind::Measure);
}

TEST(JobRequests, GoThroughJson) {
    QuantiseRequest request;
    request.source = 5;
    request.budgetBytes = 123;
    request.types = {{"blk.0.attn_q.weight", "Q8_0"}};
    request.calibration = "none";
    request.target = "/a/b \"c\".gguf";
    request.label = "mine";
    request.measure = false;
    const auto back = quantiseRequestFrom(toJson(request));
    ASSERT_TRUE(back) << back.error().message();
    EXPECT_EQ(back->source, 5);
    EXPECT_EQ(back->budgetBytes, 123U);
    EXPECT_EQ(back->types, request.types);
    EXPECT_EQ(back->target, request.target);
    EXPECT_EQ(back->label, "mine");
    EXPECT_FALSE(back->measure);
    for (const char* bad :
         {"", "[]", "{}", "{\"source\":1}", "{\"source\":\"x\",\"target\":\"y\"}",
          "{\"source\":1,\"target\":\"y\",\"what\":1}", "{\"source\":1,\"target\":\"y\",\"types\":[[1,2]]}",
          "{\"source\":1,\"target\":\"y\",\"budget_bytes\":-4}"})
        EXPECT_EQ(codeOf(quantiseRequestFrom(bad)), "jobs.bad_request") << bad;
    const auto convert = convertRequestFrom(toJson(ConvertRequest{"/f", "/t", "Q8_0", "n"}));
    ASSERT_TRUE(convert);
    EXPECT_EQ(convert->type, "Q8_0");
    EXPECT_EQ(codeOf(convertRequestFrom("{\"folder\":1}")), "jobs.bad_request");
}

TEST(JobQuality, GoesThroughJsonAndForgivesWhatItCannotRead) {
    VersionQuality quality;
    quality.perplexity = 8.4;
    quality.divergence = {0.0067, 0.001, 0.1, 2.5, 0.979, 0.02};
    quality.reference = 3;
    quality.text = "t";
    quality.context = 512;
    quality.tokens = 2040;
    quality.tokensPerSecond = 31.4;
    quality.memoryBytes = 3'300'000'000;
    quality.memoryContext = 512;
    quality.tensors = {{"a", "F16", "Q4_K", 5e-3}};
    const auto back = versionQualityFrom(toJson(quality));
    EXPECT_EQ(back.perplexity, 8.4);
    EXPECT_FALSE(back.perplexityError);
    EXPECT_EQ(back.divergence->sameTop, 0.979);
    EXPECT_EQ(back.memoryBytes, 3'300'000'000U);
    ASSERT_EQ(back.tensors.size(), 1U);
    EXPECT_EQ(back.tensors.front().error, 5e-3);
    for (const char* bad :
         {"", "[]", "{\"divergence\":3}", "{\"tensors\":[1,{\"name\":2}]}", "{\"perplexity\":\"x\"}"})
        EXPECT_FALSE(versionQualityFrom(bad).perplexity) << bad;
}

TEST(JobTexts, WhatCalibratesDoesNotJudge) {
    EXPECT_GT(calibrationPart().size(), 10'000U);
    EXPECT_GT(evaluationPart().size(), 8'000U);
    EXPECT_EQ(calibrationPart().data() + calibrationPart().size(), evaluationPart().data());
}

} // namespace
