#include <algorithm>
#include <cctype>
#include <regex>

#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/ascii.h"
#include "engine/base/utc_time.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/workbench/library/file_hash.h"
#include "engine/workbench/library/library_impl.h"
#include "engine/workbench/model_facts.h"
#include "engine/workbench/model_folders.h"

namespace hearth::workbench {

namespace {

namespace fs = std::filesystem;

/// The same model in another quantisation: name and family agree, and so do the parameters but for tensors
/// that one of the two leaves out (a tied output matrix, tables of frequencies).
bool sameModel(const LibraryModel& model, const ModelFacts& facts, const std::string& name) {
    if (model.family != facts.family || lowerAscii(model.name) != lowerAscii(name))
        return false;
    const auto larger = std::max(model.parameters, facts.parameters);
    const auto smaller = std::min(model.parameters, facts.parameters);
    return larger - smaller <= larger / 5;
}

/// GGUF files that hold something else than a language model.
Result<void> checkKind(const format::GgufFile& file, const fs::path& path) {
    const auto kind = file.getString("general.type").value_or("model");
    const auto family = file.getString("general.architecture").value_or("");
    if (kind == "model" && family != "clip" && !file.tensors().empty())
        return {};
    return tl::unexpected<Error>(
        Error{"library.not_a_model", path.string() + " holds no language model (" + std::string(kind) + ")"}
            .with("path", path.string())
            .with("kind", std::string(family == "clip" ? family : kind)));
}

/// What was put in place for an addition that then failed goes again.
class PutInPlace {
public:
    ~PutInPlace() {
        for (const fs::path& path : m_paths)
            ::unlink(path.c_str());
    }
    void add(fs::path path) { m_paths.push_back(std::move(path)); }
    void keep() { m_paths.clear(); }

private:
    std::vector<fs::path> m_paths;
};

/// What whoever asks has just found a file's hash to be; "" = not known.
std::string verifiedHash(const AddRequest& request, const fs::path& path) {
    for (const auto& known : request.verified)
        if (std::error_code error; fs::absolute(known.path, error) == path)
            return known.sha256;
    return {};
}

/// A name in `folder` that no other file has.
fs::path freeName(const fs::path& folder, const fs::path& source) {
    fs::path name = folder / source.filename();
    std::error_code error;
    for (int n = 2; fs::exists(name, error) && n < 10'000; ++n)
        name =
            folder / (source.stem().string() + " (" + std::to_string(n) + ")" + source.extension().string());
    return name;
}

Result<fs::path> hardLink(const fs::path& source, const fs::path& folder) {
    const fs::path target = freeName(folder, source);
    std::error_code error;
    fs::create_hard_link(fs::canonical(source, error), target, error);
    if (error)
        return tl::unexpected<Error>(
            Error{"library.cannot_link",
                  source.string() + " cannot be hard-linked into " + folder.string() + ": " + error.message()}
                .with("path", source.string())
                .with("folder", folder.string()));
    return target;
}

} // namespace

std::string nameWithoutQuantisation(const std::string& name) {
    static const std::regex kTail(
        R"([-_. ](?:I?Q\d(?:_K(?:_(?:XL|L|M|S))?|_[01]|_NL|_X?XS|_[SM])?|MXFP4|B?F16|F32|FP16|GGUF)$)",
        std::regex::icase | std::regex::optimize);
    if (name.size() > 1024) // the expression's cost grows with the text
        return name;
    std::string out = name;
    std::smatch match;
    while (std::regex_search(out, match, kTail) && match.position() > 0)
        out = match.prefix().str();
    return out;
}

bool isHuggingFaceFolder(const fs::path& folder) {
    std::error_code error;
    if (!fs::is_regular_file(folder / "config.json", error))
        return false;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        const std::string name = it->path().filename().string();
        // A folder of pickles is shown too: converting tells why it is refused.
        if (name.ends_with(".safetensors") || name.ends_with(".bin") || name.ends_with(".pt"))
            return true;
    }
    return false;
}

Result<AddReport> Library::add(const AddRequest& request, std::stop_token stop,
                               const ProgressSink& progress) {
    HEARTH_TRY(const auto already, findPath(request.path));
    if (already) {
        AddReport out;
        out.model = already->id;
        out.version = already->versions.front().id;
        out.alreadyThere = true;
        return out;
    }
    ModelFacts facts;
    LibraryVersion version;
    std::string licence = request.licence;
    {
        HEARTH_TRY(const auto file, format::GgufFile::open(request.path));
        HEARTH_CHECK(checkKind(file, request.path));
        facts = modelFacts(file);
        if (licence.empty())
            licence = file.getString("general.license").value_or("");
        for (const fs::path& path : file.paths()) {
            std::error_code error;
            LibraryFile part;
            part.path = fs::absolute(path, error);
            part.mode = request.mode;
            part.bytes = factsOf(path).bytes;
            version.files.push_back(std::move(part));
        }
    }
    const bool placed = request.mode == FileMode::Copied || request.mode == FileMode::HardLinked;
    if (placed)
        HEARTH_CHECK(m_impl->makeFolder());
    AddReport out;
    HEARTH_CHECK(m_impl->guarded(security::Action::Create, request.path, [&]() -> Result<void> {
        PutInPlace put;
        const bool copies = request.mode == FileMode::Copied;
        ByteCounter count(copies ? "library.copy" : "library.hash", version.bytes(), progress);
        for (LibraryFile& file : version.files) {
            if (copies) {
                const fs::path target = freeName(m_impl->options.folder, file.path);
                HEARTH_TRY(file.sha256, copyFile(file.path, target, stop, std::ref(count)));
                file.path = target;
                put.add(target);
            } else {
                if (const std::string known = verifiedHash(request, file.path); !known.empty()) {
                    file.sha256 = known;
                } else if (request.hash) {
                    HEARTH_TRY(file.sha256, hashFile(file.path, stop, std::ref(count)));
                }
                if (request.mode == FileMode::HardLinked) {
                    HEARTH_TRY(file.path, hardLink(file.path, m_impl->options.folder));
                    put.add(file.path);
                }
            }
            const FileFacts now = factsOf(file.path);
            file.bytes = now.bytes;
            file.modifiedNs = now.modifiedNs;
            file.verifiedMs = file.sha256.empty() ? 0 : unixMsNow();
        }
        HEARTH_TRY(const auto models, m_impl->read(0));
        for (const auto& model : models)
            for (const auto& other : model.versions)
                if (const std::string hash = version.contentHash();
                    !hash.empty() && other.contentHash() == hash && other.state() != FileState::Missing) {
                    out.duplicateOf = other.id;
                    if (placed) { // nothing is gained by another copy
                        out.model = model.id;
                        out.version = other.id;
                        out.copyLeftOut = true;
                        return {};
                    }
                }
        std::string name = request.name.empty() ? nameWithoutQuantisation(facts.name) : request.name;
        auto recorded = m_impl->connection->transaction([&]() -> Result<void> {
            for (const auto& model : models) {
                const bool fromParent =
                    request.parent != 0 &&
                    std::any_of(model.versions.begin(), model.versions.end(),
                                [&](const auto& other) { return other.id == request.parent; });
                if (fromParent || (request.parent == 0 && sameModel(model, facts, name)))
                    out.model = model.id;
            }
            const std::int64_t now = unixMsNow();
            if (out.model == 0) {
                LibraryModel model;
                model.name = std::move(name);
                model.family = facts.family;
                model.parameters = facts.parameters;
                model.trainedContext = facts.trainedContext;
                model.licence = licence;
                model.defaults = "{}";
                model.createdMs = now;
                HEARTH_TRY(out.model, m_impl->insertModel(model));
                out.newModel = true;
            }
            version.model = out.model;
            version.parent = request.parent;
            version.job = request.job;
            version.quantisation = facts.quantisation;
            version.label = request.label.empty() ? facts.quantisation : request.label;
            version.origin = request.origin;
            version.source = request.source;
            version.recipe = request.recipe;
            version.measured = request.measured;
            version.createdMs = now;
            HEARTH_TRY(out.version, m_impl->insertVersion(version));
            for (std::size_t part = 0; part < version.files.size(); ++part)
                HEARTH_CHECK(m_impl->insertFile(out.version, part, version.files[part]));
            return {};
        });
        if (recorded)
            put.keep();
        return recorded;
    }));
    return out;
}

Result<ImportReport> Library::import(std::span<const fs::path> paths, const AddRequest& how,
                                     std::stop_token stop, const ProgressSink& progress) {
    ImportReport out;
    std::vector<fs::path> files;
    for (const fs::path& path : paths) {
        std::error_code error;
        if (!fs::is_directory(path, error)) {
            files.push_back(path);
            continue;
        }
        if (isHuggingFaceFolder(path)) {
            out.convertible.push_back(path);
            continue;
        }
        const std::vector<fs::path> folder{path};
        HEARTH_TRY(const auto listing, listModels(folder, {}, stop));
        for (const auto& entry : listing.models)
            if (entry.problem)
                out.problems.push_back({entry.path, *entry.problem});
            else
                files.push_back(entry.path);
        for (const auto& problem : listing.folders)
            out.problems.push_back({problem.folder, problem.problem});
        if (listing.models.empty() && listing.folders.empty())
            out.problems.push_back(
                {path, Error{"library.nothing_found", path.string() + " holds no model file"}.with(
                           "path", path.string())});
    }
    std::uint64_t total = 0, before = 0;
    for (const fs::path& file : files)
        total += factsOf(file).bytes;
    for (const fs::path& file : files) {
        AddRequest one = how;
        one.path = file;
        const auto added = add(one, stop, [&](const Progress& part) {
            if (progress)
                progress({"library.import", before + part.done, total});
        });
        before += factsOf(file).bytes;
        if (added)
            out.added.push_back(*added);
        else if (added.error().code == kCancelled)
            return tl::unexpected<Error>(added.error());
        else
            out.problems.push_back({file, added.error()});
    }
    return out;
}

} // namespace hearth::workbench
