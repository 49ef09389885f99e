#include "engine/security/privacy/retention.h"

#include <algorithm>
#include <set>
#include <utility>

namespace hearth::security {

namespace {

constexpr std::int64_t kDayMs = 86'400'000;

Result<std::vector<KeptItem>> chatsOf(store::History& history, Kept kept) {
    const bool trash = kept == Kept::Trash;
    HEARTH_TRY(const auto all, history.conversations(trash, "", 0, std::size_t{1} << 30));
    std::vector<KeptItem> out;
    for (const store::Conversation& each : all)
        if (!trash || each.trashedMs)
            out.push_back({std::to_string(each.id), each.title, trash ? *each.trashedMs : each.updatedMs});
    return out;
}

} // namespace

std::uint64_t KeptPreview::bytes() const {
    std::uint64_t sum = 0;
    for (const KeptItem& each : items)
        sum += each.bytes;
    return sum;
}

Result<KeptPreview> previewOf(Kept kept, int days, std::vector<KeptItem> all, std::int64_t nowMs) {
    HEARTH_CHECK(checkDays(days));
    KeptPreview out{kept, days, {}};
    for (const KeptItem& each : all)
        if (each.fate == KeptItem::Fate::ByAge && each.timeMs > nowMs + kDayMs) {
            ++out.ahead;
            out.newestMs = std::max(out.newestMs, each.timeMs);
        }
    std::erase_if(all, [limit = nowMs - std::int64_t{days} * kDayMs](const KeptItem& each) {
        return each.fate == KeptItem::Fate::Stays ||
               (each.fate == KeptItem::Fate::ByAge && each.timeMs >= limit);
    });
    std::stable_sort(all.begin(), all.end(),
                     [](const KeptItem& a, const KeptItem& b) { return a.timeMs < b.timeMs; });
    out.items = std::move(all);
    return out;
}

std::vector<KeptItem> stillDue(const KeptPreview& shown, const KeptPreview& now) {
    std::set<std::string> named;
    for (const KeptItem& each : shown.items)
        named.insert(each.id);
    auto out = now.items;
    std::erase_if(out, [&named](const KeptItem& each) { return !named.contains(each.id); });
    return out;
}

Result<KeptPreview> previewChats(store::History& history, Kept kept, int days, std::int64_t nowMs) {
    HEARTH_TRY(auto all, chatsOf(history, kept));
    return previewOf(kept, days, std::move(all), nowMs);
}

Result<std::size_t> applyToChats(store::History& history, const KeptPreview& shown, std::int64_t nowMs) {
    std::size_t count = 0;
    const auto work = [&]() -> Result<void> {
        HEARTH_TRY(const KeptPreview now, previewChats(history, shown.kept, shown.days, nowMs));
        const auto due = stillDue(shown, now);
        for (const KeptItem& each : due)
            HEARTH_CHECK(history.purge(std::stoll(each.id)));
        count = due.size();
        return {};
    };
    HEARTH_CHECK(history.transaction(work));
    return count;
}

} // namespace hearth::security
