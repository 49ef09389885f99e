#include "engine/workbench/hub/hub_settings.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>

#include <QtCore/QByteArray>

#include <nlohmann/json.hpp>

#include "engine/base/json_fields.h"
#include "engine/hub/http.h"
#include "engine/security/crypto/kept_apart.h"
#include "engine/security/crypto/sealing.h"

namespace hearth::workbench {

namespace {

using nlohmann::ordered_json;

constexpr int kVersion = 1, kMaxDepth = 8; // it has four levels
constexpr std::size_t kMaxHubs = 50, kMaxToken = 4096;
constexpr std::array<std::string_view, 4> kModes{"system", "none", "http", "socks5"};

Result<std::optional<security::SealingKey>> readKey(const std::filesystem::path& file) {
    HEARTH_TRY(const auto stored, security::readSmallFile(file));
    if (!stored)
        return std::nullopt;
    HEARTH_TRY(auto bytes, security::SecureBytes::copyOf(security::viewOf(*stored)));
    HEARTH_TRY(auto key, security::SealingKey::from(std::move(bytes)));
    return std::optional(std::move(key));
}

Result<security::SealingKey> keyFor(const std::filesystem::path& file) {
    HEARTH_TRY(auto key, readKey(file));
    if (key)
        return std::move(*key);
    HEARTH_TRY(auto fresh, security::SealingKey::generate());
    HEARTH_CHECK(security::writeSmallFile(file, std::string(security::textOf(fresh.key()))));
    return fresh;
}

std::string placeOf(const std::string& what, const QUrl& url) {
    return "hearth hub " + what + "/" + hub::originOf(url).toStdString();
}

/// Where an entry has a secret: the installation's, and those of people by their names.
struct SecretKeys {
    const char *shared, *people;
};
constexpr SecretKeys kToken{"token", "tokens"}, kPassword{"password", "passwords"};

/// Seals what is secret, with the installation's key or with a person's; opens it again.
class Secrets {
public:
    Secrets(const std::filesystem::path& keyFile, const SecretHolder& holder)
        : m_keyFile(keyFile), m_holder(holder) {}

    Result<std::string> seal(const std::string& secret, const std::string& place) {
        if (!m_key) {
            HEARTH_TRY(m_key, keyFor(m_keyFile));
        }
        return sealWith(*m_key, secret, place);
    }
    Result<std::string> open(const std::string& base64, const std::string& place) {
        if (!m_key) {
            HEARTH_TRY(m_key, readKey(m_keyFile));
            if (!m_key)
                return fail("crypto.tampered", "the key is gone");
        }
        return openWith(*m_key, base64, place);
    }

    /// The entry's secret for the holder; for a person also the installation's, from the time before.
    Result<std::string> of(const ordered_json& entry, const SecretKeys& keys, const std::string& place,
                           bool& takenOver) {
        if (m_holder.isPerson()) {
            const auto all = entry.find(keys.people);
            const auto own = all == entry.end() ? std::string() : textAt(*all, m_holder.name.c_str());
            if (!own.empty())
                return openWith(*m_holder.key, own, place);
        }
        const auto shared = textAt(entry, keys.shared);
        if (shared.empty())
            return std::string();
        HEARTH_TRY(auto secret, open(shared, place));
        takenOver |= m_holder.isPerson();
        return secret;
    }
    /// Puts the holder's secret into the entry; those of others in it stay.
    Result<void> put(ordered_json& entry, const SecretKeys& keys, const std::string& secret,
                     const std::string& place) {
        if (m_holder.isPerson()) {
            auto& all = entry[keys.people];
            if (!all.is_object())
                all = ordered_json::object();
            all.erase(m_holder.name);
            if (!secret.empty()) {
                HEARTH_TRY(all[m_holder.name], sealWith(*m_holder.key, secret, place));
            }
            if (all.empty())
                entry.erase(keys.people);
        } else if (!secret.empty()) {
            HEARTH_TRY(entry[keys.shared], seal(secret, place));
        }
        return {};
    }

private:
    static Result<std::string> sealWith(security::SealingKey& key, const std::string& secret,
                                        const std::string& place) {
        HEARTH_TRY(const auto sealed, key.seal(security::viewOf(secret), place));
        return QByteArray::fromStdString(sealed).toBase64().toStdString();
    }
    static Result<std::string> openWith(const security::SealingKey& key, const std::string& base64,
                                        const std::string& place) {
        const auto bytes = QByteArray::fromBase64Encoding(QByteArray::fromStdString(base64),
                                                          QByteArray::AbortOnBase64DecodingErrors);
        if (!bytes)
            return fail("crypto.bad_envelope", "not base64");
        return key.open(security::viewOf(bytes.decoded.toStdString()), place);
    }

