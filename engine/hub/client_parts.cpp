#include "engine/hub/client_parts.h"

#include <algorithm>
#include <cctype>

#include <QtCore/QTimer>

#include "engine/hub/model_names.h"
#include "engine/hub/names.h"

namespace hearth::hub {

namespace {

std::string withoutYamlHead(const std::string& text) {
    if (text.compare(0, 3, "---") != 0)
        return text;
    const auto end = text.find("\n---", 3);
    if (end == std::string::npos)
        return text;
    const auto line = text.find('\n', end + 1);
    const auto start = line == std::string::npos ? text.size() : text.find_first_not_of("\r\n", line);
    return start == std::string::npos ? std::string() : text.substr(start);
}

} // namespace

QUrl urlOf(const Endpoint& endpoint, const std::string& path) {
    QUrl url = endpoint.url;
    const QByteArray encoded = QUrl::toPercentEncoding(QString::fromStdString(path), "/");
    url.setPath(endpoint.url.path(QUrl::FullyEncoded) + QString::fromLatin1(encoded), QUrl::StrictMode);
    return url;
}

void setQuery(QUrl& url, const std::vector<std::pair<const char*, std::string>>& items) {
    QString query;
    for (const auto& [name, value] : items) {
        if (!query.isEmpty())
            query += QLatin1Char('&');
        query += QLatin1String(name) + QLatin1Char('=') +
                 QString::fromLatin1(QUrl::toPercentEncoding(QString::fromStdString(value)));
    }
    url.setQuery(query, QUrl::StrictMode);
}

void getAnswer(HttpClient& http, const Endpoint& endpoint, const std::shared_ptr<Chain>& chain,
               const QUrl& url, qint64 most, std::function<void(Result<HttpAnswer>)> done, QByteArray method,
               QByteArray body) {
    HttpRequest request;
    request.method = std::move(method);
    request.url = url;
    request.endpoint = endpoint.url;
    request.body = std::move(body);
    if (!request.body.isEmpty())
        request.fields.emplace_back("Content-Type", "application/json");
    chain->call =
        http.fetch(std::move(request), most, [chain, done = std::move(done)](Result<HttpAnswer> answer) {
            if (chain->cancelled)
                return;
            if (answer && answer->head.status >= 400)
                done(tl::unexpected<Error>(errorOf(answer->head, std::chrono::system_clock::now())));
            else
                done(std::move(answer));
        });
}

void reportLater(HttpClient& http, const std::shared_ptr<Chain>& chain, std::function<void()> report) {
    QTimer::singleShot(0, &http, [chain, report = std::move(report)] {
        if (!chain->cancelled)
            report();
    });
}

Result<void> checkPlace(const std::string& repository, const std::string& revision) {
    HEARTH_CHECK(checkRepository(repository));
    return revision.empty() ? Result<void>() : checkRevision(revision);
}

std::vector<ModelSummary> passing(std::vector<ModelSummary> models, const SearchQuery& query) {
    std::erase_if(models, [&](const ModelSummary& model) { return !passes(model, query); });
    return models;
}

Result<std::string> cardOf(const Result<HttpAnswer>& answer) {
    if (answer)
        return withoutYamlHead(answer->body);
    if (answer.error().code == "hub.file_not_found")
        return std::string();
    return tl::unexpected<Error>(answer.error());
}

Result<ResolvedFile> complete(ResolvedFile file) {
    if (!file.file.size)
        return tl::unexpected<Error>(
            Error{"hub.no_size", "the hub does not say how long " + file.file.path + " is"}.with(
                "file", file.file.path));
    if (file.file.sha256.empty() && file.file.gitSha1.empty())
        return tl::unexpected<Error>(
            Error{"hub.no_hash", "the hub gives no hash of " + file.file.path + ", so it cannot be verified"}
                .with("file", file.file.path));
    return file;
}

bool passes(const ModelSummary& model, const SearchQuery& query) {
    if (!query.family.empty() && familyOf(model.repository) != query.family &&
        std::find(model.tags.begin(), model.tags.end(), query.family) == model.tags.end())
        return false;
    if (!query.licence.empty() && !model.licence.empty() && model.licence != query.licence)
        return false;
    if (query.leastParameters <= 0 && query.mostParameters <= 0)
        return true;
    const auto parameters = parametersOf(model.repository);
    return parameters && *parameters >= query.leastParameters &&
           (query.mostParameters <= 0 || *parameters <= query.mostParameters);
}

Result<std::vector<RepoFile>> withItsParts(const std::vector<RepoFile>& files, const RepoFile& chosen) {
    const auto name = partOf(chosen.path);
    if (!name)
        return std::vector<RepoFile>{chosen};
    std::vector<RepoFile> parts(name->parts);
    std::vector<bool> found(name->parts);
    for (const auto& file : files)
        if (const auto other = partOf(file.path);
            other && other->stem == name->stem && other->parts == name->parts) {
            parts[other->part - 1] = file;
            found[other->part - 1] = true;
        }
    if (const auto missing = std::find(found.begin(), found.end(), false); missing != found.end()) {
        const auto part = std::to_string(missing - found.begin() + 1);
        return tl::unexpected<Error>(Error{"hub.missing_part", "part " + part + " of " +
                                                                   std::to_string(name->parts) + " of " +
                                                                   chosen.path + " is not in the repository"}
                                         .with("file", chosen.path)
                                         .with("part", part));
    }
    return parts;
}

Result<RepoFile> fileOfQuantisation(const std::vector<RepoFile>& files, const std::string& quantisation) {
    std::string wanted = quantisation, available;
    for (char& c : wanted)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    std::set<std::string> types;
    const RepoFile* found = nullptr;
    for (const auto& file : files) {
        if (!opensModel(file.path))
            continue;
        const auto type = quantisationOf(file.path);
        if (!type.empty())
            types.insert(type);
        if (type == wanted && (!found || file.path.size() < found->path.size()))
            found = &file;
    }
    if (found)
        return *found;
    for (const auto& type : types)
        available += (available.empty() ? "" : ", ") + type;
    return tl::unexpected<Error>(
        Error{"hub.no_such_quantisation", "the repository has no GGUF file of " + wanted + "; it has " +
                                              (available.empty() ? "none" : available)}
            .with("quantisation", wanted)
            .with("available", available));
}

} // namespace hearth::hub
