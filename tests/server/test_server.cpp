// The endpoints as clients use them: answers, streams, keys, permissions, the audit log, the figures, the
// end.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/runtime/session.h"
#include "tests/runtime/chat_model.h"
#include "tests/server/running_server.h"
#include "tests/support/test_data.h"

namespace hearth::test {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

/// The events of a stream, "[DONE]" last.
std::vector<std::string> eventsOf(const std::string& body) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < body.size();) {
        const std::size_t end = body.find("\n\n", at);
        EXPECT_NE(end, std::string::npos);
        EXPECT_EQ(body.substr(at, 6), "data: ");
        out.push_back(body.substr(at + 6, end - at - 6));
        at = end + 2;
    }
    return out;
}

class Serving : public testing::Test {
protected:
    void SetUp() override { writeChatModel(model(), chatMlTemplate()); }
    std::filesystem::path model() const { return m_folder.path() / "tiny.gguf"; }
    RunningOptions usual() const {
        RunningOptions options;
        options.model = model();
        options.settings.contextTokens = 512;
        return options;
    }
    /// What `hearthctl generate` computes for the same prompt: a session by itself.
    runtime::GenerationResult
    alone(const std::function<Result<runtime::GenerationResult>(runtime::Session&,
                                                                const runtime::GenerationParams&)>& ask,
          std::int64_t maxTokens) const {
        ThreadPool pool(1);
        auto loaded = runtime::LoadedModel::load(model(), pool, {.contextTokens = 512});
        EXPECT_TRUE(loaded);
        auto session = runtime::Session::create(*loaded);
        runtime::GenerationParams params;
        params.sampling.temperature = 0;
        params.maxTokens = maxTokens;
        auto result = ask(**session, params);
        EXPECT_TRUE(result) << result.error().message();
        return result ? *result : runtime::GenerationResult{};
    }
    TemporaryFolder m_folder;
};

const char* const kChat =
    R"({"model":"tiny","messages":[{"role":"system","content":"s"},{"role":"user","content":"hello there"}],
        "temperature":0,"max_tokens":24)";
const char* const kText = R"({"model":"tiny","prompt":"hello there","temperature":0,"max_tokens":24)";

TEST_F(Serving, AnswersAreThoseOfASessionByItself) {
    RunningServer server(usual());
    const auto chat = alone(
        [](runtime::Session& session, const runtime::GenerationParams& params) {
            const runtime::ChatMessage messages[] = {{"system", "s"}, {"user", "hello there"}};
            return session.chat(messages, params);
        },
        24);
    const Reply reply = server.post("/v1/chat/completions", std::string(kChat) + "}");
    ASSERT_EQ(reply.status, 200) << reply.body;
    const json got = json::parse(reply.body);
    EXPECT_EQ(got["object"], "chat.completion");
    EXPECT_EQ(got["model"], "tiny");
    EXPECT_THAT(got["id"].get<std::string>(), testing::StartsWith("chatcmpl-"));
    ASSERT_THAT(got["choices"], SizeIs(1));
    EXPECT_EQ(got["choices"][0]["message"]["role"], "assistant");
    EXPECT_EQ(got["choices"][0]["message"]["content"], chat.answer);
    EXPECT_FALSE(chat.answer.empty());
    EXPECT_EQ(got["choices"][0]["finish_reason"],
              chat.stop == runtime::StopReason::MaxTokens ? "length" : "stop");
    EXPECT_EQ(got["usage"]["prompt_tokens"], chat.stats.promptTokens);
    EXPECT_EQ(got["usage"]["completion_tokens"], chat.stats.generatedTokens);
    EXPECT_EQ(got["usage"]["total_tokens"], chat.stats.promptTokens + chat.stats.generatedTokens);

    const auto plain = alone(
        [](runtime::Session& session, const runtime::GenerationParams& params) {
            return session.complete(std::vector<runtime::TokenId>{1, 262, 278, 301, 305}, params);
        },
        24);
    const Reply tokens =
        server.post("/v1/completions",
                    R"({"model":"tiny","prompt":[1,262,278,301,305],"temperature":0,"max_tokens":24})");
    ASSERT_EQ(tokens.status, 200) << tokens.body;
    const json text = json::parse(tokens.body);
    EXPECT_EQ(text["object"], "text_completion");
    EXPECT_EQ(text["choices"][0]["text"], plain.answer);
    EXPECT_EQ(text["usage"]["prompt_tokens"], 5);
}

