// The API of www.modelscope.cn.

#include <algorithm>
#include <charconv>

#include "engine/hub/client_parts.h"
#include "engine/hub/names.h"

namespace hearth::hub {

std::shared_ptr<HubClient> makeHuggingFaceClient(HttpClient& http, const Endpoint& endpoint);

namespace {

constexpr const char* kDefaultBranch = "master";
constexpr int kMaxPageNumber = 10'000;

const char* sortName(SortBy sort) {
    switch (sort) {
    case SortBy::Likes:
        return "likes";
    case SortBy::Updated:
        return "last_modified";
    case SortBy::Trending:
    case SortBy::Downloads:
        break;
    }
    return "downloads";
}

class ModelScopeClient final : public HubClient {
public:
    ModelScopeClient(HttpClient& http, Endpoint endpoint) : m_http(http), m_endpoint(std::move(endpoint)) {}

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
    QUrl page(const std::string& repository) const override {
        return urlOf(m_endpoint, "/models/" + repository);
    }

private:
    QUrl fileUrl(const std::string& repository, const std::string& revision, const std::string& file) const {
        QUrl url = urlOf(m_endpoint, "/api/v1/models/" + repository + "/repo");
        setQuery(url, {{"Revision", revision}, {"FilePath", file}});
        return url;
    }
    /// The branch that is asked for, or the usual one if the repository has it, else its first.
    void chooseRevision(const std::shared_ptr<Chain>& chain, const std::string& repository,
                        const std::string& revision, std::function<void(Result<std::string>)> done);
    void listFiles(const std::shared_ptr<Chain>& chain, const std::string& repository,
                   const std::string& revision, std::function<void(Result<FileList>)> done);

