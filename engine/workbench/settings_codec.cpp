#include "engine/workbench/settings_codec.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <QtCore/QByteArray>
#include <QtCore/QStringDecoder>

namespace hearth::workbench {

namespace {

using nlohmann::ordered_json;

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxFolders = 256;
constexpr std::size_t kMaxPathBytes = 4096; // PATH_MAX
constexpr std::size_t kMaxNameBytes = 512;  // of hosts and origins
constexpr std::size_t kMaxWindowBytes = std::size_t{1} << 16;

template <class T>
struct Named {
    T value;
    std::string_view name;
};
template <class T>
Named(T, const char*) -> Named<T>; // Clang 14 deduces none for aggregates
constexpr std::array kLanguages{Named{Language::System, "system"}, Named{Language::English, "en"},
                                Named{Language::SimplifiedChinese, "zh_CN"}};
constexpr std::array kThemes{Named{Theme::System, "system"}, Named{Theme::Light, "light"},
                             Named{Theme::Dark, "dark"}};
constexpr std::array kKvTypes{Named{kernels::KvType::F16, "f16"}, Named{kernels::KvType::Q8_0, "q8_0"}};
constexpr std::array kPolicies{Named{runtime::ContextPolicy::Stop, "stop"},
                               Named{runtime::ContextPolicy::DropOldest, "drop_oldest"}};

template <class T, std::size_t N>
std::string_view nameOf(const std::array<Named<T>, N>& names, T value) {
    for (const auto& named : names)
        if (named.value == value)
            return named.name;
    return names.front().name;
}

bool isUtf8(std::string_view bytes) {
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString decoded = decoder(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())));
    return !decoder.hasError();
}

std::string toBase64(const std::string& bytes) {
    return QByteArray::fromStdString(bytes).toBase64().toStdString();
}

std::optional<std::string> fromBase64(const std::string& text) {
    const auto decoded = QByteArray::fromBase64Encoding(QByteArray::fromStdString(text),
                                                        QByteArray::AbortOnBase64DecodingErrors);
    return decoded ? std::optional(decoded.decoded.toStdString()) : std::nullopt;
}

/// A path as text; one that is not UTF-8 as {"base64": …}, because JSON holds only Unicode.
ordered_json pathToJson(const std::filesystem::path& path) {
    if (isUtf8(path.native()))
        return path.native();
    return {{"base64", toBase64(path.native())}};
}

std::optional<std::filesystem::path> pathFromJson(const ordered_json& value) {
    std::optional<std::string> text;
    if (value.is_string())
        text = value.get<std::string>();
    else if (value.is_object() && value.contains("base64") && value["base64"].is_string())
        text = fromBase64(value["base64"].get<std::string>());
    if (!text || text->size() > kMaxPathBytes || text->find('\0') != std::string::npos)
        return std::nullopt;
    return std::filesystem::path(*text);
}

/// Reads the keys of one object and keeps a list of what is wrong.
class Reader {
public:
    explicit Reader(SettingsDocument& document) : m_document(document) {}

