#include "tests/server/running_server.h"

#include <future>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <QtCore/QCoreApplication>

#include "engine/workbench/accounts.h"
#include "engine/workbench/library/library.h"

namespace hearth::test {

namespace {

using std::chrono::steady_clock;

/// Qt finds its SQLite driver through it; made in the first thread, once.
void needApplication() {
    static int argc = 1;
    static char name[] = "test";
    static char* argv[] = {name, nullptr};
    static QCoreApplication application(argc, argv);
}

std::string lower(std::string text) {
    for (char& c : text)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

} // namespace

RawClient::RawClient(std::uint16_t port) {
    m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
}

RawClient::~RawClient() {
    ::close(m_socket);
}

void RawClient::send(const std::string& bytes) {
    for (std::size_t sent = 0; sent < bytes.size();) {
        const ssize_t n = ::send(m_socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        sent += static_cast<std::size_t>(n);
    }
}

void RawClient::endSending() {
    ::shutdown(m_socket, SHUT_WR);
}

bool RawClient::more(steady_clock::time_point until) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now());
    pollfd entry{m_socket, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&entry, 1, static_cast<int>(left.count())) != 1)
        return false;
    char buffer[65536];
    const ssize_t n = ::recv(m_socket, buffer, sizeof buffer, 0);
    if (n <= 0)
        return false;
    m_came.append(buffer, static_cast<std::size_t>(n));
    return true;
}

bool RawClient::waitFor(const std::string& text) {
    const auto until = steady_clock::now() + std::chrono::seconds(60);
    while (m_came.find(text) == std::string::npos)
        if (!more(until))
            return false;
    return true;
}

bool RawClient::ends(std::chrono::milliseconds time) {
    const auto until = steady_clock::now() + time;
    while (more(until)) {
    }
    return steady_clock::now() < until;
}

Reply RawClient::receive(std::chrono::milliseconds time) {
    const auto until = steady_clock::now() + time;
    Reply out;
    std::size_t end;
    while ((end = m_came.find("\r\n\r\n")) == std::string::npos)
        if (!more(until))
            return out;
    const std::string head = m_came.substr(0, end + 2);
    m_came.erase(0, end + 4);
    out.status = std::atoi(head.c_str() + head.find(' ') + 1);
    for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
        const std::size_t stop = head.find("\r\n", at);
        const std::string line = head.substr(at, stop - at);
        out.fields[lower(line.substr(0, line.find(':')))] = line.substr(line.find(':') + 2);
        at = stop + 2;
    }
    if (out.status == 100)
        return receive(time);
    if (out.fields.count("transfer-encoding")) {
        for (;;) {
            std::size_t line;
            while ((line = m_came.find("\r\n")) == std::string::npos)
                if (!more(until))
                    return out;
            const std::size_t size = std::stoul(m_came.substr(0, line), nullptr, 16);
            while (m_came.size() < line + 2 + size + 2)
                if (!more(until))
                    return out;
            out.body += m_came.substr(line + 2, size);
            m_came.erase(0, line + 2 + size + 2);
            if (size == 0)
                break;
        }
    } else if (out.fields.count("content-length")) {
        const std::size_t size = std::stoul(out.fields["content-length"]);
        while (m_came.size() < size)
            if (!more(until))
                return out;
        out.body = m_came.substr(0, size);
        m_came.erase(0, size);
    }
    out.whole = true;
    return out;
}

RunningServer::RunningServer(RunningOptions options) {
    needApplication();
    std::promise<std::string> ready;
    auto told = ready.get_future();
    const std::string expected = options.expected;
    m_thread = std::jthread([this, options = std::move(options), &ready](const std::stop_token& stop) {
        bool begun = false;
        run(options, stop, [&](std::string what) {
            begun = true;
            ready.set_value(std::move(what));
        });
        if (!begun)
            ready.set_value("it ended before it began");
    });
    problem = told.get();
    if (expected.empty())
        EXPECT_EQ(problem, "");
    else
        EXPECT_EQ(problem.substr(0, expected.size()), expected);
}

