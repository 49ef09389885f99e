// The queue of downloads: order, pausing, persistence, removal.

#include <fstream>
#include <map>
#include <set>

#include <QtCore/QElapsedTimer>

#include "engine/hub/download_queue.h"
#include "tests/hub/hub_bench.h"

namespace {

using namespace hearth;
using namespace hearth::hub;
using namespace hearth::test;

/// A queue over a local hub, made anew as often as a program starts.
class Queue : public testing::Test {
protected:
    Queue() {
        for (int i = 0; i < 4; ++i)
            bench.addFile(someBytes(60'000, static_cast<unsigned>(i)), "owner/model" + std::to_string(i));
        open();
    }
    void open() {
        queue.reset();
        QueueOptions options;
        options.file = bench.folder.path() / "downloads.json";
        options.transfer = bench.transfer;
        queue = std::make_unique<DownloadQueue>(*bench.directory, options,
                                                [this](const ArrivedFile& file) -> Result<void> {
                                                    arrived.push_back(file);
                                                    if (refuse)
                                                        return fail("library.refused", "no");
                                                    return {};
                                                });
        queue->onProblem = [this](const Error& error) { problem = error; };
        opened = queue->open();
    }
    DownloadRequest request(int i) {
        DownloadRequest out;
        out.endpoint = bench.endpoint();
        out.repository = "owner/model" + std::to_string(i);
        out.revision = "main";
        out.file = "model-Q4_0.gguf";
        out.folder = bench.folder.path() / "models";
        out.licence = "mit";
        out.quantisation = "Q4_0";
        return out;
    }
    std::filesystem::path place(int i) {
        return bench.folder.path() / "models" / "owner" / ("model" + std::to_string(i)) / "model-Q4_0.gguf";
    }
    /// Runs the event loop until it is so.
    bool until(const std::function<bool()>& condition) {
        QElapsedTimer timer;
        timer.start();
        while (!condition() && timer.elapsed() < 120'000)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 20);
        return condition();
    }
    DownloadState stateOf(std::uint64_t id) { return queue->find(id)->download.state; }

    HubBench bench;
    std::vector<ArrivedFile> arrived;
    bool refuse = false;
    std::optional<Error> problem;
    Result<void> opened;
    std::unique_ptr<DownloadQueue> queue;
};

TEST_F(Queue, FetchesAllAndTellsTheLibrary) {
    for (int i = 0; i < 4; ++i)
        ASSERT_TRUE(queue->add(request(i)));
    ASSERT_TRUE(queue->add(request(1))) << "the same again is the same one";
    EXPECT_EQ(queue->list().size(), 4u);
    ASSERT_TRUE(until([&] { return queue->isIdle(); }));
    ASSERT_EQ(arrived.size(), 4u);
    for (const auto& file : arrived) {
        EXPECT_EQ(file.sha256, sha256Of(bench.read(file.path)));
        EXPECT_EQ(file.revision, std::string(40, 'a'));
        EXPECT_EQ(file.licence, "mit");
        EXPECT_EQ(file.bytes, 60'000u);
    }
    EXPECT_TRUE(bench.read(place(2)) == someBytes(60'000, 2));
    queue->clearFinished();
    EXPECT_TRUE(queue->list().empty());
    EXPECT_TRUE(std::filesystem::exists(place(2))) << "finished files stay";
}

TEST_F(Queue, TwoAtATime) {
    bench.hub.sendSlowly(150);
    std::vector<std::uint64_t> ids;
    for (int i = 0; i < 4; ++i)
        ids.push_back(*queue->add(request(i)));
    ASSERT_TRUE(until([&] { return queue->find(ids[0])->download.bytesDone > 0; }));
    EXPECT_EQ(stateOf(ids[0]), DownloadState::Active);
    EXPECT_EQ(stateOf(ids[1]), DownloadState::Active);
    EXPECT_EQ(stateOf(ids[2]), DownloadState::Queued);
    EXPECT_TRUE(queue->find(ids[0])->transfer.has_value());
    queue->pause(ids[0]);
    EXPECT_EQ(stateOf(ids[0]), DownloadState::Paused);
    EXPECT_EQ(stateOf(ids[2]), DownloadState::Active) << "its place is free";
    bench.hub.setFaults(nullptr);
    ASSERT_TRUE(until([&] { return queue->isIdle(); }));
    EXPECT_EQ(stateOf(ids[0]), DownloadState::Paused);
    EXPECT_FALSE(std::filesystem::exists(place(0)));
    queue->resume(ids[0]);
    ASSERT_TRUE(until([&] { return queue->isIdle(); }));
    EXPECT_TRUE(bench.read(place(0)) == someBytes(60'000, 0));
}

TEST_F(Queue, SurvivesARestart) {
    bench.hub.sendSlowly(150);
    const auto first = *queue->add(request(0)), second = *queue->add(request(1)),
               third = *queue->add(request(2));
    ASSERT_TRUE(until([&] { return queue->find(first)->download.bytesDone > 10'000; }));
    queue->pause(second);
    open(); // as a new start
    ASSERT_TRUE(opened);
    ASSERT_EQ(queue->list().size(), 3u);
    EXPECT_EQ(stateOf(second), DownloadState::Paused);
    EXPECT_GT(queue->find(first)->download.bytesDone, 10'000u) << "shown before a byte comes";
    bench.hub.setFaults(nullptr);
    ASSERT_TRUE(until([&] { return queue->isIdle(); }));
    EXPECT_EQ(stateOf(first), DownloadState::Finished);
    EXPECT_EQ(stateOf(third), DownloadState::Finished);
    EXPECT_NE(*queue->add(request(3)), third) << "ids are not used twice";
}

TEST_F(Queue, OneCopyOfTheProgramOnly) {
    DownloadQueue other(*bench.directory, {bench.folder.path() / "downloads.json", 2, bench.transfer}, {});
    EXPECT_EQ(other.open().error().code, "hub.queue_in_use");
}

TEST_F(Queue, ADamagedListIsMovedAside) {
    queue.reset();
    std::ofstream(bench.folder.path() / "downloads.json") << "{\"version\":1,\"down";
    open();
    ASSERT_TRUE(opened);
    EXPECT_EQ(problem->code, "hub.queue_damaged");
    EXPECT_TRUE(bench.read(bench.folder.path() / "downloads.json.bad").startsWith("{\"version\""));
    EXPECT_TRUE(queue->list().empty());
}

TEST_F(Queue, RemovingTakesThePartialFileAlong) {
    bench.hub.sendSlowly(150);
    const auto id = *queue->add(request(0));
    ASSERT_TRUE(until([&] { return queue->find(id)->download.bytesDone > 10'000; }));
    EXPECT_TRUE(std::filesystem::exists(partialOf(place(0))));
    queue->remove(id);
    EXPECT_FALSE(queue->find(id));
    EXPECT_FALSE(std::filesystem::exists(partialOf(place(0))));
    EXPECT_FALSE(std::filesystem::exists(ledgerOf(place(0))));
    EXPECT_FALSE(std::filesystem::exists(place(0).parent_path())) << "nor empty folders";
}

TEST_F(Queue, FailureIsToldAndTriedAgain) {
    auto missing = request(0);
    missing.file = "none.gguf";
    const auto id = *queue->add(missing);
    ASSERT_TRUE(until([&] { return stateOf(id) == DownloadState::Failed; }));
    EXPECT_EQ(queue->find(id)->download.problem->code, "hub.file_not_found");
    EXPECT_EQ(queue->find(id)->download.problem->arg("received_bytes"), "") << "nothing came";
    LocalHub::Repository now;
    now.files["none.gguf"] = "x";
    bench.hub.add("owner/model0", now);
    queue->resume(id);
    ASSERT_TRUE(until([&] { return stateOf(id) == DownloadState::Finished; }));
    auto unsafe = request(0);
    unsafe.file = "../x";
    EXPECT_EQ(queue->add(unsafe).error().code, "hub.unsafe_name");
}

TEST_F(Queue, WhatBreaksOffSaysWhatIsKept) {
    bench.hub.sendSlowly(150);
    const auto id = *queue->add(request(0));
    ASSERT_TRUE(until([&] { return queue->find(id)->download.bytesDone > 5'000; }));
    queue->pause(id);
    bench.hub.setFaults([](const HubRequest& asked) {
        Fault fault;
        fault.kind = asked.isBytes() ? Fault::Status : Fault::None;
        fault.status = 403;
        return fault;
    });
    queue->resume(id);
    ASSERT_TRUE(until([&] { return stateOf(id) == DownloadState::Failed; }));
    const Error told = *queue->find(id)->download.problem;
    EXPECT_GT(std::stoull("0" + told.arg("received_bytes")), 5'000u) << told.message();
    EXPECT_TRUE(std::filesystem::exists(partialOf(place(0))));
}

/// Two people with tokens of their own; the queue's directory has none.
class Owners : public Queue {
protected:
    struct Access {
        std::unique_ptr<HttpClient> http;
        std::unique_ptr<HubDirectory> directory;
    };
    void bring(const std::string& owner, const char* token) {
        auto options = optionsFor(bench.hub);
        options.token = [bytes = QByteArray(token)](const QString&) { return bytes; };
        auto& access = accesses[owner];
        access.http = std::make_unique<HttpClient>(std::move(options));
        access.directory =
            std::make_unique<HubDirectory>(*access.http, std::vector<Endpoint>{bench.endpoint()});
    }
    Owners() {
        for (int i = 0; i < 2; ++i) {
            LocalHub::Repository gated;
            gated.files["model-Q4_0.gguf"] = someBytes(60'000, static_cast<unsigned>(i));
            gated.gated = true;
            gated.token = "hf_ann";
            bench.hub.add("owner/model" + std::to_string(i), gated);
        }
        reopen();
    }
    ~Owners() override { queue.reset(); }
    void reopen() {
        open();
        queue->accessOf = [this](const std::string& owner) {
            const auto found = here.contains(owner) ? accesses.find(owner) : accesses.end();
            return found == accesses.end() ? nullptr : found->second.directory.get();
        };
    }
    DownloadRequest of(const std::string& owner, int i) {
        auto out = request(i);
        out.owner = owner;
        return out;
    }
    std::set<QByteArray> tokensSent() {
        std::set<QByteArray> out;
        for (const auto& asked : bench.hub.requests())
            if (const auto sent = asked.field("authorization"); !sent.isEmpty())
                out.insert(sent);
        return out;
    }
    std::map<std::string, Access> accesses;
    std::set<std::string> here;
};

TEST_F(Owners, EveryDownloadIsFetchedWithTheAccessOfWhoAskedForIt) {
    bring("ann", "hf_ann");
    bring("bob", "hf_bob");
    here = {"ann", "bob"};
    bench.hub.sendSlowly(150);
    const auto hers = *queue->add(of("ann", 0));
    ASSERT_TRUE(until([&] { return queue->find(hers)->download.bytesDone > 5'000; }));
    EXPECT_FALSE(queue->isIdle("ann"));
    EXPECT_TRUE(queue->isIdle("bob"));
    const auto his = *queue->add(of("bob", 1)); // while hers runs
    bench.hub.setFaults(nullptr);
    ASSERT_TRUE(until([&] { return queue->isIdle(); }));
    EXPECT_EQ(stateOf(hers), DownloadState::Finished);
    EXPECT_EQ(stateOf(his), DownloadState::Failed);
    EXPECT_EQ(queue->find(his)->download.problem->code, "hub.gated") << "his token does not open it";
    // Whoever tries again does it with their own access.
    queue->resume(his, "ann");
    ASSERT_TRUE(until([&] { return queue->isIdle(); }));
    EXPECT_EQ(stateOf(his), DownloadState::Finished);
}

TEST_F(Owners, WhatNeedsSomebodyWaitsForThem) {
    bring("ann", "hf_ann");
    bring("bob", "hf_bob");
    here = {"bob"};
    const auto hers = *queue->add(of("ann", 0)), open_ = *queue->add(of("ann", 2));
    ASSERT_TRUE(until([&] { return queue->isIdle(); }));
    EXPECT_EQ(stateOf(open_), DownloadState::Finished) << "what everybody may have does not wait";
    EXPECT_EQ(stateOf(hers), DownloadState::Paused);
    EXPECT_EQ(queue->find(hers)->download.problem->code, "hub.owner_away");
    EXPECT_TRUE(tokensSent().empty()) << "nobody else's token was tried";
    queue->ownerCame("bob");
    EXPECT_EQ(stateOf(hers), DownloadState::Paused);
    reopen(); // also after the next start
    EXPECT_EQ(queue->find(hers)->download.owner, "ann");
    EXPECT_EQ(stateOf(hers), DownloadState::Paused);
    here.insert("ann");
    queue->ownerCame("ann");
    ASSERT_TRUE(until([&] { return queue->isIdle(); }));
    EXPECT_EQ(stateOf(hers), DownloadState::Finished);
    EXPECT_EQ(tokensSent(), std::set<QByteArray>{"Bearer hf_ann"});
}

TEST_F(Queue, APartThatLeftTheListKeepsItsHash) {
    const std::string first = "m-00001-of-00002.gguf", second = "m-00002-of-00002.gguf";
    LocalHub::Repository set;
    set.files[first] = someBytes(20'000, 1);
    set.files[second] = someBytes(30'000, 2);
    bench.hub.add("owner/model0", set);
    const auto fetch = [&](const std::string& file) {
        auto wanted = request(0);
        wanted.file = file;
        const auto id = *queue->add(wanted);
        EXPECT_TRUE(until([&] { return queue->isIdle(); }));
        EXPECT_EQ(stateOf(id), DownloadState::Finished);
        return id;
    };
    fetch(first);
    queue->clearFinished();
    EXPECT_TRUE(queue->list().empty());
    open(); // it is still known after a restart
    const auto id = fetch(second);
    ASSERT_EQ(arrived.back().beside.size(), 1u);
    EXPECT_EQ(arrived.back().beside[0].path.filename(), first);
    EXPECT_EQ(arrived.back().beside[0].sha256, sha256Of(set.files[first]));
    // A file that is not what it was has no known hash.
    const auto changed = place(0).parent_path() / first;
    std::ofstream(changed, std::ios::binary) << std::string(20'000, 'x');
    std::filesystem::last_write_time(changed,
                                     std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
    queue->remove(id);
    std::filesystem::remove(place(0).parent_path() / second);
    fetch(second);
    EXPECT_TRUE(arrived.back().beside.empty());
}

TEST_F(Queue, WhatTheLibraryRefusesStaysOnTheDisk) {
    refuse = true;
    const auto id = *queue->add(request(0));
    ASSERT_TRUE(until([&] { return stateOf(id) == DownloadState::Finished; }));
    EXPECT_EQ(queue->find(id)->download.problem->code, "library.refused");
    EXPECT_TRUE(std::filesystem::exists(place(0)));
}

} // namespace
