#include "engine/workbench/library/foreign_folders.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>

#include <nlohmann/json.hpp>

#include "engine/workbench/library/file_hash.h"
#include "engine/workbench/model_folders.h"

namespace hearth::workbench {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxManifestBytes = 1 << 20;
constexpr std::size_t kMaxManifests = 10'000;

std::optional<std::string> readSmall(const fs::path& path) {
    std::error_code error;
    if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > kMaxManifestBytes || error)
        return std::nullopt;
    std::ifstream file(path, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(file)), {});
    return file.bad() ? std::nullopt : std::optional(std::move(text));
}

/// The blob that a manifest names as the model's weights; "" when there is none.
std::string weightsDigest(const std::string& text) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("layers") || !json["layers"].is_array())
        return {};
    for (const auto& layer : json["layers"]) {
        if (!layer.is_object() || !layer.contains("mediaType") || !layer["mediaType"].is_string() ||
            !layer.contains("digest") || !layer["digest"].is_string())
            continue;
        if (layer["mediaType"].get<std::string>() != "application/vnd.ollama.image.model")
            continue;
        const std::string digest = layer["digest"].get<std::string>();
        if (digest.starts_with("sha256:") && isSha256(std::string_view(digest).substr(7)))
            return digest.substr(7);
    }
    return {};
}

class Scanner {
public:
    Scanner(Library& library, std::stop_token stop) : m_library(library), m_stop(std::move(stop)) {}

    Result<void> add(const fs::path& path, const std::string& program, const std::string& source,
                     const std::string& name) {
        if (m_stop.stop_requested())
            return fail(kCancelled, "looking for models was stopped");
        std::error_code error;
        const fs::path real = fs::weakly_canonical(path, error);
        if (!m_seen.insert(error ? path : real).second)
            return {};
        FoundModel found;
        found.path = path;
        found.program = program;
        found.source = source;
        if (auto facts = readModelFacts(path))
            found.facts = std::move(*facts);
        else
            found.problem = std::move(facts).error();
        if (!name.empty() && (found.problem || found.facts.name == path.stem().string()))
            found.facts.name = name;
        if (found.facts.name.empty())
            found.facts.name = path.stem().string();
        found.facts.name = nameWithoutQuantisation(found.facts.name);
        HEARTH_TRY(const auto there, m_library.findPath(path));
        found.inLibrary = there.has_value();
        report.models.push_back(std::move(found));
        return {};
    }

    Result<void> ggufBelow(const fs::path& folder, const std::string& program) {
        const std::vector<fs::path> folders{folder};
        HEARTH_TRY(auto listing, listModels(folders, {}, m_stop));
        for (const auto& entry : listing.models) {
            std::string source;
            if (program == "huggingface-cache")
                source = repositoryOf(entry.path, folder);
            HEARTH_CHECK(add(entry.path, program, source, {}));
        }
        for (auto& problem : listing.folders)
            report.folders.push_back({problem.folder, std::move(problem.problem)});
        return {};
    }

    /// "models--Qwen--Qwen3-4B/snapshots/…" → "hf Qwen/Qwen3-4B"
    static std::string repositoryOf(const fs::path& path, const fs::path& folder) {
        std::error_code error;
        const fs::path below = fs::relative(path, folder, error);
        std::string name = error || below.empty() ? std::string() : below.begin()->string();
        if (!name.starts_with("models--"))
            return {};
        name = name.substr(8);
        if (const auto split = name.find("--"); split != std::string::npos)
            name = name.substr(0, split) + "/" + name.substr(split + 2);
        return "hf " + name;
    }

    /// Snapshots that hold safetensors and no GGUF.
    Result<void> convertibleBelow(const fs::path& cache) {
        std::error_code error;
        for (fs::directory_iterator it(cache, error), end; !error && it != end; it.increment(error)) {
            std::error_code inner;
            for (fs::directory_iterator snapshot(it->path() / "snapshots", inner), last;
                 !inner && snapshot != last; snapshot.increment(inner))
                if (isHuggingFaceFolder(snapshot->path()))
                    HEARTH_CHECK(addFolder(snapshot->path(), "huggingface-cache",
                                           repositoryOf(snapshot->path(), cache)));
        }
        return {};
    }

    Result<void> addFolder(const fs::path& folder, const std::string& program, const std::string& source) {
        if (m_stop.stop_requested())
            return fail(kCancelled, "looking for models was stopped");
        std::error_code error;
        if (!m_seen.insert(fs::weakly_canonical(folder, error)).second)
            return {};
        FoundModel found;
        found.path = folder;
        found.program = program;
        found.source = source;
        found.convertible = true;
        const auto slash = source.rfind('/');
        found.facts.name = slash == std::string::npos ? folder.filename().string() : source.substr(slash + 1);
        for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
            if (it->path().extension() == ".safetensors") {
                std::error_code inner;
                const auto bytes = it->file_size(inner);
                found.facts.fileBytes += inner ? 0 : bytes;
            }
        report.models.push_back(std::move(found));
        return {};
    }

