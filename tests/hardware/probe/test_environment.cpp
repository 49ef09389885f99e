#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <set>

#include "engine/hardware/probe/environment.h"
#include "engine/hardware/probe/environment_items.h"
#include "engine/hardware/probe/install_words.h"
#include "tests/hardware/probe/recorded_tree.h"

namespace {

namespace fs = std::filesystem;
using namespace hearth::hardware;
using namespace std::chrono_literals;

/// A recorded machine, and programs that answer what the test gives them.
class Environment : public testing::Test {
protected:
    void use(const char* name) {
        m_tree.reset();
        m_tree = std::make_unique<hearth::test::RecordedTree>(fs::path(HEARTH_PROBE_TREES) /
                                                              (std::string(name) + ".tree"));
        m_options.root = m_tree->root();
        m_options.openBlasCore = [](const fs::path&) { return std::string("Zen"); };
        m_options.run = [this](const std::vector<std::string>& command, std::chrono::milliseconds) {
            std::string line;
            for (const std::string& word : command)
                line += (line.empty() ? "" : " ") + word;
            const auto found = m_answers.find(line);
            return found == m_answers.end() ? CommandAnswer{} : found->second;
        };
    }
    void says(const std::string& command, const std::string& output, int exitCode = 0) {
        m_answers[command] = {true, false, exitCode, output};
    }
    EnvironmentItem item(const std::string& id) {
        for (const EnvironmentItem& one : checkEnvironment(probe(m_tree->options()), m_options))
            if (one.id == id)
                return one;
        ADD_FAILURE() << "no item " << id;
        return {};
    }
    static std::string codeOf(const EnvironmentItem& one) { return one.advice ? one.advice->code : ""; }

