#pragma once

#include <vector>

#include <QRect>
#include <QString>
#include <QStringView>

#include "engine/store/history.h"

class QTextEdit;

namespace hearth::gui {

class Theme;

/// Finding words in what a chat shows. Two sides use these functions and have to agree to the letter: the
/// search, which reads messages that have no widget, and the widgets, which mark what was found.

/// Upper and lower case, full and half width and the kinds of space made equal. As long as `text`, so that a
/// place in one is the same place in the other. Pure function; any thread.
[[nodiscard]] QString foldedForFind(QStringView text);

/// What a person typed into a find field, folded; line ends, which nothing on screen can match, are spaces.
[[nodiscard]] QString findNeedle(const QString& typed);

/// Where `needle` stands in `folded`, both folded, without overlaps, in order. An empty needle is nowhere.
[[nodiscard]] std::vector<qsizetype> findAll(QStringView folded, QStringView needle);

/// The text that a message shows, in the order of the screen: an answer without the marks of its Markdown,
/// its paragraphs parted by QChar::ParagraphSeparator. Folded thoughts are not part of it. Pure function; any
/// thread.
[[nodiscard]] QString plainText(store::Role role, const QString& content);

/// The same, folded.
[[nodiscard]] QString shownText(store::Role role, const QString& content);

/// Marks every match in `edit`; the `current`-th (−1 = none) in the stronger colour. Returns how many there
/// are. An empty needle takes the marks away.
int markMatches(QTextEdit& edit, const Theme& theme, const QString& needle, int current);

/// The rectangle of the match'th match in the edit's viewport, empty when there is none.
[[nodiscard]] QRect matchRect(QTextEdit& edit, const QString& needle, int match);

} // namespace hearth::gui
