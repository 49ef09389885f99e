#include "gui/delegates/answer_body.h"

#include <algorithm>
#include <utility>

#include "gui/delegates/code_card.h"
#include "gui/delegates/find_text.h"
#include "gui/delegates/rich_text.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

namespace {

constexpr int kCodeIndent = 22; ///< px at scale 1 per list around a code card

} // namespace

AnswerBody::AnswerBody(Theme& theme, CodeHighlighter& highlighter, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_highlighter(highlighter) {
    connect(&theme, &Theme::changed, this, &AnswerBody::rebuild);
}

QTextEdit& AnswerBody::Part::edit() const {
    return text ? static_cast<QTextEdit&>(*text) : code->edit();
}

int AnswerBody::gap() const {
    return m_theme.px(10);
}

void AnswerBody::rebuild() {
    const QString text = std::exchange(m_text, {});
    dropFrom(0);
    m_stable = 0;
    m_tailPart = 0;
    m_tailPosition = 0;
    setMarkdown(text, m_streaming);
}

void AnswerBody::setMarkdown(const QString& text, bool streaming) {
    if (m_stable > text.size() || QStringView(text).left(m_stable) != QStringView(m_text).left(m_stable)) {
        dropFrom(0);
        m_stable = 0;
        m_tailPart = 0;
        m_tailPosition = 0;
    }
    m_text = text;
    m_streaming = streaming;
    while (const qsizetype part = markdown::firstStablePart(QStringView(m_text).mid(m_stable))) {
        apply(markdown::parse(m_text.mid(m_stable, part)));
        commit();
        m_stable += part;
    }
    apply(markdown::parse(m_text.mid(m_stable)));
    for (const Part& part : m_parts)
        if (part.text)
            part.text->setCaret(streaming && part.text == m_parts.back().text);
    mark();
    place(); // the height may stay the same, and then no resize follows
}

/// Puts `blocks` in place of what follows the final part, keeping widgets of the same kind. Where the final
/// part ends with text (m_tailPosition > 0), text goes on in the same document.
void AnswerBody::apply(const markdown::Blocks& blocks) {
    using Kind = markdown::Block::Kind;
    std::size_t at = m_tailPart;
    int position = m_tailPosition;
    if (position > 0 && (blocks.empty() || blocks.front().kind == Kind::Code)) {
        m_parts[at].text->setBlocks({}, position);
        ++at;
        position = 0;
    }
    for (auto block = blocks.begin(); block != blocks.end(); ++at, position = 0) {
        const bool code = block->kind == Kind::Code;
        if (at < m_parts.size() && (m_parts[at].code != nullptr) != code)
            dropFrom(at);
        if (at == m_parts.size())
            m_parts.push_back(code ? makeCard() : makeText());
        if (code) {
            m_parts[at].indent = block->listDepth * m_theme.px(kCodeIndent);
            m_parts[at].code->setCode(block->language, block->code);
            ++block;
            continue;
        }
        const auto end =
            std::find_if(block, blocks.end(), [](const auto& b) { return b.kind == Kind::Code; });
        m_parts[at].text->setBlocks({block, end}, position);
        block = end;
    }
    dropFrom(at);
}

AnswerBody::Part AnswerBody::makeCard() {
    auto* card = new CodeCard(m_theme, m_highlighter, this);
    card->show();
    return {nullptr, card, 0};
}

AnswerBody::Part AnswerBody::makeText() {
    auto* text = new RichText(m_theme, this);
    text->setAccessibleName(tr("Answer"));
    connect(text, &RichText::linkAsked, this, &AnswerBody::linkAsked);
    text->show();
    return {text, nullptr, 0};
}

/// What apply() placed last is final.
void AnswerBody::commit() {
    if (m_parts.empty())
        return;
    const Part& last = m_parts.back();
    m_tailPart = last.text ? m_parts.size() - 1 : m_parts.size();
    m_tailPosition = last.text ? last.text->endPosition() : 0;
}

void AnswerBody::dropFrom(std::size_t part) {
    for (std::size_t i = part; i < m_parts.size(); ++i) {
        delete m_parts[i].text;
        delete m_parts[i].code;
    }
    if (part < m_parts.size())
        m_parts.resize(part);
}

void AnswerBody::setFind(const QString& needle, int current) {
    if (needle == m_needle && current == m_currentMatch)
        return;
    m_needle = needle;
    m_currentMatch = current;
    mark();
}

void AnswerBody::mark() {
    if (m_needle.isEmpty() && !std::exchange(m_marked, false))
        return;
    m_marked = !m_needle.isEmpty();
    int before = 0; // the current match is counted over all parts
    for (const Part& part : m_parts)
        before += markMatches(part.edit(), m_theme, m_needle, m_currentMatch - before);
}

QRect AnswerBody::showMatch(int match) {
    for (const Part& part : m_parts) {
        QTextEdit& edit = part.edit();
        const int here = static_cast<int>(edit.extraSelections().size());
        if (match >= here) {
            match -= here;
            continue;
        }
        if (part.code)
            part.code->showSideways(matchRect(edit, m_needle, match));
        const QRect place = matchRect(edit, m_needle, match);
        return {edit.viewport()->mapTo(this, place.topLeft()), place.size()};
    }
    return {};
}

int AnswerBody::heightFor(int width) {
    int height = 0;
    for (const Part& part : m_parts) {
        if (height)
            height += gap();
        const int room = width - part.indent;
        height += part.text ? part.text->heightFor(room) : part.code->heightFor(room);
    }
    return height;
}

void AnswerBody::resizeEvent(QResizeEvent*) {
    place();
}

void AnswerBody::place() {
    int top = 0;
    for (const Part& part : m_parts) {
        if (top)
            top += gap();
        const int room = width() - part.indent;
        const int height = part.text ? part.text->heightFor(room) : part.code->heightFor(room);
        QWidget* widget = part.text ? static_cast<QWidget*>(part.text) : part.code;
        widget->setGeometry(part.indent, top, room, height);
        top += height;
    }
}

} // namespace hearth::gui