TEST_F(Serving, StreamsSayTheSame) {
    RunningServer server(usual());
    const json whole = json::parse(server.post("/v1/chat/completions", std::string(kChat) + "}").body);
    const Reply reply =
        server.post("/v1/chat/completions",
                    std::string(kChat) + R"(,"stream":true,"stream_options":{"include_usage":true}})");
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_TRUE(reply.whole);
    EXPECT_EQ(reply.fields.at("content-type"), "text/event-stream");
    const auto events = eventsOf(reply.body);
    ASSERT_GE(events.size(), 4U);
    EXPECT_EQ(events.back(), "[DONE]");
    std::string content;
    std::string finish;
    for (std::size_t i = 0; i + 2 < events.size(); ++i) {
        const json piece = json::parse(events[i]);
        EXPECT_EQ(piece["object"], "chat.completion.chunk");
        EXPECT_TRUE(piece["usage"].is_null());
        ASSERT_THAT(piece["choices"], SizeIs(1));
        content += piece["choices"][0]["delta"].value("content", "");
        if (!piece["choices"][0]["finish_reason"].is_null())
            finish = piece["choices"][0]["finish_reason"];
    }
    EXPECT_EQ(json::parse(events[0])["choices"][0]["delta"]["role"], "assistant");
    EXPECT_EQ(whole["choices"][0]["message"]["content"], content);
    EXPECT_EQ(whole["choices"][0]["finish_reason"], finish);
    const json usage = json::parse(events[events.size() - 2]);
    EXPECT_THAT(usage["choices"], SizeIs(0));
    EXPECT_EQ(usage["usage"]["completion_tokens"], whole["usage"]["completion_tokens"]);

    const json plain = json::parse(server.post("/v1/completions", std::string(kText) + "}").body);
    const Reply text = server.post("/v1/completions", std::string(kText) + R"(,"stream":true})");
    std::string streamed;
    for (const std::string& event : eventsOf(text.body))
        if (event != "[DONE]")
            streamed += json::parse(event)["choices"][0]["text"].get<std::string>();
    EXPECT_EQ(plain["choices"][0]["text"], streamed);
}

TEST_F(Serving, SeveralAnswersStopsSeedsAndLimits) {
    RunningServer server(usual());
    const auto ask = [&](const std::string& more) {
        const Reply reply = server.post("/v1/completions", R"({"model":"tiny","prompt":"a",)" + more + "}");
        EXPECT_EQ(reply.status, 200) << reply.body;
        return json::parse(reply.body);
    };
    const json three = ask(R"("n":3,"seed":5,"temperature":2,"max_tokens":8)");
    ASSERT_THAT(three["choices"], SizeIs(3));
    EXPECT_EQ(three["choices"][2]["index"], 2);
    EXPECT_NE(three["choices"][0]["text"], three["choices"][1]["text"]);
    EXPECT_EQ(ask(R"("n":3,"seed":5,"temperature":2,"max_tokens":8)")["choices"], three["choices"]);
    EXPECT_EQ(ask(R"("seed":5,"temperature":2,"max_tokens":8)")["choices"][0], three["choices"][0]);
    EXPECT_EQ(ask(R"("temperature":0)")["usage"]["completion_tokens"], 16) << "what a completion usually has";
    EXPECT_EQ(ask(R"("temperature":0,"max_tokens":3)")["usage"]["completion_tokens"], 3);
    const std::string text = ask(R"("temperature":0,"max_tokens":24)")["choices"][0]["text"];
    std::size_t from = 1; // a whole character, not the first
    while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0U) == 0x80U)
        ++from;
    std::size_t to = from + 1;
    while (to < text.size() && (static_cast<unsigned char>(text[to]) & 0xC0U) == 0x80U)
        ++to;
    ASSERT_LT(to, text.size());
    const std::string stop = text.substr(from, to - from);
    const json cut = ask(R"("temperature":0,"max_tokens":24,"stop":)" + json(stop).dump());
    EXPECT_EQ(cut["choices"][0]["text"], text.substr(0, text.find(stop)));
    EXPECT_EQ(cut["choices"][0]["finish_reason"], "stop");
    const Reply streamed =
        server.post("/v1/chat/completions", std::string(kChat) + R"(,"stream":true,"n":2})");
    int ends[2] = {0, 0};
    for (const std::string& event : eventsOf(streamed.body))
        if (event != "[DONE]" && !json::parse(event)["choices"][0]["finish_reason"].is_null())
            ++ends[json::parse(event)["choices"][0]["index"].get<int>()];
    EXPECT_EQ(ends[0], 1);
    EXPECT_EQ(ends[1], 1);
}

