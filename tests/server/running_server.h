#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/server/server.h"
#include "tests/support/temporary_folder.h"

namespace hearth::test {

/// An answer as it came over the wire; chunks are put together.
struct Reply {
    int status = 0;                            ///< 0 = the connection ended before there was one
    std::map<std::string, std::string> fields; ///< names in lower case
    std::string body;
    bool whole = false; ///< nothing of what was announced is missing
};

/// A client that can say anything: a socket and bytes.
class RawClient {
public:
    explicit RawClient(std::uint16_t port);
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    /// What the other side no longer takes is left out.
    void send(const std::string& bytes);
    void endSending(); ///< half-closes
    /// The next answer, waited for at most `time`.
    [[nodiscard]] Reply receive(std::chrono::milliseconds time = std::chrono::seconds(60));
    /// Reads until `text` has come; false when the connection ends first.
    [[nodiscard]] bool waitFor(const std::string& text);
    /// Whether the other side ends the connection.
    [[nodiscard]] bool ends(std::chrono::milliseconds time = std::chrono::seconds(20));

private:
    [[nodiscard]] bool more(std::chrono::steady_clock::time_point until);
    int m_socket = -1;
    std::string m_came;
};

/// A person of an installation, with a key for programs.
struct Person {
    const char* name;
    security::Role role;
    security::TokenScope scope = security::TokenScope::Chat;
};

struct RunningOptions {
    server::ServerSettings settings;
    std::filesystem::path model;                ///< as with --model
    std::vector<std::filesystem::path> library; ///< taken in before the start
    std::vector<Person> people;                 ///< the first administers and starts the server
    bool anyPort = true;                        ///< whatever port is free, not the settings'
    std::string expected;                       ///< code of the error with which it cannot start; "" = it can
    /// Runs in the desk's thread before the start.
    std::function<void(workbench::Accounts&)> prepare;
};

/// A server of an installation of its own, with its desk in a thread of its own.
class RunningServer {
public:
    explicit RunningServer(RunningOptions options);
    ~RunningServer() { stop(); }
    /// Ends it in good order; returns what run() returned.
    Result<void> stop();

    std::uint16_t port = 0;
    std::string problem;                                ///< why it did not start
    std::string key;                                    ///< of this run, or of the first person
    std::vector<std::string> keys;                      ///< of the people
    [[nodiscard]] std::vector<std::string> log() const; ///< lines of requests

    /// One request over a connection of its own.
    [[nodiscard]] Reply get(const std::string& path, std::optional<std::string> withKey = {}) const;
    [[nodiscard]] Reply post(const std::string& path, const std::string& json,
                             std::optional<std::string> withKey = {}) const;
    /// The head of a request with a key and the length of a body.
    [[nodiscard]] std::string head(const std::string& line, std::size_t bodyBytes,
                                   const std::string& more = {}) const;
    /// The accounts beside the server's, as another program opens them.
    [[nodiscard]] std::unique_ptr<workbench::Accounts> openAccounts() const;
    /// Entries of the audit log, "profile 1 server.start at … done", oldest first. After stop().
    [[nodiscard]] std::vector<std::string> audit() const;

private:
    void run(const RunningOptions& options, const std::stop_token& stop,
             const std::function<void(std::string)>& ready);
    TemporaryFolder m_folder;
    mutable std::mutex m_mutex;
    std::vector<std::string> m_log;
    Result<void> m_result;
    std::jthread m_thread;
};

} // namespace hearth::test
