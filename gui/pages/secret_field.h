#pragma once

#include <QLineEdit>

#include "engine/security/crypto/secure_bytes.h"
#include "gui/theme/theme.h"

class QAction;

namespace hearth::gui {

class ProgressLine;
class TextLabel;

/// A field for a password or a recovery key: not shown unless the person asks, not offered to input methods'
/// memories or undo, and emptied when it is taken. GUI thread.
class SecretField : public QLineEdit {
    Q_OBJECT
public:
    explicit SecretField(Theme& theme, QWidget* parent = nullptr);

    void setName(const QString& name); ///< placeholder and name for screen readers
    /// What was typed, in secure memory; the field is empty afterwards. Errors: crypto.out_of_memory.
    [[nodiscard]] Result<security::SecureBytes> take();
    /// The same without emptying the field.
    [[nodiscard]] Result<security::SecureBytes> copy() const;
    void setShown(bool shown); ///< letters instead of dots
    /// Overwrites what was typed and empties the field.
    void wipe();

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();

    Theme& m_theme;
    QAction* m_show;
};

/// Two fields for a new password and a word about its strength. Nothing is demanded but the least length.
class NewPasswordFields : public QWidget {
    Q_OBJECT
public:
    explicit NewPasswordFields(Theme& theme, QWidget* parent = nullptr);

    /// Long enough and twice the same.
    [[nodiscard]] bool isUsable() const;
    [[nodiscard]] Result<security::SecureBytes> take();
    void wipe();

Q_SIGNALS:
    void edited();
    void submitted(); ///< Enter in the second field

protected:
    void changeEvent(QEvent* event) override;

private:
    void assess();
    void retranslate();

    SecretField *m_first, *m_second;
    ProgressLine* m_bar;
    TextLabel* m_hint;
};

} // namespace hearth::gui
