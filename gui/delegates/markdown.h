#pragma once

#include <vector>

#include <QString>
#include <QStringView>

namespace hearth::gui::markdown {

/// A run of text in one style.
struct Span {
    QString text;
    QString link; ///< target, shown in full before it is opened; never fetched
    bool strong = false, emphasis = false, strike = false, code = false;
    bool image = false; ///< `text` is an image's description; the picture itself is never loaded
};
using Spans = std::vector<Span>;

/// One leaf block; the containers around it (lists, quotes) are attributes, so that a document is a flat
/// list.
struct Block {
    enum class Kind { Paragraph, Heading, Code, Rule, Table };
    Kind kind = Kind::Paragraph;
    int level = 0;     ///< heading 1…6
    int listDepth = 0; ///< lists around this block
    int quoteDepth = 0;
    QString marker;     ///< "•", "3." or a check box, on the first block of a list item
    bool tight = false; ///< in a list without blank lines
    Spans spans;
    QString language, code;
    std::vector<Qt::Alignment> alignments; ///< per column
    std::vector<std::vector<Spans>> rows;  ///< of a table; the first is its head
};
using Blocks = std::vector<Block>;

/// Reads CommonMark with GitHub's tables, task lists, strike-through and plain links. HTML is text like any
/// other. Input that would unfold into more than kMaxCells table cells, or nest deeper than kMaxDepth, is
/// shown as it is written. Pure function; any thread.
[[nodiscard]] Blocks parse(const QString& text);
inline constexpr std::size_t kMaxCells = 20'000;
inline constexpr int kMaxDepth = 32;

/// Where the first part of `text` ends that further text cannot change: after a blank line outside of code
/// fences, lists and quotes. Returns 0 when there is none yet.
[[nodiscard]] qsizetype firstStablePart(QStringView text);

} // namespace hearth::gui::markdown
