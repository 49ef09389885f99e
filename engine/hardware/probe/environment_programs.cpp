#include "engine/hardware/probe/environment_items.h"
#include "engine/hardware/probe/text_files.h"

namespace hearth::hardware {

EnvironmentItem programItem(const CheckContext& context, const Program& program) {
    EnvironmentItem item = missingItem(context, program.id, program.name);
    const CommandAnswer answer = context.options.run(program.command, context.options.timeout);
    if (!answer.ran || (answer.exitCode != 0 && !program.absentIf.empty() &&
                        answer.output.find(program.absentIf) != std::string::npos))
        return item;
    item.version = answer.timedOut ? Known<std::string>(Unknown::TimedOut) : versionIn(answer.output);
    item.verdict = Verdict::Fine;
    item.advice.reset();
    if (answer.timedOut || answer.exitCode != 0 || !item.version) {
        if (!answer.timedOut)
            item.version = Unknown::NotReported; // a number in an error is no version
        item.verdict = Verdict::Broken;
        item.advice =
            Advice{answer.timedOut ? "does_not_answer" : "fails", {{"command", program.command[0]}}};
    } else if (!program.oldest.empty()) {
        judgeAge(context, item, program.oldest, program.id);
    }
    return item;
}

namespace {

/// The first that runs on version 2 of control groups, which systems have had alone since 2021 (Docker Engine
/// 20.10 release notes, December 2020).
constexpr std::string_view kOldestDocker = "20.10";
/// Older series get no fixes any more: 1.33 had its last on 2026-06-28 (kubernetes.io/releases).
constexpr std::string_view kOldestKubectl = "1.34";

/// The version of the service; a client whose service does not answer is of no use.
EnvironmentItem docker(const CheckContext& context) {
    EnvironmentItem item = missingItem(context, "docker", "Docker");
    const CommandAnswer answer = context.options.run({"docker", "version", "--format", "{{.Server.Version}}"},
                                                     context.options.timeout);
    if (!answer.ran)
        return item;
    item.version = answer.timedOut ? Known<std::string>(Unknown::TimedOut) : versionIn(answer.output);
    if (answer.exitCode == 0 && !answer.timedOut && item.version) {
        item.verdict = Verdict::Fine;
        item.advice.reset();
        judgeAge(context, item, kOldestDocker, "docker");
        return item;
    }
    item.verdict = Verdict::Broken;
    item.version =
        answer.timedOut ? Unknown::TimedOut : Unknown::NotReported; // an address in the message is no version
    if (answer.timedOut)
        item.advice = Advice{"does_not_answer", {{"command", "docker version"}}};
    else if (containsWord(answer.output, "permission denied"))
        item.advice = adviceFor(context, "daemon_permission", "docker_group");
    else
        item.advice = adviceFor(context, "daemon_not_running", "docker_service");
    return item;
}

EnvironmentItem kubectl(const CheckContext& context) {
    return programItem(context, {"kubectl", "kubectl", {"kubectl", "version", "--client"}, kOldestKubectl});
}

// What Debian 11 has: everything that the Guide shows works with it.
EnvironmentItem podman(const CheckContext& context) {
    return programItem(context, {"podman", "Podman", {"podman", "--version"}, "3.0"});
}

EnvironmentItem git(const CheckContext& context) {
    return programItem(context, {"git", "git", {"git", "--version"}, "2.30"});
}

EnvironmentItem ssh(const CheckContext& context) {
    return programItem(context, {"ssh", "OpenSSH", {"ssh", "-V"}, "8.4"});
}

EnvironmentItem openBlas(const CheckContext& context) {
    EnvironmentItem item = missingItem(context, "openblas", "OpenBLAS");
    std::filesystem::path library;
    const auto version = libraryVersion(context, "libopenblas.so.", &library);
    if (!version && library.empty())
        return item;
    // Debian numbers the file by its interface ("0"), not by its version.
    item.version = version && version->find('.') != std::string::npos
                       ? version
                       : Known<std::string>(Unknown::NotReported);
    item.verdict = Verdict::Fine;
    item.advice.reset();
    item.note = context.options.openBlasCore(library);
    return item;
}

} // namespace

std::vector<Check> programChecks() {
    return {docker, podman, kubectl, git, ssh, openBlas};
}

} // namespace hearth::hardware
