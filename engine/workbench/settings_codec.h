#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/workbench/settings.h"

namespace hearth::workbench {

/// A settings file's content as understood.
struct SettingsDocument {
    nlohmann::ordered_json object =
        nlohmann::ordered_json::object(); ///< everything that could be read, unknown keys too
    Settings settings;
    std::vector<Error> problems;
    std::set<std::string> badKeys; ///< known keys whose value is not usable
    std::int64_t version = 0;      ///< 0 = none
    /// Whether overwriting the file would lose something that a person may want back.
    bool damaged = false;
};

/// Never fails: what cannot be used is named in `problems`.
[[nodiscard]] SettingsDocument readSettings(std::string_view bytes);
/// The known keys, without the version.
[[nodiscard]] nlohmann::ordered_json toJson(const Settings& settings);
/// `settings` with every value inside its range.
[[nodiscard]] Settings withinRanges(Settings settings);

} // namespace hearth::workbench
