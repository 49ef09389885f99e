#include "engine/workbench/library/library.h"

#include <algorithm>
#include <chrono>

#include <fcntl.h>

#include "engine/base/content_hash.h"
#include "engine/base/log.h"
#include "engine/base/utc_time.h"
#include "engine/model/family.h"
#include "engine/store/file_care.h"
#include "engine/workbench/library/file_hash.h"
#include "engine/workbench/library/library_impl.h"
#include "engine/workbench/library/library_schema.h"

namespace hearth::workbench {

namespace {

namespace fs = std::filesystem;
using store::Row;

FileState stateOf(const LibraryFile& file) {
    const FileFacts facts = factsOf(file.path);
    if (!facts.there)
        return FileState::Missing;
    if (facts.bytes != file.bytes || facts.modifiedNs != file.modifiedNs)
        return FileState::Altered;
    return file.differed ? FileState::Changed : FileState::Present;
}

LibraryFile fileOf(const Row& row) {
    LibraryFile file;
    file.id = row.integer(0);
    file.mode = static_cast<FileMode>(row.integer(2));
    file.bytes = static_cast<std::uint64_t>(row.integer(3));
    file.modifiedNs = row.integer(4);
    file.verifiedMs = row.integer(5);
    file.differed = row.integer(6) != 0;
    file.sha256 = row.bytes(7);
    file.path = row.bytes(8);
    file.state = stateOf(file);
    return file;
}

LibraryVersion versionOf(const Row& row) {
    LibraryVersion version;
    version.id = row.integer(0);
    version.model = row.integer(1);
    version.parent = row.integer(2);
    version.job = row.integer(3);
    version.createdMs = row.integer(4);
    version.lastUsedMs = row.integer(5);
    version.label = row.bytes(6);
    version.quantisation = row.bytes(7);
    version.origin = row.bytes(8);
    version.source = row.bytes(9);
    version.note = row.bytes(10);
    version.recipe = row.bytes(11);
    version.measured = row.bytes(12);
    return version;
}

} // namespace

std::uint64_t LibraryVersion::bytes() const {
    std::uint64_t sum = 0;
    for (const auto& file : files)
        sum += file.bytes;
    return sum;
}

std::string LibraryVersion::contentHash() const {
    if (files.size() == 1)
        return files.front().sha256;
    ContentHash hash;
    for (const auto& file : files) {
        if (file.sha256.empty())
            return {};
        hash.add(std::as_bytes(std::span(file.sha256)));
    }
    return hash.hex();
}

FileState LibraryVersion::state() const {
    FileState worst = FileState::Present;
    for (const auto& file : files)
        worst = std::max(worst, file.state);
    return files.empty() ? FileState::Missing : worst;
}

const fs::path& LibraryVersion::path() const {
    static const fs::path kNone;
    return files.empty() ? kNone : files.front().path;
}

const LibraryVersion* LibraryModel::defaultVersion() const {
    for (const auto& version : versions)
        if (version.isDefault)
            return &version;
    return versions.empty() ? nullptr : &versions.front();
}

std::int64_t LibraryModel::lastUsedMs() const {
    std::int64_t last = 0;
    for (const auto& version : versions)
        last = std::max(last, version.lastUsedMs);
    return last;
}

std::uint64_t LibraryModel::bytes() const {
    std::uint64_t sum = 0;
    for (const auto& version : versions)
        sum += version.bytes();
    return sum;
}

tl::unexpected<Error> libraryRowMissing(const char* what, LibraryId id) {
    return tl::unexpected<Error>(Error{"library.not_found", std::string("there is no ") + what + " " +
                                                                std::to_string(id) + " in the library"}
                                     .with("id", std::to_string(id)));
}

Library::Library(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Library::~Library() = default;

Result<std::unique_ptr<Library>> Library::open(const fs::path& database, LibraryOptions options) {
    auto impl = std::make_unique<Impl>();
    HEARTH_TRY(impl->connection, store::openShared(database, libraryMigrations()));
    impl->options = std::move(options);
    if (impl->options.folder.empty())
        impl->options.folder = database.parent_path() / "models";
    if (const auto removed = impl->removeLeftovers(); !removed) // tried again next time
        log(LogLevel::Warning, "library", removed.error().message());
    return std::unique_ptr<Library>(new Library(std::move(impl)));
}

const fs::path& Library::folder() const {
    return m_impl->options.folder;
}

Result<void> Library::Impl::makeFolder() const {
    std::error_code error;
    fs::create_directories(options.folder, error);
    if (error)
        return tl::unexpected<Error>(
            Error{"file.unwritable", options.folder.string() + ": " + error.message()}.with(
                "path", options.folder.string()));
    return {};
}

Result<std::vector<LibraryModel>> Library::Impl::read(LibraryId model) {
    std::vector<LibraryModel> models;
    std::map<LibraryId, std::size_t> places;
    HEARTH_CHECK(connection->each(
        "SELECT id, created_ms, parameters, trained_context, name, family, licence, note, defaults, "
        "(SELECT count(*) FROM default_change WHERE model = m.id) FROM model m WHERE ? IN (0, id) "
        "ORDER BY id",
        {model}, [&](const Row& row) -> Result<void> {
            LibraryModel one;
            one.id = row.integer(0);
            one.createdMs = row.integer(1);
            one.parameters = static_cast<std::uint64_t>(row.integer(2));
            one.trainedContext = static_cast<std::uint64_t>(row.integer(3));
            one.name = row.bytes(4);
            one.family = row.bytes(5);
            one.licence = row.bytes(6);
            one.note = row.bytes(7);
            one.defaults = row.bytes(8);
            one.canRollBack = row.integer(9) > 1;
            one.runnable = model::findFamily(one.family) != nullptr;
            places[one.id] = models.size();
            models.push_back(std::move(one));
            return {};
        }));
    std::map<LibraryId, std::pair<std::size_t, std::size_t>> versions;
    HEARTH_CHECK(connection->each(
        "SELECT id, model, parent, job, created_ms, last_used_ms, label, quantisation, origin, source, note, "
        "recipe, measured FROM version WHERE ? IN (0, model) ORDER BY id",
        {model}, [&](const Row& row) -> Result<void> {
            LibraryVersion one = versionOf(row);
            const auto place = places.find(one.model);
            if (place == places.end()) // of a model that came while this was read
                return {};
            auto& list = models[place->second].versions;
            versions[one.id] = {place->second, list.size()};
            list.push_back(std::move(one));
            return {};
        }));
    HEARTH_CHECK(connection->each(
        "SELECT f.id, f.version, f.mode, f.bytes, f.modified_ns, f.verified_ms, f.differed, f.sha256, f.path "
        "FROM file f JOIN version v ON v.id = f.version WHERE ? IN (0, v.model) ORDER BY f.version, "
        "f.part",
        {model}, [&](const Row& row) -> Result<void> {
            if (const auto place = versions.find(row.integer(1)); place != versions.end())
                models[place->second.first].versions[place->second.second].files.push_back(fileOf(row));
            return {};
        }));
    HEARTH_CHECK(connection->each(
        "SELECT model, version FROM default_change WHERE id IN (SELECT max(id) FROM default_change GROUP BY "
        "model)",
        {}, [&](const Row& row) -> Result<void> {
            if (const auto place = versions.find(row.integer(1)); place != versions.end())
                models[place->second.first].versions[place->second.second].isDefault = true;
            return {};
        }));
    for (LibraryModel& one : models) {
        auto& list = one.versions;
        if (!list.empty() &&
            std::none_of(list.begin(), list.end(), [](const auto& v) { return v.isDefault; }))
            list.front().isDefault = true;
        std::stable_sort(list.begin(), list.end(),
                         [](const auto& a, const auto& b) { return a.isDefault && !b.isDefault; });
    }
    return models;
}

Result<std::vector<LibraryModel>> Library::models() {
    return m_impl->read(0);
}

Result<LibraryModel> Library::model(LibraryId model) {
    HEARTH_TRY(auto models, m_impl->read(model));
    if (model == 0 || models.empty())
        return libraryRowMissing("model", model);
    return std::move(models.front());
}

Result<LibraryModel> Library::Impl::modelOf(LibraryId version) {
    HEARTH_TRY(const auto id, connection->integer("SELECT model FROM version WHERE id = ?", {version}));
    if (!id)
        return libraryRowMissing("version", version);
    HEARTH_TRY(auto models, read(*id));
    if (models.empty())
        return libraryRowMissing("version", version);
    return std::move(models.front());
}

Result<LibraryModel> Library::Impl::only(LibraryId version) {
    HEARTH_TRY(auto model, modelOf(version));
    std::erase_if(model.versions, [&](const LibraryVersion& one) { return one.id != version; });
    return model;
}

Result<LibraryModel> Library::version(LibraryId version) {
    return m_impl->only(version);
}

Result<std::optional<LibraryModel>> Library::findPath(const fs::path& path) {
    std::error_code error;
    const fs::path absolute = fs::absolute(path, error), real = fs::weakly_canonical(path, error);
    for (const fs::path& candidate : {absolute, real}) {
        HEARTH_TRY(const auto version, m_impl->connection->integer("SELECT version FROM file WHERE path = ?",
                                                                   {std::string_view(candidate.native())}));
        if (version)
            return m_impl->only(*version).map(
                [](LibraryModel model) { return std::optional(std::move(model)); });
    }
    return std::nullopt;
}

Result<std::vector<DefaultChange>> Library::defaultHistory(LibraryId model) {
    std::vector<DefaultChange> out;
    HEARTH_CHECK(
        m_impl->connection->each("SELECT version, at_ms FROM default_change WHERE model = ? ORDER BY id DESC",
                                 {model}, [&](const Row& row) -> Result<void> {
                                     out.push_back({row.integer(0), row.integer(1)});
                                     return {};
                                 }));
    return out;
}

Result<LibraryId> Library::Impl::insertModel(const LibraryModel& model) {
    HEARTH_CHECK(connection->run(
        "INSERT INTO model (id, created_ms, parameters, trained_context, name, family, licence, note, "
        "defaults) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {model.id ? store::Value(model.id) : store::kNull, model.createdMs,
         static_cast<std::int64_t>(model.parameters), static_cast<std::int64_t>(model.trainedContext),
         model.name, model.family, model.licence, model.note, model.defaults}));
    HEARTH_TRY(const auto id, connection->integer("SELECT last_insert_rowid()"));
    return id.value_or(0);
}

Result<LibraryId> Library::Impl::insertVersion(const LibraryVersion& version) {
    HEARTH_CHECK(connection->run(
        "INSERT INTO version (id, model, parent, job, created_ms, last_used_ms, label, quantisation, origin, "
        "source, note, recipe, measured) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {version.id ? store::Value(version.id) : store::kNull, version.model, version.parent, version.job,
         version.createdMs, version.lastUsedMs, version.label, version.quantisation, version.origin,
         version.source, version.note, version.recipe, version.measured}));
    HEARTH_TRY(const auto id, connection->integer("SELECT last_insert_rowid()"));
    return id.value_or(0);
}

