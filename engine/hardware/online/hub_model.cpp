#include "engine/hardware/online/hub_model.h"

#include <filesystem>
#include <memory>

#include <QtCore/QEventLoop>
#include <QtCore/QStringList>

#include "engine/hardware/online/with_event_loop.h"
#include "engine/hub/hub_client.h"
#include "engine/hub/remote_header.h"

namespace hearth::hardware {

namespace {

tl::unexpected<Error> badAddress(std::string_view text) {
    return tl::unexpected<Error>(
        Error{"predict.bad_address", "this is no address of a GGUF file on a hub: " + std::string(text)}.with(
            "address", std::string(text)));
}

} // namespace

bool isWebAddress(std::string_view text) {
    return text.starts_with("https://") || text.starts_with("http://");
}

Result<HubAddress> parseHubAddress(std::string_view text) {
    const QUrl url(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).trimmed(),
                   QUrl::StrictMode);
    if (!isWebAddress(text) || !url.isValid() || url.host().isEmpty() || !url.userInfo().isEmpty())
        return badAddress(text);
    QUrl base = url;
    base.setPath({});
    base.setQuery(QString());
    base.setFragment(QString());
    HubAddress out;
    HEARTH_TRY(out.endpoint, hub::parseEndpoint(base.toString().toStdString()));
    QStringList parts = url.path().split(QLatin1Char('/'), Qt::SkipEmptyParts);
    const bool scope = out.endpoint.kind == hub::HubKind::ModelScope;
    if (scope && !parts.isEmpty() && parts.front() == QLatin1String("models"))
        parts.removeFirst();
    if (parts.size() < 5)
        return badAddress(text);
    qsizetype revision = 3;
    if (scope && parts[2] == QLatin1String("file") && parts[3] == QLatin1String("view"))
        revision = 4;
    else if (parts[2] != QLatin1String("resolve") && parts[2] != QLatin1String("blob"))
        return badAddress(text);
    if (parts.size() < revision + 2 || !parts.back().endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive))
        return badAddress(text);
    out.repository = parts.mid(0, 2).join(QLatin1Char('/')).toStdString();
    out.revision = parts[revision].toStdString();
    out.file = parts.mid(revision + 1).join(QLatin1Char('/')).toStdString();
    return out;
}

Result<ModelShape> hubModelShape(std::string_view text, const hub::HttpOptions& http, std::stop_token stop) {
    HEARTH_TRY(const HubAddress address, parseHubAddress(text));
    Result<std::shared_ptr<const hub::RemoteHeader>> header = fail(kCancelled, "stopped");
    std::unique_ptr<hub::HttpClient> client;
    std::shared_ptr<hub::HubClient> asked;
    hub::Pending pending;
    withEventLoop(
        stop,
        [&](QEventLoop& loop) {
            client = std::make_unique<hub::HttpClient>(http);
            asked = hub::makeClient(*client, address.endpoint);
            pending = hub::fetchRemoteHeader(*asked, address.repository, address.revision, address.file,
                                             [&](auto answer) {
                                                 header = std::move(answer);
                                                 loop.quit();
                                             });
        },
        [&] {
            pending.cancel();
            asked.reset();
            client.reset();
        });
    if (!header)
        return tl::unexpected<Error>(std::move(header).error());
    const format::GgufFile& file = (*header)->gguf();
    if (file.getUint("split.count").value_or(1) > 1)
        return tl::unexpected<Error>(
            Error{"predict.split_on_hub", address.file + " is one part of a set"}.with("file", address.file));
    HEARTH_TRY(ModelShape shape, shapeOf(file));
    shape.id = std::filesystem::path(address.file).stem().string();
    shape.fileBytes = (*header)->fileBytes();
    return shape;
}

} // namespace hearth::hardware
