#include "gui/pages/guide_welcome.h"

#include <QEvent>
#include <QVBoxLayout>

#include "gui/widgets/buttons.h"

namespace hearth::gui {

GuideWelcome::GuideWelcome(Theme& theme, QWidget* parent) : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.space(2));
    for (qsizetype i = 0; i < questions().size(); ++i) {
        auto* button = new Button(theme, ButtonKind::Plain);
        column->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, button] { Q_EMIT asked(button->text()); });
        m_buttons.push_back(button);
    }
    retranslate();
}

QStringList GuideWelcome::questions() {
    return {tr("What can you do?"), tr("How do I open a model?"), tr("How big a model can I run?"),
            tr("What is quantisation?")};
}

void GuideWelcome::retranslate() {
    const QStringList words = questions();
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        const QString& question = words.at(static_cast<qsizetype>(i));
        m_buttons[i]->setText(question);
        m_buttons[i]->setAccessibleName(tr("Ask: %1").arg(question));
    }
}

void GuideWelcome::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace hearth::gui
