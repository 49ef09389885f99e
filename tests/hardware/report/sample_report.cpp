#include "tests/hardware/report/sample_report.h"

#include "tests/hardware/predict/sample_measurement.h"
#include "tests/support/temporary_folder.h"

namespace hearth::test {

using namespace hardware;

const ReportContent& sampleContent() {
    static const Catalogue catalogue = Catalogue::load().value();
    static const ReportContent content = [] {
        HardwareProfile profile;
        profile.cpu.model = std::string("Testor <9000> & Co");
        profile.cpu.cores = std::size_t{8};
        profile.cpu.threads = std::size_t{16};
        profile.cpu.usableCores = 8;
        profile.memory.totalBytes = std::uint64_t{32} << 30;
        profile.memory.availableBytes = std::uint64_t{24} << 30;
        profile.os.name = std::string("Debian GNU/Linux");
        profile.os.hostName = Unknown::Withheld;
        DiskInfo disk;
        disk.roles = {"models"};
        disk.kind = DiskInfo::Kind::Nvme;
        disk.freeBytes = std::uint64_t{100} << 30;
        disk.serial = Unknown::Withheld;
        profile.disks = {disk};
        GpuInfo gpu;
        gpu.name = "Picturo 1";
        gpu.memoryBytes = std::uint64_t{8} << 30;
        profile.gpus = {gpu};
        EnvironmentItem item;
        item.id = "git";
        item.name = "git";
        item.verdict = Verdict::Missing;
        item.advice = Advice{"install", {{"command", "sudo apt install git"}}};
        profile.environment = {item};
        Measurement m = roundMeasurement(8);
        m.version = "0.1.0";
        m.caches = {{32768, 151.25e9}, {1U << 20, 87.5e9}, {96U << 20, 20e9}};
        m.kernels[0].decodeBytesPerSecond = 17.625e9;
        m.kernels[0].prefillOperationsPerSecond = 211.375e9;
        const TemporaryFolder folder;
        auto runs = RunHistory::open(folder.path() / "runs.json").value();
        RunRecord run;
        run.time = "2026-11-20T10:00:00Z";
        run.model = "Real Model";
        run.quantisation = "Q4_0";
        run.predictedDecodeTps = 10.25;
        run.actualDecodeTps = 9.75;
        (void)runs.append(run);
        ReportContent out = assemble(profile, m, catalogue, runs).value();
        Measurement before = m;
        for (ThreadBandwidth& point : before.bandwidth)
            point.bytesPerSecond *= 2;
        out.sinceLast = compare(before, m);
        return out;
    }();
    return content;
}

const nlohmann::ordered_json& sampleReport() {
    static const nlohmann::ordered_json report = reportJson(sampleContent());
    return report;
}

} // namespace hearth::test
