#include "gui/delegates/user_row.h"

#include <algorithm>

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMenu>
#include <QPainter>
#include <QPainterPath>

#include "gui/delegates/chat_edit.h"
#include "gui/delegates/find_text.h"
#include "gui/delegates/rich_text.h"
#include "gui/delegates/version_switcher.h"
#include "gui/widgets/buttons.h"

namespace hearth::gui {

namespace {

constexpr double kWidest = 0.71;                    ///< of the column: a bubble never looks like an answer
constexpr int kPadX = 15, kPadY = 10, kFooter = 28; ///< px at scale 1
constexpr int kRise = 2; ///< the room that the first line's height adds above its letters

/// Paints itself only while the pointer is on the message or the keyboard on the button, so that the page
/// stays calm and the tab order whole.
class QuietButton final : public IconButton {
public:
    QuietButton(Theme& theme, const QString& icon, QWidget* parent)
        : IconButton(theme, icon, {}, ButtonKind::Ghost, parent) {
        setIconColour(ColourRole::Muted);
    }

protected:
    void paintEvent(QPaintEvent* event) override {
        if (hasFocus() || parentWidget()->underMouse())
            IconButton::paintEvent(event);
    }
};

} // namespace

UserRow::UserRow(Theme& theme, QWidget* parent)
    : MessageRow(theme, parent), m_text(new RichText(theme, this)),
      m_copy(new QuietButton(theme, QStringLiteral("copy"), this)),
      m_edit(new QuietButton(theme, QStringLiteral("edit"), this)),
      m_versions(new VersionSwitcher(theme, this)) {
    connect(m_text, &RichText::linkAsked, this, &MessageRow::linkAsked);
    connect(m_versions, &VersionSwitcher::stepAsked, this, &MessageRow::versionAsked);
    connect(m_copy, &QToolButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(QString::fromStdString(m_message.content)); });
    connect(m_edit, &QToolButton::clicked, this, &UserRow::beginEdit);
    connect(&theme, &Theme::changed, this, &UserRow::showText);
    retranslate();
    showActions();
}

void UserRow::retranslate() {
    m_copy->setName(tr("Copy message"));
    m_edit->setName(tr("Edit message"));
    m_text->setAccessibleName(tr("Your message"));
    setAccessibleName(tr("Your message"));
    if (m_save) {
        m_save->setText(tr("Send"));
        m_cancel->setText(tr("Cancel"));
    }
}

void UserRow::setMessage(const store::Message& message, const RowContext& context) {
    m_id = message.id;
    const bool newText = message.content != m_message.content;
    m_message = message;
    if (newText)
        showText();
    m_context = context;
    m_edit->setEnabled(!context.busy);
    m_versions->setVersion(message.siblingIndex, message.siblingCount, !context.busy);
    if (m_save)
        m_save->setEnabled(!context.busy);
    layOut(width(), true);
    update();
}

void UserRow::showText() {
    m_text->setPlain(QString::fromStdString(m_message.content));
    if (!m_needle.isEmpty())
        markMatches(*m_text, m_theme, m_needle, m_currentMatch);
}

void UserRow::setFind(const QString& needle, int current) {
    if (needle == m_needle && current == m_currentMatch)
        return;
    m_needle = needle;
    m_currentMatch = current;
    markMatches(*m_text, m_theme, m_needle, m_currentMatch);
}

QRect UserRow::showMatch(int match) {
    if (m_editor) // the text under change is not the one that was searched
        return m_bubble;
    const QRect place = matchRect(*m_text, m_needle, match);
    return place.isEmpty() ? place : QRect(m_text->viewport()->mapTo(this, place.topLeft()), place.size());
}

void UserRow::beginEdit() {
    if (m_editor || m_context.busy)
        return;
    auto* editor = new ChatEdit(m_theme, this);
    m_editor = editor;
    m_editor->setAccessibleName(tr("Edit your message"));
    m_editor->setPlainText(QString::fromStdString(m_message.content));
    m_save = new Button(m_theme, ButtonKind::Primary, {}, this);
    m_cancel = new Button(m_theme, ButtonKind::Plain, {}, this);
    connect(m_save, &QPushButton::clicked, this, [this] { endEdit(true); });
    connect(m_cancel, &QPushButton::clicked, this, [this] { endEdit(false); });
    connect(editor, &ChatEdit::submitted, this, [this] { endEdit(true); });
    connect(editor, &ChatEdit::escaped, this, [this] { endEdit(false); });
    connect(m_editor, &QPlainTextEdit::textChanged, this, &MessageRow::heightChanged);
    retranslate();
    m_text->hide();
    showActions();
    for (QWidget* widget : std::initializer_list<QWidget*>{m_editor, m_save, m_cancel})
        widget->show();
    Q_EMIT heightChanged();
    layOut(width(), true);
    m_editor->moveCursor(QTextCursor::End);
    m_editor->setFocus();
    update();
}

