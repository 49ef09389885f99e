#include "engine/cli/models/model_output.h"

#include <array>
#include <cstdio>
#include <ctime>

#include <nlohmann/json.hpp>

#include "engine/cli/error_text.h"
#include "engine/cli/terminal.h"

namespace hearth::cli {

using namespace workbench;
using nlohmann::ordered_json;

namespace {

std::string_view modeName(FileMode mode) {
    constexpr std::array<std::string_view, 4> kNames{"referenced", "copied", "hard-linked", "made"};
    return kNames[static_cast<std::size_t>(mode)];
}

std::string_view verdictName(Verification::Verdict verdict) {
    constexpr std::array<std::string_view, 4> kNames{"recorded", "same", "changed", "missing"};
    return kNames[static_cast<std::size_t>(verdict)];
}

std::string dayOf(std::int64_t ms) {
    if (ms <= 0)
        return "never";
    const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts{};
    ::localtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts)};
}

std::string lineage(const LibraryModel& model, const LibraryVersion& version) {
    for (const auto& other : model.versions)
        if (other.id == version.parent)
            return other.label + " -> " + version.label;
    return version.source.empty() ? version.origin : version.origin + ", " + version.source;
}

ordered_json parsed(const std::string& text) {
    auto json = ordered_json::parse(text, nullptr, false);
    return json.is_discarded() ? ordered_json::object() : json;
}

} // namespace

std::string_view stateName(FileState state) {
    constexpr std::array<std::string_view, 4> kNames{"present", "altered", "changed", "missing"};
    return kNames[static_cast<std::size_t>(state)];
}

ordered_json toJson(const LibraryVersion& version) {
    ordered_json out{{"id", version.id},
                     {"label", version.label},
                     {"quantisation", version.quantisation},
                     {"default", version.isDefault},
                     {"state", stateName(version.state())},
                     {"bytes", version.bytes()},
                     {"sha256", version.contentHash()},
                     {"origin", version.origin},
                     {"source", version.source},
                     {"note", version.note},
                     {"created_ms", version.createdMs},
                     {"last_used_ms", version.lastUsedMs}};
    if (version.parent)
        out["parent"] = version.parent;
    if (version.job)
        out["job"] = version.job;
    out["recipe"] = parsed(version.recipe);
    out["measured"] = parsed(version.measured);
    auto& files = out["files"] = ordered_json::array();
    for (const auto& file : version.files)
        files.push_back({{"path", file.path.string()},
                         {"bytes", file.bytes},
                         {"sha256", file.sha256},
                         {"mode", modeName(file.mode)},
                         {"state", stateName(file.state)},
                         {"verified_ms", file.verifiedMs}});
    return out;
}

ordered_json toJson(const LibraryModel& model) {
    ordered_json out{{"id", model.id},
                     {"name", model.name},
                     {"family", model.family},
                     {"runnable", model.runnable},
                     {"parameters", model.parameters},
                     {"context", model.trainedContext},
                     {"licence", model.licence},
                     {"note", model.note},
                     {"bytes", model.bytes()},
                     {"last_used_ms", model.lastUsedMs()}};
    auto& versions = out["versions"] = ordered_json::array();
    for (const auto& version : model.versions)
        versions.push_back(toJson(version));
    return out;
}

ordered_json toJson(const Verification& verification) {
    ordered_json out = ordered_json::array();
    for (const auto& file : verification.files)
        out.push_back({{"path", file.path.string()},
                       {"verdict", verdictName(file.verdict)},
                       {"expected", file.expected},
                       {"found", file.found}});
    return out;
}

void printJson(const ordered_json& json) {
    print(json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

void printModel(const LibraryModel& model) {
    const Style style = styleFor(stdoutIsTerminal());
    const std::string more = model.licence.empty() ? std::string() : ", " + model.licence;
    print(std::to_string(model.id) + "  " + std::string(style.bold) + model.name + std::string(style.reset) +
          "  " + std::string(style.dim) + model.family + (model.runnable ? "" : " (not supported)") + more +
          std::string(style.reset) + "\n");
    for (const auto& version : model.versions) {
        std::array<char, 200> text{};
        std::snprintf(text.data(), text.size(), "   %c #%-4lld %-16s %10s  used %-10s  ",
                      version.isDefault ? '*' : ' ', static_cast<long long>(version.id),
                      version.label.c_str(), bytesText(version.bytes()).c_str(),
                      dayOf(version.lastUsedMs).c_str());
        const FileState state = version.state();
        print(text.data() + lineage(model, version) +
              (state == FileState::Present ? "" : "  [" + std::string(stateName(state)) + "]") + "\n");
    }
}

} // namespace hearth::cli
