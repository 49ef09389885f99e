#include "gui/delegates/code_card.h"

#include <algorithm>
#include <cmath>

#include <QClipboard>
#include <QGuiApplication>
#include <QPainter>
#include <QScrollBar>
#include <QSyntaxHighlighter>
#include <QTextBlock>
#include <QTextEdit>

#include "gui/theme/theme.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

namespace {

constexpr int kColourDelayMs = 200; ///< while a block streams, its colours follow a few times a second
constexpr int kHeader = 28, kLine = 20, kPadX = 14, kPadY = 8; ///< px at scale 1
constexpr int kRise = 2; ///< the room that a line's height adds above its letters
constexpr int kCopiedMs = 1500;

ColourRole roleOf(CodeToken token) {
    switch (token) {
    case CodeToken::Comment:
        return ColourRole::Muted;
    case CodeToken::Keyword:
    case CodeToken::Preprocessor:
        return ColourRole::AccentText;
    case CodeToken::Type:
    case CodeToken::Variable:
        return ColourRole::CautionText;
    case CodeToken::String:
        return ColourRole::GoodText;
    case CodeToken::Number:
        return ColourRole::BadText;
    case CodeToken::Function:
    case CodeToken::Symbol:
        return ColourRole::Text;
    }
    return ColourRole::Text;
}

} // namespace

class CodeCard::View final : public QTextEdit {
public:
    using QTextEdit::QTextEdit;

protected:
    void wheelEvent(QWheelEvent* event) override {
        // Sideways belongs to long lines, up and down to the message list.
        if (std::abs(event->angleDelta().x()) > std::abs(event->angleDelta().y()) ||
            (event->modifiers() & Qt::ShiftModifier))
            QTextEdit::wheelEvent(event);
        else
            event->ignore();
    }
    void contextMenuEvent(QContextMenuEvent* event) override {
        if (textCursor().hasSelection())
            QTextEdit::contextMenuEvent(event);
        else
            event->ignore();
    }
};

/// Paints spans that the highlighter's thread found.
class CodeCard::Colours final : public QSyntaxHighlighter {
public:
    Colours(Theme& theme, QTextDocument* document) : QSyntaxHighlighter(document), m_theme(theme) {}

    void setLines(const CodeLines& lines) {
        const CodeLines before = std::exchange(m_lines, lines);
        for (QTextBlock block = document()->begin(); block.isValid(); block = block.next()) {
            const auto at = static_cast<std::size_t>(block.blockNumber());
            if (at >= m_lines.size())
                break;
            if (at >= before.size() || before[at] != m_lines[at])
                rehighlightBlock(block);
        }
    }
    void forget() { m_lines.clear(); }

protected:
    void highlightBlock(const QString& text) override {
        const auto at = static_cast<std::size_t>(currentBlock().blockNumber());
        if (at >= m_lines.size())
            return;
        for (const CodeSpan& span : m_lines[at]) {
            if (span.start + span.length > text.size())
                continue;
            QTextCharFormat format;
            format.setForeground(m_theme.colour(roleOf(span.token)));
            if (span.token == CodeToken::Comment)
                format.setFontItalic(true);
            else if (span.token == CodeToken::Function)
                format.setFontWeight(QFont::DemiBold);
            setFormat(span.start, span.length, format);
        }
    }

private:
    Theme& m_theme;
    CodeLines m_lines;
};

CodeCard::CodeCard(Theme& theme, CodeHighlighter& highlighter, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_highlighter(highlighter),
      m_label(new TextLabel(theme, TextRole::Small, ColourRole::MutedStrong, {}, this)),
      m_copy(new Button(theme, ButtonKind::Ghost, {}, this)), m_view(new View(this)),
      m_colours(new Colours(theme, m_view->document())) {
    m_view->setProperty("kind", QStringLiteral("bare"));
    m_view->setReadOnly(true);
    m_view->setUndoRedoEnabled(false);
    m_view->setAcceptRichText(false);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setLineWrapMode(QTextEdit::NoWrap);
    m_view->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_view->setTabChangesFocus(true);
    m_view->viewport()->setAutoFillBackground(false);
    m_view->document()->setDocumentMargin(0);
    m_delay.setSingleShot(true);
    m_delay.setInterval(kColourDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &CodeCard::requestColours);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_code);
        m_copy->setText(tr("Copied"));
        QTimer::singleShot(kCopiedMs, this, &CodeCard::retranslate);
    });
    connect(&theme, &Theme::changed, this, &CodeCard::retheme);
    retheme();
    retranslate();
}