TEST_F(Serving, ManyClientsTogether) {
    RunningServer server(usual());
    const json want = json::parse(server.post("/v1/chat/completions", std::string(kChat) + "}").body);
    std::vector<std::thread> clients;
    std::atomic<int> same{0};
    for (int i = 0; i < 12; ++i)
        clients.emplace_back([&] {
            const Reply reply = server.post("/v1/chat/completions", std::string(kChat) + "}");
            const json got = json::parse(reply.body, nullptr, false);
            if (got.is_object() && got["choices"] == want["choices"])
                ++same;
        });
    for (std::thread& client : clients)
        client.join();
    EXPECT_EQ(same, 12);
}

TEST_F(Serving, ModelsOfTheLibraryAreLoadedWhenAskedFor) {
    const auto other = m_folder.path() / "other.gguf";
    writeChatModel(other, chatMlTemplate(), "gemma3-F32.gguf");
    RunningOptions options = usual();
    options.library = {other};
    RunningServer server(std::move(options));
    const json list = json::parse(server.get("/v1/models").body);
    ASSERT_THAT(list["data"], SizeIs(2)) << list;
    EXPECT_EQ(list["object"], "list");
    EXPECT_EQ(list["data"][0]["id"], "tiny");
    const std::string id = list["data"][1]["id"];
    EXPECT_NE(id, "tiny");
    std::string escaped;
    for (const char c : id)
        escaped += c == ' ' ? std::string("%20") : std::string(1, c);
    EXPECT_EQ(json::parse(server.get("/v1/models/" + escaped).body)["id"], id);
    const auto ask = [&](const std::string& name) {
        const Reply reply =
            server.post("/v1/completions",
                        json{{"model", name}, {"prompt", "a"}, {"temperature", 0}, {"max_tokens", 8}}.dump());
        EXPECT_EQ(reply.status, 200) << reply.body;
        return json::parse(reply.body)["choices"][0]["text"].get<std::string>();
    };
    const std::string first = ask("tiny");
    EXPECT_NE(ask(id), first);
    EXPECT_EQ(ask("tiny"), first);
    EXPECT_EQ(server.post("/v1/completions", R"({"prompt":"a"})").status, 200) << "the file is meant";
    EXPECT_THAT(server.get("/metrics").body, HasSubstr("hearth_model_loads_total 3\n"));
    std::filesystem::remove(model());
    ask(id);
    const Reply gone = server.post("/v1/completions", R"({"model":"tiny","prompt":"a"})");
    EXPECT_EQ(gone.status, 500);
    EXPECT_THAT(gone.body, HasSubstr("model_failed"));
    EXPECT_THAT(gone.body, Not(HasSubstr(m_folder.path().string())));
    ask(id); // and goes on
}

TEST_F(Serving, TheKeyOfTheRunOrNone) {
    {
        RunningServer server(usual());
        EXPECT_EQ(server.key.size(), 64U);
        EXPECT_EQ(server.get("/v1/models").status, 200);
        EXPECT_EQ(server.get("/health", "").status, 200);
        for (const char* path : {"/v1/models", "/metrics"}) {
            EXPECT_EQ(server.get(path, "").status, 401);
            EXPECT_EQ(server.get(path, "wrong").status, 401);
        }
        const Reply refused = server.post("/v1/completions", std::string(kText) + "}", "wrong");
        EXPECT_EQ(refused.status, 401);
        EXPECT_EQ(refused.fields.at("www-authenticate"), "Bearer");
        EXPECT_EQ(refused.fields.at("connection"), "close") << "its body was not read";
        EXPECT_TRUE(server.stop());
        const auto audit = server.audit();
        EXPECT_THAT(audit,
                    Contains(HasSubstr("server.call from 127.0.0.1, 1 times refused identity.bad_token")));
        EXPECT_THAT(audit, Contains(HasSubstr("server.call from 127.0.0.1, 1 times refused serving.no_key")));
        for (const std::string& entry : audit)
            EXPECT_THAT(entry, Not(HasSubstr(server.key)));
    }
    RunningOptions options = usual();
    options.settings.keyRequired = false;
    RunningServer server(std::move(options));
    EXPECT_EQ(server.get("/v1/models", "").status, 200);
    EXPECT_EQ(server.get("/v1/models", "whatever").status, 200);
    EXPECT_TRUE(server.stop());
    EXPECT_THAT(server.audit(), Contains(HasSubstr("server.start at 127.0.0.1:" +
                                                   std::to_string(server.port) + ", without keys done")));
}

