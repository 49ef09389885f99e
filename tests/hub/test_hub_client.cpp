// Search, lists, cards and heads from a hub that speaks both languages.

#include "engine/hub/endpoint_test.h"
#include "tests/hub/hub_bench.h"

namespace {

using namespace hearth;
using namespace hearth::hub;
using namespace hearth::test;

Result<SearchPage> search(HubClient& client, const SearchQuery& query, const std::string& page = {}) {
    return waitFor<SearchPage>([&](auto done) { client.search(query, page, done); });
}
Result<RepoContent> content(HubClient& client, const std::string& name, const std::string& revision = {}) {
    return waitFor<RepoContent>([&](auto done) { client.content(name, revision, done); });
}
Result<ResolvedFile> resolve(HubClient& client, const std::string& name, const std::string& file,
                             const std::string& revision = {}) {
    return waitFor<ResolvedFile>([&](auto done) { client.resolve(name, revision, file, done); });
}

LocalHub::Repository repository(const std::string& file, std::uint64_t downloads,
                                const std::string& licence = "apache-2.0") {
    LocalHub::Repository out;
    out.files[file] = someBytes(500, static_cast<unsigned>(downloads));
    out.files["README.md"] = "---\nlicense: mit\n---\n\n# Title\nText";
    out.files["config.json"] = "{}";
    out.downloads = downloads;
    out.licence = licence;
    return out;
}

class Clients : public testing::TestWithParam<HubKind> {
protected:
    Clients() {
        bench.hub.add("one/Llama-3-8B-GGUF", repository("a-Q4_0.gguf", 900));
        bench.hub.add("two/Qwen3-0.6B-GGUF", repository("b-Q8_0.gguf", 800, "mit"));
        bench.hub.add("two/Qwen3-32B-GGUF", repository("c-Q4_K_M.gguf", 700, "mit"));
        bench.hub.add("three/Gemma-3-4B-GGUF", repository("d-Q4_K_M.gguf", 600, "gemma"));
    }
    HubClient& client() { return *bench.client(GetParam()); }
    std::vector<std::string> names(const SearchQuery& query) {
        std::vector<std::string> out;
        std::string page;
        for (int i = 0; i < 10; ++i) {
            const auto found = search(client(), query, page);
            if (!found) {
                ADD_FAILURE() << found.error().message();
                break;
            }
            for (const auto& model : found->models)
                out.push_back(model.repository);
            page = found->next;
            if (page.empty())
                break;
        }
        return out;
    }
    HubBench bench;
};
INSTANTIATE_TEST_SUITE_P(Kinds, Clients, testing::Values(HubKind::HuggingFace, HubKind::ModelScope),
                         [](const auto& kind) {
                             return kind.param == HubKind::HuggingFace ? "HuggingFace" : "ModelScope";
                         });

TEST_P(Clients, SearchWithFiltersAndPages) {
    SearchQuery query;
    query.pageSize = 2;
    EXPECT_EQ(names(query).size(), 4u);
    query.text = "qwen";
    EXPECT_EQ(names(query), (std::vector<std::string>{"two/Qwen3-0.6B-GGUF", "two/Qwen3-32B-GGUF"}));
    query.mostParameters = 10e9;
    EXPECT_EQ(names(query), (std::vector<std::string>{"two/Qwen3-0.6B-GGUF"}));
    query = {};
    query.leastParameters = 5e9;
    EXPECT_EQ(names(query), (std::vector<std::string>{"one/Llama-3-8B-GGUF", "two/Qwen3-32B-GGUF"}));
    query = {};
    query.family = "gemma";
    EXPECT_EQ(names(query), (std::vector<std::string>{"three/Gemma-3-4B-GGUF"}));
    query = {};
    query.licence = "mit";
    EXPECT_EQ(names(query).size(), 2u);
    query = {};
    bench.hub.add("four/Mistral-7B", repository("model.safetensors", 950));
    if (GetParam() == HubKind::HuggingFace)
        EXPECT_EQ(names(query).size(), 4u) << "only what has GGUF files";
    else // no filter for formats there: the word is searched for
        EXPECT_TRUE(!names(query).empty() &&
                    bench.hub.requests().back().query.contains(QStringLiteral("search=GGUF")));
    query.onlyGguf = false;
    EXPECT_EQ(names(query).size(), 5u);
    query.text = "a name & nothing/%?#";
    EXPECT_TRUE(names(query).empty());
}

TEST_P(Clients, ContentCardAndHead) {
    const auto found = content(client(), "two/Qwen3-0.6B-GGUF");
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_EQ(found->files.size(), 3u) << "over both pages";
    EXPECT_EQ(found->model.licence, "mit");
    EXPECT_EQ(found->revision, GetParam() == HubKind::HuggingFace ? std::string(40, 'a') : "master");
    const auto card =
        waitFor<std::string>([&](auto done) { client().card("two/Qwen3-0.6B-GGUF", found->revision, done); });
    ASSERT_TRUE(card);
    EXPECT_EQ(*card, "# Title\nText") << "without its YAML head";
    const auto file = resolve(client(), "two/Qwen3-0.6B-GGUF", "b-Q8_0.gguf");
    ASSERT_TRUE(file) << file.error().message();
    EXPECT_EQ(file->file.size, 500u);
    EXPECT_EQ(file->file.sha256, sha256Of(someBytes(500, 800)));
    EXPECT_EQ(resolve(client(), "two/Qwen3-0.6B-GGUF", "none.gguf").error().code, "hub.file_not_found");
    EXPECT_EQ(content(client(), "two/none").error().code,
              GetParam() == HubKind::HuggingFace ? "hub.needs_token" : "hub.repository_not_found");
    EXPECT_EQ(content(client(), "../etc").error().code, "hub.bad_repository");
    EXPECT_EQ(content(client(), "two/none", "..").error().code, "hub.bad_revision");
    EXPECT_EQ(resolve(client(), "two/Qwen3-0.6B-GGUF", "../b").error().code, "hub.unsafe_name");
    for (const auto& request : bench.hub.requests())
        EXPECT_FALSE(request.path.contains(QLatin1String(".."))) << request.path.toStdString();
}

TEST_P(Clients, ErrorsOfTheHub) {
    const auto with = [&](int status, std::vector<std::pair<QByteArray, QByteArray>> fields = {}) {
        bench.hub.setFaults([status, fields](const HubRequest&) {
            Fault fault;
            fault.kind = Fault::Status;
            fault.status = status;
            fault.fields = fields;
            return fault;
        });
        return search(client(), {}).error();
    };
    EXPECT_EQ(with(429).code, "hub.busy");
    EXPECT_EQ(with(429, {{"Retry-After", "17"}}).arg("seconds"), "17");
    EXPECT_EQ(with(429, {{"RateLimit", "\"api\";r=0;t=55"}, {"Retry-After", "17"}}).arg("seconds"), "56");
    EXPECT_EQ(with(503).code, "hub.server_error");
    EXPECT_EQ(with(403).code, "hub.forbidden");
    EXPECT_EQ(with(403, {{"X-Error-Code", "GatedRepo"}}).code, "hub.gated");
    EXPECT_EQ(with(404, {{"X-Error-Code", "RevisionNotFound"}}).code, "hub.revision_not_found");
    EXPECT_EQ(with(418).code, "hub.unexpected_status");
    bench.hub.setFaults([](const HubRequest&) {
        Fault fault;
        fault.kind = Fault::Html;
        return fault;
    });
    EXPECT_EQ(search(client(), {}).error().code, "hub.bad_answer");
}

TEST(HuggingFaceClient, PagesThatDoNotEnd) {
    HubBench bench;
    bench.addFile(someBytes(100));
    LocalHub::Repository two;
    two.files = {{"a.gguf", "x"}, {"b.gguf", "y"}};
    bench.hub.add("owner/two", two);
    bench.hub.setEndlessPages(true);
    EXPECT_EQ(search(*bench.client(), {}).error().code, "hub.page_loop");
    EXPECT_EQ(content(*bench.client(), "owner/two").error().code, "hub.page_loop");
    EXPECT_LT(bench.hub.requests().size(), 10u);
}

TEST(HuggingFaceClient, NamesThatAreNotSafeAreLeftOutAndTwinsRefused) {
    HubBench bench;
    LocalHub::Repository bad;
    bad.files["a.gguf"] = "x";
    bad.extraNames = {"../../evil", "/etc/passwd", "b\\c"};
    bench.hub.add("owner/bad", bad);
    const auto found = content(*bench.client(), "owner/bad");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->files.size(), 1u);
    EXPECT_EQ(found->leftOut, 3u);
    bad.extraNames = {"A.gguf"};
    bench.hub.add("owner/bad", bad);
    const auto twins = content(*bench.client(), "owner/bad");
    ASSERT_FALSE(twins) << "though they come on different pages";
    EXPECT_EQ(twins.error().code, "hub.name_collision");
}

