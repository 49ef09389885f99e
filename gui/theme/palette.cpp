#include "gui/theme/palette.h"

#include <algorithm>
#include <cmath>

namespace hearth::gui {

const QColor& Palette::operator[](ColourRole role) const {
    switch (role) {
    case ColourRole::Background:
        return background;
    case ColourRole::Surface:
        return surface;
    case ColourRole::Rail:
        return rail;
    case ColourRole::SideList:
        return sideList;
    case ColourRole::Border:
        return border;
    case ColourRole::Hover:
        return hover;
    case ColourRole::Chip:
        return chip;
    case ColourRole::Text:
        return text;
    case ColourRole::Muted:
        return muted;
    case ColourRole::MutedStrong:
        return mutedStrong;
    case ColourRole::Faint:
        return faint;
    case ColourRole::Accent:
        return accent;
    case ColourRole::AccentHover:
        return accentHover;
    case ColourRole::AccentSoft:
        return accentSoft;
    case ColourRole::AccentText:
        return accentText;
    case ColourRole::OnAccent:
        return onAccent;
    case ColourRole::Good:
        return good;
    case ColourRole::GoodSoft:
        return goodSoft;
    case ColourRole::GoodText:
        return goodText;
    case ColourRole::Caution:
        return caution;
    case ColourRole::CautionSoft:
        return cautionSoft;
    case ColourRole::CautionText:
        return cautionText;
    case ColourRole::Bad:
        return bad;
    case ColourRole::BadSoft:
        return badSoft;
    case ColourRole::BadText:
        return badText;
    case ColourRole::CodeBackground:
        return codeBackground;
    case ColourRole::Mark:
        return mark;
    }
    return text;
}

// The *Text and MutedStrong tones of the light scheme are darker than their base tokens because the base ones
// fall below 4.5:1 on the soft grounds (accent on accentSoft is 3.9:1, caution on cautionSoft 3.9:1).
const Palette& lightPalette() {
    static const Palette palette{
        .dark = false,
        .background = QColor(0xFAF8F5),
        .surface = QColor(0xFFFFFF),
        .rail = QColor(0xF1ECE6),
        .sideList = QColor(0xF6F2ED),
        .border = QColor(0xE6DFD6),
        .hover = QColor(0xF4F0EA),
        .chip = QColor(0xF4F0EA),
        .text = QColor(0x26221E),
        .muted = QColor(0x776C62),
        .mutedStrong = QColor(0x6B6158),
        .faint = QColor(0xA2978C),
        .accent = QColor(0xC4541A),
        .accentHover = QColor(0xAF4914),
        .accentSoft = QColor(0xFBEADF),
        .accentText = QColor(0xA8440F),
        .onAccent = QColor(0xFFFFFF),
        .good = QColor(0x2E7D50),
        .goodSoft = QColor(0xE3F1E8),
        .goodText = QColor(0x27704A),
        .caution = QColor(0xA86A12),
        .cautionSoft = QColor(0xFBF0DA),
        .cautionText = QColor(0x8A560C),
        .bad = QColor(0xB23B3B),
        .badSoft = QColor(0xF8E4E2),
        .badText = QColor(0xB23B3B),
        .codeBackground = QColor(0xF4F0EA),
        .mark = QColor(0xF6DC96),
    };
    return palette;
}

const Palette& darkPalette() {
    static const Palette palette{
        .dark = true,
        .background = QColor(0x1D1B19),
        .surface = QColor(0x262321),
        .rail = QColor(0x151312),
        .sideList = QColor(0x191716),
        .border = QColor(0x383330),
        .hover = QColor(0x2E2A27),
        .chip = QColor(0x322D2A),
        .text = QColor(0xEDE7E0),
        .muted = QColor(0xA69B90),
        .mutedStrong = QColor(0xB3A89D),
        .faint = QColor(0x766C63),
        .accent = QColor(0xF0894A),
        .accentHover = QColor(0xF49B64),
        .accentSoft = QColor(0x3A2A20),
        .accentText = QColor(0xF0894A),
        .onAccent = QColor(0x1D1B19),
        .good = QColor(0x6CC08F),
        .goodSoft = QColor(0x20342A),
        .goodText = QColor(0x6CC08F),
        .caution = QColor(0xE0AC56),
        .cautionSoft = QColor(0x3A2F1C),
        .cautionText = QColor(0xE0AC56),
        .bad = QColor(0xE58079),
        .badSoft = QColor(0x3E2725),
        .badText = QColor(0xE58079),
        .codeBackground = QColor(0x1A1817),
        .mark = QColor(0x6A5324),
    };
    return palette;
}

namespace {

double linear(double channel) {
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& colour) {
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) +
           0.0722 * linear(colour.blueF());
}

} // namespace

double contrastRatio(const QColor& a, const QColor& b) {
    const double one = luminance(a), other = luminance(b);
    return (std::max(one, other) + 0.05) / (std::min(one, other) + 0.05);
}

} // namespace hearth::gui