void UserRow::endEdit(bool submit) {
    const QString text = m_editor->toPlainText();
    if (submit && (text.trimmed().isEmpty() || m_context.busy))
        return; // another answer began meanwhile: what was written stays
    for (QWidget* widget : std::initializer_list<QWidget*>{m_editor, m_save, m_cancel}) {
        widget->hide();
        widget->deleteLater();
    }
    m_editor = nullptr;
    m_save = m_cancel = nullptr;
    m_text->show();
    m_edit->setFocus();
    showActions();
    Q_EMIT heightChanged();
    layOut(width(), true);
    update();
    if (submit && text.toStdString() != m_message.content)
        Q_EMIT editSubmitted(text);
}

int UserRow::layOut(int width, bool place) {
    const int padX = m_theme.px(kPadX), padY = m_theme.px(kPadY);
    if (m_editor) {
        auto* editor = static_cast<ChatEdit*>(m_editor);
        const int buttons = m_theme.controlHeight(), gap = m_theme.space(2);
        const int text = editor->heightFor(width - 2 * padX, 3, 14);
        const int height = text + 2 * padY + buttons + gap;
        if (place) {
            m_bubble = QRect(0, 0, width, height);
            m_editor->setGeometry(padX, padY, width - 2 * padX, text);
            const int save = m_save->sizeHint().width(), cancel = m_cancel->sizeHint().width();
            const int top = padY + text + gap;
            m_save->setGeometry(width - padX - save, top, save, buttons);
            m_cancel->setGeometry(width - padX - save - gap - cancel, top, cancel, buttons);
        }
        return height;
    }
    const int widest = static_cast<int>(width * kWidest) - 2 * padX;
    const int text = m_text->idealWidth(widest);
    const int textHeight = m_text->heightFor(text);
    int height = textHeight + 2 * padY;
    const bool versions = m_message.siblingCount > 1;
    if (place) {
        m_bubble = QRect(width - text - 2 * padX, 0, text + 2 * padX, height);
        m_text->setGeometry(m_bubble.left() + padX, padY - m_theme.px(kRise), text, textHeight);
        const int size = m_theme.smallControlHeight();
        m_edit->setGeometry(m_bubble.left() - size - m_theme.space(1), padY / 2, size, size);
        m_copy->setGeometry(m_edit->x() - size, padY / 2, size, size);
        const QSize switcher = m_versions->sizeHint();
        m_versions->setGeometry(width - switcher.width(), height + m_theme.space(1) / 2, switcher.width(),
                                m_theme.px(kFooter));
    }
    return versions ? height + m_theme.px(kFooter) : height;
}

int UserRow::heightFor(int width) {
    return layOut(width, false);
}

void UserRow::resizeEvent(QResizeEvent*) {
    layOut(width(), true);
}

void UserRow::showActions() {
    for (IconButton* button : {m_copy, m_edit})
        button->setVisible(!m_editor);
    m_versions->setVisible(!m_editor && m_message.siblingCount > 1);
}

void UserRow::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal radius = m_theme.radius(Radius::Card), small = m_theme.radius(Radius::Small);
    QPainterPath path;
    const QRectF box(m_bubble);
    path.moveTo(box.left() + radius, box.top());
    path.arcTo(box.right() - 2 * radius, box.top(), 2 * radius, 2 * radius, 90, -90);
    path.arcTo(box.right() - 2 * small, box.bottom() - 2 * small, 2 * small, 2 * small, 0, -90);
    path.arcTo(box.left(), box.bottom() - 2 * radius, 2 * radius, 2 * radius, 270, -90);
    path.arcTo(box.left(), box.top(), 2 * radius, 2 * radius, 180, -90);
    painter.setPen(Qt::NoPen);
    painter.fillPath(path, m_theme.colour(m_editor ? ColourRole::Surface : ColourRole::AccentSoft));
    if (m_editor) {
        painter.setPen(m_theme.colour(ColourRole::Border));
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(path);
    }
}

void UserRow::enterEvent(QEnterEvent*) {
    update();
}

void UserRow::leaveEvent(QEvent*) {
    update();
}

void UserRow::contextMenuEvent(QContextMenuEvent* event) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Copy message"), m_copy, &QToolButton::click);
    menu->addAction(tr("Edit message"), this, &UserRow::beginEdit)->setEnabled(!m_context.busy);
    menu->popup(event->globalPos());
}

void UserRow::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace hearth::gui
