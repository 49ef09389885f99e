// Transfers from beginning to end: resuming, sharing, repairing, giving way, falling back.

#include <cerrno>
#include <csignal>
#include <random>
#include <thread>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/hub/hub_bench.h"

namespace {

using namespace hearth;
using namespace hearth::hub;
using namespace hearth::test;

/// Runs a transfer until it has `bytes`, then stops it.
Result<TransferResult> stopAt(HubBench& bench, TransferJob todo, std::uint64_t bytes) {
    return waitFor<TransferResult>([&](auto done) {
        auto* one = new Transfer(std::move(todo), bench.transfer);
        one->onEnd = [one, done](Result<TransferResult> result) {
            one->deleteLater();
            done(std::move(result));
        };
        one->onBytes = [one, bytes](std::uint64_t have) {
            if (have >= bytes)
                QMetaObject::invokeMethod(
                    one, [one] { one->stop(); }, Qt::QueuedConnection);
        };
        one->start();
    });
}

std::uint64_t known(const std::filesystem::path& target) {
    const auto ledger = Ledger::read(ledgerOf(target));
    std::uint64_t bytes = 0;
    if (ledger)
        for (const auto& chunk : ledger->chunks)
            bytes += chunk.bytes;
    return bytes;
}

TEST(Transfer, GoesOnWhereItStopped) {
    HubBench bench;
    const QByteArray bytes = someBytes(200'000);
    bench.addFile(bytes);
    bench.hub.sendSlowly(2'000);
    const auto stopped = stopAt(bench, bench.job(), 90'000);
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, kCancelled);
    ASSERT_TRUE(bench.hasPartial());
    const auto have = known(bench.target());
    EXPECT_GE(have, 90'000u);
    bench.hub.setFaults(nullptr);
    const auto result = bench.run();
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_EQ(result->received, 200'000 - have) << "no byte came twice";
    EXPECT_TRUE(bench.read(bench.target()) == bytes);
}

TEST(Transfer, WhatWasBegunIsFinishedThoughTheBranchMovesOn) {
    HubBench bench;
    const QByteArray bytes = someBytes(50'000);
    bench.addFile(bytes);
    bench.hub.sendSlowly(2'000);
    EXPECT_FALSE(stopAt(bench, bench.job(), 20'000));
    bench.hub.forgetRequests();
    ASSERT_TRUE(bench.run());
    for (const auto& request : bench.hub.requests())
        if (request.what == HubRequest::What::Resolve) {
            EXPECT_TRUE(request.path.contains(QString(40, u'a')))
                << "the commit, not the branch: " << request.path.toStdString();
        }
}

TEST(Transfer, SmallFilesAreCheckedTheWayGitNamesThem) {
    HubBench bench;
    bench.addFile("{\"a\": 1}", "owner/model", "config.json");
    const auto good = bench.run(bench.job("config.json"));
    ASSERT_TRUE(good) << good.error().message();
    EXPECT_EQ(good->origin.gitSha1, gitSha1Of("{\"a\": 1}"));
    EXPECT_TRUE(bench.read(bench.target("config.json")) == "{\"a\": 1}");
    bench.addFile("", "owner/model", "empty.txt");
    const auto empty = bench.run(bench.job("empty.txt"));
    ASSERT_TRUE(empty) << empty.error().message();
    EXPECT_EQ(std::filesystem::file_size(bench.target("empty.txt")), 0u);
}

TEST(Transfer, AFileThatIsThereIsLookedAtAndNeverOverwritten) {
    HubBench bench;
    const QByteArray bytes = someBytes(30'000);
    bench.addFile(bytes);
    ASSERT_TRUE(bench.run());
    const auto again = bench.run();
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->wasThere);
    EXPECT_EQ(again->received, 0u);
    std::ofstream(bench.target()) << "mine";
    const auto other = bench.run();
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, "hub.target_exists");
    EXPECT_TRUE(bench.read(bench.target()) == "mine");
}

TEST(Transfer, APartialFileOfSomethingElseIsKeptAside) {
    HubBench bench;
    const QByteArray bytes = someBytes(30'000);
    bench.addFile(bytes);
    std::ofstream(partialOf(bench.target())) << "of another program";
    const auto result = bench.run();
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_TRUE(bench.read(bench.target()) == bytes);
    EXPECT_TRUE(bench.read(bench.target().string() + ".kept-1") == "of another program");
}

TEST(Transfer, OneWriterOnly) {
    HubBench bench;
    bench.addFile(someBytes(30'000));
    {
        const auto held = PartialFile::open(bench.target());
        ASSERT_TRUE(held);
        // Locks are of open files, so this process counts as another one.
        const auto second = bench.run();
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, "hub.in_use");
    }
    EXPECT_TRUE(bench.run());
}

TEST(Transfer, FullDisks) {
    HubBench bench;
    bench.addFile(someBytes(100'000));
    bench.transfer.freeBytes = [](const std::filesystem::path&) {
        return std::optional<std::uint64_t>(104'000);
    };
    const auto tight = bench.run();
    ASSERT_FALSE(tight);
    EXPECT_EQ(tight.error().code, "hub.no_space");
    EXPECT_EQ(tight.error().arg("needed_bytes"), "105000") << "5 % stay free";
    EXPECT_EQ(tight.error().arg("free_bytes"), "104000");
    bench.transfer.freeBytes = [](const std::filesystem::path&) { return std::nullopt; };
    EXPECT_TRUE(bench.run());
    EXPECT_EQ(diskError("/x", ENOSPC, "file.write_failed").value().code, "file.disk_full");
}

TEST(Transfer, ChangedBytesOnTheDiskAreFetchedAgainAlone) {
    HubBench bench;
    const QByteArray bytes = someBytes(200'000);
    bench.addFile(bytes);
    bench.hub.sendSlowly(4'000);
    EXPECT_FALSE(stopAt(bench, bench.job(), 150'000));
    const auto have = known(bench.target());
    std::fstream file(partialOf(bench.target()), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(5'000);
    file.put(static_cast<char>(bytes[5'000] ^ 1));
    file.close();
    bench.hub.setFaults(nullptr);
    const auto result = bench.run();
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_EQ(result->repairedChunks, 1u);
    EXPECT_EQ(result->received, 200'000 - have + 4'096);
    EXPECT_TRUE(bench.read(bench.target()) == bytes);
}

TEST(Transfer, AnotherHubWithTheSameContentHelpsOut) {
    const QByteArray bytes = someBytes(100'000);
    for (const auto kind : {HubKind::HuggingFace, HubKind::ModelScope}) {
        HubBench bench;
        LocalHub second;
        LocalHub::Repository same;
        same.files["model-Q4_0.gguf"] = bytes;
        second.add("owner/model", same);
        bench.addFile(bytes);
        // It sends a part, and then nothing any more.
        bench.hub.setFaults([&](const HubRequest& request) {
            Fault fault;
            if (request.isBytes()) {
                fault.kind = bench.hub.bytesSent() < 30'000 ? Fault::Slow : Fault::Status;
                fault.at = 3'000;
                fault.status = 503;
            }
            return fault;
        });
        auto todo = bench.job();
        todo.sources.push_back(
            {bench.directory->client({kind, QStringLiteral("second"), second.url()}), "owner/model", ""});
        const auto result = bench.run(todo);
        ASSERT_TRUE(result) << result.error().message();
        EXPECT_TRUE(bench.read(bench.target()) == bytes);
        EXPECT_LT(second.bytesSent(), 100'000u) << "only what was missing";
        EXPECT_GT(second.bytesSent(), 0u);
    }
}

TEST(Transfer, AHubWithOtherContentDoesNotCount) {
    HubBench bench;
    LocalHub second;
    LocalHub::Repository other;
    other.files["model-Q4_0.gguf"] = someBytes(50'000, 2);
    second.add("owner/model", other);
    bench.addFile(someBytes(50'000, 1));
    bench.hub.setFaults([](const HubRequest& request) {
        Fault fault;
        if (request.isBytes()) {
            fault.kind = Fault::Status;
            fault.status = 404;
        }
        return fault;
    });
    auto todo = bench.job();
    todo.sources.push_back(
        {bench.directory->client({HubKind::HuggingFace, QStringLiteral("second"), second.url()}),
         "owner/model", ""});
    const auto result = bench.run(todo);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "hub.file_not_found") << "what the chosen hub says";
    EXPECT_EQ(second.bytesSent(), 0u);
}

TEST(Transfer, AStandInThatCannotBeReachedIsNotWaitedFor) {
    HubBench bench;
    LocalHub::Repository gated;
    gated.files["model-Q4_0.gguf"] = someBytes(1'000);
    gated.gated = true;
    bench.hub.add("owner/model", gated);
    auto todo = bench.job();
    todo.sha256 = sha256Of(someBytes(1'000));
    todo.sources.push_back({bench.directory->client({HubKind::HuggingFace, QStringLiteral("gone"),
                                                     QUrl(QStringLiteral("http://127.0.0.1:1"))}),
                            "owner/model", ""});
    const auto result = bench.run(todo);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "hub.gated") << "what the person can do something about";
}

TEST(Transfer, WrongChunksComeFromTheSecondHub) {
    const QByteArray bytes = someBytes(100'000);
    HubBench bench;
    LocalHub second;
    LocalHub::Repository same;
    same.files["model-Q4_0.gguf"] = bytes;
    second.add("owner/model", same);
    bench.addFile(bytes);
    bench.hub.setFaults([](const HubRequest& request) {
        Fault fault;
        if (request.isBytes()) {
            fault.kind = Fault::WrongBytes;
            fault.at = 10'000;
        }
        return fault;
    });
    auto todo = bench.job();
    todo.sources.push_back(
        {bench.directory->client({HubKind::HuggingFace, QStringLiteral("second"), second.url()}),
         "owner/model", ""});
    const auto result = bench.run(todo);
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_EQ(result->repairedChunks, 1u);
    EXPECT_TRUE(bench.read(bench.target()) == bytes);
    EXPECT_LT(second.bytesSent(), 100'000u) << "it ends as soon as the whole is right";
}

TEST(Transfer, SpeedLimitHoldsOverAllConnections) {
    HubBench bench;
    bench.addFile(someBytes(300'000));
    bench.transfer.clock = systemClock(1);
    bench.transfer.limit = std::make_shared<SpeedLimit>(bench.transfer.clock);
    bench.transfer.limit->set(400'000);
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_TRUE(bench.run());
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
    EXPECT_GT(passed.count(), 0.6) << "300 kB at 400 kB/s, less what comes at once";
}

TEST(Transfer, StatusTellsSpeedAndNothingOnAStall) {
    HubBench bench;
    bench.addFile(someBytes(100'000));
    // Every connection stalls until the transfer was seen waiting for all of them.
    auto waited = std::make_shared<std::atomic<bool>>(false);
    bench.hub.setFaults([waited](const HubRequest& request) {
        Fault fault;
        if (request.isBytes() && !*waited) {
            fault.kind = Fault::Stall;
            fault.at = 1'000;
        }
        return fault;
    });
    bool wasBlank = false, verified = false;
    bench.onStatus = [&](const TransferStatus& now) {
        if (now.phase == TransferPhase::Receiving && now.bytesDone > 0 && now.bytesPerSecond == 0) {
            wasBlank = true;
            EXPECT_FALSE(now.remaining);
        }
        if (now.phase == TransferPhase::Waiting && now.problem && now.problem->code == "hub.stalled")
            *waited = true;
        verified = verified || now.phase == TransferPhase::Verifying;
    };
    ASSERT_TRUE(bench.run());
    EXPECT_TRUE(wasBlank);
    EXPECT_TRUE(*waited);
    EXPECT_TRUE(verified);
}

/// The helper as a process of its own.
class Helper {
public:
    Helper(const LocalHub& hub, const std::filesystem::path& target, const std::filesystem::path& counter,
           const char* limit = nullptr) {
        const std::string url = hub.url().toString().toStdString(); // nothing may be allocated after the fork
        m_pid = ::fork();
        if (m_pid == 0) {
            ::execl(HEARTH_FETCH_HELPER, "fetch_helper", url.c_str(), target.c_str(), counter.c_str(), limit,
                    nullptr);
            ::_exit(127);
        }
    }
    /// Exit code, or −1 when it was killed.
    int wait() {
        int status = 0;
        ::waitpid(m_pid, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    void kill() const { ::kill(m_pid, SIGKILL); }

private:
    pid_t m_pid;
};

class Counter {
public:
    explicit Counter(const std::filesystem::path& file) : path(file) {
        std::ofstream(file) << std::string(8, '\0');
        const int fd = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
        m_place = static_cast<std::uint64_t*>(::mmap(nullptr, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
        ::close(fd);
    }
    ~Counter() { ::munmap(m_place, 8); }
    [[nodiscard]] std::uint64_t value() const { return __atomic_load_n(m_place, __ATOMIC_ACQUIRE); }
    void clear() { __atomic_store_n(m_place, 0, __ATOMIC_RELEASE); }
    std::filesystem::path path;

private:
    std::uint64_t* m_place;
};

TEST(KilledTransfer, TwoHundredKillsLoseLessThanAChunkEach) {
    constexpr std::uint64_t kChunk = 64 << 10;
    HubBench bench;
    const QByteArray bytes = someBytes(24 << 20);
    bench.addFile(bytes);
    bench.hub.sendSlowly(8 << 10);
    Counter counter(bench.folder.path() / "counter");
    std::mt19937 random(7);
    std::uint64_t before = 0, lost = 0;
    int kills = 0, advanced = 0;
    while (kills < 200) {
        counter.clear();
        Helper helper(bench.hub, bench.target(), counter.path);
        // Until it goes on, and then a random moment longer.
        const std::uint64_t goal = before + 1 + random() % (100 << 10);
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (counter.value() < goal && std::chrono::steady_clock::now() < patience)
            std::this_thread::sleep_for(std::chrono::microseconds(300));
        helper.kill();
        ASSERT_EQ(helper.wait(), -1) << "it was not done yet";
        ++kills;
        const std::uint64_t written = counter.value(), kept = known(bench.target());
        ASSERT_LE(kept, written + kChunk) << "it knows of no more than there is";
        ASSERT_GE(kept + kChunk, written) << "at most a chunk is lost";
        lost = std::max(lost, written - std::min(written, kept));
        advanced += kept > before;
        before = kept;
        if (before > (20u << 20))
            break;
    }
    EXPECT_EQ(kills, 200);
    EXPECT_GT(advanced, 100) << "most kills come while bytes do";
    bench.hub.setFaults(nullptr);
    Helper last(bench.hub, bench.target(), counter.path);
    EXPECT_EQ(last.wait(), 0);
    EXPECT_TRUE(bench.read(bench.target()) == bytes);
    RecordProperty("most_bytes_lost", std::to_string(lost));
}

TEST(Processes, TheSecondOneIsToldAndAFullDiskKeepsWhatCame) {
    HubBench bench;
    const QByteArray bytes = someBytes(1 << 20);
    bench.addFile(bytes);
    bench.hub.sendSlowly(8 << 10);
    Counter counter(bench.folder.path() / "counter"), other(bench.folder.path() / "other");
    Helper first(bench.hub, bench.target(), counter.path);
    while (counter.value() == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    Helper second(bench.hub, bench.target(), other.path);
    EXPECT_EQ(second.wait(), 2) << "hub.in_use";
    EXPECT_EQ(first.wait(), 0);
    EXPECT_TRUE(bench.read(bench.target()) == bytes);
    std::filesystem::remove(bench.target());
    Helper full(bench.hub, bench.target(), counter.path, "500000");
    EXPECT_EQ(full.wait(), 3) << "a limit of 500 000 bytes";
    bench.hub.setFaults(nullptr);
    EXPECT_TRUE(bench.run()) << "with room, it goes on";
    EXPECT_TRUE(bench.read(bench.target()) == bytes);
}

} // namespace
