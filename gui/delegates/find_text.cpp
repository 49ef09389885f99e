#include "gui/delegates/find_text.h"

#include <QTextCursor>
#include <QTextDocument>
#include <QTextEdit>

#include "gui/delegates/markdown.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

namespace {

using markdown::Block;

/// The full-width forms of ASCII stand in one row of Unicode, in ASCII's order.
constexpr char16_t kFirstFullWidth = 0xFF01, kLastFullWidth = 0xFF5E, kFirstAscii = 0x21;
constexpr QChar kBetween =
    QChar::ParagraphSeparator; ///< no needle holds it: matches end at a paragraph's end

char16_t folded(char16_t unit) {
    if (unit < 0x80)
        return unit >= 'A' && unit <= 'Z' ? static_cast<char16_t>(unit + 32) : unit;
    if (unit >= kFirstFullWidth && unit <= kLastFullWidth)
        return folded(static_cast<char16_t>(unit - kFirstFullWidth + kFirstAscii));
    if (unit == QChar::Nbsp || unit == 0x3000)
        return ' ';
    return QChar(unit).toCaseFolded().unicode();
}

void append(QString& out, const markdown::Spans& spans) {
    for (const markdown::Span& span : spans)
        for (const QChar letter : span.text)
            if (letter != QChar(QChar::ObjectReplacementCharacter)) // as MarkdownRenderer leaves it out
                out += letter;
}

void append(QString& out, const Block& block) {
    if (block.kind == Block::Kind::Table) {
        for (const auto& row : block.rows)
            for (const auto& cell : row) {
                append(out, cell);
                out += kBetween;
            }
        return;
    }
    if (!block.marker.isEmpty())
        out += block.marker + QLatin1Char('\t');
    if (block.kind == Block::Kind::Rule)
        out += QChar(QChar::Nbsp); // as MarkdownRenderer draws it
    if (block.kind == Block::Kind::Code)
        out += block.code;
    else
        append(out, block.spans);
    out += kBetween;
}

QTextCursor cursorAt(const QTextEdit& edit, qsizetype place, qsizetype length) {
    QTextCursor cursor(edit.document());
    cursor.setPosition(static_cast<int>(place));
    cursor.setPosition(static_cast<int>(place + length), QTextCursor::KeepAnchor);
    return cursor;
}

/// Places in the raw text are positions in the document.
std::vector<qsizetype> matchesIn(const QTextEdit& edit, const QString& needle) {
    return needle.isEmpty() ? std::vector<qsizetype>()
                            : findAll(foldedForFind(edit.document()->toRawText()), needle);
}

} // namespace

QString foldedForFind(QStringView text) {
    QString out(text.size(), Qt::Uninitialized);
    auto* to = out.data();
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar unit = text[i];
        if (unit.isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate()) {
            const char32_t whole = QChar::toCaseFolded(QChar::surrogateToUcs4(unit, text[i + 1]));
            to[i] = QChar::requiresSurrogates(whole) ? QChar(QChar::highSurrogate(whole)) : unit;
            ++i;
            to[i] = QChar::requiresSurrogates(whole) ? QChar(QChar::lowSurrogate(whole)) : text[i];
        } else {
            to[i] = QChar(folded(unit.unicode()));
        }
    }
    return out;
}

QString findNeedle(const QString& typed) {
    QString out = foldedForFind(typed);
    for (QChar& letter : out)
        if (letter == QLatin1Char('\n') || letter == QLatin1Char('\r') ||
            letter == QChar(QChar::LineSeparator) || letter == QChar(QChar::ParagraphSeparator))
            letter = QLatin1Char(' ');
    return out;
}

std::vector<qsizetype> findAll(QStringView text, QStringView needle) {
    std::vector<qsizetype> out;
    if (needle.isEmpty())
        return out;
    for (qsizetype at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.size()))
        out.push_back(at);
    return out;
}

QString plainText(store::Role role, const QString& content) {
    if (role == store::Role::User)
        return content;
    QString out;
    out.reserve(content.size());
    const auto take = [&](const QString& markdown) {
        for (const Block& block : markdown::parse(markdown))
            append(out, block);
    };
    // In the parts in which AnswerBody reads it, so that both see the same blocks.
    qsizetype done = 0;
    while (const qsizetype part = markdown::firstStablePart(QStringView(content).mid(done))) {
        take(content.mid(done, part));
        done += part;
    }
    take(content.mid(done));
    return out;
}

QString shownText(store::Role role, const QString& content) {
    return foldedForFind(plainText(role, content));
}

int markMatches(QTextEdit& edit, const Theme& theme, const QString& needle, int current) {
    QList<QTextEdit::ExtraSelection> marks;
    for (const qsizetype place : matchesIn(edit, needle)) {
        const bool isCurrent = marks.size() == current;
        QTextEdit::ExtraSelection mark;
        mark.cursor = cursorAt(edit, place, needle.size());
        mark.format.setBackground(theme.colour(isCurrent ? ColourRole::Accent : ColourRole::Mark));
        mark.format.setForeground(theme.colour(isCurrent ? ColourRole::OnAccent : ColourRole::Text));
        marks.append(mark);
    }
    if (!marks.isEmpty() || !edit.extraSelections().isEmpty())
        edit.setExtraSelections(marks);
    return static_cast<int>(marks.size());
}

QRect matchRect(QTextEdit& edit, const QString& needle, int match) {
    const auto places = matchesIn(edit, needle);
    if (match < 0 || static_cast<std::size_t>(match) >= places.size())
        return {};
    const qsizetype place = places[static_cast<std::size_t>(match)];
    const QRect first = edit.cursorRect(cursorAt(edit, place, 0)),
                last = edit.cursorRect(cursorAt(edit, place + needle.size(), 0));
    return first.united(last);
}

} // namespace hearth::gui
