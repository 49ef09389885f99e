// What the local hub answers: catalogues, files, and every mistake that it is asked to make.

#include <algorithm>

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QUrlQuery>

#include "tests/hub/local_hub.h"

namespace hearth::test {

namespace {

QByteArray jsonOf(const QJsonArray& array) {
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}
QByteArray jsonOf(const QJsonObject& object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}
QString text(const std::string& from) {
    return QString::fromStdString(from);
}
bool isLarge(const std::string& file) {
    return file.size() > 5 &&
           (file.substr(file.size() - 5) == ".gguf" || file.find("safetensors") != std::string::npos);
}

} // namespace

void LocalHub::classify(HubRequest& request) const {
    using What = HubRequest::What;
    const QString& path = request.path;
    if (path == QLatin1String("/api/models") || path == QLatin1String("/openapi/v1/models"))
        request.what = What::Search;
    else if (path.startsWith(QLatin1String("/api/models/")))
        request.what = path.contains(QLatin1String("/tree/"))         ? What::Tree
                       : path.contains(QLatin1String("/paths-info/")) ? What::PathsInfo
                                                                      : What::Model;
    else if (path.startsWith(QLatin1String("/openapi/v1/models/")))
        request.what = What::Model;
    else if (path.endsWith(QLatin1String("/revisions")))
        request.what = What::Revisions;
    else if (path.endsWith(QLatin1String("/repo/files")))
        request.what = What::ScopeFiles;
    else if (path.endsWith(QLatin1String("/repo")))
        request.what = What::ScopeFile;
    else if (path.startsWith(QLatin1String("/blobs/")))
        request.what = What::Blob;
    else if (path.contains(QLatin1String("/resolve/")))
        request.what = What::Resolve;
}

LocalHub::Answer LocalHub::answer(HubRequest& request) {
    const std::lock_guard lock(m_mutex);
    classify(request);
    m_requests.push_back(request);
    const Fault fault = m_faults ? m_faults(request) : Fault();
    if (fault.kind == Fault::Status)
        return {fault.status, fault.fields, "{\"error\": \"as asked for\"}", true, {}, -1, Fault::None};
    if (fault.kind == Fault::RedirectLoop)
        return {302, {{"Location", request.path.toUtf8()}}, {}, true, {}, -1, Fault::None};
    if (fault.kind == Fault::RedirectTo)
        return {302, {{"Location", fault.target}}, {}, true, {}, -1, Fault::None};
    if (fault.kind == Fault::Html)
        return {200,
                {{"Content-Type", "text/html"}},
                "<html>Please sign in to this network</html>",
                true,
                {},
                -1,
                Fault::None};
    if (request.what == HubRequest::What::Search)
        return listModels(request);
    if (request.path.startsWith(QLatin1String("/api/models/")))
        return api(request, request.path.mid(12));
    if (request.path.startsWith(QLatin1String("/openapi/v1/models/")))
        return scope(request, request.path.mid(19));
    if (request.path.startsWith(QLatin1String("/api/v1/models/"))) {
        if (request.what != HubRequest::What::ScopeFile)
            return scope(request, request.path.mid(15));
        const QUrlQuery query(request.query);
        const auto repository = m_repositories.find(request.path.mid(15).chopped(5).toStdString());
        if (repository == m_repositories.end())
            return {404, {}, "{}", true, {}, -1, Fault::None};
        const auto file = repository->second.files.find(
            query.queryItemValue(QStringLiteral("FilePath"), QUrl::FullyDecoded).toStdString());
        if (file == repository->second.files.end())
            return {404, {}, "{}", true, {}, -1, Fault::None};
        return content(request, fault, file->second, hashOf(file->second));
    }
    if (request.what == HubRequest::What::Blob) {
        if (request.query != QStringLiteral("sig=%1").arg(m_signature))
            return {403, {}, "<Error>expired</Error>", true, {}, -1, Fault::None};
        for (const auto& [name, repository] : m_repositories)
            for (const auto& [file, bytes] : repository.files)
                if (text(hashOf(bytes)) == request.path.mid(7))
                    return content(request, fault, bytes, hashOf(bytes));
        return {404, {}, {}, true, {}, -1, Fault::None};
    }
    if (request.what == HubRequest::What::Resolve)
        return resolve(request, fault);
    return {404, {}, "{}", true, {}, -1, Fault::None};
}

std::optional<LocalHub::Answer> LocalHub::refuse(const HubRequest& request,
                                                 const Repository& repository) const {
    const bool knows =
        !repository.token.isEmpty() && request.field("authorization") == "Bearer " + repository.token;
    if (repository.isPrivate && !knows)
        return Answer{401,
                      {{"X-Error-Code", "RepoNotFound"}},
                      "{\"error\":\"Repository not found\"}",
                      true,
                      {},
                      -1,
                      Fault::None};
    if (repository.gated && !knows)
        return Answer{request.field("authorization").isEmpty() ? 401 : 403,
                      {{"X-Error-Code", "GatedRepo"}},
                      "{\"error\":\"Access is restricted\"}",
                      true,
                      {},
                      -1,
                      Fault::None};
    return std::nullopt;
}

LocalHub::Answer LocalHub::listModels(const HubRequest& request) {
    const bool scoped = request.path.startsWith(QLatin1String("/openapi"));
    const QUrlQuery query(request.query);
    const auto value = [&](const char* name) {
        return query.queryItemValue(QLatin1String(name), QUrl::FullyDecoded).replace(u'+', u' ');
    };
    QString wanted = value("search");
    if (scoped)
        wanted.remove(QStringLiteral("GGUF"));
    wanted = wanted.trimmed().toLower();
    QStringList filters = query.allQueryItemValues(QStringLiteral("filter"), QUrl::FullyDecoded);
    std::vector<const std::pair<const std::string, Repository>*> found;
    for (const auto& entry : m_repositories) {
        const bool gguf =
            std::any_of(entry.second.files.begin(), entry.second.files.end(),
                        [](const auto& file) { return file.first.find(".gguf") != std::string::npos; });
        if (entry.second.isPrivate || !text(entry.first).toLower().contains(wanted))
            continue;
        if (filters.contains(QStringLiteral("gguf")) && !gguf)
            continue;
        bool good = true;
        for (const QString& filter : filters)
            if (filter.startsWith(QLatin1String("license:")))
                good = good && filter.mid(8) == text(entry.second.licence);
        if (good)
            found.push_back(&entry);
    }
    std::sort(found.begin(), found.end(), [](const auto* a, const auto* b) {
        return a->second.downloads != b->second.downloads ? a->second.downloads > b->second.downloads
                                                          : a->first < b->first;
    });
    const int size = m_pageSize > 0 ? m_pageSize : std::max(1, value(scoped ? "page_size" : "limit").toInt());
    const int page = std::max(1, value(scoped ? "page_number" : "page").toInt());
    QJsonArray list;
    for (std::size_t i = static_cast<std::size_t>(size) * static_cast<std::size_t>(page - 1);
         i < found.size() && list.size() < size; ++i) {
        QJsonObject model{{QStringLiteral("id"), text(found[i]->first)},
                          {QStringLiteral("downloads"), static_cast<qint64>(found[i]->second.downloads)},
                          {QStringLiteral("likes"), static_cast<qint64>(found[i]->second.downloads / 10)}};
        if (scoped) {
            model[QStringLiteral("license")] = text(found[i]->second.licence);
            model[QStringLiteral("last_modified")] = QStringLiteral("2026-05-01T10:00:00Z");
        } else {
            model[QStringLiteral("lastModified")] = QStringLiteral("2026-05-01T10:00:00.000Z");
            model[QStringLiteral("tags")] = QJsonArray{
                QStringLiteral("gguf"), QString(QStringLiteral("license:") + text(found[i]->second.licence))};
            model[QStringLiteral("gated")] =
                found[i]->second.gated ? QJsonValue(QStringLiteral("manual")) : QJsonValue(false);
        }
        list.append(model);
    }
    Answer answer;
    answer.fields.emplace_back("Content-Type", "application/json");
    if (scoped) {
        answer.body = jsonOf(
            QJsonObject{{QStringLiteral("success"), true},
                        {QStringLiteral("data"),
                         QJsonObject{{QStringLiteral("models"), list},
                                     {QStringLiteral("total_count"), static_cast<qint64>(found.size())}}}});
        return answer;
    }
    answer.body = jsonOf(list);
    if (m_endless)
        answer.fields.emplace_back("Link", "<" + url().toEncoded() + request.path.toUtf8() + "?" +
                                               request.query.toUtf8() + ">; rel=\"next\"");
    else if (static_cast<std::size_t>(size) * static_cast<std::size_t>(page) < found.size()) {
        QUrlQuery next = query;
        next.removeQueryItem(QStringLiteral("page"));
        next.addQueryItem(QStringLiteral("page"), QString::number(page + 1));
        answer.fields.emplace_back("Link", "<" + url().toEncoded() + "/api/models?" +
                                               next.toString(QUrl::FullyEncoded).toUtf8() +
                                               ">; rel=\"next\"");
    }
    return answer;
}

LocalHub::Answer LocalHub::api(const HubRequest& request, const QString& rest) {
    const QStringList parts = rest.split(u'/');
    const QString name = parts.size() > 1 ? parts[0] + u'/' + parts[1] : rest;
    const auto found = m_repositories.find(name.toStdString());
    if (found == m_repositories.end())
        return {request.field("authorization").isEmpty() ? 401 : 404,
                {{"X-Error-Code", "RepoNotFound"}},
                "{}",
                true,
                {},
                -1,
                Fault::None};
    const Repository& repository = found->second;
    const QString revision = parts.size() > 3 ? parts[3] : QStringLiteral("main");
    if (revision != QLatin1String("main") && revision != text(repository.commit))
        return {404, {{"X-Error-Code", "RevisionNotFound"}}, "{}", true, {}, -1, Fault::None};
    Answer answer;
    answer.fields.emplace_back("Content-Type", "application/json");
    if (request.what == HubRequest::What::Model) {
        if (repository.isPrivate)
            if (auto refused = refuse(request, repository))
                return *refused;
        answer.body =
            jsonOf(QJsonObject{{QStringLiteral("id"), name},
                               {QStringLiteral("sha"), text(repository.commit)},
                               {QStringLiteral("gated"),
                                repository.gated ? QJsonValue(QStringLiteral("manual")) : QJsonValue(false)},
                               {QStringLiteral("downloads"), static_cast<qint64>(repository.downloads)},
                               {QStringLiteral("likes"), static_cast<qint64>(repository.downloads / 10)},
                               {QStringLiteral("cardData"),
                                QJsonObject{{QStringLiteral("license"), text(repository.licence)}}}});
        return answer;
    }
    if (repository.isPrivate)
        if (auto refused = refuse(request, repository))
            return *refused;
    QJsonArray list;
    const auto addOne = [&](const std::string& file, const QByteArray& bytes) {
        QJsonObject entry{
            {QStringLiteral("type"), QStringLiteral("file")},
            {QStringLiteral("path"), text(file)},
            {QStringLiteral("size"), static_cast<qint64>(bytes.size())},
            {QStringLiteral("oid"), text(gitSha1Of(isLarge(file) ? QByteArray("a pointer") : bytes))}};
        if (isLarge(file)) {
            const auto other = repository.otherHash.find(file);
            entry[QStringLiteral("lfs")] =
                QJsonObject{{QStringLiteral("oid"),
                             text(other == repository.otherHash.end() ? hashOf(bytes) : other->second)},
                            {QStringLiteral("size"), static_cast<qint64>(bytes.size())},
                            {QStringLiteral("pointerSize"), 135}};
        }
        list.append(entry);
    };
    const bool all = request.what == HubRequest::What::Tree;
    const QString asked = QString::fromUtf8(request.body);
    for (const auto& [file, bytes] : repository.files)
        if (all || asked.contains(u'"' + text(file) + u'"'))
            addOne(file, bytes);
    if (all)
        for (const auto& extra : repository.extraNames)
            addOne(extra, "x");
    // Two pages, so that following them is tested everywhere.
    if (all && list.size() > 1) {
        const bool second = request.query.contains(QLatin1String("cursor=2"));
        QJsonArray page;
        for (qsizetype i = 0; i < list.size(); ++i)
            if ((i >= list.size() / 2) == second)
                page.append(list[i]);
        list = page;
        if (!second || m_endless)
            answer.fields.emplace_back(
                "Link",
                "<" + url().toEncoded() + request.path.toUtf8() + "?" +
                    QByteArray(m_endless ? request.query.toUtf8() : request.query.toUtf8() + "&cursor=2") +
                    ">; rel=\"next\"");
    }
    answer.body = jsonOf(list);
    return answer;
}

LocalHub::Answer LocalHub::scope(const HubRequest& request, const QString& rest) {
    const QStringList parts = rest.split(u'/');
    const QString name = parts.size() > 1 ? parts[0] + u'/' + parts[1] : rest;
    const auto found = m_repositories.find(name.toStdString());
    if (found == m_repositories.end())
        return {404, {}, "{\"Code\":404,\"Success\":false}", true, {}, -1, Fault::None};
    Answer answer;
    if (request.what == HubRequest::What::Model) {
        answer.body = jsonOf(QJsonObject{
            {QStringLiteral("success"), true},
            {QStringLiteral("data"),
             QJsonObject{{QStringLiteral("id"), name},
                         {QStringLiteral("license"), text(found->second.licence)},
                         {QStringLiteral("downloads"), static_cast<qint64>(found->second.downloads)}}}});
    } else if (request.what == HubRequest::What::Revisions) {
        answer.body = jsonOf(
            QJsonObject{{QStringLiteral("Code"), 200},
                        {QStringLiteral("Success"), true},
                        {QStringLiteral("Data"),
                         QJsonObject{{QStringLiteral("RevisionMap"),
                                      QJsonObject{{QStringLiteral("Branches"),
                                                   QJsonArray{QJsonObject{{QStringLiteral("Revision"),
                                                                           QStringLiteral("master")}}}},
                                                  {QStringLiteral("Tags"), QJsonArray()}}}}}});
    } else {
        QJsonArray files;
        for (const auto& [file, bytes] : found->second.files)
            files.append(QJsonObject{{QStringLiteral("Name"), text(file)},
                                     {QStringLiteral("Path"), text(file)},
                                     {QStringLiteral("Type"), QStringLiteral("blob")},
                                     {QStringLiteral("Size"), static_cast<qint64>(bytes.size())},
                                     {QStringLiteral("Sha256"), text(hashOf(bytes))}});
        answer.body =
            jsonOf(QJsonObject{{QStringLiteral("Code"), 200},
                               {QStringLiteral("Success"), true},
                               {QStringLiteral("Data"), QJsonObject{{QStringLiteral("Files"), files}}}});
    }
    return answer;
}

LocalHub::Answer LocalHub::resolve(HubRequest& request, const Fault& fault) {
    // /owner/name/resolve/REVISION/path…
    const QStringList parts = request.path.mid(1).split(u'/');
    if (parts.size() < 5)
        return {404, {}, {}, true, {}, -1, Fault::None};
    const auto found = m_repositories.find(QString(parts[0] + u'/' + parts[1]).toStdString());
    if (found == m_repositories.end())
        return {404, {{"X-Error-Code", "RepoNotFound"}}, {}, true, {}, -1, Fault::None};
    const Repository& repository = found->second;
    if (auto refused = refuse(request, repository))
        return *refused;
    if (parts[3] != QLatin1String("main") && parts[3] != text(repository.commit))
        return {404, {{"X-Error-Code", "RevisionNotFound"}}, {}, true, {}, -1, Fault::None};
    const std::string file = parts.mid(4).join(u'/').toStdString();
    const auto bytes = repository.files.find(file);
    if (bytes == repository.files.end())
        return {404, {{"X-Error-Code", "EntryNotFound"}}, {}, true, {}, -1, Fault::None};
    std::string tag = isLarge(file) ? hashOf(bytes->second) : gitSha1Of(bytes->second);
    if (const auto other = repository.otherHash.find(file); other != repository.otherHash.end())
        tag = other->second;
    const auto fields = [&](Answer& answer) {
        answer.fields.emplace_back("X-Repo-Commit", QByteArray::fromStdString(repository.commit));
        if (fault.kind != Fault::NoTag && isLarge(file))
            answer.fields.emplace_back("X-Linked-Etag", "\"" + QByteArray::fromStdString(tag) + "\"");
        if (fault.kind != Fault::NoSize && isLarge(file))
            answer.fields.emplace_back("X-Linked-Size", QByteArray::number(bytes->second.size()));
    };
    if (m_options.redirectToBlobs && isLarge(file)) {
        Answer answer;
        answer.status = 302;
        QUrl target = url();
        target.setPort(m_blobPort);
        answer.fields.emplace_back("Location", target.toEncoded() + "/blobs/" +
                                                   QByteArray::fromStdString(hashOf(bytes->second)) +
                                                   "?sig=" + QByteArray::number(m_signature));
        fields(answer);
        return answer;
    }
    Answer answer = content(request, fault, bytes->second, tag);
    fields(answer);
    return answer;
}

LocalHub::Answer LocalHub::content(const HubRequest& request, const Fault& fault, const QByteArray& bytes,
                                   const std::string& tag) {
    Answer answer;
    const QByteArray quoted =
        "\"" + QByteArray::fromStdString(fault.kind == Fault::OtherTag ? "other-" + tag.substr(0, 8) : tag) +
        "\"";
    answer.fields.emplace_back("Content-Type", "application/octet-stream");
    if (fault.kind != Fault::NoTag)
        answer.fields.emplace_back("ETag", quoted);
    if (fault.kind == Fault::NotSatisfiable)
        return {
            416,        {{"Content-Range", "bytes */" + QByteArray::number(bytes.size())}}, {}, true, {}, -1,
            Fault::None};
    qint64 first = 0, last = bytes.size() - 1;
    const QByteArray range = request.field("range");
    const QByteArray condition = request.field("if-range");
    const bool partial = range.startsWith("bytes=") && fault.kind != Fault::IgnoreRange &&
                         fault.kind != Fault::WrongSize && (condition.isEmpty() || condition == quoted);
    if (partial) {
        first = range.mid(6).split('-').value(0).toLongLong();
        if (const QByteArray end = range.mid(6).split('-').value(1); !end.isEmpty())
            last = std::min<qint64>(last, end.toLongLong());
        if (first >= bytes.size())
            return {416,        {{"Content-Range", "bytes */" + QByteArray::number(bytes.size())}},
                    {},         true,
                    {},         -1,
                    Fault::None};
    }
    answer.body = bytes.mid(first, last - first + 1);
    if (partial) {
        answer.status = 206;
        const qint64 shift = fault.kind == Fault::WrongRange ? 1 : 0;
        answer.fields.emplace_back("Content-Range", "bytes " + QByteArray::number(first + shift) + "-" +
                                                        QByteArray::number(last + shift) + "/" +
                                                        QByteArray::number(bytes.size() + shift));
    }
    switch (fault.kind) {
    case Fault::NoSize:
        answer.sendLength = false;
        break;
    case Fault::WrongSize:
        answer.length = answer.body.size() + 1;
        break;
    case Fault::Short:
        // Said to be whole, and closed in good order before the end.
        answer.length = answer.body.size();
        answer.body.truncate(std::min<qsizetype>(answer.body.size(), fault.at));
        answer.then = Fault::Short;
        break;
    case Fault::Long:
        answer.body += "and something that does not belong to it";
        answer.sendLength = false;
        break;
    case Fault::WrongBytes:
        if (fault.at >= first && fault.at <= last)
            answer.body[fault.at - first] = static_cast<char>(answer.body[fault.at - first] ^ 0x55);
        break;
    case Fault::Gzipped:
        answer.fields.emplace_back("Content-Encoding", "gzip");
        break;
    case Fault::Reset:
    case Fault::Stall:
    case Fault::Slow:
        answer.stopAt = fault.at;
        answer.then = fault.kind;
        break;
    default:
        break;
    }
    return answer;
}

} // namespace hearth::test
