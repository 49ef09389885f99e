#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <future>
#include <limits>
#include <memory>
#include <sstream>

#include <nlohmann/json.hpp>

#include "engine/hardware/probe/probe.h"
#include "engine/hardware/probe/profile_json.h"
#include "tests/hardware/probe/recorded_tree.h"
#include "tests/support/temporary_folder.h"

namespace {

namespace fs = std::filesystem;
using namespace hearth::hardware;
using nlohmann::ordered_json;

fs::path trees() {
    return fs::path(HEARTH_PROBE_TREES);
}

/// One recorded machine a case: the whole profile, key by key, is what trees/NAME.json says.
class Recorded : public testing::TestWithParam<const char*> {};

TEST_P(Recorded, GivesExactlyTheExpectedProfile) {
    hearth::test::RecordedTree tree(trees() / (std::string(GetParam()) + ".tree"));
    const ordered_json profile = toJson(probe(tree.options()));
    const fs::path golden = trees() / (std::string(GetParam()) + ".json");
    if (std::getenv("HEARTH_WRITE_GOLDEN")) // to look at and to check by hand before it is committed
        std::ofstream(golden) << profile.dump(2) << "\n";
    std::ifstream file(golden);
    const ordered_json expected = ordered_json::parse(file);
    EXPECT_EQ(profile, expected) << "differences (expected → got): "
                                 << nlohmann::json::diff(expected, profile).dump(2);
}

INSTANTIATE_TEST_SUITE_P(Machines, Recorded,
                         testing::Values("laptop_intel", "workstation_two_nvidia", "amd_apu", "arm_server",
                                         "container_4gib", "bare_vm", "broken_driver", "unreadable"),
                         [](const auto& one) { return std::string(one.param); });

TEST(Probe, IdentifyingDataComesOnlyWhenAskedFor) {
    hearth::test::RecordedTree tree(trees() / "laptop_intel.tree");
    const std::string secrets[]{"S5GXNX0R123456", "3c:58:c2:aa:bb:cc", "anna", "annas-laptop"};
    const std::string without = toJson(probe(tree.options())).dump();
    for (const std::string& secret : secrets)
        EXPECT_EQ(without.find(secret), std::string::npos) << secret;
    tree.options().identifying = true;
    const std::string with = toJson(probe(tree.options())).dump();
    for (const std::string& secret : secrets)
        EXPECT_NE(with.find(secret), std::string::npos) << secret;
}

TEST(Probe, UuidsOfCardsAreWithheldToo) {
    hearth::test::RecordedTree tree(trees() / "workstation_two_nvidia.tree");
    EXPECT_EQ(toJson(probe(tree.options())).dump().find("GPU-11111111"), std::string::npos);
    tree.options().identifying = true;
    EXPECT_NE(toJson(probe(tree.options())).dump().find("GPU-11111111"), std::string::npos);
}

TEST(Probe, FingerprintKnowsAMachineAgain) {
    hearth::test::RecordedTree laptop(trees() / "laptop_intel.tree");
    const HardwareProfile first = probe(laptop.options());
    laptop.write("proc/sys/kernel/hostname", "another-name\n");
    HardwareProfile second = probe(laptop.options());
    EXPECT_EQ(machineFingerprint(first), machineFingerprint(second));
    EXPECT_EQ(machineFingerprint(first).size(), 16U);
    second.memory.totalBytes = *second.memory.totalBytes * 2;
    EXPECT_NE(machineFingerprint(first), machineFingerprint(second));
}

TEST(Probe, FingerprintNeedsNoDriver) {
    for (const char* name : {"laptop_intel.tree", "workstation_two_nvidia.tree"}) {
        hearth::test::RecordedTree tree(trees() / name);
        const HardwareProfile profile = probe(tree.options());
        EXPECT_EQ(fingerprintWithoutDrivers(tree.options()), machineFingerprint(profile)) << name;
        HardwareProfile without = profile;
        without.gpus.clear();
        EXPECT_NE(machineFingerprint(without), machineFingerprint(profile)) << name;
    }
}

TEST(Probe, EveryFolderOfTheLibraryIsLookedAtAndEveryDiskMeasuredOnce) {
    const hearth::test::TemporaryFolder place;
    const auto at = [&](const char* name) { return place.path() / name; };
    for (const char* name : {"first", "third", "data"})
        fs::create_directory(at(name));
    const auto folders = usualFolders({at("first"), at("second"), at("third")}, at("data"));
    HardwareProfile profile;
    DiskInfo one, other;
    one.roles = {folders[0].role, folders[2].role};
    other.roles = {folders[1].role, folders[3].role};
    profile.disks = {one, other};
    std::vector<std::string> told, measured;
    for (const ProbedFolder& folder : folders)
        told.push_back(folder.role + "=" + folder.path.filename().string());
    for (const ProbedFolder& folder : oneADisk(folders, profile))
        measured.push_back(folder.role + "=" + folder.path.filename().string());
    EXPECT_EQ(told,
              (std::vector<std::string>{"models=first", "models 2=second", "models 3=third", "data=data"}));
    // The second folder is not there yet, so its disk is measured in another one.
    EXPECT_EQ(measured, (std::vector<std::string>{"models=first", "models 2=data"}));
    EXPECT_EQ(usualFolders({}, "/data").front().path, "/data");
}

TEST(Probe, DriversThatNeverAnswerAreNotWaitedFor) {
    hearth::test::RecordedTree tree(trees() / "workstation_two_nvidia.tree");
    auto release = std::make_shared<std::promise<void>>();
    const std::shared_future<void> released = release->get_future().share();
    tree.options().nvml = [released] {
        released.wait();
        return NvmlAnswer{};
    };
    tree.options().vulkan = [released] {
        released.wait();
        return VulkanAnswer{};
    };
    tree.options().patience = std::chrono::milliseconds(50);
    const HardwareProfile profile = probe(tree.options());
    release->set_value();
    ASSERT_FALSE(profile.gpus.empty());
    const GpuInfo& card = profile.gpus.front();
    EXPECT_EQ(card.vendor, "NVIDIA");
    EXPECT_EQ(card.memoryBytes.reason, Unknown::TimedOut);
    EXPECT_EQ(card.computeCapability.reason, Unknown::TimedOut);
    EXPECT_EQ(card.vulkanVersion.reason, Unknown::TimedOut);
    EXPECT_TRUE(profile.memory.totalBytes) << "what is in files is told all the same";
}

TEST(Probe, RootWithoutItsTopologyVariableSaysUnknownAndNotThisMachine) {
    hearth::test::RecordedTree tree(trees() / "workstation_two_nvidia.tree");
    ::unsetenv("HWLOC_FSROOT");
    const CpuInfo cpu = probe(tree.options()).cpu;
    EXPECT_TRUE(cpu.caches.empty());
    EXPECT_FALSE(cpu.numaNodes);
}

TEST(ProbeHere, IsPlausibleAndQuick) {
    ProbeOptions options;
    options.folders = {{"data", fs::temp_directory_path()},
                       {"models", fs::temp_directory_path() / "not" / "yet"}};
    static_cast<void>(probe(options)); // the first one reads libraries from the disk
    HardwareProfile profile;
    // Other programs may take the processor for a while: too slow counts when it is so in every attempt.
    std::int64_t took = std::numeric_limits<std::int64_t>::max();
    for (int attempt = 0; attempt < 5 && took >= 300; ++attempt) {
        const auto start = std::chrono::steady_clock::now();
        profile = probe(options);
        const auto passed = std::chrono::steady_clock::now() - start;
        took = std::min<std::int64_t>(took,
                                      std::chrono::duration_cast<std::chrono::milliseconds>(passed).count());
    }
    RecordProperty("milliseconds", static_cast<int>(took));
    EXPECT_LT(took, 300);
    EXPECT_FALSE(profile.cpu.architecture.empty());
    EXPECT_GE(profile.cpu.threads.valueOr(0), profile.cpu.cores.valueOr(1));
    EXPECT_GE(profile.cpu.cores.valueOr(0), profile.cpu.usableCores);
    EXPECT_GT(profile.memory.totalBytes.valueOr(0), profile.memory.availableBytes.valueOr(UINT64_MAX));
    ASSERT_EQ(profile.disks.size(), 1U);
    EXPECT_EQ(profile.disks[0].roles, (std::vector<std::string>{"data", "models"}));
    EXPECT_GT(profile.disks[0].totalBytes.valueOr(0), profile.disks[0].freeBytes.valueOr(UINT64_MAX));
    EXPECT_FALSE(profile.os.kernel.empty());
}

TEST(ProbeHere, LavapipeIsCalledSoftware) {
    const VulkanAnswer vulkan = readVulkan();
    const auto software =
        std::find_if(vulkan.devices.begin(), vulkan.devices.end(),
                     [](const VulkanDevice& d) { return d.name.find("llvmpipe") != std::string::npos; });
    if (software == vulkan.devices.end())
        GTEST_SKIP() << "needs Mesa's software Vulkan device (Debian: mesa-vulkan-drivers)";
    EXPECT_EQ(software->kind, GpuInfo::Kind::Software);
    EXPECT_FALSE(software->driverInfo.empty());
    const HardwareProfile profile = probe();
    ASSERT_FALSE(profile.gpus.empty());
    EXPECT_EQ(profile.gpus.back().kind, GpuInfo::Kind::Software);
    EXPECT_NE(profile.gpus.back().name.find("llvmpipe"), std::string::npos);
    EXPECT_EQ(profile.gpus.back().memoryBytes.reason, Unknown::NotApplicable);
}

} // namespace