    template <class T, std::size_t N>
    void choice(const char* key, const std::array<Named<T>, N>& names, T& out) {
        const ordered_json* value = find(key);
        if (!value)
            return;
        if (!value->is_string())
            return wrongType(key, "text");
        const auto text = value->get<std::string>();
        for (const auto& named : names)
            if (named.name == text) {
                out = named.value;
                return;
            }
        std::string allowed;
        for (const auto& named : names)
            allowed += (allowed.empty() ? "" : ", ") + std::string(named.name);
        bad(key, Error{"settings.unknown_value", std::string(key) + " is none of " + allowed}
                     .with("key", key)
                     .with("value", text.substr(0, 80))
                     .with("allowed", allowed));
    }
    void number(const char* key, double min, double max, double& out) {
        const ordered_json* value = find(key);
        if (!value)
            return;
        if (!value->is_number())
            return wrongType(key, "a number");
        const double got = value->get<double>();
        if (!(got >= min && got <= max))
            return outOfRange(key, value->dump(), std::to_string(min), std::to_string(max));
        out = got;
    }
    /// 0 … max, where everything between 0 and `least` is out of range too.
    void count(const char* key, std::size_t least, std::size_t max, std::size_t& out) {
        whole(key, least, max, true, out);
    }
    /// least … max.
    void size(const char* key, std::size_t least, std::size_t max, std::size_t& out) {
        whole(key, least, max, false, out);
    }
    void text(const char* key, std::string& out) {
        const ordered_json* value = find(key);
        if (!value)
            return;
        if (!value->is_string() || value->get_ref<const std::string&>().size() > kMaxNameBytes)
            return wrongType(key, "a short text");
        out = value->get<std::string>();
    }
    void texts(const char* key, std::size_t most, std::vector<std::string>& out) {
        const ordered_json* value = find(key);
        if (!value)
            return;
        if (!value->is_array() || value->size() > most)
            return wrongType(key, "a list of texts");
        for (const ordered_json& entry : *value)
            if (!entry.is_string() || entry.get_ref<const std::string&>().size() > kMaxNameBytes)
                wrongType(key, "a list of texts"); // the others are still good
            else if (const auto name = entry.get<std::string>();
                     std::find(out.begin(), out.end(), name) == out.end())
                out.push_back(name);
    }
    void flag(const char* key, bool& out) {
        const ordered_json* value = find(key);
        if (!value)
            return;
        if (!value->is_boolean())
            return wrongType(key, "true or false");
        out = value->get<bool>();
    }
    void path(const char* key, std::filesystem::path& out) {
        const ordered_json* value = find(key);
        if (!value)
            return;
        if (const auto got = pathFromJson(*value))
            out = *got;
        else
            wrongType(key, "a path");
    }
    void paths(const char* key, std::size_t most, std::vector<std::filesystem::path>& out) {
        const ordered_json* value = find(key);
        if (!value)
            return;
        if (!value->is_array())
            return wrongType(key, "a list of paths");
        for (const ordered_json& entry : *value) {
            const auto got = pathFromJson(entry);
            if (!got || got->empty())
                wrongType(key, "a list of paths"); // the others are still good
            else if (out.size() < most && std::find(out.begin(), out.end(), *got) == out.end())
                out.push_back(*got);
        }
    }
    void bytes(const char* key, std::string& out) {
        const ordered_json* value = find(key);
        if (!value)
            return;
        const auto got = value->is_string() ? fromBase64(value->get<std::string>()) : std::nullopt;
        if (!got || got->size() > kMaxWindowBytes)
            return wrongType(key, "base64 text");
        out = *got;
    }
    void version() {
        const ordered_json* value = find("version");
        const bool usable = value && value->is_number_unsigned() && value->get<std::uint64_t>() > 0 &&
                            value->get<std::uint64_t>() < (1U << 31);
        if (!usable)
            return bad("version", Error{"settings.bad_version", "the file names no usable version"});
        m_document.version = value->get<std::int64_t>();
        if (m_document.version > SettingsFile::kVersion)
            m_document.problems.push_back(Error{
                "settings.newer_version", "the file is of version " + std::to_string(m_document.version)}
                                              .with("found", std::to_string(m_document.version))
                                              .with("known", std::to_string(SettingsFile::kVersion)));
    }
    void unknownKeys() {
        for (const auto& [key, value] : m_document.object.items())
            if (!m_known.contains(key))
                m_document.problems.push_back(
                    Error{"settings.unknown_key", key.substr(0, 80) + " is not known and kept"}.with(
                        "key", key.substr(0, 80)));
    }

private:
    void whole(const char* key, std::size_t least, std::size_t max, bool zeroToo, std::size_t& out) {
        const ordered_json* value = find(key);
        if (!value)
            return;
        if (!value->is_number_integer())
            return wrongType(key, "a whole number");
        const bool negative = !value->is_number_unsigned() && value->get<std::int64_t>() < 0;
        const auto got = negative ? 0 : value->get<std::uint64_t>();
        if (negative || got > max || (got < least && !(got == 0 && zeroToo)))
            return outOfRange(key, value->dump(), std::to_string(least), std::to_string(max));
        out = got;
    }
    const ordered_json* find(const char* key) {
        m_known.insert(key);
        const auto it = m_document.object.find(key);
        return it == m_document.object.end() ? nullptr : &*it;
    }
    void bad(const char* key, Error error) {
        m_document.problems.push_back(std::move(error));
        m_document.badKeys.insert(key);
        m_document.damaged = true;
    }
    void wrongType(const char* key, const char* wanted) {
        bad(key, Error{"settings.wrong_type", std::string(key) + " is not " + wanted}.with("key", key));
    }
    void outOfRange(const char* key, const std::string& value, const std::string& min,
                    const std::string& max) {
        bad(key, Error{"settings.out_of_range", std::string(key) + " = " + value}
                     .with("key", key)
                     .with("value", value)
                     .with("min", min)
                     .with("max", max));
    }

    SettingsDocument& m_document;
    std::set<std::string> m_known;
};

