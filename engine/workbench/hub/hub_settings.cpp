#include "engine/workbench/hub/hub_settings.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <QtCore/QByteArray>

#include <nlohmann/json.hpp>

#include "engine/security/crypto/kept_apart.h"
#include "engine/security/crypto/sealing.h"

namespace hearth::workbench {

namespace {

using nlohmann::ordered_json;

constexpr int kVersion = 1;
constexpr std::size_t kMaxHubs = 50, kMaxToken = 4096;
constexpr std::array<std::string_view, 4> kModes{"system", "none", "http", "socks5"};

std::string text(const ordered_json& object, const char* key) {
    if (!object.is_object())
        return {};
    const auto it = object.find(key);
    return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::uint64_t number(const ordered_json& object, const char* key) {
    if (!object.is_object())
        return 0;
    const auto it = object.find(key);
    return it != object.end() && it->is_number_unsigned() ? it->get<std::uint64_t>() : 0;
}

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

/// Seals what is secret; opens it again.
class Secrets {
public:
    explicit Secrets(const std::filesystem::path& keyFile) : m_keyFile(keyFile) {}
    Result<std::string> seal(const std::string& secret, const std::string& place) {
        if (!m_key) {
            HEARTH_TRY(m_key, keyFor(m_keyFile));
        }
        HEARTH_TRY(const auto sealed, m_key->seal(security::viewOf(secret), place));
        return QByteArray::fromStdString(sealed).toBase64().toStdString();
    }
    Result<std::string> open(const std::string& base64, const std::string& place) {
        const auto bytes = QByteArray::fromBase64Encoding(QByteArray::fromStdString(base64),
                                                          QByteArray::AbortOnBase64DecodingErrors);
        if (!bytes)
            return fail("crypto.bad_envelope", "not base64");
        if (!m_key) {
            HEARTH_TRY(m_key, readKey(m_keyFile));
            if (!m_key)
                return fail("crypto.tampered", "the key is gone");
        }
        return m_key->open(security::viewOf(bytes.decoded.toStdString()), place);
    }

private:
    std::filesystem::path m_keyFile;
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
    // Four levels are what it has; nothing deeper is looked at.
    if (std::count(bytes.begin(), bytes.end(), '[') + std::count(bytes.begin(), bytes.end(), '{') > 500)
        return false;
    const auto json = ordered_json::parse(bytes, nullptr, false);
    if (!json.is_object() || number(json, "version") != kVersion)
        return false;
    const auto hubs = json.find("hubs");
    if (hubs == json.end() || !hubs->is_array() || hubs->size() > kMaxHubs)
        return false;
    for (const auto& entry : *hubs) {
        auto endpoint = hub::parseEndpoint(text(entry, "url"));
        if (!endpoint)
            return false;
        if (const auto kind = text(entry, "kind"); !kind.empty())
            endpoint->kind = kind == "modelscope" ? hub::HubKind::ModelScope : hub::HubKind::HuggingFace;
        HubAccess access{std::move(*endpoint), {}};
        if (const auto sealed = text(entry, "token"); !sealed.empty()) {
            if (auto token = secrets.open(sealed, placeOf("token", access.endpoint.url)))
                access.token = std::move(*token);
            else
                out.problems.push_back(unreadable(access.endpoint.url));
        }
        out.settings.hubs.push_back(std::move(access));
    }
    if (const auto it = json.find("proxy"); it != json.end()) {
        hub::ProxySetting proxy;
        const auto mode = std::find(kModes.begin(), kModes.end(), text(*it, "mode"));
        if (mode == kModes.end())
            return false;
        proxy.mode = static_cast<hub::ProxySetting::Mode>(mode - kModes.begin());
        proxy.host = text(*it, "host");
        proxy.port = static_cast<int>(std::min<std::uint64_t>(number(*it, "port"), 65536));
        proxy.user = text(*it, "user");
        if (!hub::checkProxy(proxy))
            return false;
        if (const auto sealed = text(*it, "password"); !sealed.empty()) {
            if (auto password = secrets.open(sealed, placeOf("proxy", proxyPlace(proxy))))
                proxy.password = std::move(*password);
            else
                out.problems.push_back(unreadable(proxyPlace(proxy)));
        }
        out.settings.proxy = std::move(proxy);
    }
    out.settings.bytesPerSecond = number(json, "bytes_per_second");
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

namespace {

/// The file alone, without the environment.
HubSettingsFile::Loaded loadFile(const std::filesystem::path& file, const std::filesystem::path& keyFile) {
    HubSettingsFile::Loaded out;
    Secrets secrets(keyFile);
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
    Loaded out = loadFile(m_file, m_keyFile);
    applyEnvironment(out.settings);
    return out;
}

Result<void> HubSettingsFile::save(const HubSettings& settings) const {
    HEARTH_CHECK(hub::checkProxy(settings.proxy));
    Secrets secrets(m_keyFile);
    ordered_json hubs = ordered_json::array();
    const char* environmentToken = std::getenv("HF_TOKEN");
    for (const auto& access : toKeep(settings, loadFile(m_file, m_keyFile).settings.hubs)) {
        if (hubs.size() == kMaxHubs)
            break;
        ordered_json entry{
            {"url", access.endpoint.url.toString(QUrl::FullyEncoded).toStdString()},
            {"kind", access.endpoint.kind == hub::HubKind::ModelScope ? "modelscope" : "huggingface"}};
        const bool fromEnvironment = environmentToken && access.token == environmentToken;
        if (!access.token.empty() && !fromEnvironment) {
            HEARTH_TRY(const auto sealed, secrets.seal(access.token, placeOf("token", access.endpoint.url)));
            entry["token"] = sealed;
        }
        hubs.push_back(std::move(entry));
    }
    ordered_json proxy{{"mode", kModes[static_cast<std::size_t>(settings.proxy.mode)]},
                       {"host", settings.proxy.host},
                       {"port", settings.proxy.port},
                       {"user", settings.proxy.user}};
    if (!settings.proxy.password.empty()) {
        HEARTH_TRY(const auto sealed,
                   secrets.seal(settings.proxy.password, placeOf("proxy", proxyPlace(settings.proxy))));
        proxy["password"] = sealed;
    }
    const ordered_json json{{"version", kVersion},
                            {"hubs", hubs},
                            {"proxy", proxy},
                            {"bytes_per_second", settings.bytesPerSecond}};
    return security::writeSmallFile(m_file,
                                    json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

} // namespace hearth::workbench
