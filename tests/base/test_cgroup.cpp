#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "engine/base/cgroup.h"
#include "engine/base/usable_cores.h"
#include "tests/support/temporary_folder.h"

namespace {

/// A made-up machine below a folder of its own.
class Cgroup : public testing::Test {
protected:
    void write(const std::string& path, const std::string& text) {
        const auto full = m_folder.path() / path;
        std::filesystem::create_directories(full.parent_path());
        std::ofstream(full) << text;
    }
    [[nodiscard]] hearth::CgroupLimits limits() const { return hearth::cgroupLimits(m_folder.path()); }
    [[nodiscard]] std::size_t cores() const { return hearth::usableCores(m_folder.path()); }
    /// Eight logical processors, two to a core.
    void giveProcessors(const std::string& allowed, const std::string& online = "0-7") {
        write("proc/self/status", "Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t" + allowed + "\n");
        write("sys/devices/system/cpu/online", online + "\n");
        for (int cpu = 0; cpu < 8; ++cpu)
            write("sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/thread_siblings_list",
                  std::to_string(cpu % 4) + "," + std::to_string(cpu % 4 + 4) + "\n");
    }
    hearth::test::TemporaryFolder m_folder;
};

TEST_F(Cgroup, NothingToldIsNoLimit) {
    EXPECT_FALSE(limits().memoryBytes || limits().memoryLeftBytes || limits().processors);
}

TEST_F(Cgroup, QuotaOfTheTightestGroupCounts) {
    write("proc/self/cgroup", "0::/slice/app\n");
    write("sys/fs/cgroup/slice/cpu.max", "150000 100000\n");
    write("sys/fs/cgroup/slice/app/cpu.max", "max 100000\n");
    EXPECT_EQ(limits().processors, 1.5);
    write("sys/fs/cgroup/slice/app/cpu.max", "50000 100000\n");
    EXPECT_EQ(limits().processors, 0.5);
}

TEST_F(Cgroup, QuotaInVersionOneUnderEitherMountName) {
    write("proc/self/cgroup", "3:cpu,cpuacct:/job\n2:memory:/job\n");
    write("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "250000\n");
    write("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");
    EXPECT_EQ(limits().processors, 2.5);
    write("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "-1\n");
    EXPECT_EQ(limits().processors, std::nullopt);
}

TEST_F(Cgroup, LimitWithoutUsageIsKnownAndVersionOneHasAWordForNone) {
    write("proc/self/cgroup", "0::/\n5:memory:/\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    EXPECT_EQ(limits().memoryBytes, std::nullopt);
    write("sys/fs/cgroup/memory.max", "4294967296\n");
    EXPECT_EQ(limits().memoryBytes, 4'294'967'296U);
    EXPECT_EQ(limits().memoryLeftBytes, std::nullopt);
}

TEST_F(Cgroup, GarbageSetsNoLimit) {
    write("proc/self/cgroup", std::string("\0\xff:::::\n0::/\n:\n::\n", 14));
    for (const std::string text : {"", "0 0", "1 0", "x", "-5 100000", "99999999999999999999999 1", "7"}) {
        write("sys/fs/cgroup/cpu.max", text);
        EXPECT_EQ(limits().processors, std::nullopt) << text;
    }
}

TEST_F(Cgroup, CoresAreCountedOncePerPairOfThreads) {
    giveProcessors("0-7");
    EXPECT_EQ(cores(), 4U);
    giveProcessors("0,4,1");
    EXPECT_EQ(cores(), 2U);
}

TEST_F(Cgroup, SwitchedOffProcessorsDoNotCount) {
    giveProcessors("0-255", "0-1");
    EXPECT_EQ(cores(), 2U);
}

TEST_F(Cgroup, CoresAreCappedByAQuotaAnywhereAbove) {
    giveProcessors("0-7");
    write("proc/self/cgroup", "0::/slice/app\n");
    write("sys/fs/cgroup/slice/cpu.max", "150000 100000\n");
    EXPECT_EQ(cores(), 2U);
    write("sys/fs/cgroup/slice/cpu.max", "10000 100000\n");
    EXPECT_EQ(cores(), 1U);
    write("sys/fs/cgroup/slice/cpu.max", "6400000 100000\n");
    EXPECT_EQ(cores(), 4U);
}

TEST_F(Cgroup, DamagedListsOfProcessorsEnd) {
    for (const char* list : {"", "-", "3-1", "0-4294967295", "x", "1,,", "0-70000", "99999999999"}) {
        giveProcessors(list, list);
        EXPECT_GE(cores(), 1U) << list;
        EXPECT_LE(cores(), 4096U) << list;
    }
}

} // namespace
