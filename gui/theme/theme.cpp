#include "gui/theme/theme.h"

#include <algorithm>

#include <QApplication>
#include <QFontDatabase>
#include <QPalette>
#include <QWidget>

#include "gui/theme/app_style.h"
#include "gui/theme/icons.h"
#include "gui/theme/style_sheet.h"
#include "gui/theme/system_appearance.h"

/// A static library's resources are registered by hand; the macro must stand outside any namespace.
static void registerIcons() {
    Q_INIT_RESOURCE(icons);
}

namespace hearth::gui {

namespace {

struct TypeStyle {
    double size;
    QFont::Weight weight;
};

TypeStyle typeStyle(TextRole role) {
    switch (role) {
    case TextRole::Display:
        return {24, QFont::Bold};
    case TextRole::Title:
        return {19, QFont::Bold};
    case TextRole::Heading:
        return {14.5, QFont::DemiBold};
    case TextRole::Body:
        return {14, QFont::Normal};
    case TextRole::Strong:
        return {14, QFont::DemiBold};
    case TextRole::Small:
        return {12, QFont::Normal};
    case TextRole::SmallStrong:
        return {12, QFont::DemiBold};
    case TextRole::Caption:
        return {11, QFont::Normal};
    case TextRole::CaptionStrong:
        return {11, QFont::DemiBold};
    case TextRole::Code:
        return {13, QFont::Normal};
    }
    return {14, QFont::Normal};
}

/// Families in order of wish; the ones that are not installed are skipped by Qt's font matching.
const QStringList& textFamilies() {
    static const QStringList families = [] {
        QStringList list{QStringLiteral("Inter")};
        list << QFontDatabase::systemFont(QFontDatabase::GeneralFont).families()
             << QStringLiteral("Noto Sans CJK SC") << QStringLiteral("Source Han Sans SC")
             << QStringLiteral("PingFang SC") << QStringLiteral("Microsoft YaHei UI")
             << QStringLiteral("Noto Sans");
        list.removeDuplicates();
        return list;
    }();
    return families;
}

const QStringList& codeFamilies() {
    static const QStringList families = [] {
        QStringList list{QStringLiteral("JetBrains Mono"), QStringLiteral("Cascadia Mono"),
                         QStringLiteral("Menlo"), QStringLiteral("Noto Sans Mono"),
                         QStringLiteral("DejaVu Sans Mono")};
        list << QFontDatabase::systemFont(QFontDatabase::FixedFont).families()
             << QStringLiteral("Noto Sans Mono CJK SC") << QStringLiteral("Noto Sans CJK SC");
        list.removeDuplicates();
        return list;
    }();
    return families;
}

QPalette widgetPalette(const Palette& p) {
    QPalette palette;
    const auto set = [&](QPalette::ColorRole role, const QColor& normal, const QColor& disabled) {
        palette.setColor(QPalette::Active, role, normal);
        palette.setColor(QPalette::Inactive, role, normal);
        palette.setColor(QPalette::Disabled, role, disabled);
    };
    set(QPalette::Window, p.background, p.background);
    set(QPalette::WindowText, p.text, p.faint);
    set(QPalette::Base, p.surface, p.background);
    set(QPalette::AlternateBase, p.sideList, p.sideList);
    set(QPalette::Text, p.text, p.faint);
    set(QPalette::PlaceholderText, p.faint, p.faint);
    set(QPalette::Button, p.surface, p.background);
    set(QPalette::ButtonText, p.text, p.faint);
    set(QPalette::BrightText, p.onAccent, p.onAccent);
    set(QPalette::Highlight, p.accent, p.border);
    set(QPalette::HighlightedText, p.onAccent, p.text);
    set(QPalette::Link, p.accentText, p.faint);
    set(QPalette::LinkVisited, p.accentText, p.faint);
    set(QPalette::ToolTipBase, p.surface, p.surface);
    set(QPalette::ToolTipText, p.text, p.text);
    set(QPalette::Light, p.surface, p.surface);
    set(QPalette::Midlight, p.hover, p.hover);
    set(QPalette::Mid, p.border, p.border);
    set(QPalette::Dark, p.faint, p.faint);
    set(QPalette::Shadow, p.muted, p.muted);
    return palette;
}

} // namespace

Theme::Theme(QObject* parent)
    : QObject(parent), m_system(std::make_unique<SystemAppearance>()),
      m_icons(std::make_unique<IconStore>()) {
    registerIcons();
    connect(m_system.get(), &SystemAppearance::changed, this, &Theme::refresh);
}

Theme::~Theme() = default;

void Theme::install(QApplication& application) {
    m_application = &application;
    application.setStyle(new AppStyle(*this)); // the application owns it
    refresh();
}

void Theme::setMode(Mode mode) {
    if (mode == m_mode)
        return;
    m_mode = mode;
    refresh();
}

void Theme::setFontScale(double scale) {
    scale = std::clamp(scale, metrics::kMinFontScale, metrics::kMaxFontScale);
    if (qFuzzyCompare(scale, m_fontScale))
        return;
    m_fontScale = scale;
    refresh();
}

const Palette& Theme::palette() const {
    const bool dark = m_mode == Mode::Dark || (m_mode == Mode::System && m_system->dark());
    return dark ? darkPalette() : lightPalette();
}

QFont Theme::font(TextRole role) const {
    const TypeStyle style = typeStyle(role);
    QFont font;
    font.setFamilies(role == TextRole::Code ? codeFamilies() : textFamilies());
    font.setPixelSize(px(style.size));
    font.setWeight(style.weight);
    if (role == TextRole::Code)
        font.setStyleHint(QFont::Monospace);
    font.setHintingPreference(QFont::PreferNoHinting); // Inter and Noto read better at their true widths
    return font;
}

int Theme::px(double size) const {
    return size > 0 ? std::max(1, qRound(size * m_fontScale)) : qRound(size * m_fontScale);
}

int Theme::radius(Radius radius) const {
    switch (radius) {
    case Radius::Card:
        return px(metrics::kCardRadius);
    case Radius::Button:
        return px(metrics::kButtonRadius);
    case Radius::Small:
        return px(metrics::kSmallRadius);
    }
    return 0;
}

QPixmap Theme::pixmap(const QString& name, ColourRole colour, int size, qreal devicePixelRatio) const {
    return m_icons->pixmap(name, palette()[colour], size > 0 ? size : iconSize(), devicePixelRatio);
}

QIcon Theme::icon(const QString& name, ColourRole colour, int size) const {
    return m_icons->icon(name, palette()[colour], size > 0 ? size : iconSize());
}

int Theme::animationMs() const {
    return m_system->reducedMotion() ? 0 : metrics::kAnimationMs;
}

void Theme::setSystemAppearance(bool dark, bool reducedMotion) {
    m_system->set(dark, reducedMotion);
}

void Theme::refresh() {
    m_icons->clear();
    if (m_application) {
        QApplication::setPalette(widgetPalette(palette()));
        QApplication::setFont(font(TextRole::Body));
        m_application->setStyleSheet(styleSheet(*this));
    }
    Q_EMIT changed();
}

void bindFont(QWidget* widget, Theme& theme, TextRole role) {
    const auto apply = [widget, &theme, role] { widget->setFont(theme.font(role)); };
    apply();
    QObject::connect(&theme, &Theme::changed, widget, apply);
}

void bindText(QWidget* widget, Theme& theme, TextRole role, ColourRole colour) {
    const auto apply = [widget, &theme, role, colour] {
        widget->setFont(theme.font(role));
        QPalette palette = widget->palette();
        palette.setColor(QPalette::WindowText, theme.colour(colour));
        palette.setColor(QPalette::Text, theme.colour(colour));
        widget->setPalette(palette);
    };
    apply();
    QObject::connect(&theme, &Theme::changed, widget, apply);
}

} // namespace hearth::gui
