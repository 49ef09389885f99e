#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/security/privacy/compliance.h"
#include "engine/store/history.h"

namespace hearth::security {

/// One thing of a kind that a rule can delete. Opaque but for what is shown.
struct KeptItem {
    enum class Fate {
        ByAge,
        Stays, ///< whatever its age: the newest backup, the log that is written to
        Goes   ///< whatever its age: what a removal that was cut off left
    };
    std::string id;          ///< names it among those of its kind
    std::string name = {};   ///< a title, a file's name; may be empty
    std::int64_t timeMs = 0; ///< its age counts from here
    std::uint64_t bytes = 0; ///< 0 = not known
    Fate fate = Fate::ByAge;
};

/// What a rule would delete now.
struct KeptPreview {
    Kept kept = Kept::Trash;
    int days = 0;
    std::vector<KeptItem> items; ///< oldest first
    std::size_t ahead = 0;       ///< things dated more than a day after now, which it therefore spares
    std::int64_t newestMs = 0;   ///< of those

    [[nodiscard]] std::uint64_t bytes() const;
};

/// Of all things of a kind those that a rule lets go. What is dated after now counts as of now and stays: the
/// clock was ahead then or is behind now, and a thing that is taken for too young is not lost. Its date is
/// not mended, because a clock that is behind would make it too old. Errors: privacy.bad_retention (arg
/// value).
[[nodiscard]] Result<KeptPreview> previewOf(Kept kept, int days, std::vector<KeptItem> all,
                                            std::int64_t nowMs);
/// What was shown and may still go: nothing that was not shown, and nothing that the rule spares by now.
[[nodiscard]] std::vector<KeptItem> stillDue(const KeptPreview& shown, const KeptPreview& now);

/// For the kinds that are chats. Errors: as previewOf(), store.*, crypto.*.
[[nodiscard]] Result<KeptPreview> previewChats(store::History& history, Kept kept, int days,
                                               std::int64_t nowMs);
/// Purges what was shown, as far as the rule still lets it go: what was used or taken out of the trash since
/// stays, and what became too old since waits for the next time. In one transaction; returns how many
/// conversations went. Errors: as previewChats().
[[nodiscard]] Result<std::size_t> applyToChats(store::History& history, const KeptPreview& shown,
                                               std::int64_t nowMs);

} // namespace hearth::security
