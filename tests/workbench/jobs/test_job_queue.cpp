// The queue itself: one process runs it, and it survives trouble with its files.

#include "engine/workbench/jobs/job_queue.h"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <map>
#include <thread>

#include "tests/workbench/library/library_fixture.h"

namespace {

using namespace hearth;
using namespace hearth::workbench;
using namespace std::chrono_literals;

class Queue : public test::LibraryTest {
protected:
    JobFiles files() const { return {path("jobs.db"), path("library.db"), path("scratch")}; }
    template <class Condition>
    static bool eventually(Condition&& condition) {
        for (int i = 0; i < 12'000; ++i) {
            if (condition())
                return true;
            std::this_thread::sleep_for(10ms);
        }
        return false;
    }
};

TEST_F(Queue, OnlyOneProcessRunsJobs) {
    auto store = std::move(*JobStore::open(path("jobs.db")));
    JobQueue first(files(), {}, 1, {});
    const JobId warm = store.add({.kind = JobKind::Ask, .title = "x"}).value();
    first.wake();
    ASSERT_TRUE(eventually([&] { return store.get(warm)->state == JobState::Failed; }));
    EXPECT_EQ(store.get(warm)->error->code, "jobs.bad_request");
    std::atomic<int> told = 0;
    JobQueue second(files(), {}, 1, {.changed = [&](JobId) { ++told; }, .progress = {}, .failed = {}});
    const JobId id = store.add({.kind = JobKind::Ask, .title = "x"}).value();
    second.wake();
    std::this_thread::sleep_for(200ms);
    EXPECT_EQ(store.get(id)->state, JobState::Queued) << "the other one is in charge";
    EXPECT_EQ(told, 0);
    first.wake();
    EXPECT_TRUE(eventually([&] { return store.get(id)->state == JobState::Failed; }));
}

TEST_F(Queue, WhatRanWhenTheProgramDiedIsInterrupted) {
    auto store = std::move(*JobStore::open(path("jobs.db")));
    const JobId id = store.add({.kind = JobKind::Ask, .title = "x"}).value();
    ASSERT_TRUE(store.take(id).value());
    std::atomic<int> told = 0;
    JobQueue queue(files(), {}, 1, {.changed = [&](JobId) { ++told; }, .progress = {}, .failed = {}});
    EXPECT_TRUE(eventually([&] { return store.get(id)->state == JobState::Interrupted; }));
    EXPECT_TRUE(eventually([&] { return told > 0; }));
    queue.cancel(id); // it does not run: nothing happens
    EXPECT_EQ(store.get(id)->state, JobState::Interrupted);
}

TEST_F(Queue, APromptDoesNotOutliveTheProgramThatAsked) {
    auto store = std::move(*JobStore::open(path("jobs.db")));
    const JobId id = store.add({.kind = JobKind::Ask, .title = "x", .request = "private"}).value();
    ASSERT_TRUE(store.take(id).value());
    ASSERT_TRUE(store.end(id, JobState::Done, "{}"));
    const JobQueue queue(files(), {}, 1, {});
    EXPECT_TRUE(eventually([&] { return !store.get(id); }));
    EXPECT_EQ(test::codeOf(store.get(id)), "jobs.not_found");
}

TEST_F(Queue, WhatNobodyWillGoOnWithIsRemoved) {
    auto store = std::move(*JobStore::open(path("jobs.db")));
    std::map<JobState, JobId> jobs;
    for (const JobState state :
         {JobState::Done, JobState::Failed, JobState::Cancelled, JobState::Interrupted}) {
        const JobId id = store.add({.kind = JobKind::Measure, .title = "x"}).value();
        ASSERT_TRUE(store.take(id).value());
        ASSERT_TRUE(store.end(id, state, "{}"));
        jobs[state] = id;
    }
    const auto folder = [&](JobId id) { return path("scratch") / ("job-" + std::to_string(id)); };
    for (const auto& [state, id] : jobs) {
        std::filesystem::create_directories(folder(id) / "deeper");
        std::ofstream(folder(id) / "deeper" / "chunk") << std::string(1000, 'x');
        std::ofstream(folder(id) / "sums") << std::string(24, 'x');
    }
    std::filesystem::create_directories(folder(4711)); // forgotten
    std::filesystem::create_directories(path("scratch") / "job-a person's");
    const JobQueue queue(files(), {}, 1, {});
    EXPECT_TRUE(eventually([&] { return !std::filesystem::exists(folder(4711)); }));
    EXPECT_TRUE(eventually([&] {
        return !std::filesystem::exists(folder(jobs[JobState::Done])) &&
               !std::filesystem::exists(folder(jobs[JobState::Cancelled]));
    }));
    for (const JobState kept : {JobState::Failed, JobState::Interrupted})
        EXPECT_EQ(bytesHeld(*store.get(jobs[kept]), files()), 1024U);
    EXPECT_TRUE(std::filesystem::exists(path("scratch") / "job-a person's"));
    discardJob(*store.get(jobs[JobState::Failed]), files());
    EXPECT_EQ(bytesHeld(*store.get(jobs[JobState::Failed]), files()), 0U);
}

TEST_F(Queue, ADatabaseThatCannotBeOpenedIsTold) {
    std::ofstream(path("jobs.db")) << std::string(4096, 'x');
    std::atomic<bool> told = false;
    std::string code;
    JobQueue queue(files(), {}, 1, {.changed = {}, .progress = {}, .failed = [&](const Error& error) {
                                        code = error.code;
                                        told = true;
                                    }});
    ASSERT_TRUE(eventually([&] { return told.load(); }));
    queue.shutdown();
    EXPECT_EQ(code, "store.not_database");
}

} // namespace
