#pragma once

class QListView;
class QWidget;

namespace hearth::gui {

class Card;
class Theme;

/// What several pages are put together from. GUI thread.

/// The layout of a page: its header, and its content below without a gap.
void stackPage(QWidget* page, QWidget* header, QWidget* content);

/// The layout of a page that is one card (locked, first steps): a little above the middle, `width` wide
/// (pixels at scale 1) at every scale. The card belongs to the page.
[[nodiscard]] Card* centredCard(QWidget* page, Theme& theme, int width);

/// A list inside a card: no frame and no ground of its own.
void dressCardList(QListView* list);
/// As high as its rows, `most` of them at the most; one where there are none.
void fitCardList(QListView* list, int most);

} // namespace hearth::gui