    std::unique_ptr<hearth::test::RecordedTree> m_tree;
    std::map<std::string, CommandAnswer> m_answers;
    EnvironmentOptions m_options;
};

TEST_F(Environment, NothingInstalledOnAMachineWithoutACardIsNoFault) {
    use("bare_vm");
    std::set<std::string> ids;
    for (const EnvironmentItem& one : checkEnvironment(probe(m_tree->options()), m_options)) {
        EXPECT_TRUE(ids.insert(one.id).second) << one.id << " twice";
        EXPECT_TRUE(one.verdict == Verdict::Missing || one.id == "os") << one.id;
        EXPECT_EQ(one.needed, one.id == "os") << one.id;
        if (one.advice) {
            EXPECT_EQ(adviceText(*one.advice).find('{'), std::string::npos) << adviceText(*one.advice);
        }
    }
    for (const char* id :
         {"os", "gpu_driver", "cuda", "cudnn", "rocm", "vulkan", "python", "pip", "pytorch", "tensorflow",
          "onnxruntime", "docker", "podman", "kubectl", "git", "ssh", "openblas"})
        EXPECT_TRUE(ids.contains(id)) << id;
}

TEST_F(Environment, VersionsOfPrograms) {
    use("workstation_two_nvidia");
    says("python3 --version", "Python 3.11.2\n");
    says("python3 -m pip --version", "pip 23.0.1 from /usr/lib/python3/dist-packages/pip (python 3.11)\n");
    says("git --version", "git version 2.39.2\n");
    says("ssh -V", "OpenSSH_9.2p1 Debian-2+deb12u3, OpenSSL 3.0.14 4 Jun 2024\n");
    says("kubectl version --client", "Client Version: v1.34.1\nKustomize Version: v5.0.4\n");
    says("docker version --format {{.Server.Version}}", "26.1.5\n");
    says("podman --version", "podman version 4.3.1\n");
    const std::map<std::string, std::string> expected{
        {"python", "3.11.2"},  {"pip", "23.0.1"},    {"git", "2.39.2"},  {"ssh", "9.2"},
        {"kubectl", "1.34.1"}, {"docker", "26.1.5"}, {"podman", "4.3.1"}};
    for (const auto& [id, version] : expected) {
        const EnvironmentItem one = item(id);
        EXPECT_EQ(one.version.valueOr(""), version) << id;
        EXPECT_EQ(one.verdict, Verdict::Fine) << id;
        EXPECT_FALSE(one.advice) << id;
    }
}

TEST_F(Environment, OldProgramsNameWhatIsWantedAndTheCommand) {
    use("workstation_two_nvidia");
    says("python3 --version", "Python 3.8.10");
    says("git --version", "git version 1.8.3.1");
    EXPECT_EQ(item("python").verdict, Verdict::Old);
    const EnvironmentItem git = item("git");
    EXPECT_EQ(git.verdict, Verdict::Old);
    EXPECT_EQ(adviceText(*git.advice),
              "Version 1.8.3.1 works, but 2.30 or newer is advised: sudo apt install git");
    says("docker version --format {{.Server.Version}}", "19.03.15\n");
    says("podman --version", "podman version 2.2.1\n");
    says("kubectl version --client", "Client Version: v1.33.10\n");
    EXPECT_EQ(adviceText(*item("docker").advice),
              "Version 19.03.15 works, but 20.10 or newer is advised: sudo apt install docker.io");
    for (const char* id : {"docker", "podman", "kubectl"})
        EXPECT_EQ(item(id).verdict, Verdict::Old) << id;
}

TEST_F(Environment, ProgramsThatFailAreBrokenAndNotMissing) {
    use("workstation_two_nvidia");
    says("python3 --version", "python3: error while loading shared libraries: libexpat.so.1.8", 127);
    says("python3 -m pip --version", "/usr/bin/python3: No module named pip", 1);
    const EnvironmentItem python = item("python");
    EXPECT_EQ(python.verdict, Verdict::Broken);
    EXPECT_EQ(codeOf(python), "fails");
    EXPECT_FALSE(python.version) << "the number of a library is no version";
    EXPECT_EQ(item("pip").verdict, Verdict::Missing);
    EXPECT_EQ(codeOf(item("pip")), "install");
    says("python3 -m pip --version", "Traceback (most recent call last):", 1);
    EXPECT_EQ(item("pip").verdict, Verdict::Broken);
    m_answers["git --version"] = {true, true, 128, ""};
    EXPECT_EQ(codeOf(item("git")), "does_not_answer");
    EXPECT_EQ(item("git").version.reason, Unknown::TimedOut);
}

TEST_F(Environment, RocmOfADistributionIsFoundAfterFollowingTheAdvice) {
    use("laptop_intel");
    EXPECT_EQ(item("rocm").verdict, Verdict::Missing);
    m_tree->write("usr/lib/x86_64-linux-gnu/libamdhip64.so.5.2.21153", "");
    EXPECT_EQ(item("rocm").version.valueOr(""), "5.2.21153");
    EXPECT_EQ(item("rocm").verdict, Verdict::Fine);
    m_tree->write("opt/rocm-6.0.2/.info/version", "6.0.2-115\n");
    EXPECT_EQ(item("rocm").version.valueOr(""), "6.0.2") << "the vendor's comes first";
}

TEST_F(Environment, ContainersServiceThatDoesNotRunOrRefuses) {
    use("workstation_two_nvidia");
    const std::string command = "docker version --format {{.Server.Version}}";
    says(command,
         "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
         1);
    EXPECT_EQ(codeOf(item("docker")), "daemon_not_running");
    says(command, "permission denied while trying to connect to http://1.24/version", 1);
    const EnvironmentItem refused = item("docker");
    EXPECT_EQ(codeOf(refused), "daemon_permission");
    EXPECT_FALSE(refused.version);
    m_answers[command] = {true, true, 128, "27.0"};
    EXPECT_EQ(codeOf(item("docker")), "does_not_answer");
    EXPECT_EQ(item("docker").version.reason, Unknown::TimedOut);
}

TEST_F(Environment, DriverOfTheCard) {
    use("workstation_two_nvidia");
    EXPECT_EQ(item("gpu_driver").verdict, Verdict::Fine);
    EXPECT_EQ(item("gpu_driver").version.valueOr(""), "550.90.07");
    use("broken_driver");
    EXPECT_EQ(item("gpu_driver").verdict, Verdict::Broken);
    EXPECT_EQ(codeOf(item("gpu_driver")), "driver_mismatch");
    EXPECT_TRUE(item("gpu_driver").needed);
    m_tree->write("sys/bus/pci/devices/0000:08:00.0/uevent", "PCI_ID=10DE:2503\n");
    EXPECT_EQ(codeOf(item("gpu_driver")), "driver_not_loaded");
    m_tree->write("sys/bus/pci/devices/0000:08:00.0/uevent", "DRIVER=nouveau\n");
    m_tree->options().nvml = [] { return NvmlAnswer{}; };
    EXPECT_EQ(item("gpu_driver").verdict, Verdict::Missing);
    EXPECT_EQ(item("gpu_driver").advice->arg("command"), "sudo ubuntu-drivers install");
    m_tree->options().nvml = [] {
        NvmlAnswer answer;
        answer.state = Unknown::TimedOut;
        return answer;
    };
    EXPECT_EQ(item("gpu_driver").verdict, Verdict::Broken);
}

TEST_F(Environment, CudaNewerThanTheDriverIsAMismatch) {
    use("workstation_two_nvidia"); // its driver supports 12.4
    m_tree->write("usr/local/cuda/version.json", R"({"cuda": {"name": "CUDA SDK", "version": "12.6.1"}})");
    EXPECT_EQ(item("cuda").verdict, Verdict::Fine) << "a newer minor version runs";
    m_tree->write("usr/local/cuda/version.json", R"({"cuda": {"version": "13.0.2"}})");
    const EnvironmentItem cuda = item("cuda");
    EXPECT_EQ(cuda.verdict, Verdict::Mismatched);
    EXPECT_NE(
        adviceText(*cuda.advice).find("CUDA 13.0.2 needs a newer driver: this one supports CUDA up to 12.4."),
        std::string::npos);
    m_tree->write("usr/local/cuda/version.json", "{\"cuda\": 7");
    EXPECT_EQ(item("cuda").verdict, Verdict::Missing);
    m_tree->write("usr/lib/x86_64-linux-gnu/libcudart.so.11.8.89", "");
    EXPECT_EQ(item("cuda").version.valueOr(""), "11.8.89");
    EXPECT_EQ(item("cuda").verdict, Verdict::Old);
    EXPECT_EQ(adviceText(*item("cuda").advice), "Version 11.8.89 works, but 12.0 or newer is advised: "
                                                "https://developer.nvidia.com/cuda-downloads");
}

TEST_F(Environment, LibrariesAndPackagesAreFoundWithoutRunningAnything) {
    use("workstation_two_nvidia");
    m_tree->write("usr/lib/x86_64-linux-gnu/libcudnn.so.9", "");
    m_tree->write("usr/lib/x86_64-linux-gnu/libcudnn.so.9.1.0", "");
    m_tree->write("usr/lib/x86_64-linux-gnu/libvulkan.so.1.3.239", "");
    m_tree->write("usr/lib/x86_64-linux-gnu/libopenblas.so.0", "");
    m_tree->write("opt/rocm-6.0.2/.info/version", "6.0.2-115\n");
    m_tree->write("usr/local/lib/python3.11/dist-packages/torch-2.4.0+cu121.dist-info/METADATA", "");
    m_tree->write("venv/lib/python3.12/site-packages/tensorflow_cpu-2.17.0.dist-info/METADATA", "");
    m_tree->write("usr/lib/python3/dist-packages/onnxruntime-1.18.1-py3.11.egg-info/PKG-INFO", "");
    m_options.pythonPrefixes = {m_tree->root() / "venv"};
    m_options.run = [](const std::vector<std::string>&, std::chrono::milliseconds) {
        return CommandAnswer{};
    };
    EXPECT_EQ(item("cudnn").version.valueOr(""), "9.1.0");
    EXPECT_EQ(item("vulkan").version.valueOr(""), "1.3.239");
    EXPECT_EQ(item("vulkan").verdict, Verdict::Fine);
    EXPECT_EQ(item("rocm").version.valueOr(""), "6.0.2");
    EXPECT_EQ(item("pytorch").version.valueOr(""), "2.4.0+cu121");
    EXPECT_EQ(item("pytorch").verdict, Verdict::Old);
    EXPECT_EQ(adviceText(*item("pytorch").advice), "Version 2.4.0+cu121 works, but 2.10 or newer is advised: "
                                                   "https://pytorch.org/get-started/locally");
    EXPECT_EQ(item("tensorflow").version.valueOr(""), "2.17.0");
    EXPECT_EQ(item("onnxruntime").version.valueOr(""), "1.18.1");
    EXPECT_EQ(item("onnxruntime").verdict, Verdict::Old);
    EXPECT_EQ(item("openblas").note, "Zen");
    auto another = [this, packages = m_tree->root() / "usr/local/lib/python3.11/dist-packages",
                    now = std::string("2.4.0+cu121")](const std::string& version) mutable {
        fs::rename(packages / ("torch-" + now + ".dist-info"),
                   packages / ("torch-" + version + ".dist-info"));
        now = version;
        return item("pytorch").verdict;
    };
    EXPECT_EQ(another("2.10.0+cu128"), Verdict::Fine);
    EXPECT_EQ(another("3.0.0+cu130"), Verdict::Mismatched);
}

TEST_F(Environment, CardWithoutItsVulkanDriver) {
    use("broken_driver");
    m_tree->write("usr/lib/x86_64-linux-gnu/libvulkan.so.1.3.204", "");
    EXPECT_EQ(codeOf(item("vulkan")), "vulkan_no_device");
    m_tree->options().vulkan = [] {
        VulkanAnswer answer;
        answer.state = Unknown::NotReported;
        answer.devices.push_back(
            {"llvmpipe", GpuInfo::Kind::Software, 0x10005, 0, "1.3.0", "llvmpipe", "Mesa", {}, {}, ""});
        return answer;
    };
    EXPECT_EQ(codeOf(item("vulkan")), "vulkan_software_only");
}

TEST_F(Environment, SystemWithoutUpdates) {
    use("amd_apu");
    EXPECT_EQ(item("os").verdict, Verdict::Old);
    EXPECT_EQ(adviceText(*item("os").advice),
              "Security updates ended on 2025-12-15. Upgrade to a supported release.");
}

TEST_F(Environment, EverySystemHasWordsForEverything) {
    for (const char* id : {"nvidia_driver", "amd_driver",    "intel_driver",     "cuda",
                           "cudnn",         "rocm",          "vulkan",           "python",
                           "pip",           "pytorch",       "tensorflow",       "onnxruntime",
                           "docker",        "podman",        "kubectl",          "git",
                           "ssh",           "openblas",      "docker_service",   "docker_group",
                           "cuda_newer",    "pytorch_newer", "onnxruntime_newer"})
        for (const OsFamily family : {OsFamily::Debian, OsFamily::Ubuntu, OsFamily::RedHat, OsFamily::FreeBsd,
                                      OsFamily::Windows, OsFamily::Other})
            EXPECT_FALSE(installWords(id, family).empty()) << id;
    EXPECT_TRUE(installWords("nonsense", OsFamily::Debian).empty());
}

TEST_F(Environment, StoppedCheckReturnsWhatThereIs) {
    use("bare_vm");
    std::stop_source stop;
    stop.request_stop();
    EXPECT_TRUE(checkEnvironment(probe(m_tree->options()), m_options, stop.get_token()).empty());
}

TEST(Versions, AreComparedNumberByNumber) {
    EXPECT_TRUE(olderThan("2.9", "2.30"));
    EXPECT_FALSE(olderThan("2.30", "2.30.0"));
    EXPECT_FALSE(olderThan("3", "2.99"));
    EXPECT_TRUE(olderThan("", "1"));
    EXPECT_EQ(versionIn("v1.29.3-rc1").valueOr(""), "1.29.3");
    EXPECT_EQ(versionIn("1.2.").valueOr(""), "1.2");
    EXPECT_FALSE(versionIn("build 7, no version"));
    EXPECT_FALSE(versionIn(std::string(500, '1') + "." + std::string(500, '2')));
}

TEST(RunCommand, GivesOutputAndExitCode) {
    const CommandAnswer answer = runCommand({"sh", "-c", "echo out; echo err >&2; exit 3"}, 5s);
    EXPECT_TRUE(answer.ran);
    EXPECT_EQ(answer.exitCode, 3);
    EXPECT_NE(answer.output.find("out"), std::string::npos);
    EXPECT_NE(answer.output.find("err"), std::string::npos);
}

TEST(RunCommand, ProgramsSpeakEnglishAndWriteNothing) {
    ::setenv("LC_ALL", "zh_CN.UTF-8", 1);
    ::setenv("HEARTH_TEST_OTHER", "kept", 1);
    const CommandAnswer answer = runCommand({"env"}, 5s);
    ::unsetenv("LC_ALL");
    ::unsetenv("HEARTH_TEST_OTHER");
    const std::string lines = "\n" + answer.output;
    EXPECT_NE(lines.find("\nLC_ALL=C\n"), std::string::npos);
    EXPECT_EQ(lines.find("\nLC_ALL=zh"), std::string::npos);
    EXPECT_NE(lines.find("\nPYTHONDONTWRITEBYTECODE=1\n"), std::string::npos) << "pip would write its cache";
    EXPECT_NE(lines.find("\nHEARTH_TEST_OTHER=kept\n"), std::string::npos);
}

TEST(RunCommand, ProgramsThatAreNotThereDidNotRun) {
    EXPECT_FALSE(runCommand({"/no/such/program"}, 5s).ran);
    EXPECT_FALSE(runCommand({}, 5s).ran);
}

TEST(RunCommand, EndsWhatTakesTooLongWithItsChildren) {
    // On a busy machine the shell itself may need longer than the time that it is given.
    CommandAnswer answer;
    for (auto patience = 300ms; patience < 10s && answer.output.empty(); patience *= 4) {
        const auto start = std::chrono::steady_clock::now();
        answer = runCommand({"sh", "-c", "echo begun; sleep 60 & sleep 60"}, patience);
        EXPECT_TRUE(answer.timedOut);
        EXPECT_LT(std::chrono::steady_clock::now() - start, patience + 10s);
    }
    EXPECT_NE(answer.output.find("begun"), std::string::npos);
}

TEST(RunCommand, DoesNotWaitForAChildThatHoldsTheOutputOpen) {
    const auto start = std::chrono::steady_clock::now();
    const CommandAnswer answer = runCommand({"sh", "-c", "sleep 5 & echo done"}, 4s);
    EXPECT_FALSE(answer.timedOut);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 3s);
}

