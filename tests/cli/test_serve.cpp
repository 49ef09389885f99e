// hearthctl serve: what it refuses to start with, and a whole run with a client that others wrote.

#include <cstdio>
#include <fstream>

#include <arpa/inet.h>
#include <sys/socket.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/cli/accounts/session.h"
#include "engine/cli/server/serve_options.h"
#include "engine/workbench/data_paths.h"
#include "engine/workbench/settings.h"
#include "tests/cli/process.h"
#include "tests/hub/certificates.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kLlama = test::golden("llama-F32.gguf").string();

/// A port of this machine that nobody listened on a moment ago; taken until release().
class Port {
public:
    Port() : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::bind(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        socklen_t size = sizeof address;
        ::getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &size);
        number = std::to_string(ntohs(address.sin_port));
    }
    ~Port() { release(); }
    Port(const Port&) = delete;
    Port& operator=(const Port&) = delete;
    void listen() const { EXPECT_EQ(::listen(m_socket, 1), 0); }
    void release() {
        if (m_socket >= 0)
            ::close(std::exchange(m_socket, -1));
    }
    std::string number;

private:
    int m_socket;
};

struct Curl {
    int exit = -1;
    std::string out;
};
Curl curl(const std::string& arguments) {
    Curl result;
    std::FILE* pipe =
        ::popen(("curl --silent --show-error --max-time 60 " + arguments + " 2>&1").c_str(), "r");
    if (!pipe)
        return result;
    char buffer[4096];
    while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, pipe))
        result.out.append(buffer, n);
    result.exit = WEXITSTATUS(::pclose(pipe));
    return result;
}
bool haveCurl() {
    return std::system("curl --version > /dev/null 2>&1") == 0;
}

class Serve : public testing::Test {
protected:
    std::vector<std::pair<std::string, std::string>> here() const {
        return {{"HEARTH_DATA_DIR", m_folder.path().string()}};
    }
    test::Finished run(std::vector<std::string> arguments) const {
        return test::hearthctl(std::move(arguments), {}, here());
    }
    std::string file(const char* name, const std::string& bytes) const {
        const auto path = m_folder.path() / name;
        std::ofstream(path, std::ios::binary) << bytes;
        return path.string();
    }
    /// The key that a server has printed.
    static std::string keyOf(const std::string& out) {
        const std::string before = "shown only now: ";
        const auto at = out.find(before);
        return at == std::string::npos ? "" : out.substr(at + before.size(), 64);
    }
    test::TemporaryFolder m_folder;
};

TEST_F(Serve, RefusesToStartSo) {
    Port busy;
    busy.listen();
    const auto good = test::makeCertificates(), other = test::makeCertificates();
    const auto old = test::makeCertificates({.expired = true});
    const std::string certificate = file("server.pem", good.server.toStdString()),
                      key = file("server.key", good.key.toStdString()),
                      otherKey = file("other.key", other.key.toStdString()),
                      expired = file("old.pem", old.server.toStdString()),
                      expiredKey = file("old.key", old.key.toStdString()),
                      sealedName = file("text.gguf", "no model");
    const std::vector<std::string> open{"--address", "0.0.0.0"},
        tls{"--certificate", certificate, "--private-key", key};
    struct Row {
        std::vector<std::string> arguments;
        const char* code;
        const char* said;
        int exit;
    };
    const Row rows[] = {
        {{"--port", "0"}, "server.out_of_range", "Port is 0; possible are 1 to 65535", 2},
        {{"--port", busy.number}, "server.port_busy", "--port", 1},
        {open, "server.needs_consent", "--allow-network", 2},
        {{"--address", "0.0.0.0", "--allow-network", "--no-key"}, "server.needs_key", "--no-key", 2},
        {{"--address", "0.0.0.0", "--allow-network"}, "server.needs_tls", "--certificate", 2},
        {{"--certificate", "/no/such.pem", "--private-key", key},
         "server.certificate_missing",
         "/no/such.pem",
         3},
        {{"--certificate", certificate, "--private-key", otherKey},
         "server.certificate_mismatch",
         "other.key",
         3},
        {{"--certificate", expired, "--private-key", expiredKey}, "server.certificate_expired", "renewed", 3},
        {{"--address", "203.0.113.9", "--allow-network", tls[0], tls[1], tls[2], tls[3]},
         "server.cannot_listen",
         "203.0.113.9",
         1},
        {{"--model", "/no/such.gguf"}, "file.not_found", "/no/such.gguf", 3},
        {{"--model", sealedName}, "gguf.", "text.gguf", 3},
        {{"--origin", "*"}, "server.bad_origin", "https://app.example", 2},
    };
    for (const Row& row : rows) {
        std::vector<std::string> arguments{"serve"};
        arguments.insert(arguments.end(), row.arguments.begin(), row.arguments.end());
        const auto refused = run(arguments);
        EXPECT_EQ(refused.exit, row.exit) << row.code << "\n" << refused.err;
        EXPECT_THAT(refused.err, AllOf(HasSubstr(row.code), HasSubstr(row.said)));
        EXPECT_THAT(refused.out, Not(HasSubstr("Serving")));
    }
    file("settings.json", R"({"version":1,"serverAddress":"0.0.0.0","serverAllowNetwork":"yes"})");
    const auto wrong = run({"serve"});
    EXPECT_EQ(wrong.exit, 3);
    EXPECT_THAT(wrong.err, AllOf(HasSubstr("serverAllowNetwork"), HasSubstr("settings.wrong_type")));
}