Result<void> Library::Impl::insertFile(LibraryId version, std::size_t part, const LibraryFile& file) {
    return connection->run(
        "INSERT INTO file (version, part, mode, bytes, modified_ns, verified_ms, differed, "
        "sha256, path) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {version, static_cast<std::int64_t>(part), static_cast<std::int64_t>(file.mode),
         static_cast<std::int64_t>(file.bytes), file.modifiedNs, file.verifiedMs, std::int64_t{file.differed},
         file.sha256, std::string_view(file.path.native())});
}

Result<void> Library::Impl::appendDefault(LibraryId model, LibraryId version) {
    return connection->run("INSERT INTO default_change (model, version, at_ms) VALUES (?, ?, ?)",
                           {model, version, unixMsNow()});
}

Result<void> Library::Impl::change(std::string_view sql, std::string_view value, LibraryId id) {
    HEARTH_CHECK(connection->run(sql, {value, id}));
    return connection->changes() > 0 ? Result<void>() : libraryRowMissing("row", id);
}

fs::path Library::Impl::fileOfVersion(LibraryId version) {
    const auto model = only(version);
    return model ? model->versions.front().path() : fs::path();
}

fs::path Library::Impl::fileOfModel(LibraryId model) {
    const auto found = read(model);
    return found && !found->empty() && found->front().defaultVersion()
               ? found->front().defaultVersion()->path()
               : fs::path();
}

