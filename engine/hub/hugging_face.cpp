// The API of huggingface.co and of what is compatible with it.

#include <algorithm>

#include <nlohmann/json.hpp>

#include "engine/hub/client_parts.h"
#include "engine/hub/names.h"

namespace hearth::hub {

namespace {

const char* sortName(SortBy sort) {
    switch (sort) {
    case SortBy::Likes:
        return "likes";
    case SortBy::Updated:
        return "lastModified";
    case SortBy::Trending:
        return "trendingScore";
    case SortBy::Downloads:
        break;
    }
    return "downloads";
}

/// The address of the page after `page`. A mirror may name the host that it stands for; its own pages are
/// meant.
QUrl nextPage(const QUrl& page, const std::string& link, const Endpoint& endpoint) {
    QUrl target = page.resolved(QUrl(QString::fromStdString(link)));
    target.setScheme(endpoint.url.scheme());
    target.setAuthority(endpoint.url.authority());
    return target;
}

class HuggingFaceClient final : public HubClient {
public:
    HuggingFaceClient(HttpClient& http, Endpoint endpoint) : m_http(http), m_endpoint(std::move(endpoint)) {}

    const Endpoint& endpoint() const override { return m_endpoint; }
    HttpClient& http() const override { return m_http; }
    Pending search(const SearchQuery& query, const std::string& page,
                   std::function<void(Result<SearchPage>)> done) override;
    Pending content(const std::string& repository, const std::string& revision,
                    std::function<void(Result<RepoContent>)> done) override;
    Pending card(const std::string& repository, const std::string& revision,
                 std::function<void(Result<std::string>)> done) override;
    Pending resolve(const std::string& repository, const std::string& revision, const std::string& file,
                    std::function<void(Result<ResolvedFile>)> done) override;
    QUrl page(const std::string& repository) const override { return urlOf(m_endpoint, "/" + repository); }

private:
    struct Listing {
        RepoContent content;
        std::set<QString> seen;
        std::function<void(Result<RepoContent>)> done;
    };
    void readTree(const std::shared_ptr<Chain>& chain, const std::shared_ptr<Listing>& listing,
                  const QUrl& url);
    void askPaths(const std::shared_ptr<Chain>& chain, const std::string& repository, ResolvedFile file,
                  std::function<void(Result<ResolvedFile>)> done);

