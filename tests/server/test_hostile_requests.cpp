// The thirty bad requests that a server may meet, one row each, sent as bytes: a status and an error that can
// be read, nothing of this machine in it, and the server answers the next one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/runtime/chat_model.h"
#include "tests/server/running_server.h"
#include "tests/support/test_data.h"

namespace hearth::test {
namespace {

using testing::AnyOf;
using testing::Eq;
using testing::HasSubstr;
using testing::Not;

class HostileRequests : public testing::Test {
protected:
    static void SetUpTestSuite() {
        s_model = new TemporaryFolder;
        writeChatModel(s_model->path() / "tiny.gguf", chatMlTemplate());
        RunningOptions options;
        options.model = s_model->path() / "tiny.gguf";
        options.people = {{"Ann", security::Role::Administrator}, {"Bob", security::Role::User}};
        options.settings.headerSeconds = options.settings.bodySeconds = 1;
        options.settings.contextTokens = 256;
        options.settings.maxConnections = 32;
        options.prepare = [](workbench::Accounts& accounts) {
            ASSERT_TRUE(accounts.revokeToken(workbench::Actor::person(1), 2));
            const auto old =
                accounts.createToken(workbench::Actor::person(1), 1, "old", security::TokenScope::Chat, 1000);
            ASSERT_TRUE(old);
            s_expired = new std::string(old->text());
        };
        s_server = new RunningServer(std::move(options));
    }
    static void TearDownTestSuite() {
        delete s_server;
        delete s_model;
        delete s_expired;
    }
    static std::string chat(const std::string& more) {
        return R"({"model":"tiny","messages":[{"role":"user","content":"a"}],"max_tokens":2)" +
               (more.empty() ? "" : "," + more) + "}";
    }
    static std::string withBody(const std::string& path, const std::string& body,
                                const std::string& more = {}) {
        return s_server->head("POST " + path, body.size(), more) + body;
    }
    static std::string chatWith(const std::string& more) {
        return withBody("/v1/chat/completions", chat(more));
    }
    /// A head with the right key, and a Host.
    static std::string get(const std::string& path, const std::string& more = {}) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + s_server->key +
               "\r\n" + more + "\r\n";
    }
    static std::string keyed(const std::string& key) {
        return "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n\r\n";
    }

