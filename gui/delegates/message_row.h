#pragma once

#include <optional>

#include <QWidget>

#include "engine/base/error.h"
#include "engine/store/history.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

class CodeHighlighter;

/// What a row needs to know beyond its message.
struct RowContext {
    bool streaming = false;     ///< this answer is being written now
    bool busy = false;          ///< some answer is: regenerate and edit have to wait
    std::optional<Error> error; ///< how the turn failed, with its numbers, as long as this run remembers
    QString waiting;            ///< shown while nothing has streamed yet ("Reading 40 %")
};

/// One message on screen; made for visible messages only. Lays itself out by hand, since the list needs its
/// height at once. GUI thread; borrows theme and highlighter.
class MessageRow : public QWidget {
    Q_OBJECT

public:
    [[nodiscard]] store::RowId messageId() const { return m_id; }
    virtual void setMessage(const store::Message& message, const RowContext& context) = 0;
    /// Height at `width`; laying out at this size follows.
    [[nodiscard]] virtual int heightFor(int width) = 0;
    virtual void beginEdit() {}
    /// Marks what was searched for (folded, see find_text.h) wherever it is shown, the `current`-th match
    /// stronger (−1 = none); an empty needle ends it. Stays in force when the message changes.
    virtual void setFind(const QString& needle, int current) = 0;
    /// Where a match stands in the row, after bringing it into sight within the row (long lines of code);
    /// empty when there is none.
    [[nodiscard]] virtual QRect showMatch(int match) = 0;
    /// Unfolds the reasoning and marks words in it; where the first of them stands in the row, empty when
    /// there is none.
    virtual QRect showThoughts(const QString&) { return {}; }
    /// Whether the row holds something a person would lose (an edit under way).
    [[nodiscard]] virtual bool isEditing() const { return false; }

Q_SIGNALS:
    void heightChanged();
    void regenerateAsked();
    void editAsked(); ///< of the user's message that this row belongs to
    void editSubmitted(const QString& text);
    void versionAsked(int step);
    void linkAsked(const QString& target);
    void errorActionAsked(const hearth::Error& error);

protected:
    MessageRow(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {}

    Theme& m_theme;
    store::RowId m_id = 0;
};

/// A row for the message's role.
[[nodiscard]] MessageRow* makeMessageRow(store::Role role, Theme& theme, CodeHighlighter& highlighter,
                                         QWidget* parent);

/// Height that a message will probably have, without making a row.
[[nodiscard]] int estimateHeight(const store::Message& message, const Theme& theme, int width);

} // namespace hearth::gui