void readServer(Reader& reader, ServerSettings& out) {
    using S = ServerSettings;
    reader.text("serverAddress", out.address);
    reader.size("serverPort", 1, S::kMaxPort, out.port);
    reader.flag("serverKeyRequired", out.keyRequired);
    reader.flag("serverAllowNetwork", out.allowNetwork);
    reader.texts("serverAllowedHosts", S::kMaxNames, out.allowedHosts);
    reader.texts("serverAllowedOrigins", S::kMaxNames, out.allowedOrigins);
    reader.path("serverCertificate", out.certificate);
    reader.path("serverPrivateKey", out.privateKey);
    reader.size("serverSequences", 1, S::kMaxSequences, out.sequences);
    reader.count("serverContext", Settings::kMinContext, Settings::kMaxContext, out.contextTokens);
    reader.size("serverMaxBodyKiB", S::kMinBodyKiB, S::kMaxBodyKiB, out.maxBodyKiB);
    reader.size("serverMaxConnections", 1, S::kMaxConnections, out.maxConnections);
    reader.size("serverHeaderSeconds", 1, S::kMaxSeconds, out.headerSeconds);
    reader.size("serverBodySeconds", 1, S::kMaxSeconds, out.bodySeconds);
    reader.size("serverIdleSeconds", 1, S::kMaxSeconds, out.idleSeconds);
    reader.flag("serverLogRequests", out.logRequests);
}

void writeServer(const ServerSettings& server, ordered_json& out) {
    out["serverAddress"] = server.address;
    out["serverPort"] = server.port;
    out["serverKeyRequired"] = server.keyRequired;
    out["serverAllowNetwork"] = server.allowNetwork;
    out["serverAllowedHosts"] = server.allowedHosts;
    out["serverAllowedOrigins"] = server.allowedOrigins;
    out["serverCertificate"] = pathToJson(server.certificate);
    out["serverPrivateKey"] = pathToJson(server.privateKey);
    out["serverSequences"] = server.sequences;
    out["serverContext"] = server.contextTokens;
    out["serverMaxBodyKiB"] = server.maxBodyKiB;
    out["serverMaxConnections"] = server.maxConnections;
    out["serverHeaderSeconds"] = server.headerSeconds;
    out["serverBodySeconds"] = server.bodySeconds;
    out["serverIdleSeconds"] = server.idleSeconds;
    out["serverLogRequests"] = server.logRequests;
}

ServerSettings withinRanges(ServerSettings server) {
    using S = ServerSettings;
    server.port = std::clamp<std::size_t>(server.port, 1, S::kMaxPort);
    server.sequences = std::clamp<std::size_t>(server.sequences, 1, S::kMaxSequences);
    if (server.contextTokens != 0)
        server.contextTokens = std::clamp(server.contextTokens, Settings::kMinContext, Settings::kMaxContext);
    server.maxBodyKiB = std::clamp(server.maxBodyKiB, S::kMinBodyKiB, S::kMaxBodyKiB);
    server.maxConnections = std::clamp<std::size_t>(server.maxConnections, 1, S::kMaxConnections);
    for (auto* seconds : {&server.headerSeconds, &server.bodySeconds, &server.idleSeconds})
        *seconds = std::clamp<std::size_t>(*seconds, 1, S::kMaxSeconds);
    for (auto* names : {&server.allowedHosts, &server.allowedOrigins})
        if (names->size() > S::kMaxNames)
            names->resize(S::kMaxNames);
    return server;
}

/// The bytes as JSON; problems of the whole file end the reading.
bool parse(std::string_view bytes, SettingsDocument& document) {
    const auto refuse = [&](const char* code, std::string detail, std::optional<std::uint64_t> offset = {}) {
        document.problems.push_back({code, std::move(detail), offset});
        document.damaged = true;
        return false;
    };
    if (bytes.empty())
        return refuse("settings.empty", "the file is empty (0 bytes)");
    if (std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == '\0'; }))
        return refuse("settings.zero_filled", "the file holds nothing but zeros");
    if (bytes.starts_with("\xEF\xBB\xBF")) {
        document.problems.push_back({"settings.byte_order_mark", "a byte order mark was skipped"});
        bytes.remove_prefix(3);
    }
    if (const auto nul = bytes.find('\0'); nul != std::string_view::npos || !isUtf8(bytes))
        return refuse("settings.binary", "the file is not UTF-8 text");

    std::set<std::string> seen;
    bool tooDeep = false;
    const auto filter = [&](int depth, ordered_json::parse_event_t event, ordered_json& parsed) {
        tooDeep |= depth > kMaxDepth;
        if (depth > kMaxDepth)
            return false;
        if (event == ordered_json::parse_event_t::key && depth == 1 &&
            !seen.insert(parsed.get<std::string>()).second) {
            document.problems.push_back(
                Error{"settings.duplicate_key", parsed.get<std::string>().substr(0, 80) + " occurs twice"}
                    .with("key", parsed.get<std::string>().substr(0, 80)));
            document.damaged = true;
            return false;
        }
        return true;
    };
    ordered_json value;
    try {
        value = ordered_json::parse(bytes.begin(), bytes.end(), filter);
    } catch (const ordered_json::parse_error& error) {
        const bool atEnd = error.byte > bytes.size();
        return refuse(atEnd ? "settings.truncated" : "settings.bad_json", error.what(),
                      error.byte > 0 ? error.byte - 1 : 0);
    } catch (const std::exception& error) { // a number beyond double
        return refuse("settings.bad_json", error.what());
    }
    if (tooDeep)
        return refuse("settings.too_deep", "nested deeper than " + std::to_string(kMaxDepth));
    if (!value.is_object())
        return refuse("settings.not_object", "the file is not one object");
    document.object = std::move(value);
    return true;
}

} // namespace

