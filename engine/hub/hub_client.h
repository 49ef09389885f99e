#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <QtCore/QUrl>

#include "engine/base/error.h"
#include "engine/hub/answers.h"
#include "engine/hub/endpoint.h"
#include "engine/hub/http.h"

namespace hearth::hub {

enum class SortBy { Downloads, Likes, Updated, Trending };

/// What to look for. Family and size are judged by the names that the hub gives (model_names.h), the rest by
/// the hub.
struct SearchQuery {
    std::string text;
    std::string author;
    bool onlyGguf = true;
    std::string family;                             ///< "qwen"; empty = all
    std::string licence;                            ///< "apache-2.0"; empty = all
    double leastParameters = 0, mostParameters = 0; ///< 0 = no bound
    SortBy sort = SortBy::Downloads;
    int pageSize = 30;

    [[nodiscard]] bool operator==(const SearchQuery&) const = default;
};

struct SearchPage {
    std::vector<ModelSummary> models;
    std::string next; ///< to be given for the page after this one; empty on the last
};

/// A repository at one commit.
struct RepoContent {
    ModelSummary model;
    std::string revision; ///< the commit where the hub tells it, else the branch
    std::vector<RepoFile> files;
    std::size_t leftOut = 0; ///< files whose names are not safe
};

/// Where the bytes of one file are, and what they must be.
struct ResolvedFile {
    RepoFile file;        ///< with its size; with a hash, too
    std::string revision; ///< pinned: the commit where there is one
    std::string etag;     ///< as the hub gives it, for showing
    QUrl url;             ///< to be asked for ranges; may redirect
};

/// A request in progress; dies silently when cancelled. Empty ones do nothing.
class Pending {
public:
    Pending() = default;
    explicit Pending(std::function<void()> cancelIt) : m_cancel(std::move(cancelIt)) {}
    void cancel() {
        if (m_cancel)
            std::exchange(m_cancel, nullptr)();
    }

private:
    std::function<void()> m_cancel;
};

/// One endpoint's catalogue. All calls return at once and answer in the thread of the HttpClient, which
/// outlives this. Every loop over pages ends: a page that was seen before ends it with hub.page_loop, and so
/// does the hundredth one.
///
/// Errors of all: those of HttpCall and errorOf(), hub.bad_answer, hub.name_collision, hub.page_loop,
/// hub.bad_repository, hub.bad_revision.
class HubClient {
public:
    virtual ~HubClient() = default;

    [[nodiscard]] virtual const Endpoint& endpoint() const = 0;
    /// `page`: empty for the first, then SearchPage::next of the one before.
    virtual Pending search(const SearchQuery& query, const std::string& page,
                           std::function<void(Result<SearchPage>)> done) = 0;
    /// `revision` empty = the usual branch.
    virtual Pending content(const std::string& repository, const std::string& revision,
                            std::function<void(Result<RepoContent>)> done) = 0;
    /// The model card as Markdown, without its YAML head; at most 2 MiB. A repository without one: "".
    virtual Pending card(const std::string& repository, const std::string& revision,
                         std::function<void(Result<std::string>)> done) = 0;
    /// Errors also: hub.no_size, hub.no_hash (nothing says what the bytes must be), hub.unsafe_name.
    virtual Pending resolve(const std::string& repository, const std::string& revision,
                            const std::string& file, std::function<void(Result<ResolvedFile>)> done) = 0;
    /// The page of a repository for people, where terms are accepted.
    [[nodiscard]] virtual QUrl page(const std::string& repository) const = 0;
    /// What the requests go through, for those that fetch bytes.
    [[nodiscard]] virtual HttpClient& http() const = 0;
};

[[nodiscard]] std::shared_ptr<HubClient> makeClient(HttpClient& http, const Endpoint& endpoint);

/// Whether a listed model passes the parts of the query that the hub does not judge.
[[nodiscard]] bool passes(const ModelSummary& model, const SearchQuery& query);

/// All files that belong to the chosen one: itself, or all parts of its set in order. Errors:
/// hub.missing_part (args file, part).
[[nodiscard]] Result<std::vector<RepoFile>> withItsParts(const std::vector<RepoFile>& files,
                                                         const RepoFile& chosen);
/// The GGUF of a quantisation ("Q4_K_M", any case): the first part of it when it is a set. Errors:
/// hub.no_such_quantisation (args quantisation, available).
[[nodiscard]] Result<RepoFile> fileOfQuantisation(const std::vector<RepoFile>& files,
                                                  const std::string& quantisation);

} // namespace hearth::hub
