#include "gui/app/model_guard.h"

#include <utility>

#include <QFileInfo>

#include "engine/security/crypto/sealed_memory.h"
#include "gui/pages/sealing_dialogs.h"

namespace hearth::gui {

using security::Action;
using workbench::Target;

Result<ModelKey> keyFor(AccountsDesk& desk, const std::filesystem::path& file) {
    ModelKey out;
    if (!file.empty()) {
        const auto sealed = security::sealedBy(file);
        out.isPassword = sealed == security::SealedBy::Password;
        if (sealed != security::SealedBy::Key)
            return out;
        if (!desk.session)
            return fail("crypto.needs_key", file.string() + " was sealed for a profile");
    } else if (!desk.session) {
        return out;
    }
    HEARTH_TRY(auto key, desk.accounts.identity().dataKey(*desk.session, "models"));
    out.secret = std::make_shared<security::SecureBytes>(std::move(key));
    return out;
}

ModelGuard::ModelGuard(Theme& theme, QWidget& window, AccountsBridge& accounts, EngineBridge& engine,
                       QObject* parent)
    : QObject(parent), m_theme(theme), m_window(window), m_accounts(accounts) {
    engine.setGuard([this](const QString& path, const Answer& answer) { ask(path, answer); });
    connect(&engine, &EngineBridge::loaded, this, [this](const workbench::ModelSummary& summary) {
        m_accounts.noteOutcome(Action::Use, Target::modelAt(summary.path.string()));
    });
    connect(&engine, &EngineBridge::loadFailed, this, [this](const QString& path, const Error& error) {
        if (error.code.starts_with("permission.") || error.code == kCancelled)
            return; // the gate noted its refusal itself
        m_accounts.noteOutcome(Action::Use, Target::modelAt(path.toStdString()), error.code);
    });
}

void ModelGuard::ask(const QString& path, const Answer& answer) {
    m_accounts.request(
        this,
        [file = std::filesystem::path(path.toStdU16String()),
         target = Target::modelAt(path.toStdString())](AccountsDesk& desk) -> Result<ModelKey> {
            HEARTH_CHECK(desk.accounts.gate().check(desk.actor, Action::Use, target));
            return keyFor(desk, file);
        },
        [this, path, answer](const Result<ModelKey>& key) {
            if (key && key->isPassword && !key->secret)
                askPassword(path, answer);
            else
                answer(key);
        });
}

void ModelGuard::askPassword(const QString& path, const Answer& answer) {
    auto* dialog =
        new UnsealDialog(m_theme, tr("Open a sealed model"), QFileInfo(path).fileName(), &m_window);
    connect(&m_accounts, &AccountsBridge::aboutToLock, dialog, &QDialog::reject);
    connect(dialog, &UnsealDialog::typed, this, [dialog, answer](const SharedSecret& password) {
        dialog->accept();
        answer(ModelKey{password, true});
    });
    connect(dialog, &QDialog::rejected, this,
            [answer] { answer(fail(kCancelled, "no password was typed")); });
    dialog->open();
}

} // namespace hearth::gui
