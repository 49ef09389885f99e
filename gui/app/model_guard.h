#pragma once

#include <functional>

#include <QObject>

#include "gui/bridge/accounts_bridge.h"
#include "gui/bridge/engine_bridge.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

/// What opens a model file, in the accounts' thread: the key of who is signed in, isPassword without a secret
/// for one that wants a password, nothing for a readable one. For "": their own key, none without profiles.
/// Errors: crypto.needs_key, identity.*.
[[nodiscard]] Result<ModelKey> keyFor(AccountsDesk& desk, const std::filesystem::path& file);

/// Every model goes through the gate, whoever asks for it, and what became of it is noted. For a sealed one
/// it finds what opens it: the key of who is signed in, or a password that is asked for. GUI thread; borrows
/// everything, which outlives it.
class ModelGuard : public QObject {
    Q_OBJECT
public:
    ModelGuard(Theme& theme, QWidget& window, AccountsBridge& accounts, EngineBridge& engine,
               QObject* parent = nullptr);

private:
    using Answer = std::function<void(const Result<ModelKey>&)>;
    void ask(const QString& path, const Answer& answer);
    void askPassword(const QString& path, const Answer& answer);

    Theme& m_theme;
    QWidget& m_window;
    AccountsBridge& m_accounts;
};

} // namespace hearth::gui
