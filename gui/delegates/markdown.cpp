#include "gui/delegates/markdown.h"

#include <algorithm>
#include <utility>

#include <md4c.h>

namespace hearth::gui::markdown {

namespace {

constexpr int kAbort = -1; ///< md4c goes on after a positive value, whatever its header says

QString fromUtf8(const MD_CHAR* text, MD_SIZE size) {
    return QString::fromUtf8(text, static_cast<qsizetype>(size));
}

/// Character references that texts in fact use; others stay as written.
QString entity(const QString& reference) {
    static const std::pair<QLatin1String, char16_t> kNamed[] = {
        {QLatin1String("&amp;"), u'&'},        {QLatin1String("&lt;"), u'<'},
        {QLatin1String("&gt;"), u'>'},         {QLatin1String("&quot;"), u'"'},
        {QLatin1String("&apos;"), u'\''},      {QLatin1String("&nbsp;"), u'\u00a0'},
        {QLatin1String("&copy;"), u'\u00a9'},  {QLatin1String("&mdash;"), u'\u2014'},
        {QLatin1String("&ndash;"), u'\u2013'}, {QLatin1String("&hellip;"), u'\u2026'},
        {QLatin1String("&times;"), u'\u00d7'}, {QLatin1String("&deg;"), u'\u00b0'}};
    for (const auto& [name, character] : kNamed)
        if (reference == name)
            return QString(QChar(character));
    if (reference.startsWith(QLatin1String("&#")) && reference.endsWith(QLatin1Char(';'))) {
        const bool hex = reference.size() > 3 && reference.at(2).toLower() == QLatin1Char('x');
        bool ok = false;
        const uint code = reference.mid(hex ? 3 : 2).chopped(1).toUInt(&ok, hex ? 16 : 10);
        if (ok && code >= 32 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)) {
            const char32_t one = code;
            return QString::fromUcs4(&one, 1);
        }
        return QString(QChar(QChar::ReplacementCharacter));
    }
    return reference;
}

QString attribute(const MD_ATTRIBUTE& attribute) {
    QString out;
    for (int i = 0; attribute.substr_offsets && attribute.substr_offsets[i] < attribute.size; ++i) {
        const auto from = attribute.substr_offsets[i];
        const QString part = fromUtf8(attribute.text + from, attribute.substr_offsets[i + 1] - from);
        out += attribute.substr_types[i] == MD_TEXT_ENTITY ? entity(part) : part;
    }
    return out;
}

/// md4c's events turned into blocks.
class Builder {
public:
    Blocks blocks;

    int enter(MD_BLOCKTYPE type, void* detail) {
        switch (type) {
        case MD_BLOCK_QUOTE:
            finish();
            ++m_quotes;
            break;
        case MD_BLOCK_UL:
            finish(); // a tight item's own text ends where its inner list begins
            m_lists.push_back({0, false, static_cast<MD_BLOCK_UL_DETAIL*>(detail)->is_tight != 0});
            break;
        case MD_BLOCK_OL:
            finish();
            m_lists.push_back({static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start, true,
                               static_cast<MD_BLOCK_OL_DETAIL*>(detail)->is_tight != 0});
            break;
        case MD_BLOCK_LI:
            enterItem(*static_cast<MD_BLOCK_LI_DETAIL*>(detail));
            break;
        case MD_BLOCK_HR:
            start(Block::Kind::Rule);
            finish();
            break;
        case MD_BLOCK_H:
            start(Block::Kind::Heading).level =
                static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
            break;
        case MD_BLOCK_CODE:
            start(Block::Kind::Code).language = attribute(static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang);
            break;
        case MD_BLOCK_P:
            start(Block::Kind::Paragraph);
            break;
        case MD_BLOCK_TABLE:
            start(Block::Kind::Table);
            break;
        case MD_BLOCK_TR:
            if (m_open)
                m_open->rows.emplace_back();
            break;
        case MD_BLOCK_TH:
        case MD_BLOCK_TD:
            return enterCell(*static_cast<MD_BLOCK_TD_DETAIL*>(detail));
        default:
            break;
        }
        return m_quotes + static_cast<int>(m_lists.size()) > kMaxDepth ? kAbort : 0;
    }

