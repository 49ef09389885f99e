#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include <QAbstractScrollArea>

#include "gui/delegates/message_row.h"

namespace hearth::gui {

class CodeHighlighter;
class IconButton;
class MessageListModel;

/// The messages of a conversation in a reading column. Widgets exist only for the messages on screen; the
/// rest are heights, estimated until seen. What the person looks at stays where it is while older messages
/// are read in or a height turns out different; at the end the view follows what streams, until the person
/// scrolls up.
///
/// GUI thread; borrows model, theme and highlighter.
class ChatMessageView : public QAbstractScrollArea {
    Q_OBJECT

public:
    ChatMessageView(Theme& theme, CodeHighlighter& highlighter, MessageListModel& model,
                    QWidget* parent = nullptr);
    ~ChatMessageView() override;

    /// Asked for every row that is shown; the page knows what streams and what failed.
    void setContext(std::function<RowContext(const store::Message&)> context);
    /// The contexts may be different now.
    void refreshRows();

    void scrollToEnd(); ///< and follow from now on
    /// Marks the words that were searched for (folded, see find_text.h) in every row; the current match is
    /// the match'th one of `message` (0 = none). An empty needle ends it.
    void setFind(const QString& needle, store::RowId message, int match);
    /// Brings the current match into sight if its row is in the model.
    void showCurrentMatch();
    /// Brings a message to the upper edge, if its row is in the model.
    void showMessage(store::RowId message);
    /// The same, with its reasoning unfolded and words marked in it.
    void showThoughts(store::RowId message, const QString& needle);
    /// The first row in sight.
    [[nodiscard]] int topRow() const { return m_anchorRow; }
    [[nodiscard]] bool isFollowing() const { return m_follow; }
    /// Starts editing the user's message that comes before `message` (or is it).
    void editBefore(store::RowId message);

    /// Number of row widgets alive; tests keep it small.
    [[nodiscard]] std::size_t liveRows() const { return m_widgets.size(); }
    [[nodiscard]] MessageRow* rowWidget(store::RowId message) const;

Q_SIGNALS:
    void regenerateAsked(qint64 message);
    void editSubmitted(qint64 message, const QString& text);
    void versionAsked(qint64 message, int step);
    void linkAsked(const QString& target);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void changeEvent(QEvent* event) override;

private:
    struct Row {
        int height = 0;
        bool measured = false;
    };
    void resetRows();
    void estimateAll();
    void arrange();
    void scheduleArrange();
    void rememberAnchor();
    void ensureWidget(int row);
    void fill(MessageRow* widget, int row);
    void dropWidget(store::RowId message);
    [[nodiscard]] int columnWidth() const;
    [[nodiscard]] int totalHeight() const;
    void markRow(MessageRow* widget);
    void placeJump();
    void retranslate();
    void showFocused(QWidget* widget);

    Theme& m_theme;
    CodeHighlighter& m_highlighter;
    MessageListModel& m_model;
    std::function<RowContext(const store::Message&)> m_context;
    std::vector<Row> m_rows;
    std::vector<int> m_tops; ///< one more than rows; content coordinates
    std::unordered_map<store::RowId, MessageRow*> m_widgets;
    IconButton* m_jump;
    int m_anchorRow = 0, m_anchorOffset = 0; ///< the row at the top edge, and how far it is scrolled out
    int m_width = 0;
    struct Find {
        QString needle;
        store::RowId message = 0;
        int match = -1;
    };
    Find m_find;
    bool m_follow = true, m_arranging = false, m_scheduled = false;
};

} // namespace hearth::gui
