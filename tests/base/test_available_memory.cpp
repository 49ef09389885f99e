#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "engine/base/available_memory.h"
#include "tests/support/temporary_folder.h"

namespace {

/// A made-up machine below a folder of its own.
class AvailableMemory : public testing::Test {
protected:
    void write(const std::string& path, const std::string& text) {
        const auto full = m_folder.path() / path;
        std::filesystem::create_directories(full.parent_path());
        std::ofstream(full) << text;
    }
    [[nodiscard]] std::optional<std::uint64_t> available() const {
        return hearth::availableMemory(m_folder.path());
    }
    void giveSystem(std::uint64_t kib) {
        write("proc/meminfo", "MemTotal: 8000000 kB\nMemFree: 5 kB\nMemAvailable: " + std::to_string(kib) +
                                  " kB\nBuffers: 1 kB\n");
    }
    hearth::test::TemporaryFolder m_folder;
};

TEST_F(AvailableMemory, UnknownWhenNothingTells) {
    EXPECT_EQ(available(), std::nullopt);
}

TEST_F(AvailableMemory, OfTheSystem) {
    giveSystem(1000);
    EXPECT_EQ(available(), 1'024'000U);
}

TEST_F(AvailableMemory, GroupsV2TightestCountsAndPageCacheIsFree) {
    giveSystem(1000);
    write("proc/self/cgroup", "0::/user/app\n");
    write("sys/fs/cgroup/user/memory.max", "500000\n");
    write("sys/fs/cgroup/user/memory.current", "100000\n");
    write("sys/fs/cgroup/user/app/memory.max", "300000\n");
    write("sys/fs/cgroup/user/app/memory.current", "200000\n");
    write("sys/fs/cgroup/user/app/memory.stat", "anon 1\ninactive_file 50000\n");
    EXPECT_EQ(available(), 150'000U);
    write("sys/fs/cgroup/user/memory.current", "480000\n");
    EXPECT_EQ(available(), 20'000U);
    write("sys/fs/cgroup/user/memory.current", "600000\n"); // above its limit
    EXPECT_EQ(available(), 0U);
}

TEST_F(AvailableMemory, GroupsWithoutALimitDoNotCount) {
    giveSystem(1000);
    write("proc/self/cgroup", "0::/user\n");
    write("sys/fs/cgroup/user/memory.max", "max\n");
    write("sys/fs/cgroup/user/memory.current", "100\n");
    EXPECT_EQ(available(), 1'024'000U);
}

TEST_F(AvailableMemory, GroupsV1) {
    giveSystem(1000);
    write("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/job\n");
    write("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "9000\n");
    write("sys/fs/cgroup/memory/job/memory.usage_in_bytes", "8000\n");
    write("sys/fs/cgroup/memory/job/memory.stat", "total_inactive_file 500\n");
    EXPECT_EQ(available(), 1500U);
}

TEST_F(AvailableMemory, InAContainerTheMountItselfCounts) {
    giveSystem(1000);
    write("proc/self/cgroup", "0::/../../elsewhere\n");
    write("sys/fs/cgroup/memory.max", "70000\n");
    write("sys/fs/cgroup/memory.current", "0\n");
    EXPECT_EQ(available(), 70'000U);
}

TEST_F(AvailableMemory, DamagedFilesAreIgnored) {
    giveSystem(1000);
    write("proc/self/cgroup", "nonsense\n0::\n");
    write("sys/fs/cgroup/memory.max", "12x\n");
    write("sys/fs/cgroup/memory.current", "-4\n");
    EXPECT_EQ(available(), 1'024'000U);
}

TEST(AvailableMemoryHere, IsPlausible) {
    const auto bytes = hearth::availableMemory();
    ASSERT_TRUE(bytes.has_value());
    EXPECT_GT(*bytes, 1U << 20);
}

} // namespace