TEST_F(Serve, OptionsGoOverTheSettings) {
    workbench::Settings settings;
    settings.server.port = 5;
    settings.server.allowedHosts = {"a"};
    settings.threads = 3;
    EXPECT_EQ(cli::ServeOptions().over(settings), settings) << "nothing given, nothing changed";
    cli::ServeOptions given;
    given.port = 6;
    given.key = false;
    given.log = true;
    given.hosts = {"b", "c"};
    given.kv = "q8_0";
    given.threads = 1;
    const auto got = given.over(settings);
    EXPECT_EQ(got.server.port, 6U);
    EXPECT_FALSE(got.server.keyRequired);
    EXPECT_TRUE(got.server.logRequests);
    EXPECT_THAT(got.server.allowedHosts, testing::ElementsAre("b", "c"));
    EXPECT_EQ(got.kvType, kernels::KvType::Q8_0);
    EXPECT_EQ(got.threads, 1U);
}

TEST_F(Serve, WhereThereAreProfilesSomebodyStartsIt) {
    ::setenv("HEARTH_DATA_DIR", m_folder.path().c_str(), 1);
    std::string token;
    {
        const auto application = cli::makeApplication();
        workbench::AccountsOptions cheap;
        cheap.cost = security::PasswordCost{64, 1, 1};
        const auto accounts = *workbench::Accounts::open(
            workbench::AccountPaths::below(*workbench::DataPaths::prepare()), cheap);
        using workbench::Actor;
        ASSERT_TRUE(accounts->create(Actor::singlePerson(), "Ann", security::Role::Administrator,
                                     security::viewOf("ann's long password")));
        ASSERT_TRUE(accounts->create(Actor::person(1), "Bob", security::Role::User,
                                     security::viewOf("bob's long password")));
        const auto made =
            accounts->createToken(Actor::person(1), 1, "server", security::TokenScope::Manage, 0);
        ASSERT_TRUE(made);
        token = made->text();
    }
    ::unsetenv("HEARTH_DATA_DIR");
    const auto nobody = run({"serve"});
    EXPECT_EQ(nobody.exit, 2);
    EXPECT_THAT(nobody.err, HasSubstr("usage.who"));
    const auto bob =
        test::hearthctl({"serve", "--as", "Bob", "--password-stdin"}, "bob's long password\n", here());
    EXPECT_THAT(bob.err, HasSubstr("permission.denied"));
    Port port;
    port.release();
    test::Process server(
        {"serve", "--port", port.number, "--model", kLlama, "--token-file", file("token", token + "\n")},
        here());
    ASSERT_TRUE(server.waitFor("Serving at http://127.0.0.1:" + port.number));
    if (haveCurl()) {
        EXPECT_THAT(curl("--header 'Authorization: Bearer " + token + "' http://localhost:" + port.number +
                         "/v1/models")
                        .out,
                    HasSubstr("llama-F32"));
    }
    server.signal(SIGTERM);
    EXPECT_EQ(server.finish(), 0) << server.err;
    EXPECT_THAT(server.out, Not(HasSubstr("Key of this run")));
    EXPECT_THAT(server.err, HasSubstr("hearthctl user token-add"));
}

