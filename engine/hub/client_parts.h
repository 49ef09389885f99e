#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include <QtCore/QPointer>
#include <QtCore/QUrlQuery>

#include "engine/hub/headers.h"
#include "engine/hub/hub_client.h"

namespace hearth::hub {

/// What both kinds of client need. Inside of engine/hub.

inline constexpr qint64 kMaxAnswer = qint64{32} << 20;
inline constexpr qint64 kMaxCard = qint64{2} << 20;
inline constexpr int kMaxPages = 100;

/// A chain of requests of which the current one can be cancelled.
struct Chain {
    QPointer<HttpCall> call;
    bool cancelled = false;
    [[nodiscard]] static Pending pending(const std::shared_ptr<Chain>& chain) {
        return Pending([chain] {
            chain->cancelled = true;
            if (chain->call)
                chain->call->cancel();
        });
    }
};

/// URL of an endpoint with `path` behind its own, each part encoded.
[[nodiscard]] QUrl urlOf(const Endpoint& endpoint, const std::string& path);
void setQuery(QUrl& url, const std::vector<std::pair<const char*, std::string>>& items);

/// A GET of JSON below the endpoint; statuses of 400 and above as errors.
void getAnswer(HttpClient& http, const Endpoint& endpoint, const std::shared_ptr<Chain>& chain,
               const QUrl& url, qint64 most, std::function<void(Result<HttpAnswer>)> done,
               QByteArray method = "GET", QByteArray body = {});

/// Reports through the event loop, as if it had been asked for.
void reportLater(HttpClient& http, const std::shared_ptr<Chain>& chain, std::function<void()> report);

/// The Markdown behind a YAML head between lines of "---".
[[nodiscard]] std::string withoutYamlHead(std::string text);

/// Either the content is whole or what is missing has a name.
[[nodiscard]] Result<ResolvedFile> complete(ResolvedFile file);

} // namespace hearth::hub
