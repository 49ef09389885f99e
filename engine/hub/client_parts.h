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

/// The same for what is refused before anything was asked.
template <class T>
[[nodiscard]] Pending refuse(HttpClient& http, const std::shared_ptr<Chain>& chain,
                             std::function<void(Result<T>)> done, Error error) {
    reportLater(http, chain,
                [done = std::move(done), error = std::move(error)] { done(tl::unexpected<Error>(error)); });
    return Chain::pending(chain);
}

/// Names that go into addresses; an empty revision is the usual one. Errors: hub.bad_repository,
/// hub.bad_revision.
[[nodiscard]] Result<void> checkPlace(const std::string& repository, const std::string& revision);

/// What `parse` makes of an answer's body, or why there is none.
template <class T>
[[nodiscard]] Result<T> parsed(const Result<HttpAnswer>& answer, Result<T> (*parse)(std::string_view)) {
    if (!answer)
        return tl::unexpected<Error>(answer.error());
    return parse(answer->body);
}

/// Those models of a list that pass the query.
[[nodiscard]] std::vector<ModelSummary> passing(std::vector<ModelSummary> models, const SearchQuery& query);

/// The Markdown of a README.md behind a YAML head between lines of "---"; "" for a repository without one.
[[nodiscard]] Result<std::string> cardOf(const Result<HttpAnswer>& answer);

/// Either the content is whole or what is missing has a name.
[[nodiscard]] Result<ResolvedFile> complete(ResolvedFile file);

} // namespace hearth::hub
