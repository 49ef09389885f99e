#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "engine/hardware/measure/parts.h"
#include "tests/support/temporary_folder.h"

namespace hearth::hardware {
namespace {

namespace fs = std::filesystem;

class FakeSystem {
public:
    void put(const std::string& path, const std::string& text) {
        const fs::path file = m_folder.path() / path;
        fs::create_directories(file.parent_path());
        std::ofstream(file) << text;
    }
    [[nodiscard]] SystemState state() const { return systemState(m_folder.path()); }

private:
    test::TemporaryFolder m_folder;
};

TEST(Conditions, ReadsWhatThereIs) {
    FakeSystem system;
    system.put("proc/loadavg", "2.50 1.00 0.50 1/100 4242\n");
    system.put("proc/stat", "cpu  100 20 30 800 10 5 5 30 0 0\ncpu0 1 2 3\n");
    for (int cpu = 0; cpu < 2; ++cpu) {
        const std::string at = "sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/";
        system.put(at + "cpufreq/scaling_governor", "powersave\n");
        system.put(at + "cpufreq/scaling_cur_freq", cpu ? "2000000\n" : "3000000\n");
        system.put(at + "thermal_throttle/core_throttle_count", "7\n");
    }
    system.put("sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "wrong folder");
    system.put("sys/class/hwmon/hwmon0/name", "nvme\n");
    system.put("sys/class/hwmon/hwmon0/temp1_input", "99000\n");
    system.put("sys/class/hwmon/hwmon1/name", "k10temp\n");
    system.put("sys/class/hwmon/hwmon1/temp1_input", "61500\n");
    const SystemState state = system.state();
    EXPECT_EQ(state.governor, "powersave");
    EXPECT_DOUBLE_EQ(state.loadAverage.value(), 2.5);
    EXPECT_DOUBLE_EQ(state.mhz.value(), 2500);
    EXPECT_DOUBLE_EQ(state.celsius.value(), 61.5);
    EXPECT_EQ(state.throttleEvents, 14U);
    EXPECT_DOUBLE_EQ(state.totalTicks.value(), 1000);
    EXPECT_DOUBLE_EQ(state.busyTicks.value(), 160);
    EXPECT_DOUBLE_EQ(state.stolenTicks.value(), 30);
}

TEST(Conditions, NothingReadableIsUnknownAndNotZero) {
    const SystemState state = FakeSystem().state();
    EXPECT_FALSE(state.governor || state.loadAverage || state.mhz || state.celsius || state.throttleEvents ||
                 state.totalTicks);
    const Conditions between = conditionsBetween(state, state);
    EXPECT_FALSE(between.otherShare || between.stolenShare || between.throttleEvents);
}

TEST(Conditions, SharesLeaveOutThisProcess) {
    SystemState before, after;
    before.totalTicks = 1000, before.busyTicks = 100, before.stolenTicks = 10, before.ownTicks = 40;
    after.totalTicks = 2000, after.busyTicks = 800, after.stolenTicks = 110, after.ownTicks = 540;
    before.throttleEvents = 3, after.throttleEvents = 5;
    const Conditions between = conditionsBetween(before, after);
    EXPECT_DOUBLE_EQ(between.otherShare.value(), 0.2);
    EXPECT_DOUBLE_EQ(between.stolenShare.value(), 0.1);
    EXPECT_EQ(between.throttleEvents, 2U);
}

} // namespace
} // namespace hearth::hardware
