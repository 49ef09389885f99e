#include "engine/hardware/online/hub_model.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include <QtCore/QEventLoop>
#include <QtCore/QStringList>

#include "engine/format/gguf/gguf_split.h"
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

namespace {

using Headers = std::vector<std::shared_ptr<const hub::RemoteHeader>>;

/// More than any published model has; each costs requests.
constexpr std::uint64_t kMostParts = 512;
/// Of parts behind the first, which have no vocabulary.
constexpr std::uint64_t kFurtherRange = std::uint64_t{64} << 10;

/// What may be fetched for the next part: all headers together take no more memory than one may.
hub::HeaderLimits limitsAfter(const Headers& headers) {
    hub::HeaderLimits limits;
    for (const auto& header : headers)
        limits.most -= std::min(limits.most, header->headerBytes());
    if (!headers.empty())
        limits.first = kFurtherRange;
    return limits;
}

/// The file to ask for after these, "" = all are there. Errors: predict.split_on_hub, hub.header_too_long.
Result<std::string> fileAfter(const HubAddress& address, const Headers& headers) {
    const auto name = format::parseSplitName(address.file);
    if (headers.empty())
        return name ? format::splitPath(*name, 1).string() : address.file;
    const std::uint64_t count = headers.front()->gguf().getUint("split.count").value_or(1);
    if (count > kMostParts)
        return fail("hub.header_too_long", "the model is said to be in " + std::to_string(count) +
                                               " parts, at most " + std::to_string(kMostParts) +
                                               " are looked at");
    if (count > 1 && (!name || name->count != count))
        return tl::unexpected<Error>(
            Error{"predict.split_on_hub", address.file + " is one part of a set"}.with("file", address.file));
    if (headers.size() >= count)
        return std::string();
    return format::splitPath(*name, static_cast<std::uint32_t>(headers.size() + 1)).string();
}

/// All parts' headers, one after the other.
Result<Headers> fetchHeaders(const HubAddress& address, const hub::HttpOptions& http, std::stop_token stop) {
    Headers headers;
    Result<void> answer = fail(kCancelled, "stopped");
    std::unique_ptr<hub::HttpClient> client;
    std::shared_ptr<hub::HubClient> asked;
    hub::Pending pending;
    std::function<void()> next;
    withEventLoop(
        std::move(stop),
        [&](QEventLoop& loop) {
            client = std::make_unique<hub::HttpClient>(http);
            asked = hub::makeClient(*client, address.endpoint);
            next = [&] {
                const Result<std::string> file = fileAfter(address, headers);
                if (!file || file->empty()) {
                    answer = file ? Result<void>() : tl::unexpected<Error>(file.error());
                    return loop.quit();
                }
                pending = hub::fetchRemoteHeader(
                    *asked, address.repository, address.revision, *file,
                    [&](Result<Headers::value_type> header) {
                        if (!header) {
                            answer = tl::unexpected<Error>(header.error());
                            return loop.quit();
                        }
                        headers.push_back(std::move(*header));
                        next();
                    },
                    limitsAfter(headers));
            };
            next();
        },
        [&] {
            pending.cancel();
            asked.reset();
            client.reset();
        });
    HEARTH_CHECK(std::move(answer));
    return headers;
}

} // namespace

Result<ModelShape> hubModelShape(std::string_view text, const hub::HttpOptions& http, std::stop_token stop) {
    HEARTH_TRY(const HubAddress address, parseHubAddress(text));
    HEARTH_TRY(const Headers headers, fetchHeaders(address, http, std::move(stop)));
    std::vector<std::span<const std::byte>> files;
    for (const auto& header : headers)
        files.push_back(header->bytes());
    HEARTH_TRY(const format::GgufFile file, format::parseSet(files));
    HEARTH_TRY(ModelShape shape, shapeOf(file));
    shape.id = std::filesystem::path(address.file).stem().string();
    return shape;
}

} // namespace hearth::hardware
