#include "engine/hardware/probe/environment.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <system_error>
#include <thread>

#include "engine/hardware/probe/environment_items.h"
#include "engine/hardware/probe/install_words.h"
#include "engine/hardware/probe/shared_library.h"
#include "engine/hardware/probe/text_files.h"

namespace hearth::hardware {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostThreads = 16;

bool isVersionCharacter(char c) {
    return (c >= '0' && c <= '9') || c == '.';
}

/// The library itself tells which kernels it chose for this processor.
std::string coreOf(const fs::path& path) {
    const SharedLibrary library({path.string()});
    const auto core = library ? library.function<char*()>("openblas_get_corename") : nullptr;
    const char* name = core ? core() : nullptr;
    return name ? cleanText(name).valueOr("") : std::string();
}

std::vector<fs::path> prefixesHere() {
    std::vector<fs::path> out;
    for (const char* variable : {"VIRTUAL_ENV", "CONDA_PREFIX"})
        if (const char* value = std::getenv(variable); value && *value)
            out.emplace_back(value);
    if (const char* home = std::getenv("HOME"); home && *home)
        out.push_back(fs::path(home) / ".local");
    return out;
}

std::vector<fs::path> libraryFolders(const fs::path& root) {
    std::vector<fs::path> out{root / "usr/lib", root / "usr/lib64", root / "usr/local/lib",
                              root / "usr/local/cuda/lib64", root / "opt/rocm/lib"};
    for (const std::string& name : listFolder(root / "usr/lib"))
        if (name.find("-linux-gnu") != std::string::npos)
            out.push_back(root / "usr/lib" / name);
    return out;
}

} // namespace

EnvironmentItem missingItem(const CheckContext& context, std::string id, std::string name) {
    EnvironmentItem item;
    item.advice = adviceFor(context, "install", id);
    item.id = std::move(id);
    item.name = std::move(name);
    item.version = Unknown::Absent;
    item.verdict = Verdict::Missing;
    return item;
}

namespace {

/// "install" and "update" have a form of their own for web addresses.
Advice worded(std::string code, std::string_view subject, OsFamily family) {
    const std::string words = installWords(subject, family);
    const bool download = words.starts_with("https://") && (code == "install" || code == "update");
    return {download ? code + "_download" : std::move(code),
            {{download ? "url" : "command", words}},
            std::string(subject)};
}

} // namespace

void judgeAge(const CheckContext& context, EnvironmentItem& item, std::string_view oldest,
              std::string_view wordsId) {
    if (!item.version || !olderThan(*item.version, oldest))
        return;
    item.verdict = Verdict::Old;
    item.advice = adviceFor(context, "update", wordsId);
    item.advice->args.emplace_back("version", *item.version);
    item.advice->args.emplace_back("wanted", oldest);
}

Advice adviceFor(const CheckContext& context, const std::string& code, std::string_view wordsId) {
    return worded(code, wordsId, context.profile.os.family);
}

Advice adviceOn(const Advice& advice, OsFamily family) {
    if (advice.subject.empty())
        return advice;
    constexpr std::string_view kDownload = "_download";
    std::string code = advice.code;
    if (code.ends_with(kDownload))
        code.resize(code.size() - kDownload.size());
    Advice out = worded(std::move(code), advice.subject, family);
    for (const auto& [name, value] : advice.args)
        if (name != "command" && name != "url")
            out.args.emplace_back(name, value);
    return out;
}

Known<std::string> libraryVersion(const CheckContext& context, std::string_view prefix, fs::path* found) {
    Known<std::string> best(Unknown::Absent);
    for (const fs::path& folder : libraryFolders(context.options.root))
        for (const std::string& name : listFolder(folder)) {
            if (!name.starts_with(prefix))
                continue;
            const std::string version = name.substr(prefix.size());
            if (!std::all_of(version.begin(), version.end(), isVersionCharacter) || version.empty())
                continue;
            if (version.size() > best.valueOr("").size()) {
                best = version;
                if (found)
                    *found = folder / name;
            }
        }
    return best;
}

Known<std::string> versionIn(std::string_view text) {
    for (std::size_t at = 0; (at = text.find_first_of("0123456789", at)) != std::string_view::npos;) {
        std::size_t end = at;
        while (end < text.size() && isVersionCharacter(text[end]))
            ++end;
        std::string_view run = text.substr(at, end - at);
        while (run.ends_with('.'))
            run.remove_suffix(1);
        if (run.find('.') != std::string_view::npos && run.size() < 40)
            return std::string(run);
        at = end;
    }
    return Unknown::NotReported;
}

bool olderThan(std::string_view a, std::string_view b) {
    const auto next = [](std::string_view& rest) {
        const std::size_t dot = std::min(rest.find('.'), rest.size());
        const unsigned number = parseNumber<unsigned>(rest.substr(0, dot)).value_or(0);
        rest.remove_prefix(std::min(dot + 1, rest.size()));
        return number;
    };
    while (!a.empty() || !b.empty())
        if (const unsigned left = next(a), right = next(b); left != right)
            return left < right;
    return false;
}

unsigned majorOf(std::string_view version) {
    return parseNumber<unsigned>(version.substr(0, version.find('.'))).value_or(0);
}

std::vector<EnvironmentItem> checkEnvironment(const HardwareProfile& profile, const EnvironmentOptions& given,
                                              std::stop_token stop) {
    EnvironmentOptions options = given;
    if (!options.run)
        options.run = runCommand;
    if (!options.openBlasCore)
        options.openBlasCore = coreOf;
    if (options.pythonPrefixes.empty() && options.root == "/")
        options.pythonPrefixes = prefixesHere();
    const CheckContext context{profile, options};
    std::vector<Check> checks;
    for (const auto& some : {systemChecks(), pythonChecks(), programChecks()})
        checks.insert(checks.end(), some.begin(), some.end());

    std::vector<std::optional<EnvironmentItem>> done(checks.size());
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i; !stop.stop_requested() && (i = next++) < checks.size();)
            done[i] = checks[i](context);
    };
    {
        std::vector<std::jthread> helpers;
        try {
            while (helpers.size() + 1 < std::min(options.parallel, kMostThreads))
                helpers.emplace_back(work);
        } catch (const std::system_error&) { // no more threads: those there are do the work
        }
        work();
    }
    std::vector<EnvironmentItem> items;
    for (auto& item : done)
        if (item)
            items.push_back(std::move(*item));
    return items;
}

} // namespace hearth::hardware
