#include "gui/theme/style_sheet.h"

#include <array>
#include <utility>

#include "gui/theme/theme.h"

namespace hearth::gui {

namespace {

// @name is a colour role, #name a length; both are filled in below. Lengths carry no unit in the template.
constexpr const char16_t* kTemplate = uR"(
QPushButton, QToolButton[kind] {
    border: 1px solid transparent; border-radius: #button; padding: 0 #pad; min-height: #inner;
    background: transparent; color: @text; outline: none; }
QToolButton[kind] { padding: 0; min-height: 0; }
QPushButton, QToolButton[kind="plain"] { background: @surface; border-color: @border; }
QPushButton:hover, QToolButton[kind="plain"]:hover { background: @hover; }
QPushButton:pressed, QToolButton[kind="plain"]:pressed { background: @border; }
QPushButton[kind="primary"], QToolButton[kind="primary"] { background: @accent; color: @onAccent; border-color: @accent; }
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed,
QToolButton[kind="primary"]:hover, QToolButton[kind="primary"]:pressed { background: @accentHover; border-color: @accentHover; }
QPushButton[kind="danger"] { background: @surface; color: @badText; border-color: @border; }
QPushButton[kind="danger"]:hover { background: @badSoft; }
QPushButton[kind="ghost"] { background: transparent; border-color: transparent; color: @mutedStrong; padding: 0 #padSmall; min-height: #innerSmall; }
QPushButton[kind="ghost"]:hover, QToolButton[kind="ghost"]:hover { background: @hover; color: @text; }
QPushButton[kind="ghost"]:pressed, QToolButton[kind="ghost"]:pressed { background: @border; }
QPushButton:focus, QToolButton[kind]:focus { border: 2px solid @accent; }
QPushButton[kind="primary"]:focus, QToolButton[kind="primary"]:focus { border: 2px solid @text; }
QPushButton:disabled, QToolButton[kind]:disabled { color: @faint; }
QPushButton[kind="primary"]:disabled, QToolButton[kind="primary"]:disabled { background: @border; border-color: @border; color: @mutedStrong; }
QToolButton[kind]::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }

QAbstractScrollArea { background: transparent; border: none; }
QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox {
    background: @surface; color: @text; border: 1px solid @border; border-radius: #button;
    selection-background-color: @accent; selection-color: @onAccent; }
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox { padding: 0 #padField; min-height: #inner; }
QPlainTextEdit, QTextEdit { padding: #padSmall; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus {
    border: 1px solid @accent; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled {
    color: @faint; background: @background; }
*[kind="bare"] { background: transparent; border: none; padding: 0; }
*[kind="bare"]:focus { border: none; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
    subcontrol-origin: border; width: #arrowBox; border: none; background: transparent; }
QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-position: top right; }
QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-position: bottom right; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url(:/icons/themed/@scheme/chevron-up.svg); width: #arrow; height: #arrow; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow, QComboBox::down-arrow {
    image: url(:/icons/themed/@scheme/chevron-down.svg); width: #arrow; height: #arrow; }
QComboBox::drop-down { border: none; width: #arrowBox; }
QComboBox:hover, QComboBox:on { background: @hover; }
QComboBox QAbstractItemView {
    background: @surface; color: @text; border: 1px solid @border; border-radius: #button; outline: none; padding: #padTiny; }
QComboBox QAbstractItemView::item { min-height: #innerSmall; padding: 0 #padSmall; border-radius: #small; }
QComboBox QAbstractItemView::item:selected { background: @accentSoft; color: @text; }

QCheckBox { spacing: #padSmall; color: @text; outline: none; }
QCheckBox::indicator { width: #indicator; height: #indicator; border: 1px solid @muted; border-radius: #small; background: @surface; }
QCheckBox::indicator:checked { background: @accent; border-color: @accent; image: url(:/icons/themed/@scheme/check.svg); }
QCheckBox:focus { color: @accentText; }
QCheckBox::indicator:focus { border: 2px solid @accent; }
QRadioButton { spacing: #padSmall; color: @text; outline: none; }
QRadioButton::indicator { width: #radio; height: #radio; border: 1px solid @muted; border-radius: #ringRadius; background: @surface; }
QRadioButton::indicator:checked { width: #ringHole; height: #ringHole; border: #ring solid @accent; }
QRadioButton:focus { color: @accentText; }

QLineEdit[kind="search"] { padding: 0 #padTiny; }
QLineEdit > QToolButton { border: none; background: transparent; }
QSlider:horizontal { min-height: #sliderBox; outline: none; }
QSlider::groove:horizontal { height: #groove; border-radius: #grooveRadius; background: @border; }
QSlider::sub-page:horizontal { height: #groove; border-radius: #grooveRadius; background: @accent; }
QSlider::handle:horizontal {
    width: #handle; height: #handle; margin: -#handleOut 0; border-radius: #handleRadius;
    background: @surface; border: 2px solid @accent; }
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus { background: @accentSoft; border-color: @accentHover; }
QSlider:focus { border: 1px solid @accent; border-radius: #small; }
QSlider::sub-page:horizontal:disabled, QSlider::groove:horizontal:disabled { background: @border; }
QSlider::handle:horizontal:disabled { border-color: @border; }

QScrollArea, QScrollArea > QWidget > QWidget[kind="page"] { background: transparent; border: none; }
QListView, QTreeView { outline: none; }
QScrollBar:vertical { background: transparent; width: #scroll; margin: 0; }
QScrollBar:horizontal { background: transparent; height: #scroll; margin: 0; }
QScrollBar::handle { background: @border; border-radius: #scrollRadius; }
QScrollBar::handle:vertical { min-height: #scrollMin; margin: #scrollGap; }
QScrollBar::handle:horizontal { min-width: #scrollMin; margin: #scrollGap; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: @faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QMenu { background: @surface; color: @text; border: 1px solid @border; border-radius: #button; padding: #padTiny; }
QMenu::item { padding: #padMenu #pad #padMenu #padSmall; border-radius: #small; }
QMenu::item:selected { background: @accentSoft; }
QMenu::item:disabled { color: @faint; }
QMenu::separator { height: 1px; background: @border; margin: #padTiny #padSmall; }
QMenu::icon { padding-left: #padSmall; }
QToolTip { background: @surface; color: @text; border: 1px solid @border; border-radius: #small; padding: #padTiny; }
QMessageBox, QDialog { background: @background; }
QDialogButtonBox QPushButton { min-width: #dialogButton; }
QTableView { selection-background-color: @accentSoft; selection-color: @text; }
QHeaderView, QHeaderView::section { background: @surface; color: @muted; border: none; }
QHeaderView::section { border-bottom: 1px solid @border; padding: #padTiny #padSmall; }
QHeaderView[kind="dense"]::section { padding: #padTiny 0; }
QTableCornerButton::section { background: @surface; border: none; }
QFileDialog QListView, QFileDialog QTreeView { background: @surface; border: 1px solid @border; border-radius: #button; }
QFileDialog QListView::item, QFileDialog QTreeView::item { min-height: #innerSmall; }
QFileDialog QListView::item:selected, QFileDialog QTreeView::item:selected { background: @accentSoft; color: @text; }
)";

QString hex(const QColor& colour) {
    return colour.name(QColor::HexRgb);
}

} // namespace

QString styleSheet(const Theme& theme) {
    const Palette& p = theme.palette();
    const auto length = [](int pixels) -> QString { return QString::number(pixels) + QStringLiteral("px"); };
    const int border = 2; // 1 px above and below
    // Longer names first where one is the beginning of another.
    const std::array colours = {
        std::pair{u"@accentHover", hex(p.accentHover)},
        std::pair{u"@accentSoft", hex(p.accentSoft)},
        std::pair{u"@accentText", hex(p.accentText)},
        std::pair{u"@accent", hex(p.accent)},
        std::pair{u"@onAccent", hex(p.onAccent)},
        std::pair{u"@background", hex(p.background)},
        std::pair{u"@surface", hex(p.surface)},
        std::pair{u"@border", hex(p.border)},
        std::pair{u"@hover", hex(p.hover)},
        std::pair{u"@mutedStrong", hex(p.mutedStrong)},
        std::pair{u"@muted", hex(p.muted)},
        std::pair{u"@faint", hex(p.faint)},
        std::pair{u"@text", hex(p.text)},
        std::pair{u"@badSoft", hex(p.badSoft)},
        std::pair{u"@badText", hex(p.badText)},
        std::pair{u"@scheme", p.dark ? QStringLiteral("dark") : QStringLiteral("light")},
    };
    const int groove = theme.space(1), handle = theme.space(4);
    const int radio = theme.space(4), ring = theme.px(5); // chosen: a ring around a hole
    const int scroll = theme.px(10), scrollGap = 2;
    const std::array lengths = {
        std::pair{u"#button", theme.radius(Radius::Button)},
        std::pair{u"#small", theme.radius(Radius::Small)},
        std::pair{u"#sliderBox", handle + theme.space(2)},
        std::pair{u"#padField", theme.space(3) - 1},
        std::pair{u"#padSmall", theme.space(2)},
        std::pair{u"#padTiny", theme.space(1)},
        std::pair{u"#padMenu", theme.px(6)},
        std::pair{u"#pad", theme.px(14)},
        std::pair{u"#innerSmall", theme.smallControlHeight() - border},
        std::pair{u"#inner", theme.controlHeight() - border},
        std::pair{u"#dialogButton", theme.space(12)},
        std::pair{u"#arrowBox", theme.space(6)},
        std::pair{u"#arrow", theme.space(3)},
        std::pair{u"#indicator", theme.space(4)},
        std::pair{u"#radio", radio - border},
        std::pair{u"#ringRadius", radio / 2},
        std::pair{u"#ringHole", radio - 2 * ring},
        std::pair{u"#ring", ring},
        std::pair{u"#grooveRadius", groove / 2},
        std::pair{u"#groove", groove},
        std::pair{u"#handleRadius", handle / 2 + 1},
        std::pair{u"#handleOut", (handle + 4 - groove) / 2},
        std::pair{u"#handle", handle - 1},
        std::pair{u"#scrollRadius", (scroll - 2 * scrollGap) / 2},
        std::pair{u"#scrollMin", theme.space(8)},
        std::pair{u"#scrollGap", scrollGap},
        std::pair{u"#scroll", scroll},
    };
    QString sheet = QString::fromUtf16(kTemplate);
    for (const auto& [name, value] : colours)
        sheet.replace(QString::fromUtf16(name), value);
    for (const auto& [name, value] : lengths)
        sheet.replace(QString::fromUtf16(name), length(value));
    return sheet;
}

} // namespace hearth::gui