TEST_F(Serving, KeysOfPeopleAllowWhatTheirOwnersMay) {
    RunningOptions options = usual();
    options.people = {{"Ann", security::Role::Administrator},
                      {"Bob", security::Role::User},
                      {"Eve", security::Role::User, security::TokenScope::Read},
                      {"Aud", security::Role::Auditor}};
    options.prepare = [&](workbench::Accounts& accounts) {
        const std::string path = model().string();
        // Bob may use it, the others of his role may not.
        ASSERT_TRUE(accounts.setModelAccess(workbench::Actor::person(1), path, security::Action::Use,
                                            {{path, security::Action::Use, std::nullopt, 1},
                                             {path, security::Action::Use, std::nullopt, 2}}));
    };
    RunningServer server(std::move(options));
    const std::string body = std::string(kText) + "}";
    EXPECT_EQ(server.post("/v1/completions", body, server.keys[0]).status, 200);
    EXPECT_EQ(server.post("/v1/completions", body, server.keys[1]).status, 200);
    EXPECT_EQ(server.get("/v1/models", server.keys[2]).status, 200) << "a key for reading reads lists";
    const Reply eve = server.post("/v1/completions", body, server.keys[2]);
    EXPECT_EQ(eve.status, 403);
    EXPECT_THAT(eve.body, HasSubstr("not_allowed"));
    EXPECT_EQ(server.post("/v1/completions", body, server.keys[3]).status, 403);
    EXPECT_EQ(json::parse(server.get("/v1/models", server.keys[3]).body)["data"].size(), 0U)
        << "an auditor sees no models";
    EXPECT_TRUE(server.stop());
    const std::string path = model().string();
    EXPECT_THAT(
        server.audit(),
        testing::IsSupersetOf({"profile 2 model.use call of completions with key 2, model " + path + " done",
                               "profile 3 model.use call of completions with key 3, model " + path +
                                   " refused permission.denied"}));
}

/// Every role with every kind of key at every endpoint.
TEST_F(Serving, RolesKeysAndEndpoints) {
    using security::Role;
    using security::TokenScope;
    RunningOptions options = usual();
    options.people = {{"Ann", Role::Administrator}};
    std::vector<std::pair<Role, TokenScope>> who{{Role::Administrator, TokenScope::Chat}};
    for (const Role role : {Role::Administrator, Role::DataScientist, Role::User, Role::Auditor})
        for (const TokenScope scope : {TokenScope::Read, TokenScope::Chat, TokenScope::Manage}) {
            options.people.push_back({"", role, scope});
            who.emplace_back(role, scope);
        }
    std::vector<std::string> names;
    for (std::size_t i = 1; i < options.people.size(); ++i)
        names.push_back("Person " + std::to_string(i));
    for (std::size_t i = 1; i < options.people.size(); ++i)
        options.people[i].name = names[i - 1].c_str();
    RunningServer server(std::move(options));
    const std::string plain = R"({"model":"tiny","prompt":"a","max_tokens":1})";
    const std::string chat = R"({"model":"tiny","messages":[{"role":"user","content":"a"}],"max_tokens":1})";
    for (std::size_t i = 0; i < who.size(); ++i) {
        const auto [role, scope] = who[i];
        SCOPED_TRACE(std::string(nameOf(role)) + " " + std::string(nameOf(scope)));
        const std::string& key = server.keys[i];
        const bool sees = role != Role::Auditor;
        const bool uses = sees && scope != TokenScope::Read;
        EXPECT_EQ(server.get("/health", key).status, 200);
        EXPECT_EQ(server.get("/metrics", key).status, 200);
        EXPECT_EQ(json::parse(server.get("/v1/models", key).body)["data"].size(), sees ? 1U : 0U);
        EXPECT_EQ(server.get("/v1/models/tiny", key).status, sees ? 200 : 404);
        EXPECT_EQ(server.post("/v1/completions", plain, key).status, uses ? 200 : 403);
        EXPECT_EQ(server.post("/v1/chat/completions", chat, key).status, uses ? 200 : 403);
        for (const char* path : {"/v1/chats/1", "/v1/users", "/v1/tokens", "/settings", "/audit"})
            EXPECT_EQ(server.get(path, key).status, 404) << path;
    }
}

