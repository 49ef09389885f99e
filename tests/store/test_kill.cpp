#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <random>
#include <sstream>
#include <thread>

#include "tests/store/child_process.h"
#include "tests/store/store_fixture.h"

namespace hearth::store {
namespace {

using test::ChildProcess;

/// What a writer said that it had written: message → the least length of its text.
using Acknowledged = std::map<RowId, std::size_t>;

void note(Acknowledged& acknowledged, const std::string& line) {
    std::istringstream words(line);
    std::string what;
    RowId id = 0;
    std::size_t length = 0;
    if (words >> what >> id >> length && what == "message")
        acknowledged[id] = length;
}

class KillTest : public test::StoreTest {
protected:
    void expectAllThere(const Acknowledged& acknowledged) {
        const auto history = open();
        ASSERT_TRUE(history);
        static_cast<void>(history->recoverInterrupted().value());
        for (const auto& [id, length] : acknowledged) {
            const auto message = history->message(id);
            ASSERT_TRUE(message) << "lost message " << id;
            EXPECT_GE(message->content.size(), length) << id;
            EXPECT_NE(message->state, MessageState::Streaming) << id;
        }
        if (!acknowledged.empty()) {
            EXPECT_GE(history->branchLength(1).value(), acknowledged.size());
        }
    }
};

/// 160 with every run of the tests; `ctest -C durability -L durability` asks for 1000.
int killRounds() {
    const char* wanted = std::getenv("HEARTH_KILL_ROUNDS");
    return wanted && std::atoi(wanted) > 0 ? std::atoi(wanted) : 160;
}

TEST_F(KillTest, KilledAtAnyTimeLosesNothingAcknowledged) {
    std::mt19937 random(20260131);
    Acknowledged all, acknowledged; // the latter since the last look at all of them
    const int rounds = killRounds();
    for (int round = 0; round < rounds && !HasFatalFailure(); ++round) {
        ChildProcess writer({STORE_WRITER, "write", file().string()});
        ASSERT_TRUE(writer.started());
        const unsigned lines = random() % 24;
        std::string line;
        for (unsigned i = 0; i < lines && writer.readLine(line); ++i)
            note(acknowledged, line);
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
        writer.killNow();
        while (writer.readLine(line))
            note(acknowledged, line);
        all.insert(acknowledged.begin(), acknowledged.end());
        for (const auto& [id, length] : acknowledged)
            all[id] = std::max(all[id], length);
        // A chat of thousands of messages is not read whole after each of a thousand kills.
        const bool whole = round % 50 == 49 || round + 1 == rounds;
        expectAllThere(whole ? all : acknowledged);
        acknowledged.clear();
    }
    EXPECT_GT(all.size(), 100U);
    std::printf("  %d kills, %zu acknowledged messages, none lost\n", rounds, all.size());
}

TEST_F(KillTest, KilledWhileTheFileIsCreated) {
    for (int round = 0; round < 40 && !HasFatalFailure(); ++round) {
        std::filesystem::remove_all(folder());
        std::filesystem::create_directory(folder());
        ChildProcess writer({STORE_WRITER, "write", file().string()});
        ASSERT_TRUE(writer.started());
        // From before the program has begun to after its first messages.
        std::this_thread::sleep_for(std::chrono::microseconds(round * 1500));
        writer.killNow();
        Acknowledged acknowledged;
        std::string line;
        while (writer.readLine(line))
            note(acknowledged, line);
        expectAllThere(acknowledged);
    }
}

TEST_F(KillTest, WriteErrorOfTheDiskLosesNothingAcknowledged) {
    // The operating system refuses to let any file of this process grow beyond a limit: SQLite sees a failing
    // write. (Beyond the limit there is no room for an error of the kind "disk full"; see
    // BadDatabase.DiskFull.)
    ChildProcess writer({STORE_WRITER, "write-limited", file().string(), "1500000"});
    ASSERT_TRUE(writer.started());
    Acknowledged acknowledged;
    std::string line, last;
    while (writer.readLine(line)) {
        note(acknowledged, line);
        last = line;
    }
    EXPECT_EQ(last, "error store.io");
    EXPECT_GT(acknowledged.size(), 10U);
    expectAllThere(acknowledged);
}

class ReadOnlyTest : public test::StoreTest {
protected:
    /// Root may write everywhere, so a process without its rights tries.
    std::string openedByNobody() {
        if (::geteuid() == 0) {
            ChildProcess child({STORE_WRITER, "open-as-nobody", file().string()});
            std::string line;
            child.readLine(line);
            return line;
        }
        const auto code = openError();
        return code.empty() ? "opened" : "error " + code;
    }
    void allow(const std::filesystem::path& path, unsigned mode) {
        std::filesystem::permissions(path, std::filesystem::perms(mode));
    }
};

TEST_F(ReadOnlyTest, ReadOnlyFile) {
    ASSERT_TRUE(open());
    allow(folder(), 0777);
    allow(file().string() + ".lock", 0666);
    allow(file(), 0444);
    EXPECT_EQ(openedByNobody(), "error store.read_only");
    allow(file(), 0666);
    EXPECT_EQ(openedByNobody(), "opened");
}

TEST_F(ReadOnlyTest, ReadOnlyFolder) {
    ASSERT_TRUE(open());
    std::filesystem::remove(file().string() + ".lock");
    allow(file(), 0666);
    allow(folder(), 0555);
    EXPECT_EQ(openedByNobody(), "error store.read_only");
    allow(folder(), 0700);
    EXPECT_TRUE(open());
}

} // namespace
} // namespace hearth::store
