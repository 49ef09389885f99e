#include "engine/hub/answers.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "engine/base/json_fields.h"
#include "engine/hub/headers.h"
#include "engine/hub/names.h"

namespace hearth::hub {

namespace {

using nlohmann::json;

constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxText = 400;
constexpr std::size_t kMaxTags = 200;

tl::unexpected<Error> bad(std::string why) {
    return fail("hub.bad_answer", "the hub's answer makes no sense: " + std::move(why));
}

Result<json> read(std::string_view text) {
    if (text.empty())
        return bad("it is empty");
    if (jsonDeeperThan(text, kMaxDepth))
        return bad("it is nested too deeply");
    json document = json::parse(text, nullptr, false);
    if (document.is_discarded())
        return bad(text.find('<') < 16 ? "it is a web page" : "it is not JSON");
    return document;
}

const json* member(const json& object, const char* key) {
    if (!object.is_object())
        return nullptr;
    const auto it = object.find(key);
    return it == object.end() ? nullptr : &*it;
}

std::string text(const json& object, const char* key) {
    const json* value = member(object, key);
    if (!value || !value->is_string())
        return {};
    auto out = value->get<std::string>();
    return out.size() > kMaxText ? std::string() : out;
}

std::optional<std::uint64_t> number(const json& object, const char* key) {
    const json* value = member(object, key);
    if (!value || !value->is_number_integer() ||
        (!value->is_number_unsigned() && value->get<std::int64_t>() < 0))
        return std::nullopt;
    return value->get<std::uint64_t>();
}

/// Hubs write false, true, "auto" or "manual".
bool flag(const json& object, const char* key) {
    const json* value = member(object, key);
    return value && (value->is_string() ? !value->get_ref<const std::string&>().empty()
                                        : value->is_boolean() && value->get<bool>());
}

void readTags(const json& object, ModelSummary& model) {
    if (const json* tags = member(object, "tags"); tags && tags->is_array())
        for (const auto& tag : *tags)
            if (tag.is_string() && model.tags.size() < kMaxTags &&
                tag.get_ref<const std::string&>().size() <= 100)
                model.tags.push_back(tag.get<std::string>());
    for (const auto& tag : model.tags)
        if (model.licence.empty() && tag.starts_with("license:"))
            model.licence = tag.substr(8);
}

std::optional<ModelSummary> summary(const json& object) {
    ModelSummary model;
    model.repository = text(object, "id");
    if (model.repository.empty())
        model.repository = text(object, "modelId");
    if (!checkRepository(model.repository))
        return std::nullopt;
    model.updated = text(object, "lastModified");
    model.downloads = number(object, "downloads").value_or(0);
    model.likes = number(object, "likes").value_or(0);
    model.gated = flag(object, "gated");
    model.isPrivate = flag(object, "private");
    if (const json* card = member(object, "cardData"))
        model.licence = text(*card, "license");
    readTags(object, model);
    if (const auto commit = asGitSha1(text(object, "sha")))
        model.commit = *commit;
    return model;
}

std::optional<ModelSummary> scopeSummary(const json& object) {
    ModelSummary model;
    for (const char* key : {"id", "model_id", "Id"})
        if (model.repository.empty())
            model.repository = text(object, key);
    if (!checkRepository(model.repository))
        return std::nullopt;
    for (const char* key : {"last_modified", "LastUpdatedTime"})
        if (model.updated.empty())
            model.updated = text(object, key);
    model.licence = text(object, "license");
    model.downloads = number(object, "downloads").value_or(0);
    model.likes = number(object, "likes").value_or(0);
    model.gated = flag(object, "gated");
    model.isPrivate = flag(object, "private");
    readTags(object, model);
    return model;
}

template <class Read>
Result<ModelList> listOf(const json& array, Read&& readOne) {
    if (!array.is_array() || array.size() > kMaxEntries)
        return bad("no list of models");
    ModelList list;
    for (const auto& entry : array)
        if (auto model = readOne(entry)) // one with a name that cannot be right is not offered
            list.models.push_back(std::move(*model));
    return list;
}

void addFile(FileList& list, RepoFile file) {
    if (safePath(file.path))
        list.files.push_back(std::move(file));
    else
        ++list.leftOut;
}

Result<FileList> checked(FileList list) {
    HEARTH_CHECK(refuseTwins(list.files));
    return list;
}

/// ModelScope wraps its answers; an unsuccessful one says why.
Result<json> unwrap(std::string_view text_, const char* success, const char* data) {
    HEARTH_TRY(json document, read(text_));
    const json* good = member(document, success);
    if (good && good->is_boolean() && !good->get<bool>())
        return bad("it says that it failed");
    json* inner = document.is_object() && document.contains(data) ? &document[data] : nullptr;
    if (!inner)
        return bad(std::string("it has no \"") + data + "\"");
    json out = std::move(*inner);
    return out;
}

} // namespace

Result<void> refuseTwins(const std::vector<RepoFile>& files) {
    std::vector<std::string> paths;
    paths.reserve(files.size());
    for (const auto& file : files)
        paths.push_back(file.path);
    const auto twins = collision(paths);
    if (!twins)
        return {};
    return tl::unexpected<Error>(
        Error{"hub.name_collision", "two files of the repository differ in upper and lower case only: " +
                                        twins->first + " and " + twins->second}
            .with("file", twins->first)
            .with("other", twins->second));
}

Result<ModelList> parseModels(std::string_view json_) {
    HEARTH_TRY(const json document, read(json_));
    return listOf(document, summary);
}

Result<ModelSummary> parseModel(std::string_view json_) {
    HEARTH_TRY(const json document, read(json_));
    auto model = summary(document);
    if (!model)
        return bad("no model");
    return std::move(*model);
}

Result<FileList> parseTree(std::string_view json_) {
    HEARTH_TRY(const json document, read(json_));
    if (!document.is_array() || document.size() > kMaxEntries)
        return bad("no list of files");
    FileList list;
    for (const auto& entry : document) {
        if (text(entry, "type") == "directory")
            continue;
        const json* path = member(entry, "path");
        if (!path || !path->is_string())
            return bad("a file without a path");
        RepoFile file;
        file.path = path->get<std::string>();
        file.size = number(entry, "size");
        if (const json* lfs = member(entry, "lfs"); lfs && lfs->is_object()) {
            if (const auto size = number(*lfs, "size"))
                file.size = size;
            for (const char* key : {"oid", "sha256"})
                if (const auto hash = asSha256(text(*lfs, key)))
                    file.sha256 = *hash;
        } else if (const auto hash = asGitSha1(text(entry, "oid"))) {
            file.gitSha1 = *hash;
        }
        addFile(list, std::move(file));
    }
    return checked(std::move(list));
}

Result<ModelList> parseScopeModels(std::string_view json_) {
    HEARTH_TRY(const json data, unwrap(json_, "success", "data"));
    const json* models = data.is_array() ? &data : member(data, "models");
    if (!models)
        return bad("no list of models");
    HEARTH_TRY(ModelList list, listOf(*models, scopeSummary));
    list.total = number(data, "total_count");
    return list;
}

Result<ModelSummary> parseScopeModel(std::string_view json_) {
    HEARTH_TRY(const json data, unwrap(json_, "success", "data"));
    auto model = scopeSummary(data);
    if (!model)
        return bad("no model");
    return std::move(*model);
}

Result<FileList> parseScopeFiles(std::string_view json_) {
    HEARTH_TRY(const json data, unwrap(json_, "Success", "Data"));
    const json* files = member(data, "Files");
    if (!files || !files->is_array() || files->size() > kMaxEntries)
        return bad("no list of files");
    FileList list;
    for (const auto& entry : *files) {
        if (text(entry, "Type") == "tree")
            continue;
        const json* path = member(entry, "Path");
        if (!path || !path->is_string())
            return bad("a file without a path");
        RepoFile file;
        file.path = path->get<std::string>();
        file.size = number(entry, "Size");
        if (const auto hash = asSha256(text(entry, "Sha256")))
            file.sha256 = *hash;
        addFile(list, std::move(file));
    }
    return checked(std::move(list));
}

Result<std::vector<std::string>> parseScopeRevisions(std::string_view json_) {
    HEARTH_TRY(const json data, unwrap(json_, "Success", "Data"));
    const json* map = member(data, "RevisionMap");
    if (!map)
        return bad("no revisions");
    std::vector<std::string> names;
    for (const char* kind : {"Branches", "Tags"}) {
        const json* list = member(*map, kind);
        if (!list || !list->is_array() || list->size() > kMaxEntries)
            continue;
        for (const auto& entry : *list)
            if (auto name = text(entry, "Revision"); checkRevision(name))
                names.push_back(std::move(name));
    }
    return names;
}

} // namespace hearth::hub
