#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include <nlohmann/json.hpp>

#include "engine/hardware/probe/parts.h"
#include "engine/hardware/probe/profile_json.h"
#include "engine/hardware/probe/smbios.h"
#include "engine/hardware/probe/text_files.h"
#include "tests/hardware/probe/recorded_tree.h"
#include "tests/support/temporary_folder.h"

namespace {

namespace fs = std::filesystem;
using namespace hearth::hardware;

fs::path tree(const char* name) {
    return fs::path(HEARTH_PROBE_TREES) / (std::string(name) + ".tree");
}

std::string contentOf(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A profile is text that any reader of JSON takes: dump() throws on bytes that are not UTF-8.
void expectWritable(const ProbeOptions& options, const std::string& what) {
    EXPECT_NO_THROW(EXPECT_FALSE(toJson(probe(options)).dump().empty())) << what;
}

TEST(ProbeParsers, GarbageInAnyFileGivesAProfile) {
    const std::string garbage[]{
        std::string(), std::string(300, '\0'), std::string("\xff\xfe\x80 \x01:= \xc3\n\xed\xa0\x80\n"),
        "99999999999999999999999999\n0-4294967295\n::::\n-1 - - - - - -\n", std::string(100'000, ':')};
    for (const char* name : {"laptop_intel", "container_4gib"}) {
        hearth::test::RecordedTree machine(tree(name));
        machine.options().identifying = true;
        std::vector<fs::path> files;
        for (const auto& entry : fs::recursive_directory_iterator(machine.root())) {
            const std::string path = entry.path().string();
            // One processor stands for all: the files of the others are read by the same code.
            const std::size_t cpu = path.find("/system/cpu/cpu");
            if (entry.is_regular_file() && (cpu == std::string::npos || path.compare(cpu + 15, 2, "0/") == 0))
                files.push_back(entry.path());
        }
        ASSERT_GT(files.size(), 20U);
        for (const fs::path& file : files) {
            const std::string original = contentOf(file);
            for (std::size_t i = 0; i < std::size(garbage); ++i) {
                std::ofstream(file, std::ios::binary) << garbage[i];
                expectWritable(machine.options(), file.string() + ", garbage " + std::to_string(i));
            }
            std::ofstream(file, std::ios::binary) << original;
        }
    }
}

TEST(ProbeParsers, FilesThatBreakOffAnywhere) {
    struct Part {
        const char* file;
        std::function<void(const ProbeOptions&, HardwareProfile&)> read;
    };
    const auto cpu = [](const ProbeOptions& o, HardwareProfile& p) { p.cpu = probeCpu(o.root, "x86_64"); };
    const auto memory = [](const ProbeOptions& o, HardwareProfile& p) { p.memory = probeMemory(o.root); };
    const auto disks = [](const ProbeOptions& o, HardwareProfile& p) { p.disks = probeDisks(o); };
    const auto gpus = [](const ProbeOptions& o, HardwareProfile& p) { p.gpus = probeGpus(o, {}, {}); };
    const auto os = [](const ProbeOptions& o, HardwareProfile& p) { p.os = probeOs(o); };
    const Part parts[]{
        {"proc/cpuinfo", cpu},   {"proc/meminfo", memory}, {"proc/self/mountinfo", disks},
        {"etc/os-release", os},  {"etc/passwd", os},       {"sys/bus/pci/devices/0000:00:02.0/uevent", gpus},
        {"proc/self/status", os}};
    hearth::test::RecordedTree machine(tree("laptop_intel"));
    machine.options().identifying = true;
    for (const Part& part : parts) {
        const std::string original = contentOf(machine.root() / part.file);
        ASSERT_FALSE(original.empty()) << part.file;
        for (std::size_t length = 0; length < original.size(); ++length) {
            machine.write(part.file, std::string_view(original).substr(0, length));
            HardwareProfile profile;
            part.read(machine.options(), profile);
            EXPECT_NO_THROW(static_cast<void>(toJson(profile).dump())) << part.file << " cut to " << length;
        }
        machine.write(part.file, original);
    }
}

TEST(ProbeParsers, SmbiosTablesThatBreakOffKeepWhatCameBefore) {
    hearth::test::RecordedTree machine(tree("workstation_two_nvidia"));
    const std::string table = contentOf(machine.root() / "sys/firmware/dmi/tables/DMI");
    const MemoryModules whole = parseSmbios(table);
    EXPECT_EQ(whole.type.valueOr(""), "DDR4");
    EXPECT_EQ(whole.speedMts.valueOr(0), 2933U) << "the slowest module sets the pace";
    EXPECT_EQ(whole.modules.valueOr(0), 2U);
    for (std::size_t length = 0; length < table.size(); ++length) {
        const MemoryModules some = parseSmbios(std::string_view(table).substr(0, length));
        EXPECT_LE(some.modules.valueOr(0), 2U) << length;
    }
    EXPECT_FALSE(parseSmbios(std::string(1000, '\xff')).modules);
    EXPECT_FALSE(parseSmbios(std::string(1000, '\0')).modules);
}

TEST(ProbeParsers, PciNamesStayInsideTheirVendor) {
    const std::string ids =
        "# comment\n0001  First\n\t0002  Of first\n\t\t0002 0003  Sub\n10de  NVIDIA\n\t0003  Card\n"
        "C 03  Display\n\t0002  No card\n";
    EXPECT_EQ(pciName(ids, 1, 2).device, "Of first");
    EXPECT_EQ(pciName(ids, 1, 3).device, "");
    EXPECT_EQ(pciName(ids, 0x10de, 3).vendor, "NVIDIA");
    EXPECT_EQ(pciName(ids, 0x10de, 2).device, "");
    EXPECT_EQ(pciName(ids, 0xbeef, 2).vendor, "");
    for (std::size_t length = 0; length < ids.size(); ++length)
        EXPECT_LE(pciName(std::string_view(ids).substr(0, length), 0x10de, 3).device.size(), 4U);
}

TEST(ProbeParsers, TextIsCleanedOrCalledMalformed) {
    EXPECT_EQ(cleanText("  Samsung   SSD \0\0").valueOr(""), "Samsung SSD");
    EXPECT_EQ(cleanText("é 盘").valueOr(""), "é 盘");
    EXPECT_EQ(cleanText("   ").reason, Unknown::NotReported);
    for (const char* bad : {"\xff", "a\x01z", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "ab\xe4"})
        EXPECT_EQ(cleanText(bad).reason, Unknown::Malformed) << bad;
    EXPECT_LE(cleanText(std::string(10'000, 'x'))->size(), 200U);
}

TEST(ProbeParsers, FoldersListInNaturalOrder) {
    hearth::test::TemporaryFolder folder;
    for (const char* name : {"card10", "card2", "card1", "card02", "b", "card2-DP"})
        std::ofstream(folder.path() / name) << "";
    EXPECT_EQ(listFolder(folder.path()),
              (std::vector<std::string>{"b", "card1", "card02", "card2", "card2-DP", "card10"}));
    EXPECT_TRUE(listFolder(folder.path() / "none").empty());
}

} // namespace