TEST_F(Serve, AnswersARealClientAsGenerateDoes) {
    if (!haveCurl())
        GTEST_SKIP() << "curl is not installed";
    const auto generated = run({"generate", "--model", kLlama, "--prompt", "hello there", "--max-tokens",
                                "24", "--temperature", "0"});
    ASSERT_EQ(generated.exit, 0) << generated.err;
    Port port;
    port.release();
    test::Process server({"serve", "--model", kLlama, "--port", port.number, "--log", "--save"}, here());
    ASSERT_TRUE(server.waitFor("\nKey of this run")); // printed with the line before, at once
    const std::string key = keyOf(server.out);
    ASSERT_EQ(key.size(), 64U) << server.out;
    const std::string base = "http://127.0.0.1:" + port.number;
    const std::string keyed = "--header 'Authorization: Bearer " + key + "' ";
    const Curl health = curl(base + "/health");
    EXPECT_EQ(health.out, R"({"status":"ok"})");
    EXPECT_THAT(curl(base + "/v1/models").out, HasSubstr("invalid_api_key"));
    EXPECT_THAT(curl(keyed + base + "/v1/models").out, HasSubstr("\"llama-F32\""));
    const std::string request = file(
        "request.json", R"({"model":"llama-F32","prompt":"hello there","max_tokens":24,"temperature":0})");
    const std::string post =
        keyed + "--header 'Content-Type: application/json' --data @" + request + " " + base;
    const Curl answer = curl(post + "/v1/completions");
    EXPECT_EQ(answer.exit, 0);
    const json got = json::parse(answer.out, nullptr, false);
    ASSERT_TRUE(got.is_object()) << answer.out;
    EXPECT_EQ(got["choices"][0]["text"], generated.out);
    file("request.json",
         R"({"messages":[{"role":"user","content":"hi"}],"max_tokens":4,"temperature":0,"stream":true})");
    EXPECT_THAT(curl("--no-buffer " + post + "/v1/chat/completions").out,
                AllOf(HasSubstr("chat.completion.chunk"), HasSubstr("data: [DONE]\n\n")));
    server.signal(SIGTERM);
    EXPECT_EQ(server.finish(), 0) << server.err;
    EXPECT_THAT(server.err, AllOf(HasSubstr(" completions 200 "), HasSubstr(" models 401 "),
                                  HasSubstr(" chat.completions 200 "), Not(HasSubstr("hello there"))));
    const auto audit = run({"audit", "list"});
    EXPECT_THAT(audit.out,
                AllOf(HasSubstr("server.start\tat 127.0.0.1:" + port.number + ", with keys\tdone"),
                      HasSubstr("model.use\tcall of completions with the key of this run, model " + kLlama +
                                "\tdone"),
                      HasSubstr("server.call\tfrom 127.0.0.1, 1 times\trefused\tserving.no_key"),
                      HasSubstr("server.stop\tat 127.0.0.1:" + port.number + "\tdone"), Not(HasSubstr(key))));
    EXPECT_EQ(run({"audit", "verify"}).exit, 0);
    // What --save kept.
    const auto kept = workbench::SettingsFile(m_folder.path() / "settings.json").load();
    EXPECT_TRUE(kept.problems.empty());
    EXPECT_EQ(std::to_string(kept.settings.server.port), port.number);
    EXPECT_TRUE(kept.settings.server.logRequests);
}

TEST_F(Serve, SpeaksTlsWhereACertificateIsGiven) {
    if (!haveCurl())
        GTEST_SKIP() << "curl is not installed";
    const auto made = test::makeCertificates();
    const std::string certificate = file("server.pem", made.server.toStdString()),
                      key = file("server.key", made.key.toStdString()),
                      authority = file("authority.pem", made.authority.toStdString());
    Port port;
    port.release();
    test::Process server({"serve", "--model", kLlama, "--port", port.number, "--no-key", "--certificate",
                          certificate, "--private-key", key},
                         here());
    ASSERT_TRUE(server.waitFor("Serving at https://127.0.0.1:" + port.number));
    const std::string url = "https://127.0.0.1:" + port.number;
    EXPECT_THAT(curl("--cacert " + authority + " " + url + "/v1/models").out, HasSubstr("llama-F32"));
    const std::string request =
        file("request.json", R"({"prompt":"a","max_tokens":4,"temperature":0,"stream":true})");
    EXPECT_THAT(curl("--cacert " + authority + " --header 'Content-Type: application/json' --data @" +
                     request + " " + url + "/v1/completions")
                    .out,
                HasSubstr("data: [DONE]\n\n"));
    EXPECT_NE(curl(url + "/health").exit, 0) << "an authority that nobody knows";
    EXPECT_NE(curl("http://127.0.0.1:" + port.number + "/health").out, R"({"status":"ok"})");
    EXPECT_NE(curl("--cacert " + authority + " --tls-max 1.1 " + url + "/health").exit, 0);
    EXPECT_THAT(curl("--cacert " + authority + " " + url + "/health").out, HasSubstr("ok"));
    server.signal(SIGINT);
    EXPECT_EQ(server.finish(), 0) << server.err;
    EXPECT_THAT(server.err, HasSubstr("every program on this machine"));
}

} // namespace
