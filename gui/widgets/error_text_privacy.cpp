#include <QCoreApplication>

#include "gui/widgets/error_rows.h"

namespace hearth::gui {

namespace {

/// A class only because the translation tools take a sentence's context from the class around it.
struct Table {
    Q_DECLARE_TR_FUNCTIONS(hearth::gui::ErrorText)
public:
    static constexpr ErrorRow kRows[] = {
        {"privacy.bad_breach",
         {QT_TR_NOOP("This entry of the breach log cannot be kept"), QT_TR_NOOP("{detail}."),
          QT_TR_NOOP("Give it a title, a time that has passed, and texts of at most 64 KB.")}},
        {"privacy.no_such_breach",
         {QT_TR_NOOP("This entry of the breach log is not there"), QT_TR_NOOP("{detail}."),
          QT_TR_NOOP("Open the page again.")}},
        {"privacy.bad_epsilon",
         {QT_TR_NOOP("These privacy rules cannot be used"), QT_TR_NOOP("{detail}."),
          QT_TR_NOOP("Epsilon lies above 0 and is at most 10.")}},
        {"privacy.bad_retention",
         {QT_TR_NOOP("{value} days cannot be a rule"), QT_TR_NOOP("Things can be kept for 1 to 36500 days."),
          QT_TR_NOOP("Choose another number, or keep them without limit.")}},
        {"privacy.budget_spent",
         {QT_TR_NOOP("The privacy budget of this month is not enough"),
          QT_TR_NOOP("A week of figures costs ε {needed}, and ε {spent} of {budget} of its month are spent. "
                     "Every figure tells a little about everybody; no more are released, so that nobody can "
                     "be picked out. Nothing was spent."),
          QT_TR_NOOP("Weeks of the next month have a budget of their own. Figures that were released stay "
                     "visible.")}},
        {"privacy.closed_week",
         {QT_TR_NOOP("Counts of this week are gone"),
          QT_TR_NOOP("They were forgotten by the rule for how long counts stay."),
          QT_TR_NOOP("Release figures before the counts are forgotten.")}},
        {"privacy.week_not_over",
         {QT_TR_NOOP("This week is not over yet"),
          QT_TR_NOOP("Figures are released once, for a whole week from Monday to Sunday (UTC)."),
          QT_TR_NOOP("Look again next week.")}},
        {"privacy.not_optional",
         {QT_TR_NOOP("This cannot be refused"), QT_TR_NOOP("{detail}."),
          QT_TR_NOOP("Who does not want it can have their profile erased.")}},
        {"backup.no_chats",
         {QT_TR_NOOP("There are no chats to back up yet"),
          QT_TR_NOOP("The file of your chats is made when you open them for the first time."),
          QT_TR_NOOP("Open the chat page, then try again.")}},
        {"backup.not_ours",
         {QT_TR_NOOP("This is no backup of these chats"), QT_TR_NOOP("{path}"),
          QT_TR_NOOP("Choose one from the list.")}},
        {"import.bad_json",
         {QT_TR_NOOP("The file with chats is damaged"),
          QT_TR_NOOP("It is no complete JSON text (at byte {offset}). No chat was added."),
          QT_TR_NOOP("Export the chats again, or copy the file again from where it came.")}},
        {"import.not_ours",
         {QT_TR_NOOP("There are no chats of Hearth in this file"),
          QT_TR_NOOP("It is no export of chats. No chat was added."),
          QT_TR_NOOP("Choose a file that “Export” of a chat wrote as JSON or sealed.")}},
        {"import.newer_version",
         {QT_TR_NOOP("The file is of a newer Hearth"),
          QT_TR_NOOP("It has version {found}; this program reads up to version {known}. No chat was added."),
          QT_TR_NOOP("Install the newer version of Hearth.")}},
        {"import.too_deep",
         {QT_TR_NOOP("The file with chats is damaged"),
          QT_TR_NOOP("It is {detail}, which no export is. No chat was added."),
          QT_TR_NOOP("Export the chats again, or copy the file again from where it came.")}},
        {"import.bad_value",
         {QT_TR_NOOP("The file with chats is damaged"),
          QT_TR_NOOP("A value cannot be used ({detail}). No chat was added."),
          QT_TR_NOOP("Export the chats again, or put right what is named here.")}},
        {"import.too_large",
         {QT_TR_NOOP("The file is too large for chats"),
          QT_TR_NOOP("It has {found:bytes}; at most {most:bytes} are read."),
          QT_TR_NOOP("Choose a file that “Export” of a chat wrote.")}},
        {"store.nothing_salvaged",
         {QT_TR_NOOP("Nothing can be read from the damaged history"), QT_TR_NOOP("{detail}."),
          QT_TR_NOOP("Put a backup back, or begin anew; the damaged file stays where it is.")}},
    };
};

} // namespace

std::span<const ErrorRow> privacyErrors() {
    return Table::kRows;
}

} // namespace hearth::gui
