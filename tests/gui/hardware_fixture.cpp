#include "tests/gui/hardware_fixture.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include <QLabel>
#include <QSignalSpy>
#include <QTest>

#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

using namespace hearth::hardware;

namespace {

std::vector<EnvironmentItem> environment() {
    EnvironmentItem git{
        "git",
        "git",
        std::string("1.8.3"),
        "",
        Verdict::Old,
        false,
        Advice{"update",
               {{"version", "1.8.3"}, {"wanted", "2.30"}, {"command", "sudo apt install {git}"}},
               "git"}};
    EnvironmentItem python{"python", "Python", std::string("3.11.2"), "", Verdict::Fine, false, {}};
    EnvironmentItem cuda{"cuda", "CUDA", Unknown::Absent, "", Verdict::Missing, false, {}};
    EnvironmentItem vulkan{"vulkan", "Vulkan", Unknown::Absent, "", Verdict::Missing, true, {}};
    return {git, python, cuda, vulkan};
}

} // namespace

HardwareProfile laptop() {
    HardwareProfile profile;
    profile.cpu.model = std::string("Example 8-Core Processor");
    profile.cpu.architecture = "x86_64";
    profile.cpu.cores = std::size_t{8};
    profile.cpu.usableCores = 2;
    profile.cpu.quota = 1.5;
    profile.cpu.instructionSets = {"avx2", "avx512f", "avx512vnni"};
    profile.cpu.caches = {{1, CacheInfo::Kind::Data, 48 << 10, 8, 2},
                          {2, CacheInfo::Kind::Unified, 1 << 20, 8, 2},
                          {3, CacheInfo::Kind::Unified, 32 << 20, 1, 16}};
    profile.memory.totalBytes = std::uint64_t{4'000'000'000};
    profile.memory.limitBytes = std::uint64_t{4'000'000'000};
    profile.memory.physicalBytes = std::uint64_t{64'000'000'000};
    profile.memory.availableBytes = Unknown::Unreadable;
    GpuInfo software;
    software.name = "llvmpipe";
    software.kind = GpuInfo::Kind::Software;
    profile.gpus = {software};
    DiskInfo disk;
    disk.roles = {"data", "models"};
    disk.kind = DiskInfo::Kind::Nvme;
    disk.freeBytes = std::uint64_t{80'000'000'000};
    disk.totalBytes = std::uint64_t{500'000'000'000};
    profile.disks = {disk};
    profile.os.name = std::string("Debian GNU/Linux");
    profile.os.container = std::string("docker");
    return profile;
}

Measurement sampleMeasurement(double bandwidth) {
    Measurement out;
    out.time = "2026-11-21T07:05:00Z";
    out.threads = 2;
    out.bandwidth = {{1, bandwidth * 0.6}, {2, bandwidth}};
    for (std::uint64_t bytes = 8 << 10; bytes <= 256 << 20; bytes *= 2)
        out.caches.push_back({bytes, bytes < 1 << 20 ? 90e9 : 20e9});
    out.kernels = {{hearth::DType::Q4_K, hearth::kernels::Isa::Generic, 2, 11e9, 300e9}};
    out.disks = {{"models", 2.1e9, 40e6, true}};
    return out;
}

void HardwareFixture::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_services = {};
    m_services.measurementsFile = std::filesystem::path(m_folder->path().toStdString()) / "measurements.json";
    m_services.runsFile = m_services.measurementsFile.parent_path() / "runs.json";
    m_services.keyFile = m_services.measurementsFile.parent_path() / "report.key";
    m_services.probe = [](const auto&, bool) { return laptop(); };
    m_services.environment = [](const HardwareProfile&, std::stop_token) { return environment(); };
    m_services.measure = [this](const MeasureOptions& options, std::stop_token stop,
                                const hearth::ProgressSink& progress) -> hearth::Result<Measurement> {
        progress({"measure.memory", 1, 4});
        while (m_hold && !stop.stop_requested())
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        if (stop.stop_requested())
            return hearth::fail(hearth::kCancelled, "stopped");
        Measurement result = sampleMeasurement(m_bandwidth);
        result.fingerprint = options.fingerprint;
        return result;
    };
    m_services.catalogueFile = m_services.measurementsFile.parent_path() / "catalogue.json";
    m_services.download = [this](const std::string& address, const hearth::hub::HttpOptions&,
                                 std::stop_token stop,
                                 const hearth::ProgressSink& progress) -> hearth::Result<double> {
        progress({"measure.download", 50, 100});
        while (m_hold && !stop.stop_requested())
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        if (stop.stop_requested())
            return hearth::fail(hearth::kCancelled, "stopped");
        if (address.starts_with("https://"))
            return 12.5e6;
        return hearth::fail("hub.bad_endpoint", address);
    };
    m_services.hubShape = [](const std::string& address, const hearth::hub::HttpOptions&,
                             std::stop_token) -> hearth::Result<ModelShape> {
        if (address.find("8b") == std::string::npos)
            return hearth::fail("predict.bad_address", address);
        return quantised(Catalogue::load().value().find("qwen3-8b")->shape, "Q4_K_M");
    };
    m_hold = false;
    m_bandwidth = 40e9;
}

void HardwareFixture::cleanup() {
    m_page.reset();
    m_bridge.reset();
}

void HardwareFixture::open() {
    m_bridge = std::make_unique<HardwareBridge>(m_services);
    m_page = std::make_unique<HardwarePage>(m_theme, *m_bridge);
    QSignalSpy checked(m_bridge.get(), &HardwareBridge::environmentChanged);
    QVERIFY(checked.wait(hearth::test::kPatience));
}

void HardwareFixture::useRoomyMachine() {
    m_services.probe = [](const auto&, bool identifying) {
        HardwareProfile profile = laptop();
        profile.memory.availableBytes = std::uint64_t{20'000'000'000};
        profile.memory.totalBytes = std::uint64_t{24'000'000'000};
        if (identifying)
            profile.os.hostName = std::string("secret-host");
        return profile;
    };
}

void HardwareFixture::openMeasured() {
    useRoomyMachine();
    open();
    measureOnce();
    QTRY_VERIFY(m_bridge->fit() && m_bridge->fit()->measured);
}

void HardwareFixture::measureOnce() {
    QSignalSpy measured(m_bridge.get(), &HardwareBridge::measured);
    button("measure")->click();
    QVERIFY(measured.wait(hearth::test::kPatience));
}

QAbstractButton* HardwareFixture::button(const char* name) const {
    return m_page->findChild<QAbstractButton*>(QString::fromLatin1(name));
}

bool HardwareFixture::anErrorIsShown() const {
    return std::ranges::any_of(m_page->findChildren<ErrorBox*>(),
                               [this](auto* box) { return box->isVisibleTo(m_page.get()); });
}

} // namespace hearth::gui