    HttpClient& m_http;
    Endpoint m_endpoint;
};

Pending ModelScopeClient::search(const SearchQuery& query, const std::string& page,
                                 std::function<void(Result<SearchPage>)> done) {
    auto chain = std::make_shared<Chain>();
    int number = 1;
    std::from_chars(page.data(), page.data() + page.size(), number);
    number = std::clamp(number, 1, kMaxPageNumber);
    QUrl url = urlOf(m_endpoint, "/openapi/v1/models");
    std::vector<std::pair<const char*, std::string>> items;
    // There is no filter for a format here; the word in the name has to do.
    std::string text = query.text;
    if (query.onlyGguf && text.find("GGUF") == std::string::npos && text.find("gguf") == std::string::npos)
        text += text.empty() ? "GGUF" : " GGUF";
    if (!text.empty())
        items.emplace_back("search", text);
    if (!query.author.empty())
        items.emplace_back("owner", query.author);
    items.emplace_back("sort", sortName(query.sort));
    items.emplace_back("page_number", std::to_string(number));
    items.emplace_back("page_size", std::to_string(query.pageSize));
    setQuery(url, items);
    getAnswer(m_http, m_endpoint, chain, url, kMaxAnswer,
              [query, number, done = std::move(done)](const Result<HttpAnswer>& answer) {
                  auto list = parsed(answer, parseScopeModels);
                  if (!list)
                      return done(tl::unexpected<Error>(std::move(list.error())));
                  SearchPage found;
                  const auto size = static_cast<std::uint64_t>(std::max(1, query.pageSize));
                  const bool more = list->total ? static_cast<std::uint64_t>(number) * size < *list->total
                                                : list->models.size() >= size;
                  if (more && !list->models.empty() && number < kMaxPageNumber)
                      found.next = std::to_string(number + 1);
                  found.models = passing(std::move(list->models), query);
                  done(std::move(found));
              });
    return Chain::pending(chain);
}

void ModelScopeClient::chooseRevision(const std::shared_ptr<Chain>& chain, const std::string& repository,
                                      const std::string& revision,
                                      std::function<void(Result<std::string>)> done) {
    const auto checked = checkPlace(repository, revision);
    if (!checked || !revision.empty()) {
        Result<std::string> known = revision;
        if (!checked)
            known = tl::unexpected<Error>(checked.error());
        return reportLater(m_http, chain, [done = std::move(done), known] { done(known); });
    }
    getAnswer(m_http, m_endpoint, chain, urlOf(m_endpoint, "/api/v1/models/" + repository + "/revisions"),
              kMaxAnswer, [done = std::move(done)](Result<HttpAnswer> answer) {
                  if (!answer) {
                      Error error = std::move(answer.error());
                      if (error.code == "hub.file_not_found")
                          error.code = "hub.repository_not_found";
                      return done(tl::unexpected<Error>(std::move(error)));
                  }
                  auto names = parseScopeRevisions(answer->body);
                  if (!names)
                      return done(tl::unexpected<Error>(std::move(names.error())));
                  const bool usual = names->empty() ||
                                     std::find(names->begin(), names->end(), kDefaultBranch) != names->end();
                  done(usual ? std::string(kDefaultBranch) : names->front());
              });
}

void ModelScopeClient::listFiles(const std::shared_ptr<Chain>& chain, const std::string& repository,
                                 const std::string& revision, std::function<void(Result<FileList>)> done) {
    QUrl url = urlOf(m_endpoint, "/api/v1/models/" + repository + "/repo/files");
    setQuery(url, {{"Revision", revision}, {"Recursive", "True"}});
    getAnswer(m_http, m_endpoint, chain, url, kMaxAnswer,
              [done = std::move(done)](const Result<HttpAnswer>& answer) {
                  done(parsed(answer, parseScopeFiles));
              });
}

Pending ModelScopeClient::content(const std::string& repository, const std::string& revision,
                                  std::function<void(Result<RepoContent>)> done) {
    auto chain = std::make_shared<Chain>();
    chooseRevision(chain, repository, revision, [this, chain, repository, done](Result<std::string> chosen) {
        if (!chosen)
            return done(tl::unexpected<Error>(std::move(chosen.error())));
        listFiles(chain, repository, *chosen,
                  [this, chain, repository, chosen = *chosen, done](Result<FileList> list) {
                      if (!list)
                          return done(tl::unexpected<Error>(std::move(list.error())));
                      auto content = std::make_shared<RepoContent>();
                      content->model.repository = repository;
                      content->revision = chosen;
                      content->files = std::move(list->files);
                      content->leftOut = list->leftOut;
                      getAnswer(m_http, m_endpoint, chain,
                                urlOf(m_endpoint, "/openapi/v1/models/" + repository), kMaxAnswer,
                                [content, repository, done](Result<HttpAnswer> answer) {
                                    // The files are what counts; a missing description is no reason to fail.
                                    if (answer)
                                        if (auto model = parseScopeModel(answer->body)) {
                                            content->model = std::move(*model);
                                            content->model.repository = repository;
                                        }
                                    done(std::move(*content));
                                });
                  });
    });
    return Chain::pending(chain);
}

Pending ModelScopeClient::card(const std::string& repository, const std::string& revision,
                               std::function<void(Result<std::string>)> done) {
    auto chain = std::make_shared<Chain>();
    chooseRevision(chain, repository, revision, [this, chain, repository, done](Result<std::string> chosen) {
        if (!chosen)
            return done(tl::unexpected<Error>(std::move(chosen.error())));
        getAnswer(m_http, m_endpoint, chain, fileUrl(repository, *chosen, "README.md"), kMaxCard,
                  [done](const Result<HttpAnswer>& answer) { done(cardOf(answer)); });
    });
    return Chain::pending(chain);
}

Pending ModelScopeClient::resolve(const std::string& repository, const std::string& revision,
                                  const std::string& file, std::function<void(Result<ResolvedFile>)> done) {
    auto chain = std::make_shared<Chain>();
    if (const auto path = safePath(file); !path)
        return refuse(m_http, chain, std::move(done), path.error());
    chooseRevision(
        chain, repository, revision, [this, chain, repository, file, done](Result<std::string> chosen) {
            if (!chosen)
                return done(tl::unexpected<Error>(std::move(chosen.error())));
            listFiles(
                chain, repository, *chosen,
                [this, repository, file, chosen = *chosen, done](Result<FileList> list) {
                    if (!list)
                        return done(tl::unexpected<Error>(std::move(list.error())));
                    for (auto& known : list->files) {
                        if (known.path != file)
                            continue;
                        ResolvedFile resolved;
                        resolved.file = std::move(known);
                        resolved.revision = chosen;
                        resolved.url = fileUrl(repository, chosen, file);
                        return done(complete(std::move(resolved)));
                    }
                    done(tl::unexpected<Error>(
                        Error{"hub.file_not_found", file + " is not in the repository"}.with("file", file)));
                });
        });
    return Chain::pending(chain);
}

} // namespace

std::shared_ptr<HubClient> makeClient(HttpClient& http, const Endpoint& endpoint) {
    if (endpoint.kind == HubKind::ModelScope)
        return std::make_shared<ModelScopeClient>(http, endpoint);
    return makeHuggingFaceClient(http, endpoint);
}

} // namespace hearth::hub
