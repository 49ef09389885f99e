#include <fstream>

#include <gtest/gtest.h>

#include <unistd.h>

#include "engine/base/available_memory.h"

namespace {

namespace fs = std::filesystem;

class FakeRoot : public testing::Test {
protected:
    void SetUp() override {
        m_root = fs::temp_directory_path() / ("hearth-root-" + std::to_string(::getpid()));
        fs::remove_all(m_root);
    }
    void TearDown() override { fs::remove_all(m_root); }
    void write(const std::string& path, const std::string& text) const {
        fs::create_directories((m_root / path).parent_path());
        std::ofstream(m_root / path) << text;
    }
    [[nodiscard]] std::optional<std::uint64_t> available() const { return hearth::availableMemory(m_root); }

private:
    fs::path m_root;
};
constexpr const char* kMemInfo = "MemTotal:       16000000 kB\nMemFree:  1 kB\nMemAvailable:    8000000 kB\n";
constexpr std::uint64_t kSystem = 8'000'000ULL * 1024;

TEST_F(FakeRoot, WithoutAnySourceNothingIsSaid) {
    EXPECT_EQ(available(), std::nullopt);
}

TEST_F(FakeRoot, TheSystemsFigureWithoutLimits) {
    write("proc/meminfo", kMemInfo);
    EXPECT_EQ(available(), kSystem);
    write("proc/self/cgroup", "0::/\n");
    write("sys/fs/cgroup/memory.max", "max\n");
    write("sys/fs/cgroup/memory.current", "123\n");
    EXPECT_EQ(available(), kSystem);
}

TEST_F(FakeRoot, ALimitOfTheOwnGroupCountsWithoutItsPageCache) {
    write("proc/meminfo", kMemInfo);
    write("proc/self/cgroup", "0::/user.slice/app.scope\n");
    write("sys/fs/cgroup/user.slice/app.scope/memory.max", "1000000\n");
    write("sys/fs/cgroup/user.slice/app.scope/memory.current", "700000\n");
    write("sys/fs/cgroup/user.slice/app.scope/memory.stat", "anon 5\ninactive_file 200000\nactive_file 7\n");
    EXPECT_EQ(available(), 500'000U);
}

TEST_F(FakeRoot, TheTightestGroupOnTheWayUpDecides) {
    write("proc/meminfo", kMemInfo);
    write("proc/self/cgroup", "0::/a/b\n");
    write("sys/fs/cgroup/a/memory.max", "5000\n");
    write("sys/fs/cgroup/a/memory.current", "4000\n");
    write("sys/fs/cgroup/a/b/memory.max", "90000\n");
    write("sys/fs/cgroup/a/b/memory.current", "10\n");
    EXPECT_EQ(available(), 1'000U);
    write("sys/fs/cgroup/a/memory.current", "6000\n");
    EXPECT_EQ(available(), 0U) << "over the limit";
}

TEST_F(FakeRoot, InAContainerTheMountItselfHoldsTheLimit) {
    write("proc/meminfo", kMemInfo);
    write("proc/self/cgroup", "0::/../../docker/abc\n");
    write("sys/fs/cgroup/memory.max", "3000\n");
    write("sys/fs/cgroup/memory.current", "1000\n");
    EXPECT_EQ(available(), 2'000U);
}

TEST_F(FakeRoot, VersionOneGroups) {
    write("proc/meminfo", kMemInfo);
    write("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/x\n");
    write("sys/fs/cgroup/memory/x/memory.limit_in_bytes", "8000\n");
    write("sys/fs/cgroup/memory/x/memory.usage_in_bytes", "5000\n");
    write("sys/fs/cgroup/memory/x/memory.stat", "total_inactive_file 1000\n");
    EXPECT_EQ(available(), 4'000U);
}

TEST(AvailableMemory, ThisMachineTells) {
    EXPECT_GT(hearth::availableMemory().value_or(1), 0U);
}

} // namespace