CodeCard::~CodeCard() = default;

void CodeCard::retheme() {
    m_view->setFont(m_theme.font(TextRole::Code));
    QTextCursor all(m_view->document());
    all.select(QTextCursor::Document);
    all.setCharFormat(textFormat());
    m_view->setTabStopDistance(4 * QFontMetricsF(m_view->font()).horizontalAdvance(QLatin1Char(' ')));
    m_colours->rehighlight();
    updateGeometry();
    update();
}

QTextCharFormat CodeCard::textFormat() const {
    QTextCharFormat format;
    format.setFont(m_theme.font(TextRole::Code));
    format.setForeground(m_theme.colour(ColourRole::Text));
    return format;
}

void CodeCard::retranslate() {
    m_label->setText(m_language.isEmpty() ? tr("code") : m_language);
    m_copy->setText(tr("Copy"));
    m_copy->setAccessibleName(tr("Copy this code"));
    m_view->setAccessibleName(tr("Code, %1").arg(m_label->text()));
    resizeEvent(nullptr);
}

void CodeCard::setCode(const QString& language, const QString& code) {
    if (language != m_language) {
        m_language = language;
        m_colours->forget();
        retranslate();
    } else if (code == m_code) {
        return;
    }
    const bool grows = !m_code.isEmpty() && code.startsWith(m_code);
    if (!grows)
        m_view->clear();
    QTextCursor end(m_view->document());
    end.movePosition(QTextCursor::End);
    if (!grows) { // later lines take over the first one's format
        QTextBlockFormat line;
        line.setLineHeight(m_theme.px(kLine), QTextBlockFormat::MinimumHeight);
        end.setBlockFormat(line);
    }
    end.insertText(grows ? code.mid(m_code.size()) : code, textFormat());
    m_code = code;
    if (!m_delay.isActive())
        m_delay.start();
}

void CodeCard::requestColours() {
    m_highlighter.highlight(m_language, m_code, this,
                            [this](const CodeLines& lines) { m_colours->setLines(lines); });
}

QTextEdit& CodeCard::edit() {
    return *m_view;
}

void CodeCard::showSideways(const QRect& place) {
    QScrollBar* bar = m_view->horizontalScrollBar();
    const int room = m_view->viewport()->width();
    if (place.left() < 0 || place.right() > room)
        bar->setValue(bar->value() + place.center().x() - room / 2);
}

int CodeCard::headerHeight() const {
    return m_theme.px(kHeader);
}

int CodeCard::heightFor(int width) {
    const QSizeF text = m_view->document()->size();
    // Room for the sideways bar only where a line needs it.
    const bool wide = text.width() > width - 2 * m_theme.px(kPadX);
    const int bar = wide ? m_view->horizontalScrollBar()->sizeHint().height() : 0;
    return headerHeight() + static_cast<int>(std::ceil(text.height())) + 2 * m_theme.px(kPadY) + bar;
}

void CodeCard::resizeEvent(QResizeEvent*) {
    const int padX = m_theme.px(kPadX), padY = m_theme.px(kPadY), header = headerHeight();
    const QSize copy = m_copy->sizeHint();
    const int copyHeight = std::min(copy.height(), header - 2);
    m_copy->setGeometry(width() - copy.width() - m_theme.space(1), (header - copyHeight) / 2 + 1,
                        copy.width(), copyHeight);
    m_label->setGeometry(padX - 1, 0, width() - copy.width() - 2 * padX, header);
    m_view->setGeometry(padX, header + padY - m_theme.px(kRise), width() - 2 * padX,
                        height() - header - padY + m_theme.px(kRise) - 2);
}

void CodeCard::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int radius = m_theme.radius(Radius::Button);
    painter.setPen(m_theme.colour(ColourRole::Border));
    painter.setBrush(m_theme.colour(ColourRole::CodeBackground));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    painter.fillRect(QRect(1, headerHeight(), width() - 2, 1), m_theme.colour(ColourRole::Border));
}

void CodeCard::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace hearth::gui
