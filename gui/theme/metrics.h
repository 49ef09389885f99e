#pragma once

namespace hearth::gui {

/// The scale every size comes from, in device-independent pixels at font scale 1. Theme multiplies by the
/// person's font scale; widgets ask Theme, not these.
namespace metrics {

inline constexpr int kSpaceStep = 4;    ///< gaps and paddings are multiples of it
inline constexpr int kCardRadius = 12;  ///< cards, composer, bubbles
inline constexpr int kButtonRadius = 8; ///< buttons, fields, list rows
inline constexpr int kSmallRadius = 4;  ///< bars, inline code, check boxes
inline constexpr int kControlHeight = 36;
inline constexpr int kSmallControlHeight = 28;
inline constexpr int kHeaderHeight = 57; ///< the band above a page, without its 1 px line
inline constexpr int kRailWidth = 76;
inline constexpr int kSideListWidth = 268;
inline constexpr int kContentWidth = 760; ///< widest column for reading
inline constexpr int kIconSize = 20;
inline constexpr int kSmallIconSize = 16;

inline constexpr double kMinFontScale = 0.8, kMaxFontScale = 1.6;
inline constexpr int kAnimationMs = 120; ///< look: at most 150 ms

} // namespace metrics

/// Type roles. Sizes at scale 1: 19, 14.5, 14, 12 px; Caption (11) is for the rail's words only, Display (24)
/// for single large figures.
enum class TextRole {
    Display,
    Title,
    Heading,
    Body,
    Strong,
    Small,
    SmallStrong,
    Caption,
    CaptionStrong,
    Code
};

enum class Radius { Card, Button, Small };

} // namespace hearth::gui
