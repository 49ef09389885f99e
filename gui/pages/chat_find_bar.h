#pragma once

#include "gui/pages/chat_search.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

class ChatMessageView;
class IconButton;
class NumberLabel;
class SearchField;

/// The bar above the messages that finds words in them: a field, "3 of 12", the match before and the next
/// one. Hidden until open(). Reads what is not in memory yet before it goes there. GUI thread; borrows the
/// rest.
class ChatFindBar : public Ground {
    Q_OBJECT

public:
    ChatFindBar(Theme& theme, HistoryBridge& history, MessageListModel& messages, ChatMessageView& view,
                QWidget* parent = nullptr);

    /// Shows the bar with the keyboard in its field; looks for `words` where they are not empty.
    void open(const QString& words = {});
    /// Shows the bar with these words at their first match at or behind a place in the branch, and leaves the
    /// keyboard where it is.
    void openAt(const QString& words, qint64 index);
    void close(); ///< takes the marks away; emits closed() when the bar was open
    void next();  ///< these two open a closed bar
    void previous();

Q_SIGNALS:
    void opened();
    void closed(bool hadKeyboard);
    void failed(const hearth::Error& error);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void retranslate();
    void showNumbers();
    void goThere();

    Theme& m_theme;
    MessageListModel& m_messages;
    ChatMessageView& m_view;
    ChatSearch m_search;
    SearchField* m_field;
    NumberLabel* m_numbers;
    IconButton *m_previous, *m_next, *m_close;
    bool m_going = false;          ///< the messages around the current match are being read
    std::optional<qint64> m_begin; ///< where the words that are set now are looked for first
};

} // namespace hearth::gui