std::string_view codeOf(Language language) {
    return nameOf(kLanguages, language);
}
std::string_view codeOf(Theme theme) {
    return nameOf(kThemes, theme);
}

SettingsDocument readSettings(std::string_view bytes) {
    SettingsDocument document;
    if (!parse(bytes, document))
        return document;
    Settings& out = document.settings;
    Reader reader(document);
    reader.version();
    reader.choice("language", kLanguages, out.language);
    reader.choice("theme", kThemes, out.theme);
    reader.number("fontScale", Settings::kMinFontScale, Settings::kMaxFontScale, out.fontScale);
    reader.count("threads", 1, Settings::kMaxThreads, out.threads);
    reader.count("defaultContext", Settings::kMinContext, Settings::kMaxContext, out.defaultContext);
    reader.choice("kvType", kKvTypes, out.kvType);
    reader.choice("contextPolicy", kPolicies, out.contextPolicy);
    reader.flag("loadLastModelAtStart", out.loadLastModelAtStart);
    reader.count("lockAfterMinutes", 1, Settings::kMaxLockMinutes, out.lockAfterMinutes);
    reader.flag("lockWithSession", out.lockWithSession);
    reader.flag("notifications", out.notifications);
    reader.flag("offerProtection", out.offerProtection);
    reader.paths("modelFolders", kMaxFolders, out.modelFolders);
    reader.paths("recentModels", Settings::kMaxRecentModels, out.recentModels);
    reader.path("lastModel", out.lastModel);
    reader.bytes("windowGeometry", out.windowGeometry);
    reader.bytes("modelColumns", out.modelColumns);
    readServer(reader, out.server);
    reader.unknownKeys();
    return document;
}

ordered_json toJson(const Settings& settings) {
    const auto list = [](const std::vector<std::filesystem::path>& paths) {
        ordered_json out = ordered_json::array();
        for (const auto& path : paths)
            out.push_back(pathToJson(path));
        return out;
    };
    ordered_json out;
    out["language"] = nameOf(kLanguages, settings.language);
    out["theme"] = nameOf(kThemes, settings.theme);
    out["fontScale"] = settings.fontScale;
    out["threads"] = settings.threads;
    out["defaultContext"] = settings.defaultContext;
    out["kvType"] = nameOf(kKvTypes, settings.kvType);
    out["contextPolicy"] = nameOf(kPolicies, settings.contextPolicy);
    out["loadLastModelAtStart"] = settings.loadLastModelAtStart;
    out["lockAfterMinutes"] = settings.lockAfterMinutes;
    out["lockWithSession"] = settings.lockWithSession;
    out["notifications"] = settings.notifications;
    out["offerProtection"] = settings.offerProtection;
    out["modelFolders"] = list(settings.modelFolders);
    out["recentModels"] = list(settings.recentModels);
    out["lastModel"] = pathToJson(settings.lastModel);
    out["windowGeometry"] = toBase64(settings.windowGeometry);
    out["modelColumns"] = toBase64(settings.modelColumns);
    writeServer(settings.server, out);
    return out;
}

Settings withinRanges(Settings settings) {
    if (!std::isfinite(settings.fontScale))
        settings.fontScale = 1.0;
    settings.fontScale = std::clamp(settings.fontScale, Settings::kMinFontScale, Settings::kMaxFontScale);
    settings.threads = std::min(settings.threads, Settings::kMaxThreads);
    settings.lockAfterMinutes = std::min(settings.lockAfterMinutes, Settings::kMaxLockMinutes);
    if (settings.defaultContext != 0)
        settings.defaultContext =
            std::clamp(settings.defaultContext, Settings::kMinContext, Settings::kMaxContext);
    if (settings.recentModels.size() > Settings::kMaxRecentModels)
        settings.recentModels.resize(Settings::kMaxRecentModels);
    if (settings.modelFolders.size() > kMaxFolders)
        settings.modelFolders.resize(kMaxFolders);
    settings.server = withinRanges(std::move(settings.server));
    return settings;
}

void Settings::noteModelUsed(const std::filesystem::path& model) {
    std::erase(recentModels, model);
    recentModels.insert(recentModels.begin(), model);
    if (recentModels.size() > kMaxRecentModels)
        recentModels.resize(kMaxRecentModels);
    lastModel = model;
}

} // namespace hearth::workbench
