#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/hub/endpoint.h"
#include "engine/hub/proxy.h"
#include "engine/security/crypto/sealing.h"

namespace hearth::hub {
struct HttpOptions;
}

namespace hearth::workbench {

/// A hub that the person uses. The token goes to this endpoint's origin and nowhere else.
struct HubAccess {
    hub::Endpoint endpoint;
    std::string token; ///< empty = none
    [[nodiscard]] bool operator==(const HubAccess&) const = default;
};

/// How this installation reaches model hubs.
struct HubSettings {
    std::vector<HubAccess> hubs; ///< the first is asked first; never empty after load()
    hub::ProxySetting proxy;
    std::uint64_t bytesPerSecond = 0; ///< of all downloads together; 0 = no limit

    [[nodiscard]] bool operator==(const HubSettings&) const = default;
    [[nodiscard]] std::vector<hub::Endpoint> endpoints() const;
    /// The token for an origin (hub::originOf), from a copy of these settings.
    [[nodiscard]] std::function<QByteArray(const QString& origin)> tokens() const;
    /// What requests of a program of this name go with: these tokens, this proxy.
    [[nodiscard]] hub::HttpOptions http(QByteArray userAgent) const;
};

/// Whose tokens and proxy password are meant: those of the installation, or those of somebody who signed in.
struct SecretHolder {
    std::string name = {};                          ///< of the person in the file; "" = the installation
    std::shared_ptr<security::SealingKey> key = {}; ///< theirs, which only their password opens
    [[nodiscard]] bool isPerson() const { return key != nullptr; }
};

/// The settings as a file. Tokens and the proxy's password are sealed (AES-256-GCM) with a key of this
/// installation that lies beside it, readable by its owner only: a copy of the settings alone gives nothing
/// away, and a token that was moved to another address in the file does not open. Where there are profiles
/// every person has tokens and a proxy password of their own, sealed with a key that only their password
/// opens; those from the time before go to the first person who loads the settings and saves them. Confined
/// to one thread.
class HubSettingsFile {
public:
    HubSettingsFile(std::filesystem::path file, std::filesystem::path keyFile, SecretHolder holder = {})
        : m_file(std::move(file)), m_keyFile(std::move(keyFile)), m_holder(std::move(holder)) {}

    struct Loaded {
        HubSettings settings;
        /// A person has got secrets of the installation: to be saved, so that they are nobody else's.
        bool takenOver = false;
        /// hub.settings_damaged (the file was moved aside, arg path), hub.token_unreadable (arg host).
        std::vector<Error> problems;
    };
    /// A missing file is no problem: Hugging Face (or HF_ENDPOINT) and ModelScope. HF_ENDPOINT takes Hugging
    /// Face's place; HF_TOKEN counts for that endpoint when it has no token of its own. Neither is saved.
    [[nodiscard]] Loaded load() const;
    /// Errors: hub.bad_proxy, crypto.*, file.*.
    [[nodiscard]] Result<void> save(const HubSettings& settings) const;

private:
    std::filesystem::path m_file, m_keyFile;
    SecretHolder m_holder;
};

} // namespace hearth::workbench
