#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/kernels/compute.h"
#include "engine/runtime/session.h"
#include "engine/workbench/server_settings.h"

namespace hearth::workbench {

enum class Language { System, English, SimplifiedChinese };
enum class Theme { System, Light, Dark };

/// "system", "en", "zh_CN".
[[nodiscard]] std::string_view codeOf(Language language);
/// "system", "light", "dark".
[[nodiscard]] std::string_view codeOf(Theme theme);

/// What the person chose for the whole program. Every field always holds a usable value.
struct Settings {
    static constexpr double kMinFontScale = 0.8, kMaxFontScale = 1.6;
    static constexpr std::size_t kMaxThreads = 1024;
    static constexpr std::size_t kMinContext = 128, kMaxContext = std::size_t{1} << 24;
    static constexpr std::size_t kMaxRecentModels = 20;
    static constexpr std::size_t kMaxLockMinutes = 24 * 60;

    Language language = Language::System;
    Theme theme = Theme::System;
    double fontScale = 1.0;         ///< kMinFontScale … kMaxFontScale
    std::size_t threads = 0;        ///< 0 = one per usable core
    std::size_t defaultContext = 0; ///< tokens; 0 = the model's own, at most 8192
    kernels::KvType kvType = kernels::KvType::F16;
    runtime::ContextPolicy contextPolicy = runtime::ContextPolicy::Stop; ///< for new conversations
    bool loadLastModelAtStart = true;
    std::size_t lockAfterMinutes = 10; ///< without a touch, where somebody is signed in; 0 = never
    bool offerProtection = true;       ///< a chat without profiles says that it is not protected
    bool lockWithSession = true;       ///< when the desktop locks its screen or the machine goes to sleep
    bool notifications = true;         ///< the desktop is told what ended while the window was not in front
    std::vector<std::filesystem::path> modelFolders;
    std::vector<std::filesystem::path> recentModels; ///< newest first, each once
    std::filesystem::path lastModel;                 ///< empty = none
    std::string windowGeometry; ///< opaque bytes of the window toolkit; it checks them against the screens
    std::string modelColumns;   ///< chosen for the list of models; empty = as many as there is room for
    ServerSettings server;

    /// Puts `model` in front of recentModels (at most kMaxRecentModels) and makes it lastModel.
    void noteModelUsed(const std::filesystem::path& model);

    [[nodiscard]] bool operator==(const Settings&) const = default;
};

/// The settings as a JSON file of one object with a "version". Confined to one thread.
///
/// Nothing that the person had is lost: keys that this version does not know survive a save; values that were
/// changed in the file meanwhile (by another running copy, or by hand) survive where this copy did not change
/// them; a file that has anything wrong with it is copied beside itself (settings.json.bad-<UTC time>) before
/// it is overwritten, and when that copy cannot be made save() refuses.
class SettingsFile {
public:
    static constexpr std::int64_t kVersion = 1;

    struct Loaded {
        Settings settings;
        /// What was wrong, in file order; empty when nothing was. Affected fields have their default. Codes:
        /// settings.unreadable, settings.not_regular, settings.empty, settings.zero_filled, settings.binary,
        /// settings.byte_order_mark (ignored), settings.too_large, settings.too_deep, settings.truncated and
        /// settings.bad_json (with the offset), settings.not_object, settings.newer_version,
        /// settings.bad_version, and per key (arg key): settings.unknown_key (kept), settings.duplicate_key
        /// (the first one counts), settings.wrong_type, settings.out_of_range (args value, min, max),
        /// settings.unknown_value (args value, allowed).
        std::vector<Error> problems;
    };

    explicit SettingsFile(std::filesystem::path file);
    ~SettingsFile();
    SettingsFile(SettingsFile&&) noexcept;
    SettingsFile& operator=(SettingsFile&&) noexcept;

    /// Reads the file. A missing file is no problem: everything has its default.
    [[nodiscard]] Loaded load();
    /// Writes what differs from the last load() or save(). Values outside their ranges are brought into them.
    /// Errors: settings.copy_failed, settings.locked (another copy is writing), file.*.
    [[nodiscard]] Result<void> save(const Settings& settings);
    /// The copy of a bad file that the last save() made.
    [[nodiscard]] std::optional<std::filesystem::path> keptCopy() const;
    [[nodiscard]] const std::filesystem::path& path() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace hearth::workbench
