#pragma once

#include <memory>

#include <QDialog>

#include "engine/base/error.h"
#include "engine/security/crypto/secure_bytes.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

class Button;
class ErrorBox;
class NewPasswordFields;
class ProgressLine;
class SecretField;

/// A password in secure memory on its way through signals, which copy what they carry.
using SharedSecret = std::shared_ptr<security::SecureBytes>;

/// Asks for a new password that a file is to be sealed with. Shown without blocking; deletes itself.
class SealDialog : public QDialog {
    Q_OBJECT
public:
    SealDialog(Theme& theme, const QString& title, QWidget* parent);

Q_SIGNALS:
    void chosen(const hearth::gui::SharedSecret& password);

private:
    void submit();

    NewPasswordFields* m_password;
    ErrorBox* m_error;
    Button* m_seal;
};

/// Asks for the password of a sealed file, and again where it was wrong: it stays until close(), or until the
/// person has enough of it (rejected()). Shown without blocking; deletes itself.
class UnsealDialog : public QDialog {
    Q_OBJECT
public:
    UnsealDialog(Theme& theme, const QString& title, const QString& file, QWidget* parent);

    /// The password that was typed did not do.
    void showError(const Error& error);

Q_SIGNALS:
    void typed(const hearth::gui::SharedSecret& password);

private:
    void submit();
    void showBusy(bool busy);

    SecretField* m_password;
    ProgressLine* m_line;
    ErrorBox* m_error;
    Button* m_open;
    bool m_busy = false;
};

} // namespace hearth::gui