TEST(RunCommand, KeepsABoundedPartOfEndlessOutput) {
    const CommandAnswer answer =
        runCommand({"sh", "-c", "while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done"}, 300ms);
    EXPECT_TRUE(answer.timedOut);
    EXPECT_LE(answer.output.size(), 64U << 10);
}

TEST(EnvironmentAdvice, ComesInTheWordsOfAnotherSystem) {
    const Advice git{
        "update", {{"command", "sudo apt install git"}, {"version", "1.8"}, {"wanted", "2.30"}}, "git"};
    EXPECT_EQ(adviceText(adviceOn(git, OsFamily::Windows)),
              "Version 1.8 works, but 2.30 or newer is advised: winget install Git.Git");
    EXPECT_EQ(adviceOn(git, OsFamily::FreeBsd).arg("command"), "sudo pkg install git");
    // A web address instead of a command, and back.
    const Advice other = adviceOn(git, OsFamily::Other);
    EXPECT_EQ(other.code, "update_download");
    EXPECT_EQ(other.arg("url"), "https://git-scm.com/downloads");
    EXPECT_EQ(adviceOn(other, OsFamily::Debian).code, "update");
    EXPECT_EQ(adviceOn(other, OsFamily::Debian).arg("command"), "sudo apt install git");
    // What does not depend on the system stays.
    const Advice restart{"driver_mismatch", {}};
    EXPECT_EQ(adviceOn(restart, OsFamily::Windows).code, "driver_mismatch");
}

} // namespace
