#include "gui/pages/repair_dialog.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "gui/pages/dialog_parts.h"
#include "gui/pages/privacy_backups.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

RepairDialog::RepairDialog(Theme& theme, PrivacyBridge& bridge, const Error& problem, QWidget* parent)
    : QDialog(parent), m_bridge(bridge), m_problem(new ErrorBox(theme)),
      m_saveWord(new TextLabel(theme, TextRole::Body, ColourRole::Text)),
      m_anewWord(new TextLabel(theme, TextRole::Body, ColourRole::Text)),
      m_backups(new BackupsCard(theme, bridge)), m_save(new Button(theme, ButtonKind::Plain)),
      m_anew(new Button(theme, ButtonKind::Danger)), m_later(new Button(theme, ButtonKind::Plain)) {
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("repairDialog"));
    setWindowTitle(tr("Your chats do not open"));
    m_problem->showError(problem);
    m_save->setObjectName(QStringLiteral("repairSave"));
    m_anew->setObjectName(QStringLiteral("repairAnew"));
    m_later->setObjectName(QStringLiteral("repairLater"));
    m_save->setText(tr("Save what can be read"));
    m_anew->setText(tr("Begin anew…"));
    m_later->setText(tr("Not now"));
    m_saveWord->setText(
        tr("Reads the damaged file row by row into a new one. What cannot be read is missing."));
    m_anewWord->setText(
        tr("Starts with no chats. The damaged file is set aside and can still be read later."));
    auto* layout = new QVBoxLayout(this);
    const int edge = theme.space(5);
    layout->setContentsMargins(edge, edge, edge, edge);
    layout->setSpacing(theme.space(4));
    layout->addWidget(m_problem);
    layout->addWidget(m_backups);
    const std::pair<TextLabel*, Button*> lines[] = {{m_saveWord, m_save}, {m_anewWord, m_anew}};
    for (const auto& [word, button] : lines) {
        word->setWordWrap(true);
        auto* line = new QHBoxLayout;
        line->setSpacing(theme.space(4));
        line->addWidget(word, 1);
        line->addWidget(button);
        layout->addLayout(line);
    }
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_later);
    layout->addLayout(buttons);
    setMinimumWidth(theme.space(150));

    connect(m_later, &QAbstractButton::clicked, this, &QDialog::reject);
    connect(m_save, &QAbstractButton::clicked, this, [this] {
        busy(true);
        m_bridge.repair(this, [this](const Result<workbench::Repaired>& done) {
            busy(false);
            if (!done)
                m_problem->showError(done.error());
        });
    });
    connect(m_anew, &QAbstractButton::clicked, this, &RepairDialog::askToBeginAnew);
    connect(&bridge.history(), &HistoryBridge::opened, this, &QDialog::accept);
    connect(&bridge.accounts(), &AccountsBridge::aboutToLock, this, &QDialog::reject);
    m_backups->onlyRestore();
    // Wrapped words want a height that a dialog does not ask for by itself.
    connect(m_backups, &BackupsCard::listed, this, [this] {
        this->layout()->activate();
        resize(width(), std::max(height(), this->layout()->totalHeightForWidth(width())));
    });
    m_backups->refresh();
}

bool RepairDialog::helps(const Error& problem) {
    return workbench::RepairPlan::helps(problem.code);
}

void RepairDialog::busy(bool busy) {
    for (QWidget* widget : {static_cast<QWidget*>(m_save), static_cast<QWidget*>(m_anew),
                            static_cast<QWidget*>(m_later), static_cast<QWidget*>(m_backups)})
        widget->setEnabled(!busy);
}

void RepairDialog::askToBeginAnew() {
    openQuestion(this, "askAnew", tr("Begin without chats?"),
                 tr("The damaged file is kept under another name in the data folder."), tr("Begin anew"),
                 [this] {
                     busy(true);
                     m_bridge.beginAnew(this, [this](const Result<void>& done) {
                         busy(false);
                         if (!done)
                             m_problem->showError(done.error());
                     });
                 });
}

} // namespace hearth::gui