    int leave(MD_BLOCKTYPE type) {
        switch (type) {
        case MD_BLOCK_QUOTE:
            finish();
            --m_quotes;
            break;
        case MD_BLOCK_UL:
        case MD_BLOCK_OL:
            m_lists.pop_back();
            break;
        case MD_BLOCK_LI:
            if (!m_marker.isEmpty() && !m_open)
                start(Block::Kind::Paragraph); // an empty item still shows its marker
            finish();
            break;
        case MD_BLOCK_P:
        case MD_BLOCK_H:
        case MD_BLOCK_CODE:
        case MD_BLOCK_TABLE:
            finish();
            break;
        default:
            break;
        }
        return 0;
    }

    int enterSpan(MD_SPANTYPE type, void* detail) {
        Span next = m_style.empty() ? Span{} : m_style.back();
        switch (type) {
        case MD_SPAN_STRONG:
            next.strong = true;
            break;
        case MD_SPAN_EM:
        case MD_SPAN_U:
            next.emphasis = true;
            break;
        case MD_SPAN_DEL:
            next.strike = true;
            break;
        case MD_SPAN_CODE:
            next.code = true;
            break;
        case MD_SPAN_A:
            next.link = attribute(static_cast<MD_SPAN_A_DETAIL*>(detail)->href);
            break;
        case MD_SPAN_IMG:
            next.image = true;
            next.link = attribute(static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src);
            break;
        default:
            break;
        }
        m_style.push_back(std::move(next));
        return 0;
    }

    int leaveSpan(MD_SPANTYPE type) {
        // An image without a description is shown by its address.
        if (type == MD_SPAN_IMG && (!m_open || target().empty() || !target().back().image))
            add(m_style.back().link);
        m_style.pop_back();
        return 0;
    }

    int text(MD_TEXTTYPE type, const MD_CHAR* raw, MD_SIZE size) {
        if (m_open && m_open->kind == Block::Kind::Code) {
            m_open->code += fromUtf8(raw, size);
            return 0;
        }
        switch (type) {
        case MD_TEXT_NULLCHAR:
            add(QString(QChar(QChar::ReplacementCharacter)));
            break;
        case MD_TEXT_BR:
            add(QString(QChar(QChar::LineSeparator)));
            break;
        case MD_TEXT_SOFTBR:
            add(QStringLiteral(" "));
            break;
        case MD_TEXT_ENTITY:
            add(entity(fromUtf8(raw, size)));
            break;
        default:
            add(fromUtf8(raw, size));
        }
        return 0;
    }

private:
    struct List {
        unsigned next;
        bool ordered, tight;
    };

    void enterItem(const MD_BLOCK_LI_DETAIL& item) {
        List& list = m_lists.back();
        if (item.is_task)
            m_marker = QString(QChar(item.task_mark == ' ' ? 0x2610 : 0x2611));
        else
            m_marker = list.ordered ? QString::number(list.next) + QLatin1Char('.') : QString(QChar(0x2022));
        ++list.next;
    }

    int enterCell(const MD_BLOCK_TD_DETAIL& cell) {
        if (!m_open || m_open->rows.empty() || ++m_cells > kMaxCells)
            return kAbort;
        m_open->rows.back().emplace_back();
        if (m_open->rows.size() == 1)
            m_open->alignments.push_back(cell.align == MD_ALIGN_RIGHT    ? Qt::AlignRight
                                         : cell.align == MD_ALIGN_CENTER ? Qt::AlignHCenter
                                                                         : Qt::AlignLeft);
        return 0;
    }

    Block& start(Block::Kind kind) {
        finish();
        m_current = {};
        m_open = &m_current;
        m_open->kind = kind;
        m_open->listDepth = static_cast<int>(m_lists.size());
        m_open->quoteDepth = m_quotes;
        m_open->tight = !m_lists.empty() && m_lists.back().tight;
        m_open->marker = std::exchange(m_marker, {});
        return *m_open;
    }

