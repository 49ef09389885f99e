#include "gui/app/privacy_wiring.h"

#include <algorithm>
#include <cmath>

#include <QDateTime>
#include <QLocale>

#include "gui/pages/audit_page.h"
#include "gui/pages/privacy_page.h"
#include "gui/pages/repair_dialog.h"
#include "gui/widgets/error_text.h"
#include "gui/widgets/feedback.h"

namespace hearth::gui {

using security::Action;
using security::Measure;
using security::Resource;

PrivacyWiring::PrivacyWiring(const Parts& parts, const workbench::DataPaths& paths, QString program,
                             QObject* parent)
    : QObject(parent), m_parts(parts), m_bridge(parts.accounts, parts.history, paths, std::move(program)) {
    connect(&m_bridge, &PrivacyBridge::closingHistory, this, &PrivacyWiring::closingHistory);
    connect(&m_bridge, &PrivacyBridge::historyReplaced, this, &PrivacyWiring::historyReplaced);
    connect(&m_bridge, &PrivacyBridge::backupFailed, this, [this](const Error& error) {
        m_parts.window.toasts().show(tr("The automatic backup failed: %1").arg(errorText(error).title));
    });
    connect(&m_bridge, &PrivacyBridge::retentionFailed, this, [this](const Error& error) {
        m_parts.window.toasts().show(
            tr("A rule for how long things stay could not be kept: %1").arg(errorText(error).title));
    });
    connect(&m_bridge, &PrivacyBridge::datedAhead, this, [this](int count, qint64 newestMs) {
        m_parts.window.toasts().show(
            tr("%n chat(s) are dated after today, the newest of %1: no rule deletes them before they are "
               "used "
               "or their date has passed.",
               nullptr, count)
                .arg(QLocale().toString(QDateTime::fromMSecsSinceEpoch(newestMs), QLocale::ShortFormat)));
    });
    connect(&parts.history, &HistoryBridge::openFailed, this, [this](const Error& error) {
        if (!RepairDialog::helps(error) || m_parts.window.findChild<RepairDialog*>())
            return;
        (new RepairDialog(m_parts.theme, m_bridge, error, &m_parts.window))->open();
    });
    countUse();
}

/// Without content, and only where the person agreed (see PrivacyOffice::count()).
void PrivacyWiring::countUse() {
    connect(&m_parts.controller, &ChatController::turnBegan, this,
            [this] { m_bridge.count(Measure::Messages); });
    connect(&m_parts.engine, &EngineBridge::loaded, this,
            [this](const workbench::ModelSummary& summary) { m_bridge.countModel(summary.path); });
    connect(&m_parts.engine, &EngineBridge::answered, this,
            [this](quint64, const runtime::GenerationResult& result) {
                m_bridge.countAnswer(static_cast<qint64>(result.stats.generatedTokens),
                                     std::llround(result.stats.promptSeconds + result.stats.generateSeconds));
            });
}

void PrivacyWiring::addPages() {
    const Rights& rights = m_parts.accounts.rights();
    if (rights.own(Action::View, Resource::AuditLog))
        m_parts.window.addPage({.id = QStringLiteral("audit"),
                                .icon = QStringLiteral("audit"),
                                .word = [] { return tr("Audit log"); },
                                .make = [this] { return new AuditPage(m_parts.theme, m_bridge); },
                                .shortcut = QKeySequence(Qt::CTRL | Qt::Key_7)});
    if (rights.own(Action::View, Resource::PersonalData))
        m_parts.window.addPage({.id = QStringLiteral("privacy"),
                                .icon = QStringLiteral("privacy"),
                                .word = [] { return tr("Privacy"); },
                                .make = [this] { return new PrivacyPage(m_parts.theme, m_bridge); },
                                .shortcut = QKeySequence(Qt::CTRL | Qt::Key_8)});
}

} // namespace hearth::gui
