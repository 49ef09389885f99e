#include "gui/pages/chat_entry_list.h"

#include <QDoubleSpinBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>
#include <QWheelEvent>

#include "gui/widgets/buttons.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/layouts.h"

namespace hearth::gui {

namespace {

/// A number that leaves the wheel to the panel until it has the keyboard.
class EntryNumber final : public QDoubleSpinBox {
public:
    using QDoubleSpinBox::QDoubleSpinBox;

protected:
    void wheelEvent(QWheelEvent* event) override {
        if (hasFocus())
            QDoubleSpinBox::wheelEvent(event);
        else
            event->ignore();
    }
};

} // namespace

EntryList::EntryList(Theme& theme, std::optional<Numbers> numbers, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_numbers(numbers),
      m_title(new TextLabel(theme, TextRole::Body, ColourRole::Text)),
      m_explanation(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_problem(new TextLabel(theme, TextRole::Small, ColourRole::BadText)), m_rows(new QVBoxLayout),
      m_field(new QLineEdit), m_add(new IconButton(theme, QStringLiteral("plus"), {}, ButtonKind::Plain)) {
    m_explanation->setWordWrap(true);
    m_problem->setWordWrap(true);
    m_problem->setObjectName(QStringLiteral("problem"));
    m_problem->hide();
    bindFont(m_field, theme, TextRole::Body);
    m_rows->setSpacing(theme.space(1));
    auto* adding = new QHBoxLayout;
    adding->setSpacing(theme.space(2));
    adding->addWidget(m_field, 1);
    adding->addWidget(m_add);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.space(1));
    column->addWidget(m_title);
    column->addWidget(m_explanation);
    column->addLayout(m_rows);
    column->addLayout(adding);
    column->addWidget(m_problem);
    const auto ask = [this] {
        if (!m_field->text().isEmpty())
            Q_EMIT addAsked(m_field->text());
    };
    connect(m_field, &QLineEdit::returnPressed, this, ask);
    connect(m_add, &QToolButton::clicked, this, ask);
    connect(m_field, &QLineEdit::textEdited, this, [this] { showProblem({}); });
    retranslate();
}

void EntryList::setTexts(const QString& title, const QString& explanation, const QString& hint) {
    m_title->setText(title);
    m_explanation->setText(explanation);
    m_field->setPlaceholderText(hint);
    m_field->setAccessibleName(title);
    m_field->setAccessibleDescription(explanation);
    m_field->setToolTip(explanation);
}

void EntryList::setEntries(std::vector<Entry> entries) {
    m_entries = std::move(entries);
    rebuild();
}

void EntryList::rebuild() {
    const FreshRows fresh(m_rows);
    for (int i = 0; i < static_cast<int>(m_entries.size()); ++i)
        addRow(i);
}

void EntryList::addRow(int index) {
    const Entry& entry = m_entries[static_cast<std::size_t>(index)];
    auto* row = new QWidget;
    row->setObjectName(entry.text);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(m_theme.space(2));
    line->addWidget(new ElidedLabel(m_theme, TextRole::Code, ColourRole::Text, entry.text), 1);
    if (m_numbers) {
        auto* number = new EntryNumber;
        bindFont(number, m_theme, TextRole::Body);
        number->setFocusPolicy(Qt::StrongFocus);
        number->setRange(m_numbers->minimum, m_numbers->maximum);
        number->setSingleStep(m_numbers->step);
        number->setDecimals(1);
        number->setAlignment(Qt::AlignRight);
        number->setValue(entry.number);
        number->setAccessibleName(entry.text);
        connect(number, &QDoubleSpinBox::valueChanged, this, [this, index](double value) {
            m_entries[static_cast<std::size_t>(index)].number = value;
            Q_EMIT numberChanged(index, value);
        });
        line->addWidget(number);
    }
    auto* remove = new IconButton(m_theme, QStringLiteral("close"), tr("Remove %1").arg(entry.text));
    connect(remove, &QToolButton::clicked, this, [this, index] { Q_EMIT removeAsked(index); });
    line->addWidget(remove);
    m_rows->addWidget(row);
}

void EntryList::showProblem(const QString& problem) {
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

void EntryList::clearField() {
    m_field->clear();
    showProblem({});
}

void EntryList::clearField(const QString& typed) {
    if (m_field->text() == typed)
        clearField();
}

void EntryList::retranslate() {
    m_add->setName(tr("Add"));
    rebuild();
}

void EntryList::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace hearth::gui
