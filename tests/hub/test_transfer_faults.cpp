// Every fault of a download: it ends in the right bytes, or in the named error with what came kept.

#include <atomic>
#include <memory>
#include <random>

#include "tests/hub/hub_bench.h"

namespace {

using namespace hearth;
using namespace hearth::hub;
using namespace hearth::test;

constexpr qsizetype kSize = 100'003; // neither whole chunks nor whole ranges

struct Way {
    const char* name;
    bool tls, blobs;
};
constexpr Way kWays[]{{"plain", false, false},
                      {"plain_redirected", false, true},
                      {"tls", true, false},
                      {"tls_redirected", true, true}};

class EveryWay : public testing::TestWithParam<Way> {
protected:
    EveryWay()
        : bench({.tls = GetParam().tls, .redirectToBlobs = GetParam().blobs, .certificate = {}}),
          bytes(someBytes(kSize)) {
        bench.addFile(bytes);
    }
    /// The fault for the first `times` requests for bytes; then all is well.
    void faultFirst(Fault fault, int times = 3) {
        auto left = std::make_shared<std::atomic<int>>(times);
        bench.hub.setFaults([fault, left](const HubRequest& request) {
            return request.isBytes() && left->fetch_sub(1) > 0 ? fault : Fault();
        });
    }
    void faultAlways(Fault fault) {
        bench.hub.setFaults(
            [fault](const HubRequest& request) { return request.isBytes() ? fault : Fault(); });
    }
    void expectRightBytes() {
        const auto result = bench.run();
        ASSERT_TRUE(result) << result.error().message();
        EXPECT_TRUE(bench.read(bench.target()) == bytes);
        EXPECT_EQ(result->origin.sha256, sha256Of(bytes));
        EXPECT_EQ(result->origin.revision, std::string(40, 'a')) << "the commit is pinned";
        EXPECT_FALSE(std::filesystem::exists(partialOf(bench.target())));
        EXPECT_FALSE(std::filesystem::exists(ledgerOf(bench.target())));
    }
    void expectError(const char* code, bool partial = true) {
        const auto result = bench.run();
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, code) << result.error().message();
        EXPECT_FALSE(std::filesystem::exists(bench.target()));
        EXPECT_EQ(bench.hasPartial(), partial);
    }
    HubBench bench;
    QByteArray bytes;
};
INSTANTIATE_TEST_SUITE_P(Ways, EveryWay, testing::ValuesIn(kWays),
                         [](const auto& way) { return way.param.name; });

Fault kind(Fault::Kind kind, qint64 at = 0) {
    Fault fault;
    fault.kind = kind;
    fault.at = at;
    return fault;
}
Fault status(int number, std::vector<std::pair<QByteArray, QByteArray>> fields = {}) {
    Fault fault;
    fault.kind = Fault::Status;
    fault.status = number;
    fault.fields = std::move(fields);
    return fault;
}

TEST_P(EveryWay, NothingWrong) {
    expectRightBytes();
    // Several connections, and no byte twice.
    int ranges = 0;
    for (const auto& request : bench.hub.requests())
        ranges += request.isBytes() && request.what != HubRequest::What::Resolve;
    EXPECT_LE(bench.hub.bytesSent(), static_cast<std::uint64_t>(kSize));
    if (GetParam().blobs) {
        EXPECT_GE(ranges, 7) << "ranges of four chunks";
    }
}

