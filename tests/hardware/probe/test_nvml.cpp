#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/hardware/probe/nvml.h"
#include "engine/hardware/probe/vulkan.h"
#include "tests/hardware/probe/recorded_tree.h"

namespace {

using namespace hearth::hardware;

TEST(Nvml, ReadsThroughTheLibrarysInterface) {
    const NvmlAnswer answer = readNvml({"/no/such/library.so", HEARTH_FAKE_NVML});
    EXPECT_EQ(answer.state, Unknown::NotReported);
    EXPECT_EQ(answer.driverVersion.valueOr(""), "550.90.07");
    EXPECT_EQ(answer.cudaVersion.valueOr(""), "12.4");
    ASSERT_EQ(answer.devices.size(), 2U);
    const NvmlDevice& one = answer.devices[0];
    EXPECT_EQ(one.name, "NVIDIA H200");
    EXPECT_EQ(one.pciAddress, "0000:1b:00.0");
    EXPECT_EQ(one.memoryBytes.valueOr(0), 150754820096U);
    EXPECT_EQ(one.memoryFreeBytes.valueOr(0), 150000000000U);
    EXPECT_EQ(one.computeCapability.valueOr(""), "9.0");
    EXPECT_EQ(one.busWidthBits.valueOr(0), 6144U);
    EXPECT_EQ(one.memoryMhz.valueOr(0), 3201);
    EXPECT_EQ(one.coreMhz.valueOr(0), 1980);
    EXPECT_EQ(one.pcieGeneration.valueOr(0), 5U);
    EXPECT_FALSE(one.cores) << "a function that this library lacks";
    EXPECT_FALSE(one.pcieMaxWidth);
}

TEST(Nvml, NamesThatAreNoTextAndFiguresThatFailAreUnknown) {
    const NvmlAnswer answer = readNvml({HEARTH_FAKE_NVML});
    ASSERT_EQ(answer.devices.size(), 2U);
    EXPECT_EQ(answer.devices[1].name, "NVIDIA GPU");
    EXPECT_EQ(answer.devices[1].memoryBytes.reason, Unknown::NotReported);
    EXPECT_FALSE(answer.devices[1].memoryBytes);
}

TEST(Nvml, FailedStartIsTheDriversFault) {
    ::setenv("HEARTH_FAKE_NVML_INIT", "18", 1);
    const NvmlAnswer answer = readNvml({HEARTH_FAKE_NVML});
    ::unsetenv("HEARTH_FAKE_NVML_INIT");
    EXPECT_EQ(answer.state, Unknown::DriverFailed);
    EXPECT_EQ(answer.failure, 18);
    EXPECT_TRUE(answer.devices.empty());
}

TEST(Nvml, LibrariesThatAreNone) {
    EXPECT_EQ(readNvml({}).state, Unknown::LibraryMissing);
    EXPECT_EQ(readNvml({"/no/such/library.so"}).state, Unknown::LibraryMissing);
    EXPECT_EQ(readNvml({"libc.so.6"}).state, Unknown::DriverFailed)
        << "a library without any of the functions";
    EXPECT_EQ(readVulkan({"libc.so.6"}).state, Unknown::DriverFailed);
    EXPECT_EQ(readVulkan({}).state, Unknown::LibraryMissing);
}

} // namespace