    HttpClient& m_http;
    Endpoint m_endpoint;
};

Pending HuggingFaceClient::search(const SearchQuery& query, const std::string& page,
                                  std::function<void(Result<SearchPage>)> done) {
    auto chain = std::make_shared<Chain>();
    QUrl url;
    if (page.empty()) {
        url = urlOf(m_endpoint, "/api/models");
        std::vector<std::pair<const char*, std::string>> items;
        if (!query.text.empty())
            items.emplace_back("search", query.text);
        if (!query.author.empty())
            items.emplace_back("author", query.author);
        if (query.onlyGguf)
            items.emplace_back("filter", "gguf");
        if (!query.licence.empty())
            items.emplace_back("filter", "license:" + query.licence);
        items.emplace_back("sort", sortName(query.sort));
        items.emplace_back("limit", std::to_string(query.pageSize));
        setQuery(url, items);
    } else {
        url = QUrl(QString::fromStdString(page));
    }
    getAnswer(m_http, m_endpoint, chain, url, kMaxAnswer,
              [query, url, endpoint = m_endpoint, done = std::move(done)](Result<HttpAnswer> answer) {
                  auto list = parsed(answer, parseModels);
                  if (!list)
                      return done(tl::unexpected<Error>(std::move(list.error())));
                  SearchPage found;
                  found.models = passing(std::move(list->models), query);
                  if (const auto next = nextLink(answer->head.field("link"))) {
                      const QUrl target = nextPage(url, *next, endpoint);
                      if (target == url)
                          return done(fail("hub.page_loop", "the next page of the list is the same page"));
                      found.next = target.toString(QUrl::FullyEncoded).toStdString();
                  }
                  done(std::move(found));
              });
    return Chain::pending(chain);
}

Pending HuggingFaceClient::content(const std::string& repository, const std::string& revision,
                                   std::function<void(Result<RepoContent>)> done) {
    auto chain = std::make_shared<Chain>();
    if (const auto checked = checkPlace(repository, revision); !checked)
        return refuse(m_http, chain, std::move(done), checked.error());
    auto listing = std::make_shared<Listing>();
    listing->done = std::move(done);
    std::string path = "/api/models/" + repository;
    if (!revision.empty())
        path += "/revision/" + revision;
    getAnswer(m_http, m_endpoint, chain, urlOf(m_endpoint, path), kMaxAnswer,
              [this, chain, listing, repository, revision](const Result<HttpAnswer>& answer) {
                  auto model = parsed(answer, parseModel);
                  if (!model)
                      return listing->done(tl::unexpected<Error>(std::move(model.error())));
                  listing->content.model = std::move(*model);
                  listing->content.model.repository = repository;
                  const std::string& commit = listing->content.model.commit;
                  listing->content.revision = !commit.empty() ? commit : revision.empty() ? "main" : revision;
                  QUrl url =
                      urlOf(m_endpoint, "/api/models/" + repository + "/tree/" + listing->content.revision);
                  setQuery(url, {{"recursive", "true"}, {"expand", "true"}});
                  readTree(chain, listing, url);
              });
    return Chain::pending(chain);
}

void HuggingFaceClient::readTree(const std::shared_ptr<Chain>& chain, const std::shared_ptr<Listing>& listing,
                                 const QUrl& url) {
    if (!listing->seen.insert(url.toString()).second || listing->seen.size() > kMaxPages)
        return listing->done(fail("hub.page_loop", "the list of files does not end"));
    getAnswer(m_http, m_endpoint, chain, url, kMaxAnswer,
              [this, chain, listing, url](Result<HttpAnswer> answer) {
                  auto list = parsed(answer, parseTree);
                  if (!list)
                      return listing->done(tl::unexpected<Error>(std::move(list.error())));
                  auto& content = listing->content;
                  content.leftOut += list->leftOut;
                  std::move(list->files.begin(), list->files.end(), std::back_inserter(content.files));
                  if (content.files.size() > kMaxEntries)
                      return listing->done(fail("hub.bad_answer", "the repository has too many files"));
                  const auto next = nextLink(answer->head.field("link"));
                  if (!next) {
                      if (const auto fine = refuseTwins(content.files); !fine)
                          return listing->done(tl::unexpected<Error>(fine.error()));
                      return listing->done(std::move(content));
                  }
                  readTree(chain, listing, nextPage(url, *next, m_endpoint));
              });
}

Pending HuggingFaceClient::card(const std::string& repository, const std::string& revision,
                                std::function<void(Result<std::string>)> done) {
    auto chain = std::make_shared<Chain>();
    if (const auto checked = checkPlace(repository, revision); !checked)
        return refuse(m_http, chain, std::move(done), checked.error());
    const std::string path =
        "/" + repository + "/resolve/" + (revision.empty() ? "main" : revision) + "/README.md";
    getAnswer(m_http, m_endpoint, chain, urlOf(m_endpoint, path), kMaxCard,
              [done = std::move(done)](const Result<HttpAnswer>& answer) { done(cardOf(answer)); });
    return Chain::pending(chain);
}

Pending HuggingFaceClient::resolve(const std::string& repository, const std::string& revision,
                                   const std::string& file, std::function<void(Result<ResolvedFile>)> done) {
    auto chain = std::make_shared<Chain>();
    const std::string wanted = revision.empty() ? "main" : revision;
    if (const auto checked = checkPlace(repository, wanted); !checked)
        return refuse(m_http, chain, std::move(done), checked.error());
    if (const auto path = safePath(file); !path)
        return refuse(m_http, chain, std::move(done), path.error());
    HttpRequest request;
    request.method = "HEAD";
    request.url = urlOf(m_endpoint, "/" + repository + "/resolve/" + wanted + "/" + file);
    request.endpoint = m_endpoint.url;
    request.onlyRelativeRedirects = true;
    chain->call = m_http.fetch(
        std::move(request), kMaxAnswer,
        [this, chain, repository, wanted, file, done = std::move(done)](Result<HttpAnswer> answer) {
            if (chain->cancelled)
                return;
            if (!answer)
                return done(tl::unexpected<Error>(std::move(answer.error())));
            const HttpHead& head = answer->head;
            if (head.status >= 400)
                return done(tl::unexpected<Error>(errorOf(head, std::chrono::system_clock::now())));
            ResolvedFile resolved;
            resolved.file.path = file;
            const auto commit = asGitSha1(head.field("x-repo-commit"));
            resolved.revision = commit ? *commit : wanted;
            resolved.url = urlOf(m_endpoint, "/" + repository + "/resolve/" + resolved.revision + "/" + file);
            const std::string linked = head.field("x-linked-etag");
            resolved.etag = entityTag(linked.empty() ? head.field("etag") : linked);
            if (const auto hash = asSha256(resolved.etag))
                resolved.file.sha256 = *hash;
            else if (const auto blob = asGitSha1(resolved.etag))
                resolved.file.gitSha1 = *blob;
            resolved.file.size = parseNumber(head.field("x-linked-size"));
            // The length of a redirect's own body says nothing about the file.
            if (!resolved.file.size && head.status == 200 && head.field("content-encoding").empty())
                resolved.file.size = parseNumber(head.field("content-length"));
            if (resolved.file.size && (!resolved.file.sha256.empty() || !resolved.file.gitSha1.empty()))
                return done(std::move(resolved));
            askPaths(chain, repository, std::move(resolved), done);
        });
    return Chain::pending(chain);
}

/// What the head did not tell: size and hashes from the repository's own list.
void HuggingFaceClient::askPaths(const std::shared_ptr<Chain>& chain, const std::string& repository,
                                 ResolvedFile file, std::function<void(Result<ResolvedFile>)> done) {
    const std::string body = nlohmann::json{{"paths", {file.file.path}}, {"expand", true}}.dump();
    const QUrl url = urlOf(m_endpoint, "/api/models/" + repository + "/paths-info/" + file.revision);
    getAnswer(
        m_http, m_endpoint, chain, url, kMaxAnswer,
        [file = std::move(file), done = std::move(done)](const Result<HttpAnswer>& answer) mutable {
            auto list = parsed(answer, parseTree);
            if (!list)
                return done(tl::unexpected<Error>(std::move(list.error())));
            for (const auto& known : list->files)
                if (known.path == file.file.path)
                    file.file = known;
            done(complete(std::move(file)));
        },
        "POST", QByteArray::fromStdString(body));
}

} // namespace

std::shared_ptr<HubClient> makeHuggingFaceClient(HttpClient& http, const Endpoint& endpoint) {
    return std::make_shared<HuggingFaceClient>(http, endpoint);
}

} // namespace hearth::hub