TEST_F(Serving, WrongKeysDoNotHoldAllConnections) {
    RunningOptions options = usual();
    options.settings.maxConnections = 8;
    RunningServer server(std::move(options));
    for (int i = 0; i < 8; ++i) // until the delay is long
        (void)server.get("/v1/models", "wrong");
    std::vector<std::unique_ptr<RawClient>> wrong;
    for (int i = 0; i < 7; ++i) {
        wrong.push_back(std::make_unique<RawClient>(server.port));
        wrong.back()->send("GET /v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n\r\n");
    }
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(server.get("/v1/models").status, 200) << "a good key does not wait";
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
    EXPECT_TRUE(server.stop());
    for (const auto& client : wrong)
        EXPECT_EQ(client->receive().status, 401) << "at the end what was put off is said";
}

TEST_F(Serving, ARevokedKeyOpensNothingFromThenOn) {
    RunningOptions options = usual();
    options.people = {{"Ann", security::Role::Administrator}};
    RunningServer server(std::move(options));
    EXPECT_EQ(server.get("/v1/models").status, 200);
    { // as another program does it, while the server runs
        const auto accounts = server.openAccounts();
        ASSERT_TRUE(accounts);
        ASSERT_TRUE(accounts->revokeToken(workbench::Actor::person(1), 1));
    }
    EXPECT_EQ(server.get("/v1/models").status, 401);
}

TEST_F(Serving, WhatIsNotedHoldsNoContent) {
    RunningServer server(usual());
    const std::string secret = "the-secret-of-the-prompt";
    const Reply reply = server.post("/v1/completions", R"({"model":"tiny","max_tokens":2,"prompt":")" +
                                                           secret + R"(","user":")" + secret + "\"}");
    ASSERT_EQ(reply.status, 200) << reply.body;
    (void)server.post("/v1/completions", R"({"model":")" + secret + R"(","prompt":"a"})");
    (void)server.get("/v1/models/" + secret);
    (void)server.get("/" + secret + "?" + secret);
    const std::string metrics = server.get("/metrics").body;
    EXPECT_TRUE(server.stop());
    const auto log = server.log();
    EXPECT_THAT(log, Contains(HasSubstr(" 127.0.0.1 completions 200 ")));
    EXPECT_THAT(log, Contains(HasSubstr("generated=2")));
    EXPECT_THAT(log, Contains(HasSubstr(" other 404 ")));
    const auto audit = server.audit();
    EXPECT_THAT(audit, Contains("profile 0 model.use call of completions with the key of this run, model " +
                                model().string() + " done"));
    EXPECT_THAT(audit.front(), HasSubstr("server.start at 127.0.0.1:"));
    EXPECT_THAT(audit.back(), HasSubstr("server.stop at 127.0.0.1:"));
    for (const auto& lines : {log, audit, std::vector{metrics}})
        for (const std::string& line : lines)
            EXPECT_THAT(line, Not(HasSubstr(secret)));
}

TEST_F(Serving, FiguresForMonitoring) {
    RunningServer server(usual());
    ASSERT_EQ(server.post("/v1/completions", std::string(kText) + "}").status, 200);
    ASSERT_EQ(server.post("/v1/completions", std::string(kText) + R"(, "logit_bias": {"300": 100}})").status,
              200); // says one thing again and again
    (void)server.get("/v1/models", "wrong");
    (void)server.get("/nothing");
    const Reply reply = server.get("/metrics");
    EXPECT_THAT(reply.fields.at("content-type"), HasSubstr("version=0.0.4"));
    for (const char* line : {"hearth_requests_total{endpoint=\"completions\",status=\"200\"} 2\n",
                             "hearth_requests_total{endpoint=\"models\",status=\"401\"} 1\n",
                             "hearth_requests_total{endpoint=\"other\",status=\"404\"} 1\n",
                             "hearth_generated_tokens_total 48\n", "hearth_keys_refused_total 1\n",
                             "hearth_model_loads_total 1\n", "hearth_model_loaded 1\n",
                             "hearth_answers_active 0\n", "# TYPE hearth_requests_total counter\n"})
        EXPECT_THAT(reply.body, HasSubstr(line));
    for (const char* name : {"hearth_guessed_tokens_total", "hearth_guesses_accepted_total"})
        EXPECT_THAT(reply.body, testing::ContainsRegex(std::string(name) + " [1-9]"));
    // Every line is a comment or a name with a number.
    std::istringstream lines(reply.body);
    for (std::string line; std::getline(lines, line);)
        EXPECT_THAT(line, testing::MatchesRegex(
                              "# (HELP|TYPE) hearth_[a-z_]+ .*|hearth_[a-z_]+(\\{[^}]*\\})? [0-9.]+"));
}

