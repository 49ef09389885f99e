// job_runner FOLDER: runs the queued jobs of FOLDER until none is left or it is killed. Prints "phase" when a
// job reports quantising, so that its killer knows when.

#include <chrono>
#include <cstdio>
#include <thread>

#include "engine/workbench/jobs/job_queue.h"

int main(int argc, char** argv) {
    using namespace hearth::workbench;
    if (argc != 2)
        return 2;
    const std::filesystem::path folder(argv[1]);
    const JobFiles files{folder / "jobs.db", folder / "library.db", folder / "scratch"};
    JobEvents events;
    events.progress = [](const JobProgress& progress) {
        if (progress.phase == "job.quantise") {
            std::puts("quantising");
            std::fflush(stdout);
            std::this_thread::sleep_for(std::chrono::milliseconds(2)); // a small model would be done too soon
        }
    };
    JobQueue queue(files, {folder / "models", {}}, 2, std::move(events));
    auto store = JobStore::open(files.jobs);
    for (;;) {
        const auto jobs = store->list();
        if (!jobs)
            return 1;
        bool open = false;
        for (const Job& job : *jobs)
            open = open || job.state == JobState::Queued || job.state == JobState::Running;
        if (!open)
            return 0;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}