    static inline TemporaryFolder* s_model = nullptr;
    static inline RunningServer* s_server = nullptr;
    static inline std::string* s_expired = nullptr;
};

std::string deep(int levels) {
    return R"({"messages":)" + std::string(static_cast<std::size_t>(levels), '[') +
           std::string(static_cast<std::size_t>(levels), ']') + "}";
}

TEST_F(HostileRequests, EachIsAnsweredAndTheServerGoesOn) {
    const std::string post =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + s_server->key +
        "\r\nContent-Type: application/json\r\n";
    std::string fields, stops = R"("stop":[)";
    for (int i = 0; i < 10'000; ++i) {
        fields += "X-" + std::to_string(i) + ": 1\r\n";
        stops += (i ? ",\"" : "\"") + std::to_string(i) + "\"";
    }
    struct Row {
        const char* name;
        std::string bytes;
        int status;
        const char* said; ///< part of the error
        bool endsSending = false;
        int orStatus = 0;
    };
    const std::vector<Row> rows = {
        {"no key", "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n", 401, "A key is needed"},
        {"wrong key", keyed("hearth_" + std::string(64, '0')), 401, "not valid"},
        {"revoked key", keyed(s_server->keys[1]), 401, "not valid"},
        {"expired key", keyed(*s_expired), 401, "not valid"},
        {"foreign Host",
         "GET /v1/models HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer " + s_server->key +
             "\r\n\r\n",
         403, "host_not_allowed"},
        {"no Host", "GET /v1/models HTTP/1.1\r\nAuthorization: Bearer " + s_server->key + "\r\n\r\n", 400,
         "bad_host"},
        {"two Hosts", get("/v1/models", "Host: localhost\r\n"), 400, "bad_host"},
        {"foreign Origin", get("/v1/models", "Origin: https://evil.example\r\n"), 403, "origin_not_allowed"},
        {"a question of a foreign page",
         "OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n"
         "Access-Control-Request-Method: POST\r\n\r\n",
         403, "origin_not_allowed"},
        {"Content-Length with chunked", post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
         400, "well-formed"},
        {"two lengths", post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400, "well-formed"},
        {"negative length", post + "Content-Length: -1\r\n\r\n{}", 400, "well-formed"},
        {"2^63 chunk", post + "Transfer-Encoding: chunked\r\n\r\n8000000000000000\r\n{}", 413, "large", false,
         400},
        {"chunk beyond 64 bits", post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}", 400,
         "well-formed"},
        {"bare LF", "GET /v1/models HTTP/1.1\nHost: localhost\n\n", 408, "too long", false, 400},
        {"bare LF in a field", get("/v1/models", "X-A: 1\nX-B: 2\r\n"), 400, "well-formed"},
        {"NUL in a field", get("/v1/models", std::string("X-A: \0\r\n", 8)), 400, "well-formed"},
        {"1 MB header", get("/v1/models", "X-A: " + std::string(1 << 20, 'a') + "\r\n"), 431, "head"},
        {"10^4 headers", get("/v1/models", fields), 431, "head"},
        {"1 GB body", post + "Content-Length: 1073741824\r\n\r\n{", 413, "body is too large"},
        {"slow body", s_server->head("POST /v1/chat/completions", 100) + "{", 408, "too long"},
        {"slow head", "GET /v1/models HT", 408, "too long"},
        {"truncated body", s_server->head("POST /v1/chat/completions", 100) + "{", 400, "well-formed", true},
        {"gzip bomb", withBody("/v1/chat/completions", "\x1f\x8b\x08", "Content-Encoding: gzip\r\n"), 415,
         "compressed"},
        {"gzip as transfer encoding", post + "Transfer-Encoding: gzip\r\n\r\n", 415, "chunked", false, 400},
        {"wrong type",
         "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
         "Content-Length: 2\r\n\r\n{}",
         415, "application/json"},
        {"deep JSON", withBody("/v1/chat/completions", deep(100'000)), 400, "nested deeper than 32"},
        {"broken JSON", withBody("/v1/chat/completions", "{\"messages\":["), 400, "not JSON"},
        {"no body", s_server->head("POST /v1/chat/completions", 0), 400, "not JSON"},
        {"bad UTF-8", chatWith("\"user\":\"\xff\xfe\""), 400, "not UTF-8"},
        {"NaN", chatWith(R"("temperature":NaN)"), 400, "not JSON"},
        {"infinite", chatWith(R"("temperature":1e999)"), 400, "number beyond"},
        {"n = 10^6", chatWith(R"("n":1000000)"), 400, "1 to 8"},
        {"max_tokens -1", withBody("/v1/completions", R"({"model":"tiny","prompt":"a","max_tokens":-1})"),
         400, "\\\"max_tokens\\\" must be 1"},
        {"token -1", withBody("/v1/completions", R"({"model":"tiny","prompt":[-1]})"), 400, "prompt"},
        {"token beyond the vocabulary", withBody("/v1/completions", R"({"model":"tiny","prompt":[999999]})"),
         400, "outside the vocabulary"},
        {"10^4 stops", chatWith(stops + "]"), 400, "16 entries"},
        {"nested grammar", chatWith(R"json("grammar":"root ::= ((((((((a))))))))")json"), 400, "grammar"},
        {"bad schema", chatWith(R"("response_format":{"type":"json_schema","json_schema":{"schema":7}})"),
         400, "response_format"},
        {"overlong prompt",
         withBody("/v1/completions", R"({"model":"tiny","prompt":")" + std::string(100'000, 'a') + R"("})"),
         400, "context_length_exceeded"},
        {"empty messages", withBody("/v1/chat/completions", R"({"model":"tiny","messages":[]})"), 400,
         "messages"},
        {"..%2f", get("/v1/models/..%2f..%2faccounts.db"), 404, "no model of that name"},
        {"../", get("/v1/../../etc/passwd"), 404, "nothing here"},
        {"a bad escape", get("/v1/models/%zz"), 400, "path"},
        {"another person's chat", get("/v1/chats/1", "X-User: 2\r\n"), 404, "nothing here"},
        {"another person's key in a second field", get("/v1/models", "Authorization: Bearer x\r\n"), 400,
         "once"},
        {"unknown model", withBody("/v1/completions", R"({"model":"/etc/passwd","prompt":"a"})"), 404,
         "model_not_found"},
        {"no such method", "BREW /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n", 405, "GET"},
        {"HTTP/3.0", "GET /health HTTP/3.0\r\nHost: localhost\r\n\r\n", 400, "well-formed"},
        {"TLS to a plain port", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + "\r\n\r\n",
         400, "well-formed"},
        {"absolute target", "GET http://localhost/health HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "path"},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        RawClient client(s_server->port);
        client.send(row.bytes);
        if (row.endsSending)
            client.endSending();
        const Reply reply = client.receive();
        EXPECT_THAT(reply.status, AnyOf(Eq(row.status), Eq(row.orStatus ? row.orStatus : row.status)))
            << reply.body;
        EXPECT_TRUE(reply.whole);
        if (reply.status == row.status) {
            EXPECT_THAT(reply.body, HasSubstr(row.said));
        }
        const auto json = nlohmann::json::parse(reply.body, nullptr, false);
        ASSERT_TRUE(json.is_object()) << reply.body;
        for (const char* field : {"message", "type", "param", "code"})
            EXPECT_TRUE(json["error"].contains(field)) << reply.body;
        for (const std::string& secret : {s_server->key, s_model->path().string(), std::string(".cpp")})
            EXPECT_THAT(reply.body, Not(HasSubstr(secret)));
        const Reply after = s_server->get("/health");
        EXPECT_EQ(after.status, 200);
    }
    // After all of them a good one is answered.
    const Reply good = s_server->post("/v1/chat/completions", chat(""));
    EXPECT_EQ(good.status, 200) << good.body;
}

TEST_F(HostileRequests, DisconnectInMidStreamEndsTheWork) {
    const std::string body =
        R"({"model":"tiny","prompt":"a","max_tokens":200,"temperature":2,"stream":true,"logit_bias":{"2":-100}})";
    {
        RawClient client(s_server->port);
        client.send(withBody("/v1/completions", body));
        ASSERT_TRUE(client.waitFor("data: "));
    }
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    std::string metrics;
    do {
        metrics = s_server->get("/metrics").body;
    } while (metrics.find("hearth_answers_active 0") == std::string::npos &&
             std::chrono::steady_clock::now() < until);
    EXPECT_THAT(metrics, HasSubstr("hearth_answers_active 0"));
    EXPECT_EQ(s_server->get("/health").status, 200);
}

TEST_F(HostileRequests, ManyAtOnceAndManyAfterAnother) {
    std::vector<std::unique_ptr<RawClient>> waiting;
    for (int i = 0; i < 40; ++i) { // more than may be open: the rest waits in the system's queue
        waiting.push_back(std::make_unique<RawClient>(s_server->port));
        waiting.back()->send("GET /v1/mod");
    }
    EXPECT_EQ(s_server->get("/health").status, 200) << "slow heads must run out";
    waiting.clear();
    RawClient client(s_server->port);
    for (int i = 0; i < 50; ++i) {
        client.send(get("/health"));
        ASSERT_EQ(client.receive().status, 200);
    }
    client.send(get("/health") + get("/v1/models") + get("/health")); // pipelined
    EXPECT_EQ(client.receive().status, 200);
    EXPECT_THAT(client.receive().body, HasSubstr("tiny"));
    EXPECT_EQ(client.receive().status, 200);
}

} // namespace
} // namespace hearth::test