void RunningServer::run(const RunningOptions& options, const std::stop_token& stop,
                        const std::function<void(std::string)>& ready) {
    using namespace workbench;
    const std::filesystem::path folder = m_folder.path();
    AccountsOptions cheap;
    cheap.cost = security::PasswordCost{64, 1, 1};
    auto accounts = Accounts::open({folder / "data", folder / "seals"}, cheap);
    if (!accounts)
        return ready(accounts.error().message());
    auto library = Library::open(folder / "data" / "library.db", {folder / "models", {}});
    if (!library)
        return ready(library.error().message());
    for (const auto& path : options.library) {
        AddRequest request;
        request.path = path;
        if (const auto added = (*library)->add(request); !added)
            return ready(added.error().message());
    }
    security::ProfileId id = 0;
    for (const Person& person : options.people) {
        const Actor actor = id == 0 ? Actor::singlePerson() : Actor::person(1);
        const auto made =
            (*accounts)->create(actor, person.name, person.role, security::viewOf("a long password"));
        if (!made)
            return ready(made.error().message());
        id = made->id;
        const auto token = (*accounts)->createToken(Actor::person(1), id, "program", person.scope, 0);
        if (!token)
            return ready(token.error().message());
        keys.emplace_back(token->text());
    }
    if (options.prepare)
        options.prepare(**accounts);
    const Actor starter = options.people.empty() ? Actor::singlePerson() : Actor::person(1);
    auto desk =
        ServingDesk::open(**accounts, **library, starter, {options.model, options.settings.keyRequired});
    if (!desk)
        return ready(desk.error().message());
    if ((*desk)->runKey())
        key = (*desk)->runKey()->text();
    else if (!keys.empty())
        key = keys.front();
    ServingOptions serving;
    serving.threads = 1;
    serving.sequences = options.settings.sequences;
    ServingEngine engine(serving);
    server::Server::Options wanted;
    wanted.settings = options.settings;
    wanted.anyPort = options.anyPort;
    wanted.requestLog = [this](const std::string& line) {
        const std::scoped_lock lock(m_mutex);
        m_log.push_back(line);
    };
    auto running = server::Server::open(wanted, **desk, engine);
    if (!running)
        return ready(running.error().message());
    port = (*running)->port();
    ready("");
    m_result = (*running)->run(stop);
}

Result<void> RunningServer::stop() {
    if (m_thread.joinable()) {
        m_thread.request_stop();
        m_thread.join();
    }
    return m_result;
}

std::vector<std::string> RunningServer::log() const {
    const std::scoped_lock lock(m_mutex);
    return m_log;
}

std::string RunningServer::head(const std::string& line, std::size_t bodyBytes,
                                const std::string& more) const {
    return line + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(bodyBytes) + "\r\n" +
           more + "\r\n";
}

Reply RunningServer::get(const std::string& path, std::optional<std::string> withKey) const {
    RawClient client(port);
    client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
                withKey.value_or(key) + "\r\n\r\n");
    return client.receive();
}

Reply RunningServer::post(const std::string& path, const std::string& json,
                          std::optional<std::string> withKey) const {
    RawClient client(port);
    client.send("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:1\r\nAuthorization: Bearer " +
                withKey.value_or(key) + "\r\nContent-Type: application/json; charset=utf-8\r\n" +
                "Content-Length: " + std::to_string(json.size()) + "\r\n\r\n" + json);
    return client.receive();
}

std::unique_ptr<workbench::Accounts> RunningServer::openAccounts() const {
    const std::filesystem::path folder = m_folder.path();
    auto accounts = workbench::Accounts::open({folder / "data", folder / "seals"});
    EXPECT_TRUE(accounts) << accounts.error().message();
    return accounts ? std::move(*accounts) : nullptr;
}

std::vector<std::string> RunningServer::audit() const {
    const auto accounts = openAccounts();
    std::vector<std::string> out;
    if (!accounts)
        return out;
    const auto entries = accounts->audit().list({}, 0, 1000);
    EXPECT_TRUE(entries);
    if (entries)
        for (auto it = entries->rbegin(); it != entries->rend(); ++it)
            out.push_back("profile " + std::to_string(it->event.actor) + " " + it->event.action + " " +
                          it->event.object + " " + std::string(nameOf(it->event.outcome)) +
                          (it->event.reason.empty() ? "" : " " + it->event.reason));
    const auto report = accounts->audit().verify();
    EXPECT_TRUE(report && report->intact());
    return out;
}

} // namespace hearth::test