Result<void> Library::rename(LibraryId model, const std::string& name) {
    if (name.find_first_not_of(" \t\r\n") == std::string::npos)
        return fail("library.empty_name", "a model needs a name");
    return m_impl->guarded(security::Action::Change, m_impl->fileOfModel(model), [&] {
        return m_impl->change("UPDATE model SET name = ? WHERE id = ?", name, model);
    });
}

Result<void> Library::setLabel(LibraryId version, const std::string& label) {
    if (label.find_first_not_of(" \t\r\n") == std::string::npos)
        return fail("library.empty_name", "a version needs a label");
    return m_impl->guarded(security::Action::Change, m_impl->fileOfVersion(version), [&] {
        return m_impl->change("UPDATE version SET label = ? WHERE id = ?", label, version);
    });
}

Result<void> Library::setModelNote(LibraryId model, const std::string& note) {
    return m_impl->guarded(security::Action::Change, m_impl->fileOfModel(model), [&] {
        return m_impl->change("UPDATE model SET note = ? WHERE id = ?", note, model);
    });
}

Result<void> Library::setVersionNote(LibraryId version, const std::string& note) {
    return m_impl->guarded(security::Action::Change, m_impl->fileOfVersion(version), [&] {
        return m_impl->change("UPDATE version SET note = ? WHERE id = ?", note, version);
    });
}

