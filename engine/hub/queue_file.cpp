#include "engine/hub/queue_file.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/json_fields.h"
#include "engine/hub/headers.h"
#include "engine/hub/names.h"

namespace hearth::hub {

namespace {

using nlohmann::ordered_json;

constexpr std::array<std::string_view, 5> kStates{"queued", "active", "paused", "finished", "failed"};
constexpr int kVersion = 1, kMaxDepth = 8; // it has four levels
constexpr std::uintmax_t kMaxFile = std::uintmax_t{16} << 20;

std::optional<Download> readOne(const ordered_json& json) {
    if (!json.is_object())
        return std::nullopt;
    Download out;
    const auto endpoint = parseEndpoint(textAt(json, "endpoint"));
    const auto state = std::find(kStates.begin(), kStates.end(), textAt(json, "state"));
    out.repository = textAt(json, "repository");
    out.revision = textAt(json, "revision");
    out.file = textAt(json, "file");
    out.target = textAt(json, "target");
    out.id = countAt(json, "id");
    if (!endpoint || state == kStates.end() || !checkRepository(out.repository) || !safePath(out.file) ||
        (!out.revision.empty() && !checkRevision(out.revision)) || !out.target.is_absolute() || out.id == 0)
        return std::nullopt;
    out.endpoint = *endpoint;
    if (textAt(json, "kind") == "modelscope")
        out.endpoint.kind = HubKind::ModelScope;
    if (const auto name = textAt(json, "name"); !name.empty())
        out.endpoint.name = QString::fromStdString(name);
    out.state = static_cast<DownloadState>(state - kStates.begin());
    out.size = countAt(json, "size");
    out.bytesDone = countAt(json, "bytes_done");
    out.memory = countAt(json, "memory");
    if (const auto hash = asSha256(textAt(json, "sha256")))
        out.sha256 = *hash;
    out.licence = textAt(json, "licence");
    out.quantisation = textAt(json, "quantisation");
    out.owner = textAt(json, "owner");
    if (const auto it = json.find("problem"); it != json.end() && it->is_object()) {
        Error problem{textAt(*it, "code"), textAt(*it, "detail")};
        if (const auto args = it->find("args"); args != it->end() && args->is_object())
            for (const auto& [name, value] : args->items())
                if (value.is_string())
                    problem.args.emplace_back(name, value.get<std::string>());
        if (!problem.code.empty())
            out.problem = std::move(problem);
    }
    return out;
}

ordered_json toJson(const Download& download) {
    ordered_json json{{"id", download.id},
                      {"endpoint", download.endpoint.url.toString(QUrl::FullyEncoded).toStdString()},
                      {"kind", download.endpoint.kind == HubKind::ModelScope ? "modelscope" : "huggingface"},
                      {"name", download.endpoint.name.toStdString()},
                      {"repository", download.repository},
                      {"revision", download.revision},
                      {"file", download.file},
                      {"target", download.target.string()},
                      {"size", download.size},
                      {"bytes_done", download.bytesDone},
                      {"memory", download.memory},
                      {"sha256", download.sha256},
                      {"licence", download.licence},
                      {"quantisation", download.quantisation},
                      {"owner", download.owner},
                      {"state", stateName(download.state)}};
    if (download.problem) {
        ordered_json args = ordered_json::object();
        for (const auto& [name, value] : download.problem->args)
            args[name] = value;
        json["problem"] = {
            {"code", download.problem->code}, {"detail", download.problem->detail}, {"args", args}};
    }
    return json;
}

tl::unexpected<Error> damaged(const std::string& why) {
    return fail("hub.queue_damaged", "the list of downloads cannot be read: " + why);
}

} // namespace

std::string_view stateName(DownloadState state) {
    return kStates[static_cast<std::size_t>(state)];
}

Result<QueueContent> parseQueue(std::string_view bytes) {
    if (jsonDeeperThan(bytes, kMaxDepth))
        return damaged("nested too deeply");
    const auto json = ordered_json::parse(bytes, nullptr, false);
    if (!json.is_object())
        return damaged("no JSON object");
    if (countAt(json, "version") != kVersion)
        return damaged("of another version of the program");
    const auto list = json.find("downloads");
    if (list == json.end() || !list->is_array() || list->size() > kMaxDownloads)
        return damaged("no list");
    QueueContent content;
    for (const auto& entry : *list) {
        auto download = readOne(entry);
        if (!download)
            return damaged("an entry makes no sense");
        for (const auto& other : content.downloads)
            if (other.id == download->id)
                return damaged("an id is there twice");
        content.nextId = std::max(content.nextId, std::min(download->id, UINT64_MAX - 1) + 1);
        content.downloads.push_back(std::move(*download));
    }
    if (const auto parts = json.find("remembered"); parts != json.end()) {
        if (!parts->is_array() || parts->size() > kMaxRemembered)
            return damaged("no list of parts");
        for (const auto& entry : *parts) {
            const auto hash = asSha256(textAt(entry, "sha256"));
            const std::filesystem::path path = textAt(entry, "path");
            if (!hash || !path.is_absolute())
                return damaged("a part makes no sense");
            content.remembered.push_back({path, *hash, countAt(entry, "bytes"),
                                          static_cast<std::int64_t>(countAt(entry, "modified_ns"))});
        }
    }
    return content;
}

std::string queueText(const QueueContent& content) {
    ordered_json list = ordered_json::array();
    for (const auto& download : content.downloads)
        list.push_back(toJson(download));
    ordered_json parts = ordered_json::array();
    for (const auto& part : content.remembered)
        parts.push_back(
            {{"path", part.path.string()},
             {"sha256", part.sha256},
             {"bytes", part.bytes},
             {"modified_ns", static_cast<std::uint64_t>(std::max<std::int64_t>(0, part.modifiedNs))}});
    return ordered_json{{"version", kVersion}, {"downloads", list}, {"remembered", parts}}.dump(
               1, ' ', false, ordered_json::error_handler_t::replace) +
           "\n";
}

QueueRead readQueue(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::exists(file, error))
        return {};
    Result<QueueContent> content = damaged("too large");
    if (std::filesystem::file_size(file, error) <= kMaxFile && !error) {
        std::ifstream in(file, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        content = parseQueue(bytes);
    }
    if (content)
        return {std::move(*content), std::nullopt};
    const std::filesystem::path aside = file.string() + ".bad";
    std::filesystem::rename(file, aside, error);
    return {{}, std::move(content.error()).with("path", aside.string())};
}

Result<void> writeQueue(const std::filesystem::path& file, const QueueContent& content) {
    HEARTH_TRY(AtomicFile out, AtomicFile::create(file));
    HEARTH_CHECK(out.write(queueText(content)));
    return out.commit();
}

} // namespace hearth::hub