TEST_P(EveryWay, BusyWithoutATime) {
    faultFirst(status(429));
    expectRightBytes();
}
TEST_P(EveryWay, BusyUntilADate) {
    faultFirst(status(429, {{"Retry-After", "Sun, 06 Nov 2033 08:49:37 GMT"}}), 1);
    // Nine years would be too long: a day counts, which passes in minutes here; give it less.
    bench.transfer.clock = systemClock(200'000);
    bench.transfer.watchdog = std::chrono::hours(3);
    bench.transfer.giveUpAfter = std::chrono::hours(100);
    expectRightBytes();
}
TEST_P(EveryWay, BusyWithALimit) {
    faultFirst(status(429, {{"RateLimit", "\"api\";r=0;t=55"},
                            {"RateLimit-Policy", "\"fixed window\";\"api\";q=500;w=300"}}),
               1);
    expectRightBytes();
}
TEST_P(EveryWay, Unavailable) {
    faultFirst(status(503), 5);
    expectRightBytes();
}
TEST_P(EveryWay, UnavailableForGood) {
    faultAlways(status(503));
    expectError("hub.server_error");
}
TEST_P(EveryWay, Html) {
    faultFirst(kind(Fault::Html), 2);
    expectRightBytes();
}
TEST_P(EveryWay, HtmlForGood) {
    faultAlways(kind(Fault::Html));
    expectError("hub.not_a_file");
}
TEST_P(EveryWay, RangeIgnored) {
    faultAlways(kind(Fault::IgnoreRange));
    expectRightBytes();
}
TEST_P(EveryWay, RangeIgnoredSometimes) {
    faultFirst(kind(Fault::IgnoreRange), 2);
    expectRightBytes();
}
TEST_P(EveryWay, WrongContentRange) {
    faultFirst(kind(Fault::WrongRange), 2);
    expectRightBytes();
}
TEST_P(EveryWay, WrongContentRangeForGood) {
    faultAlways(kind(Fault::WrongRange));
    expectError("hub.bad_content_range");
}
TEST_P(EveryWay, NotSatisfiable) {
    faultFirst(kind(Fault::NotSatisfiable), 2);
    expectRightBytes();
}
TEST_P(EveryWay, NotSatisfiableForGood) {
    faultAlways(kind(Fault::NotSatisfiable));
    expectError("hub.size_mismatch");
}
TEST_P(EveryWay, OtherTag) {
    faultFirst(kind(Fault::OtherTag), 2);
    expectRightBytes();
}
TEST_P(EveryWay, NoTag) {
    bench.hub.setFaults([](const HubRequest&) { return kind(Fault::NoTag); });
    expectRightBytes(); // the hash stands in the list of files
}
TEST_P(EveryWay, NoSize) {
    bench.hub.setFaults([](const HubRequest&) { return kind(Fault::NoSize); });
    expectRightBytes();
}
TEST_P(EveryWay, WrongSize) {
    faultFirst(kind(Fault::WrongSize), 2);
    expectRightBytes();
}
TEST_P(EveryWay, WrongSizeForGood) {
    faultAlways(kind(Fault::WrongSize));
    expectError("hub.size_mismatch");
}
TEST_P(EveryWay, Short) {
    faultAlways(kind(Fault::Short, 9'000));
    expectRightBytes();
}
TEST_P(EveryWay, ShortOfEverything) {
    faultAlways(kind(Fault::Short, 0));
    const auto result = bench.run();
    ASSERT_FALSE(result);
    // Whether the headers are read before the end of the connection is noticed is the system's to decide;
    // people read the same sentence for both.
    EXPECT_TRUE(result.error().code == "hub.connection_lost" || result.error().code == "hub.cut_short")
        << result.error().message();
    EXPECT_FALSE(std::filesystem::exists(bench.target()));
    EXPECT_TRUE(bench.hasPartial());
}
TEST_P(EveryWay, Long) {
    faultAlways(kind(Fault::Long));
    expectRightBytes();
}
TEST_P(EveryWay, Gzipped) {
    faultFirst(kind(Fault::Gzipped), 2);
    expectRightBytes();
}
TEST_P(EveryWay, GzippedForGood) {
    faultAlways(kind(Fault::Gzipped));
    expectError("hub.encoded");
}
TEST_P(EveryWay, Reset) {
    faultAlways(kind(Fault::Reset, 5'000));
    expectRightBytes();
}
TEST_P(EveryWay, Stall) {
    faultFirst(kind(Fault::Stall, 3'000));
    expectRightBytes();
}
TEST_P(EveryWay, StallForGood) {
    faultAlways(kind(Fault::Stall, 0));
    expectError("hub.stalled");
}
TEST_P(EveryWay, RedirectLoop) {
    bench.hub.setFaults([](const HubRequest&) { return kind(Fault::RedirectLoop); });
    expectError("hub.too_many_redirects", false);
}
TEST_P(EveryWay, RedirectToAPrivateAddress) {
    for (const char* address : {"10.0.0.1", "169.254.169.254", "192.168.1.1", "[::1]", "[::ffff:10.1.2.3]",
                                "localhost", "router.local", "100.64.0.1", "0.0.0.0"}) {
        Fault fault = kind(Fault::RedirectTo);
        fault.target = QByteArray(GetParam().tls ? "https://" : "http://") + address + "/x";
        faultAlways(fault);
        const auto result = bench.run();
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, "hub.private_redirect") << address << result.error().message();
    }
}
TEST_P(EveryWay, RedirectToWhatIsNoWeb) {
    Fault fault = kind(Fault::RedirectTo);
    fault.target = "file:///etc/passwd";
    faultAlways(fault);
    expectError("hub.bad_redirect");
}
TEST_P(EveryWay, RedirectWithoutEncryption) {
    if (!GetParam().tls)
        GTEST_SKIP() << "of encrypted hubs only";
    Fault fault = kind(Fault::RedirectTo);
    fault.target = "http://127.0.0.1/x";
    faultAlways(fault);
    expectError("hub.insecure_redirect");
}
TEST_P(EveryWay, Missing) {
    faultAlways(status(404, {{"X-Error-Code", "EntryNotFound"}}));
    expectError("hub.file_not_found");
}
TEST_P(EveryWay, MissingRepository) {
    bench.hub.remove("owner/model");
    expectError("hub.repository_not_found", false);
}
TEST_P(EveryWay, NeedsAToken) {
    bench.hub.setFaults([](const HubRequest&) { return status(401); });
    expectError("hub.needs_token", false);
}
TEST_P(EveryWay, Gated) {
    LocalHub::Repository repository;
    repository.files["model-Q4_0.gguf"] = bytes;
    repository.gated = true;
    bench.hub.add("owner/model", repository);
    expectError("hub.gated", false);
}
TEST_P(EveryWay, ExpiredAddress) {
    if (!GetParam().blobs)
        GTEST_SKIP() << "of redirecting hubs only";
    auto seen = std::make_shared<std::atomic<int>>(0);
    bench.onStatus = [this, seen](const TransferStatus& now) {
        if (now.bytesDone > 30'000 && seen->fetch_add(1) == 0)
            bench.hub.expireBlobs();
    };
    bench.hub.sendSlowly(4'000);
    expectRightBytes();
}
TEST_P(EveryWay, WrongBytesOnce) {
    faultFirst(kind(Fault::WrongBytes, 50'000), 1000);
    // Right again as soon as the file is fetched for comparing.
    bench.onStatus = [this](const TransferStatus& now) {
        if (now.phase == TransferPhase::Comparing)
            bench.hub.setFaults(nullptr);
    };
    const auto result = bench.run();
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_TRUE(bench.read(bench.target()) == bytes);
    EXPECT_EQ(result->repairedChunks, 1u);
}
TEST_P(EveryWay, WrongBytesForGood) {
    faultAlways(kind(Fault::WrongBytes, 50'000));
    expectError("hub.wrong_hash");
    // All of it is still there: with a hub that is right, only the wrong chunk is written anew.
    bench.hub.setFaults(nullptr);
    const auto result = bench.run();
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_EQ(result->repairedChunks, 1u);
    EXPECT_TRUE(bench.read(bench.target()) == bytes);
}
TEST_P(EveryWay, ModelScopeToo) {
    auto todo = bench.job();
    todo.sources = {{bench.client(HubKind::ModelScope), "owner/model", ""}};
    faultFirst(kind(Fault::Reset, 7'000), 2);
    const auto result = bench.run(todo);
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_TRUE(bench.read(bench.target()) == bytes);
    EXPECT_EQ(result->origin.revision, "master");
}

// Certificates.
TEST(BadTls, UnknownAuthorityWrongHostAndExpired) {
    for (const int which : {0, 1, 2}) {
        LocalHub::Options options{.tls = true, .redirectToBlobs = false, .certificate = {}};
        if (which == 1)
            options.certificate.address = QStringLiteral("10.1.1.1");
        options.certificate.expired = which == 2;
        HubBench bench(options);
        bench.addFile(someBytes(1000));
        if (which == 0) {
            auto others = optionsFor(bench.hub);
            others.tls.setCaCertificates({});
            others.tls.setPeerVerifyMode(QSslSocket::VerifyNone); // which is not listened to
            bench.directory.reset();
            bench.http = std::make_unique<HttpClient>(others);
            bench.directory =
                std::make_unique<HubDirectory>(*bench.http, std::vector<Endpoint>{bench.endpoint()});
        }
        const auto result = bench.run();
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, "hub.tls") << which << result.error().message();
        EXPECT_TRUE(bench.hub.requests().empty()) << "nothing was said to a server that nobody vouches for";
    }
}

// 1 000 downloads with one to three random faults each.
TEST(RandomFaults, ThousandDownloadsHaveTheRightHash) {
    HubBench bench({.tls = false, .redirectToBlobs = true, .certificate = {}});
    bench.transfer.clock = systemClock(2'000);
    bench.transfer.watchdog = std::chrono::seconds(120);
    bench.transfer.giveUpAfter = std::chrono::hours(10);
    bench.transfer.chunkBytes = 1024;
    bench.transfer.rangeBytes = 4096;
    bench.transfer.oddAnswers = 12;
    constexpr Fault::Kind kKinds[]{
        Fault::Status,   Fault::Html,    Fault::IgnoreRange, Fault::WrongRange, Fault::NotSatisfiable,
        Fault::OtherTag, Fault::NoTag,   Fault::NoSize,      Fault::WrongSize,  Fault::Short,
        Fault::Long,     Fault::Gzipped, Fault::Reset,       Fault::Stall,      Fault::WrongBytes};
    const QByteArray bytes = someBytes(9'001);
    bench.addFile(bytes);
    std::mt19937 random(20260501);
    std::vector<int> happened(std::size(kKinds));
    for (int i = 0; i < 1'000; ++i) {
        auto plan = std::make_shared<std::map<int, Fault>>();
        for (unsigned n = 1 + random() % 3; n > 0; --n) {
            const std::size_t which = random() % std::size(kKinds);
            ++happened[which];
            Fault fault = kind(kKinds[which], static_cast<qint64>(random() % 4000));
            fault.status = random() % 2 ? 503 : 429;
            (*plan)[static_cast<int>(random() % 4)] = fault;
        }
        auto at = std::make_shared<int>(0);
        bench.hub.setFaults([plan, at](const HubRequest& request) {
            if (!request.isBytes())
                return Fault();
            const auto it = plan->find((*at)++);
            return it == plan->end() ? Fault() : it->second;
        });
        auto todo = bench.job();
        todo.target = bench.folder.path() / (std::to_string(i) + ".gguf");
        const auto result = bench.run(todo);
        ASSERT_TRUE(result) << i << " " << result.error().message();
        ASSERT_TRUE(bench.read(todo.target) == bytes) << i;
        std::filesystem::remove(todo.target);
    }
    for (const int count : happened)
        EXPECT_GT(count, 50);
}

} // namespace