Result<void> Library::setLicence(LibraryId model, const std::string& licence) {
    return m_impl->guarded(security::Action::Change, m_impl->fileOfModel(model), [&] {
        return m_impl->change("UPDATE model SET licence = ? WHERE id = ?", licence, model);
    });
}

Result<void> Library::setMeasured(LibraryId version, const std::string& json) {
    return m_impl->change("UPDATE version SET measured = ? WHERE id = ?", json, version);
}

Result<void> Library::setDefaults(LibraryId model, const std::string& json) {
    return m_impl->guarded(security::Action::Change, m_impl->fileOfModel(model), [&] {
        return m_impl->change("UPDATE model SET defaults = ? WHERE id = ?", json, model);
    });
}

Result<void> Library::setDefault(LibraryId version) {
    HEARTH_TRY(const auto model, m_impl->modelOf(version));
    if (model.defaultVersion()->id == version)
        return {};
    return m_impl->guarded(security::Action::Change, model.defaultVersion()->path(), [&] {
        return m_impl->connection->transaction([&]() -> Result<void> {
            HEARTH_TRY(const auto known, defaultHistory(model.id));
            if (known.empty()) // the first version was it without saying so
                HEARTH_CHECK(m_impl->appendDefault(model.id, model.defaultVersion()->id));
            return m_impl->appendDefault(model.id, version);
        });
    });
}

Result<LibraryId> Library::rollBack(LibraryId model) {
    HEARTH_TRY(const auto before, this->model(model));
    LibraryId out = 0;
    HEARTH_CHECK(m_impl->guarded(security::Action::Change, m_impl->fileOfModel(model), [&] {
        return m_impl->connection->transaction([&]() -> Result<void> {
            HEARTH_TRY(const auto history, defaultHistory(model));
            if (history.size() < 2)
                return fail("library.no_former_default", before.name + " never had another default version");
            HEARTH_CHECK(m_impl->connection->run(
                "DELETE FROM default_change WHERE id = (SELECT max(id) FROM default_change WHERE model = ?)",
                {model}));
            out = history[1].version;
            return {};
        });
    }));
    return out;
}

Result<void> Library::noteUsed(const fs::path& path) {
    HEARTH_TRY(const auto found, findPath(path));
    if (!found)
        return {};
    return m_impl->connection->run("UPDATE version SET last_used_ms = ? WHERE id = ?",
                                   {unixMsNow(), found->versions.front().id});
}

} // namespace hearth::workbench