TEST_F(Serving, PagesThatAreAllowedMayAsk) {
    RunningOptions options = usual();
    options.settings.allowedOrigins = {"https://app.example"};
    options.settings.allowedHosts = {"models.example"};
    RunningServer server(std::move(options));
    RawClient client(server.port);
    client.send(
        "OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: models.example\r\nOrigin: https://app.example\r\n"
        "Access-Control-Request-Method: POST\r\n\r\n");
    Reply reply = client.receive();
    EXPECT_EQ(reply.status, 204);
    EXPECT_EQ(reply.fields.at("access-control-allow-origin"), "https://app.example");
    EXPECT_THAT(reply.fields.at("access-control-allow-headers"), HasSubstr("Authorization"));
    const std::string body = std::string(kChat) + R"(,"stream":true})";
    client.send(server.head("POST /v1/chat/completions", body.size(), "Origin: https://app.example\r\n") +
                body);
    reply = client.receive();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.fields.at("access-control-allow-origin"), "https://app.example");
    EXPECT_EQ(server.get("/health").fields.count("access-control-allow-origin"), 0U);
}

TEST_F(Serving, ThePortIsBusy) {
    const RunningServer one(usual());
    RunningOptions options = usual();
    options.settings.port = one.port;
    options.anyPort = false;
    options.expected = "server.port_busy";
    const RunningServer two(std::move(options));
    EXPECT_THAT(two.problem, HasSubstr("127.0.0.1 port " + std::to_string(one.port)));
}

TEST_F(Serving, EndsInMidAnswerAndSaysSo) {
    RunningServer server(usual());
    RawClient client(server.port), idle(server.port), slow(server.port);
    const std::string body =
        R"({"model":"tiny","prompt":"a","max_tokens":400,"temperature":2,"stream":true,"logit_bias":{"2":-100}})";
    slow.send("POST /v1/");
    client.send(server.head("POST /v1/completions", body.size()) + body);
    ASSERT_TRUE(client.waitFor("data: "));
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(server.stop());
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
    const Reply reply = client.receive();
    EXPECT_TRUE(reply.whole);
    EXPECT_TRUE(reply.body.find("[DONE]") != std::string::npos ||
                reply.body.find("\"stopping\"") != std::string::npos)
        << reply.body;
    EXPECT_TRUE(idle.ends());
    EXPECT_TRUE(slow.ends());
}

TEST_F(Serving, ExpectsToBeToldToContinue) {
    RunningServer server(usual());
    RawClient client(server.port);
    const std::string body = std::string(kText) + "}";
    client.send(server.head("POST /v1/completions", body.size(), "Expect: 100-continue\r\n"));
    ASSERT_TRUE(client.waitFor("HTTP/1.1 100 Continue\r\n\r\n"));
    client.send(body);
    EXPECT_EQ(client.receive().status, 200);
    // HTTP/1.0 gets its answer in one piece, and the end of the connection for the end of a stream.
    RawClient old(server.port);
    const std::string streamed = std::string(kText) + R"(,"stream":true})";
    std::string head = server.head("POST /v1/completions", streamed.size());
    head.replace(head.find("HTTP/1.1"), 8, "HTTP/1.0");
    old.send(head + streamed);
    const Reply reply = old.receive();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.fields.count("transfer-encoding"), 0U);
    EXPECT_TRUE(old.waitFor("data: [DONE]\n\n"));
    EXPECT_TRUE(old.ends());
}

} // namespace
} // namespace hearth::test