    std::filesystem::path m_keyFile;
    SecretHolder m_holder;
    std::optional<security::SealingKey> m_key;
};

Error unreadable(const QUrl& url) {
    return Error{"hub.token_unreadable", "a secret for " + url.host().toStdString() + " cannot be opened"}
        .with("host", url.host().toStdString());
}

QUrl proxyPlace(const hub::ProxySetting& proxy) {
    QUrl url;
    url.setScheme(QStringLiteral("proxy"));
    url.setHost(QString::fromStdString(proxy.host));
    url.setPort(proxy.port);
    return url;
}

bool readAll(const std::string& bytes, Secrets& secrets, HubSettingsFile::Loaded& out) {
    if (jsonDeeperThan(bytes, kMaxDepth))
        return false;
    const auto json = ordered_json::parse(bytes, nullptr, false);
    if (!json.is_object() || countAt(json, "version") != kVersion)
        return false;
    const auto hubs = json.find("hubs");
    if (hubs == json.end() || !hubs->is_array() || hubs->size() > kMaxHubs)
        return false;
    for (const auto& entry : *hubs) {
        auto endpoint = hub::parseEndpoint(textAt(entry, "url"));
        if (!endpoint)
            return false;
        if (const auto kind = textAt(entry, "kind"); !kind.empty())
            endpoint->kind = kind == "modelscope" ? hub::HubKind::ModelScope : hub::HubKind::HuggingFace;
        HubAccess access{std::move(*endpoint), {}};
        if (auto token = secrets.of(entry, kToken, placeOf("token", access.endpoint.url), out.takenOver))
            access.token = std::move(*token);
        else
            out.problems.push_back(unreadable(access.endpoint.url));
        out.settings.hubs.push_back(std::move(access));
    }
    if (const auto it = json.find("proxy"); it != json.end()) {
        hub::ProxySetting proxy;
        const auto mode = std::find(kModes.begin(), kModes.end(), textAt(*it, "mode"));
        if (mode == kModes.end())
            return false;
        proxy.mode = static_cast<hub::ProxySetting::Mode>(mode - kModes.begin());
        proxy.host = textAt(*it, "host");
        proxy.port = static_cast<int>(std::min<std::uint64_t>(countAt(*it, "port"), 65536));
        proxy.user = textAt(*it, "user");
        if (!hub::checkProxy(proxy))
            return false;
        if (auto password = secrets.of(*it, kPassword, placeOf("proxy", proxyPlace(proxy)), out.takenOver))
            proxy.password = std::move(*password);
        else
            out.problems.push_back(unreadable(proxyPlace(proxy)));
        out.settings.proxy = std::move(proxy);
    }
    out.settings.bytesPerSecond = countAt(json, "bytes_per_second");
    return true;
}

/// What HF_ENDPOINT names instead of Hugging Face.
std::optional<hub::Endpoint> endpointOfEnvironment() {
    hub::Endpoint first = hub::usualEndpoints().front();
    return first.url == hub::huggingFace().url ? std::nullopt : std::optional(std::move(first));
}

auto findHub(std::vector<HubAccess>& hubs, const QUrl& url) {
    return std::find_if(hubs.begin(), hubs.end(),
                        [&](const HubAccess& access) { return access.endpoint.url == url; });
}

/// HF_ENDPOINT stands for Hugging Face, HF_TOKEN opens it.
void applyEnvironment(HubSettings& settings) {
    const auto instead = endpointOfEnvironment();
    const QUrl usual = hub::huggingFace().url;
    if (instead && findHub(settings.hubs, instead->url) == settings.hubs.end()) {
        // The token of the one is not the token of the other.
        if (const auto place = findHub(settings.hubs, usual); place != settings.hubs.end())
            *place = {*instead, {}};
        else
            settings.hubs.insert(settings.hubs.begin(), HubAccess{*instead, {}});
    }
    const auto place = findHub(settings.hubs, instead ? instead->url : usual);
    const char* token = std::getenv("HF_TOKEN");
    if (token && *token && place != settings.hubs.end() && place->token.empty())
        place->token = std::string(token).substr(0, kMaxToken);
}

} // namespace

std::vector<hub::Endpoint> HubSettings::endpoints() const {
    std::vector<hub::Endpoint> out;
    for (const auto& access : hubs)
        out.push_back(access.endpoint);
    return out;
}

std::function<QByteArray(const QString&)> HubSettings::tokens() const {
    std::vector<std::pair<QString, QByteArray>> known;
    for (const auto& access : hubs)
        if (!access.token.empty())
            known.emplace_back(hub::originOf(access.endpoint.url), QByteArray::fromStdString(access.token));
    return [known = std::move(known)](const QString& origin) {
        for (const auto& [place, token] : known)
            if (place == origin)
                return token;
        return QByteArray();
    };
}

hub::HttpOptions HubSettings::http(QByteArray userAgent) const {
    hub::HttpOptions options;
    options.userAgent = std::move(userAgent);
    options.token = tokens();
    hub::applyProxy(options, proxy);
    return options;
}

namespace {

/// The file alone, without the environment.
HubSettingsFile::Loaded loadFile(const std::filesystem::path& file, Secrets& secrets) {
    HubSettingsFile::Loaded out;
    const auto bytes = security::readSmallFile(file);
    const bool damaged = !bytes || (*bytes && !readAll(**bytes, secrets, out));
    if (damaged) {
        const std::filesystem::path aside = file.string() + ".bad";
        std::error_code ignored;
        std::filesystem::rename(file, aside, ignored);
        out = {};
        out.problems.push_back(
            Error{"hub.settings_damaged", file.string() + " cannot be read"}.with("path", aside.string()));
    }
    if (out.settings.hubs.empty())
        out.settings.hubs = {{hub::huggingFace(), {}}, {hub::modelScope(), {}}};
    return out;
}

/// The sealed secrets of everybody: to be kept by who cannot open them.
struct OthersSecrets {
    std::map<QString, ordered_json> tokens; ///< by the hub's address as it is written
    std::string proxyHost;                  ///< that the passwords are for
    std::uint64_t proxyPort = 0;
    ordered_json passwords;
};
OthersSecrets secretsOfPeople(const std::filesystem::path& file) {
    OthersSecrets out;
    const auto bytes = security::readSmallFile(file);
    const auto json = bytes && *bytes ? ordered_json::parse(**bytes, nullptr, false) : ordered_json();
    if (!json.is_object() || !json.contains("hubs") || !json["hubs"].is_array())
        return out;
    for (const auto& entry : json["hubs"])
        if (const auto endpoint = hub::parseEndpoint(textAt(entry, "url"));
            endpoint && entry.contains(kToken.people))
            out.tokens.emplace(endpoint->url.toString(), entry[kToken.people]);
    if (const auto proxy = json.find("proxy");
        proxy != json.end() && proxy->is_object() && proxy->contains(kPassword.people)) {
        out.proxyHost = textAt(*proxy, "host");
        out.proxyPort = countAt(*proxy, "port");
        out.passwords = (*proxy)[kPassword.people];
    }
    return out;
}

/// What is to be kept: without the endpoint that only the environment names, and with what it stands for.
std::vector<HubAccess> toKeep(const HubSettings& settings, std::vector<HubAccess> before) {
    std::vector<HubAccess> out = settings.hubs;
    const auto instead = endpointOfEnvironment();
    if (!instead || findHub(before, instead->url) != before.end())
        return out;
    const auto usual = findHub(before, hub::huggingFace().url);
    const auto place = findHub(out, instead->url);
    if (place != out.end() && usual != before.end())
        *place = *usual;
    return out;
}

} // namespace

HubSettingsFile::Loaded HubSettingsFile::load() const {
    Secrets secrets(m_keyFile, m_holder);
    Loaded out = loadFile(m_file, secrets);
    applyEnvironment(out.settings);
    return out;
}

Result<void> HubSettingsFile::save(const HubSettings& settings) const {
    HEARTH_CHECK(hub::checkProxy(settings.proxy));
    Secrets secrets(m_keyFile, m_holder);
    ordered_json hubs = ordered_json::array();
    const auto before = loadFile(m_file, secrets).settings.hubs; // moves a damaged file aside first
    const auto others = secretsOfPeople(m_file);
    const char* environmentToken = std::getenv("HF_TOKEN");
    for (const auto& access : toKeep(settings, before)) {
        if (hubs.size() == kMaxHubs)
            break;
        ordered_json entry{
            {"url", access.endpoint.url.toString(QUrl::FullyEncoded).toStdString()},
            {"kind", access.endpoint.kind == hub::HubKind::ModelScope ? "modelscope" : "huggingface"}};
        const bool fromEnvironment = environmentToken && access.token == environmentToken;
        if (const auto known = others.tokens.find(access.endpoint.url.toString());
            known != others.tokens.end())
            entry[kToken.people] = known->second;
        HEARTH_CHECK(secrets.put(entry, kToken, fromEnvironment ? std::string() : access.token,
                                 placeOf("token", access.endpoint.url)));
        hubs.push_back(std::move(entry));
    }
    ordered_json proxy{{"mode", kModes[static_cast<std::size_t>(settings.proxy.mode)]},
                       {"host", settings.proxy.host},
                       {"port", settings.proxy.port},
                       {"user", settings.proxy.user}};
    if (others.passwords.is_object() && others.proxyHost == settings.proxy.host &&
        others.proxyPort == static_cast<std::uint64_t>(std::max(0, settings.proxy.port)))
        proxy[kPassword.people] = others.passwords;
    HEARTH_CHECK(
        secrets.put(proxy, kPassword, settings.proxy.password, placeOf("proxy", proxyPlace(settings.proxy))));
    const ordered_json json{{"version", kVersion},
                            {"hubs", hubs},
                            {"proxy", proxy},
                            {"bytes_per_second", settings.bytesPerSecond}};
    return security::writeSmallFile(m_file,
                                    json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

} // namespace hearth::workbench
