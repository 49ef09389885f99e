#include "gui/widgets/fields.h"

#include <cmath>

#include <QAction>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QSignalBlocker>
#include <QStylePainter>
#include <QVBoxLayout>
#include <QWheelEvent>

#include "gui/widgets/buttons.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

SearchField::SearchField(Theme& theme, QWidget* parent)
    : QLineEdit(parent), m_theme(theme), m_magnifier(addAction(QIcon(), QLineEdit::LeadingPosition)) {
    setProperty("kind", QStringLiteral("search"));
    setClearButtonEnabled(true);
    connect(&theme, &Theme::changed, this, &SearchField::refresh);
    refresh();
}

void SearchField::setHint(const QString& hint) {
    setPlaceholderText(hint);
    setAccessibleName(hint);
}

void SearchField::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
        clear();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

void SearchField::refresh() {
    setFont(m_theme.font(TextRole::Body));
    m_magnifier->setIcon(m_theme.icon(QStringLiteral("search"), ColourRole::Muted, m_theme.smallIconSize()));
    // Qt's own clear icon is a raster picture in fixed grey; ours follows the palette.
    if (auto* clear = findChild<QAction*>(QStringLiteral("_q_qlineeditclearaction")))
        clear->setIcon(m_theme.icon(QStringLiteral("close"), ColourRole::Muted, m_theme.smallIconSize()));
}

namespace {

/// True when the wheel may change the field; otherwise the page shall scroll.
bool takesWheel(QWidget* field, QWheelEvent* event) {
    if (field->hasFocus())
        return true;
    event->ignore();
    return false;
}

void dress(QWidget* field, Theme& theme, const QString& name) {
    field->setAccessibleName(name);
    field->setFocusPolicy(Qt::StrongFocus);
    bindFont(field, theme, TextRole::Body);
}

/// A slider that leaves the wheel to the page and is as fine as its parameter's step.
class QuietSlider final : public QSlider {
public:
    using QSlider::QSlider;

protected:
    void wheelEvent(QWheelEvent* event) override {
        if (takesWheel(this, event))
            QSlider::wheelEvent(event);
    }
};

class QuietNumber final : public QDoubleSpinBox {
public:
    using QDoubleSpinBox::QDoubleSpinBox;

protected:
    void wheelEvent(QWheelEvent* event) override {
        if (takesWheel(this, event))
            QDoubleSpinBox::wheelEvent(event);
    }
};

} // namespace

ComboBox::ComboBox(Theme& theme, const QString& name, QWidget* parent) : QComboBox(parent) {
    dress(this, theme, name);
}

void ComboBox::hidePopup() {
    QComboBox::hidePopup();
    setAttribute(Qt::WA_UnderMouse, false);
    update();
}

void ComboBox::paintEvent(QPaintEvent*) {
    QStylePainter painter(this);
    painter.setPen(palette().color(QPalette::Text));
    QStyleOptionComboBox option;
    initStyleOption(&option);
    painter.drawComplexControl(QStyle::CC_ComboBox, option);
    const QRect field =
        style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this);
    // The blank at the end of a full-width bracket needs no room.
    if (option.fontMetrics.tightBoundingRect(option.currentText).right() >= field.width() - 1)
        option.currentText = option.fontMetrics.elidedText(option.currentText, Qt::ElideRight, field.width());
    painter.drawControl(QStyle::CE_ComboBoxLabel, option);
}

void ComboBox::wheelEvent(QWheelEvent* event) {
    if (takesWheel(this, event))
        QComboBox::wheelEvent(event);
}

NumberField::NumberField(Theme& theme, const QString& name, QWidget* parent) : QSpinBox(parent) {
    dress(this, theme, name);
    setGroupSeparatorShown(false);
}

void NumberField::wheelEvent(QWheelEvent* event) {
    if (takesWheel(this, event))
        QSpinBox::wheelEvent(event);
}

LabelledSlider::LabelledSlider(Theme& theme, const Range& range, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_name(new TextLabel(theme, TextRole::Body, ColourRole::Text)),
      m_explanation(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_slider(new QuietSlider(Qt::Horizontal)), m_number(new QuietNumber),
      m_reset(new IconButton(theme, QStringLiteral("undo"), {})) {
    m_explanation->setWordWrap(true);
    dress(m_slider, theme, {});
    dress(m_number, theme, {});
    m_number->setAlignment(Qt::AlignRight);

    auto* top = new QHBoxLayout;
    top->setSpacing(theme.space(2));
    top->addWidget(m_name, 1);
    top->addWidget(m_reset);
    top->addWidget(m_number);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme.space(1));
    layout->addLayout(top);
    layout->addWidget(m_slider);
    layout->addWidget(m_explanation);

    setRange(range);
    connect(m_slider, &QSlider::valueChanged, this,
            [this](int steps) { report(m_range.minimum + steps * m_range.step); });
    connect(m_number, &QDoubleSpinBox::valueChanged, this, &LabelledSlider::report);
    connect(m_reset, &QAbstractButton::clicked, this, [this] { report(m_range.usual); });
    retranslate();
}

void LabelledSlider::setTexts(const QString& name, const QString& explanation) {
    m_name->setText(name);
    m_explanation->setText(explanation);
    m_explanation->setVisible(!explanation.isEmpty());
    m_slider->setAccessibleName(name);
    m_slider->setAccessibleDescription(explanation);
    m_number->setAccessibleName(name);
}

void LabelledSlider::setSuffix(const QString& suffix) {
    m_number->setSuffix(suffix);
}

void LabelledSlider::setRange(const Range& range) {
    const double kept = value();
    m_range = range;
    const QSignalBlocker quietSlider(m_slider), quietNumber(m_number);
    m_slider->setRange(0, static_cast<int>(std::lround((range.maximum - range.minimum) / range.step)));
    m_slider->setPageStep(qMax(1, m_slider->maximum() / 10));
    m_number->setDecimals(range.decimals);
    m_number->setRange(range.minimum, range.maximum);
    m_number->setSingleStep(range.step);
    setValue(kept);
}

double LabelledSlider::value() const {
    return m_number->value();
}

void LabelledSlider::setValue(double value) {
    const QSignalBlocker quietSlider(m_slider), quietNumber(m_number);
    m_number->setValue(value);
    m_slider->setValue(static_cast<int>(std::lround((m_number->value() - m_range.minimum) / m_range.step)));
    m_reset->setVisible(std::abs(m_number->value() - m_range.usual) > m_range.step / 2);
}

void LabelledSlider::report(double value) {
    setValue(value);
    Q_EMIT changed(this->value());
}

void LabelledSlider::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void LabelledSlider::retranslate() {
    m_reset->setName(tr("Back to the usual value"));
}

} // namespace hearth::gui
