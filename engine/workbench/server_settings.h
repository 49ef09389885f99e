#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace hearth::workbench {

/// How the local server is reached and what it may take; part of Settings. A plain value: whether it can be
/// served as it stands is for server::checkServer() to say.
struct ServerSettings {
    static constexpr std::size_t kMaxPort = 65'535;
    static constexpr std::size_t kMaxSequences = 64;
    static constexpr std::size_t kMinBodyKiB = 1, kMaxBodyKiB = 65'536;
    static constexpr std::size_t kMaxConnections = 1024;
    static constexpr std::size_t kMaxSeconds = 3600;
    static constexpr std::size_t kMaxNames = 64; ///< hosts, and origins

    std::string address = "127.0.0.1"; ///< of the interface to listen on, in digits
    std::size_t port = 11'811;         ///< 1 … kMaxPort
    bool keyRequired = true;
    /// The person agrees that other machines can reach the server; only then may the address be one that
    /// other machines see.
    bool allowNetwork = false;
    /// Names under which it may be addressed (the Host field), beside its address and, on this machine,
    /// localhost.
    std::vector<std::string> allowedHosts;
    /// Web pages that may use it ("https://app.example"), by their Origin; empty = none.
    std::vector<std::string> allowedOrigins;
    std::filesystem::path certificate; ///< PEM, the server's first, then those that vouch for it
    std::filesystem::path privateKey;  ///< PEM, not encrypted
    std::size_t sequences = 4;         ///< answers generated at a time
    std::size_t contextTokens = 0;     ///< of each; 0 = the model's own, at most 8192
    std::size_t maxBodyKiB = 4096;     ///< of a request
    std::size_t maxConnections = 64;   ///< further ones wait until one ends
    std::size_t headerSeconds = 10;    ///< until the head of a request has come
    std::size_t bodySeconds = 30;      ///< until its body has come
    std::size_t idleSeconds = 60;      ///< between requests, and for a client that takes no bytes
    bool logRequests = false;          ///< a line for each on the terminal, without content

    [[nodiscard]] bool operator==(const ServerSettings&) const = default;
};

} // namespace hearth::workbench