    Result<void> ollama(const fs::path& folder) {
        const fs::path manifests = folder / "manifests";
        std::error_code error;
        std::size_t looked = 0;
        fs::recursive_directory_iterator it(manifests, fs::directory_options::skip_permission_denied, error),
            end;
        while (!error && it != end && ++looked <= kMaxManifests) {
            std::error_code inner;
            if (it->is_regular_file(inner))
                HEARTH_CHECK(manifest(folder, it->path(), fs::relative(it->path(), manifests, inner)));
            if (it.depth() >= kMaxFolderDepth)
                it.disable_recursion_pending();
            it.increment(error);
        }
        if (error)
            report.folders.push_back(
                {manifests, Error{"folders.unreadable", manifests.string() + ": " + error.message()}.with(
                                "path", manifests.string())});
        return {};
    }

    ScanReport report;

private:
    Result<void> manifest(const fs::path& folder, const fs::path& path, const fs::path& below) {
        const auto text = readSmall(path);
        const std::string digest = text ? weightsDigest(*text) : std::string();
        if (digest.empty()) {
            report.folders.push_back(
                {path, Error{"library.bad_manifest", path.string() + " names no weights"}.with(
                           "path", path.string())});
            return {};
        }
        // registry.ollama.ai/library/llama3.2/1b → llama3.2:1b
        const std::string tag = below.filename().string();
        const std::string name = below.parent_path().filename().string() + ":" + tag;
        return add(folder / "blobs" / ("sha256-" + digest), "ollama", "ollama " + name, name);
    }

    Library& m_library;
    std::stop_token m_stop;
    std::set<fs::path> m_seen;
};

} // namespace

AddRequest FoundModel::request() const {
    AddRequest out;
    out.path = path;
    out.origin = program.empty() ? "imported" : program;
    out.source = source;
    out.name = facts.name;
    return out;
}

std::vector<ForeignFolder> foreignFolders(const ForeignOptions& options) {
    const auto variable = [&](const char* name) -> std::string {
        if (options.variable)
            return options.variable(name);
        const char* value = std::getenv(name);
        return value ? value : "";
    };
    const fs::path home = options.home.empty() ? fs::path(variable("HOME")) : options.home;
    const auto orElse = [](const std::string& value, const fs::path& usual) {
        return value.empty() ? usual : fs::path(value);
    };
    const fs::path cache = orElse(variable("XDG_CACHE_HOME"), home / ".cache");
    const fs::path data = orElse(variable("XDG_DATA_HOME"), home / ".local/share");
    const fs::path config = orElse(variable("XDG_CONFIG_HOME"), home / ".config");
    const fs::path hugging = orElse(variable("HF_HOME"), cache / "huggingface");
    const std::vector<ForeignFolder> usual{
        {"lm-studio", home / ".lmstudio/models"},
        {"lm-studio", home / ".cache/lm-studio/models"},
        {"jan", data / "Jan/data/llamacpp/models"},
        {"jan", data / "Jan/data/models"},
        {"jan", config / "Jan/data/llamacpp/models"},
        {"jan", config / "Jan/data/models"},
        {"jan", home / "jan/models"},
        {"gpt4all", data / "nomic.ai/GPT4All"},
        {"ollama", orElse(variable("OLLAMA_MODELS"), home / ".ollama/models")},
        {"ollama", options.root / "usr/share/ollama/.ollama/models"},
        {"huggingface-cache", orElse(variable("HF_HUB_CACHE"), hugging / "hub")},
    };
    std::vector<ForeignFolder> out;
    std::set<fs::path> seen;
    for (const auto& one : usual) {
        std::error_code error;
        if (fs::is_directory(one.folder, error) &&
            seen.insert(fs::weakly_canonical(one.folder, error)).second)
            out.push_back(one);
    }
    return out;
}

Result<ScanReport> scanForModels(const std::vector<fs::path>& folders,
                                 const std::vector<ForeignFolder>& foreign, Library& library,
                                 std::stop_token stop, const ProgressSink& progress) {
    Scanner scanner(library, stop);
    std::uint64_t done = 0;
    const std::uint64_t total = folders.size() + foreign.size();
    const auto step = [&] {
        if (progress)
            progress({"library.scan", ++done, total});
    };
    for (const auto& place : foreign) { // first, so that a model is told by the program that brought it
        if (place.program == "ollama") {
            HEARTH_CHECK(scanner.ollama(place.folder));
        } else {
            HEARTH_CHECK(scanner.ggufBelow(place.folder, place.program));
            if (place.program == "huggingface-cache")
                HEARTH_CHECK(scanner.convertibleBelow(place.folder));
        }
        step();
    }
    for (const fs::path& folder : folders) {
        if (isHuggingFaceFolder(folder))
            HEARTH_CHECK(scanner.addFolder(folder, {}, {}));
        HEARTH_CHECK(scanner.ggufBelow(folder, {}));
        step();
    }
    std::stable_sort(scanner.report.models.begin(), scanner.report.models.end(),
                     [](const FoundModel& a, const FoundModel& b) { return a.facts.name < b.facts.name; });
    return std::move(scanner.report);
}

} // namespace hearth::workbench