    void finish() {
        if (!m_open)
            return;
        if (m_open->kind == Block::Kind::Code && m_open->code.endsWith(QLatin1Char('\n')))
            m_open->code.chop(1);
        blocks.push_back(std::move(m_current));
        m_open = nullptr;
    }

    Spans& target() {
        return m_open->rows.empty() || m_open->rows.back().empty() ? m_open->spans
                                                                   : m_open->rows.back().back();
    }

    void add(const QString& words) {
        if (!m_open)
            start(Block::Kind::Paragraph); // text of a tight list item has no paragraph of its own
        Span span = m_style.empty() ? Span{} : m_style.back();
        Spans& spans = target();
        if (!spans.empty()) {
            Span& last = spans.back();
            if (last.link == span.link && last.strong == span.strong && last.emphasis == span.emphasis &&
                last.strike == span.strike && last.code == span.code && last.image == span.image) {
                last.text += words;
                return;
            }
        }
        span.text = words;
        spans.push_back(std::move(span));
    }

    Block m_current;
    Block* m_open = nullptr;
    std::vector<List> m_lists;
    std::vector<Span> m_style;
    QString m_marker;
    int m_quotes = 0;
    std::size_t m_cells = 0;
};

Builder& builder(void* user) {
    return *static_cast<Builder*>(user);
}

bool isFence(QStringView line, QChar& fence, qsizetype& length) {
    const auto trimmed = line.trimmed();
    if (trimmed.size() < 3 || (trimmed[0] != u'`' && trimmed[0] != u'~'))
        return false;
    qsizetype count = 0;
    while (count < trimmed.size() && trimmed[count] == trimmed[0])
        ++count;
    if (count < 3)
        return false;
    fence = trimmed[0];
    length = count;
    return true;
}

/// Whether a line that follows a blank one begins a block of its own at the outermost level.
bool beginsAfresh(QStringView line) {
    if (line.isEmpty() || line[0].isSpace() || line[0] == u'>')
        return false;
    if ((line[0] == u'-' || line[0] == u'*' || line[0] == u'+') && line.size() > 1 && line[1].isSpace())
        return false;
    qsizetype digits = 0;
    while (digits < line.size() && line[digits].isDigit())
        ++digits;
    return !(digits > 0 && digits < line.size() && (line[digits] == u'.' || line[digits] == u')'));
}

} // namespace

Blocks parse(const QString& text) {
    MD_PARSER parser{};
    parser.flags = MD_DIALECT_GITHUB | MD_FLAG_NOHTML;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* user) {
        return builder(user).enter(type, detail);
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* user) { return builder(user).leave(type); };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* user) {
        return builder(user).enterSpan(type, detail);
    };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* user) { return builder(user).leaveSpan(type); };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* raw, MD_SIZE size, void* user) {
        return builder(user).text(type, raw, size);
    };
    const QByteArray utf8 = text.toUtf8();
    Builder out;
    if (md_parse(utf8.constData(), static_cast<MD_SIZE>(utf8.size()), &parser, &out) == 0)
        return std::move(out.blocks);
    Block plain;
    plain.spans.push_back({QString(text).replace(QLatin1Char('\n'), QChar(QChar::LineSeparator)), {}});
    return {plain};
}

qsizetype firstStablePart(QStringView text) {
    bool inFence = false, blankBefore = false;
    QChar fence;
    qsizetype fenceLength = 0;
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype newline = text.indexOf(u'\n', at);
        if (newline < 0 && !inFence && !blankBefore)
            return 0; // an unfinished line may still become anything
        const auto line = text.mid(at, (newline < 0 ? text.size() : newline) - at);
        QChar mark;
        qsizetype length = 0;
        if (blankBefore && at > 0 && beginsAfresh(line))
            return at;
        if (isFence(line, mark, length)) {
            if (!inFence) {
                inFence = true;
                fence = mark;
                fenceLength = length;
            } else if (mark == fence && length >= fenceLength && line.trimmed().size() == length) {
                inFence = false;
            }
        }
        blankBefore = !inFence && line.trimmed().isEmpty() && newline >= 0;
        if (newline < 0)
            return 0;
        at = newline + 1;
    }
    return 0;
}

} // namespace hearth::gui::markdown
