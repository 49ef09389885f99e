#include "gui/dialogs/shortcuts_dialog.h"

#include <QEvent>
#include <QGridLayout>
#include <QKeySequence>
#include <QVBoxLayout>

#include "gui/widgets/labels.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

ShortcutsDialog::ShortcutsDialog(Theme& theme, QWidget* parent)
    : QDialog(parent), m_theme(theme), m_layout(new QVBoxLayout(this)) {
    setAttribute(Qt::WA_DeleteOnClose);
    const int pad = theme.space(6);
    m_layout->setContentsMargins(pad, pad, pad, pad);
    connect(&theme, &Theme::changed, this, [this] { retranslate(); });
    retranslate();
}

void ShortcutsDialog::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QDialog::changeEvent(event);
}

void ShortcutsDialog::retranslate() {
    setWindowTitle(tr("Keyboard shortcuts"));
    delete m_list;
    m_list = new QWidget;
    auto* grid = new QGridLayout(m_list);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(m_theme.space(8));
    grid->setVerticalSpacing(m_theme.space(2));

    const auto native = [](const QKeySequence& keys) { return keys.toString(QKeySequence::NativeText); };
    struct Entry {
        QString keys, meaning;
    };
    struct Group {
        QString title;
        QList<Entry> entries;
    };
    const Group groups[] = {
        {tr("Writing"),
         {{native(Qt::Key_Return), tr("Send the message")},
          {native(Qt::SHIFT | Qt::Key_Return), tr("New line")},
          {native(Qt::Key_Escape), tr("Stop the answer")},
          {native(Qt::CTRL | Qt::Key_R), tr("Answer again (a further version)")}}},
        {tr("Chats"),
         {{native(QKeySequence::New), tr("New chat")},
          {native(QKeySequence::Find), tr("Find in this chat")},
          {native(Qt::Key_F3) + QStringLiteral(", ") + native(Qt::SHIFT | Qt::Key_F3),
           tr("Next match, match before")},
          {native(Qt::CTRL | Qt::SHIFT | Qt::Key_F), tr("Search all chats")},
          {native(Qt::Key_F2), tr("Rename the chosen chat")},
          {native(Qt::SHIFT | Qt::Key_Delete), tr("Move the chosen chat to the trash")}}},
        {tr("Program"),
         {{native(Qt::CTRL | Qt::Key_1), tr("Chat")},
          {native(Qt::CTRL | Qt::Key_2), tr("Models")},
          {native(Qt::CTRL | Qt::Key_3), tr("Discover")},
          {native(Qt::CTRL | Qt::Key_5), tr("Hardware")},
          {native(Qt::CTRL | Qt::Key_6), tr("People")},
          {native(Qt::CTRL | Qt::Key_7), tr("Audit log")},
          {native(Qt::CTRL | Qt::Key_8), tr("Privacy")},
          {native(Qt::CTRL | Qt::Key_Comma), tr("Settings")},
          {native(Qt::CTRL | Qt::Key_L), tr("Lock")},
          {native(Qt::Key_F1), tr("This overview")},
          {native(Qt::CTRL | Qt::Key_Q), tr("Quit; frees the model's memory")}}},
    };
    int row = 0;
    for (const Group& group : groups) {
        auto* title = new TextLabel(m_theme, TextRole::SmallStrong, ColourRole::Muted, group.title);
        title->setContentsMargins(0, row ? m_theme.space(3) : 0, 0, 0);
        grid->addWidget(title, row++, 0, 1, 2);
        for (const Entry& entry : group.entries) {
            grid->addWidget(new TextLabel(m_theme, TextRole::Body, ColourRole::Text, entry.meaning), row, 0);
            grid->addWidget(new Chip(m_theme, entry.keys), row++, 1, Qt::AlignRight);
        }
    }
    grid->setColumnStretch(0, 1);
    m_layout->addWidget(m_list);
    setMinimumWidth(m_theme.px(400));
    adjustSize();
}

} // namespace hearth::gui
