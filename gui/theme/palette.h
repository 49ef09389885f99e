#pragma once

#include <QColor>

namespace hearth::gui {

/// What a colour is for. Pages and widgets name a role; only palette.cpp knows values.
enum class ColourRole {
    Background,  ///< the page
    Surface,     ///< cards, fields, pop-ups
    Rail,        ///< navigation rail
    SideList,    ///< list between rail and content
    Border,      ///< 1 px lines, tracks of bars
    Hover,       ///< ground of a quiet control under the pointer
    Chip,        ///< ground of neutral chips
    Text,        ///< reading text
    Muted,       ///< secondary text on Background, Surface and SideList
    MutedStrong, ///< secondary text on Rail, Chip and the soft grounds
    Faint,       ///< only what is repeated elsewhere (placeholders, dates); below 4.5:1
    Accent,      ///< the primary button, the selected page, progress
    AccentHover, ///< Accent under the pointer
    AccentSoft,  ///< own messages, selection
    AccentText,  ///< accent-coloured text on any ground
    OnAccent,    ///< text on Accent and AccentHover
    Good,        ///< shapes: dots, bars
    GoodSoft,    ///< ground of a good chip
    GoodText,    ///< text on any ground
    Caution,
    CautionSoft,
    CautionText,
    Bad,
    BadSoft,
    BadText,
    CodeBackground, ///< code blocks and inline code
    Mark,           ///< ground of words that were searched for
};

/// One colour scheme: the tokens of the product's look. A value type; copying is cheap.
struct Palette {
    bool dark = false;
    QColor background, surface, rail, sideList, border, hover, chip;
    QColor text, muted, mutedStrong, faint;
    QColor accent, accentHover, accentSoft, accentText, onAccent;
    QColor good, goodSoft, goodText;
    QColor caution, cautionSoft, cautionText;
    QColor bad, badSoft, badText;
    QColor codeBackground, mark;

    [[nodiscard]] const QColor& operator[](ColourRole role) const;
};

[[nodiscard]] const Palette& lightPalette();
[[nodiscard]] const Palette& darkPalette();

/// Contrast of two opaque colours, 1…21 (WCAG 2.1, "contrast ratio" over relative luminance in sRGB).
[[nodiscard]] double contrastRatio(const QColor& a, const QColor& b);

} // namespace hearth::gui
