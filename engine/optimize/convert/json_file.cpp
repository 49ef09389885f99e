#include "engine/optimize/convert/json_file.h"

#include <cmath>
#include <unordered_set>

#include "engine/base/mapped_file.h"

namespace hearth::optimize {

namespace {

constexpr int kMaxDepth = 64;

/// Thrown inside of the parser's callback, caught at its border.
struct Stop {
    const char* reason;
    std::string detail;
};

/// Refuses keys that an object has twice, and depth.
class Watcher {
public:
    bool operator()(int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
        using Event = nlohmann::json::parse_event_t;
        if (depth > kMaxDepth)
            throw Stop{"too_deep", "more than " + std::to_string(kMaxDepth) + " levels"};
        if (event == Event::object_start)
            m_keys.emplace_back();
        else if (event == Event::object_end)
            m_keys.pop_back();
        else if (event == Event::key && !m_keys.back().insert(parsed.get<std::string>()).second)
            throw Stop{"duplicate_key", "\"" + parsed.get<std::string>().substr(0, 64) + "\" is there twice"};
        return true;
    }

private:
    std::vector<std::unordered_set<std::string>> m_keys;
};

} // namespace

Result<nlohmann::json> parseJson(std::string_view text, std::string_view prefix, std::size_t limit) {
    const auto refused = [&](const char* reason, std::string detail, std::optional<std::uint64_t> at = {}) {
        return tl::unexpected<Error>(Error{std::string(prefix) + "." + reason, std::move(detail), at});
    };
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return refused("empty", "the file holds nothing");
    if (text.size() > limit)
        return refused("too_large", std::to_string(text.size()) + " bytes of JSON");
    if (text.starts_with("\xEF\xBB\xBF"))
        return refused("bom", "the file begins with a byte order mark, which JSON forbids", 0);
    try {
        Watcher watcher;
        return nlohmann::json::parse(text.begin(), text.end(), std::ref(watcher));
    } catch (const Stop& stop) {
        return refused(stop.reason, stop.detail);
    } catch (const nlohmann::json::parse_error& error) {
        const bool utf8 = std::string_view(error.what()).find("UTF-8") != std::string_view::npos;
        return refused(utf8 ? "bad_utf8" : "bad_json", error.what(), error.byte);
    } catch (const nlohmann::json::exception& error) {
        return refused("bad_json", error.what());
    }
}

Result<nlohmann::json> readJsonFile(const std::filesystem::path& path, std::string_view prefix) {
    auto map = MappedFile::open(path);
    if (!map && map.error().code == "file.empty")
        return parseJson({}, prefix);
    if (!map)
        return tl::unexpected(std::move(map).error());
    const auto bytes = map->bytes();
    auto parsed = parseJson({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, prefix);
    if (!parsed) {
        Error error = std::move(parsed).error();
        error.detail = path.filename().string() + ": " + error.detail;
        return tl::unexpected(std::move(error).with("file", path.filename().string()));
    }
    return parsed;
}

const nlohmann::json* ConfigObject::value(const char* key) const {
    if (!m_object->is_object())
        return nullptr;
    const auto it = m_object->find(key);
    return it == m_object->end() || it->is_null() ? nullptr : &*it;
}

tl::unexpected<Error> ConfigObject::bad(const char* key, const std::string& why) const {
    return tl::unexpected<Error>(
        Error{"convert.bad_config", m_file + ": " + key + " " + why}.with("file", m_file).with("key", key));
}

Result<std::uint32_t> ConfigObject::size(const char* key) const {
    const auto* found = value(key);
    if (!found)
        return bad(key, "is missing");
    if (!found->is_number_unsigned() || found->get<std::uint64_t>() == 0 ||
        found->get<std::uint64_t>() > (1U << 31))
        return bad(key, "is no positive integer");
    return found->get<std::uint32_t>();
}

Result<std::uint32_t> ConfigObject::sizeOr(const char* key, std::uint32_t fallback) const {
    return has(key) ? size(key) : Result<std::uint32_t>(fallback);
}

Result<float> ConfigObject::realOr(const char* key, float fallback) const {
    const auto* found = value(key);
    if (!found)
        return fallback;
    if (!found->is_number() || !std::isfinite(found->get<double>()))
        return bad(key, "is no number");
    return static_cast<float>(found->get<double>());
}

Result<std::string> ConfigObject::textOr(const char* key, std::string fallback) const {
    const auto* found = value(key);
    if (!found)
        return fallback;
    if (!found->is_string())
        return bad(key, "is no text");
    return found->get<std::string>();
}

Result<bool> ConfigObject::flagOr(const char* key, bool fallback) const {
    const auto* found = value(key);
    if (!found)
        return fallback;
    if (!found->is_boolean())
        return bad(key, "is neither true nor false");
    return found->get<bool>();
}

Result<std::vector<float>> ConfigObject::reals(const char* key) const {
    std::vector<float> out;
    const auto* found = value(key);
    if (!found)
        return out;
    if (!found->is_array())
        return bad(key, "is no list");
    for (const auto& item : *found) {
        if (!item.is_number() || !std::isfinite(item.get<double>()))
            return bad(key, "holds something that is no number");
        out.push_back(static_cast<float>(item.get<double>()));
    }
    return out;
}

} // namespace hearth::optimize