/// A client that has a token for the local hub, as the person bound it.
std::unique_ptr<HttpClient> withToken(const LocalHub& hub, const QString& origin) {
    auto options = optionsFor(hub);
    options.token = [origin](const QString& asked) {
        return asked == origin ? QByteArray("hf_secret") : QByteArray();
    };
    return std::make_unique<HttpClient>(options);
}

TEST(Tokens, GoToTheirOriginOnly) {
    for (const bool tls : {false, true}) {
        HubBench bench({.tls = tls, .redirectToBlobs = true, .certificate = {}});
        LocalHub::Repository gated;
        gated.files["model-Q4_0.gguf"] = someBytes(20'000);
        gated.gated = gated.isPrivate = true;
        gated.token = "hf_secret";
        bench.hub.add("owner/model", gated);
        EXPECT_EQ(content(*bench.client(), "owner/model").error().code, "hub.needs_token");
        const auto http = withToken(bench.hub, originOf(bench.hub.url()));
        bench.directory = std::make_unique<HubDirectory>(*http, std::vector<Endpoint>{bench.endpoint()});
        bench.hub.forgetRequests();
        ASSERT_TRUE(content(*bench.client(), "owner/model"));
        const auto result = bench.run();
        ASSERT_TRUE(result) << result.error().message();
        int withIt = 0, blobs = 0;
        for (const auto& request : bench.hub.requests()) {
            const bool has = !request.field("authorization").isEmpty();
            withIt += has;
            if (request.port == bench.hub.blobPort()) {
                ++blobs;
                EXPECT_FALSE(has) << "another origin";
            } else {
                EXPECT_TRUE(has);
            }
            EXPECT_TRUE(request.field("cookie").isEmpty());
            EXPECT_EQ(request.field("accept-encoding"), "identity");
        }
        EXPECT_GT(withIt, 2);
        EXPECT_GT(blobs, 0);
        bench.directory.reset();
    }
}

TEST(Tokens, AWrongOneIsNamed) {
    HubBench bench;
    LocalHub::Repository gated;
    gated.files["model-Q4_0.gguf"] = someBytes(100);
    gated.gated = true;
    gated.token = "another";
    bench.hub.add("owner/model", gated);
    const auto http = withToken(bench.hub, originOf(bench.hub.url()));
    bench.directory = std::make_unique<HubDirectory>(*http, std::vector<Endpoint>{bench.endpoint()});
    EXPECT_EQ(resolve(*bench.client(), "owner/model", "model-Q4_0.gguf").error().code, "hub.gated");
    bench.directory.reset();
}

TEST(Redirects, NamesThatLeadInsideAreRefusedBeforeAnythingIsSent) {
    HubBench bench;
    bench.addFile(someBytes(100));
    auto options = optionsFor(bench.hub);
    options.proxy.reset(); // names are looked up
    std::vector<QString> asked;
    options.lookup = [&](const QString& host, std::function<void(QList<QHostAddress>)> then) {
        asked.push_back(host);
        then({QHostAddress(QStringLiteral("93.184.216.34")), QHostAddress(QStringLiteral("192.168.1.7"))});
    };
    HttpClient http(options);
    bench.directory = std::make_unique<HubDirectory>(http, std::vector<Endpoint>{bench.endpoint()});
    bench.hub.setFaults([](const HubRequest& request) {
        Fault fault;
        if (request.what == HubRequest::What::Search) {
            fault.kind = Fault::RedirectTo;
            fault.target = "http://cdn.example.com/models";
        }
        return fault;
    });
    EXPECT_EQ(search(*bench.client(), {}).error().code, "hub.private_redirect");
    ASSERT_EQ(asked.size(), 1u);
    EXPECT_EQ(asked[0].toStdString(), "cdn.example.com");
    bench.directory.reset();
}

TEST(Proxy, IsUsedAndItsRefusalNamed) {
    HubBench bench;
    bench.addFile(someBytes(100));
    auto options = optionsFor(bench.hub);
    // Whatever listens there is no proxy: a port that was just closed.
    options.proxy = QNetworkProxy(QNetworkProxy::Socks5Proxy, QStringLiteral("127.0.0.1"), 1);
    HttpClient http(options);
    const auto client = makeClient(
        http, {HubKind::HuggingFace, QStringLiteral("x"), QUrl(QStringLiteral("https://hub.example"))});
    EXPECT_EQ(search(*client, {}).error().code, "hub.proxy");
    EXPECT_TRUE(bench.hub.requests().empty());
}

TEST(EndpointTest, TellsHowFastAHubAnswers) {
    HubBench bench;
    LocalHub::Repository big;
    big.files["a-Q4_0.gguf"] = someBytes(2'000'000);
    bench.hub.add("owner/model", big);
    for (const auto kind : {HubKind::HuggingFace, HubKind::ModelScope}) {
        const auto speed =
            waitFor<EndpointSpeed>([&](auto done) { testEndpoint(bench.client(kind), systemClock(), done); });
        ASSERT_TRUE(speed) << speed.error().message();
        EXPECT_GT(speed->bytesPerSecond, 1e5);
        EXPECT_LT(speed->answer, std::chrono::seconds(5));
    }
    bench.hub.remove("owner/model");
    const auto empty =
        waitFor<EndpointSpeed>([&](auto done) { testEndpoint(bench.client(), systemClock(), done); });
    ASSERT_TRUE(empty);
    EXPECT_EQ(empty->bytesPerSecond, 0);
}

} // namespace
