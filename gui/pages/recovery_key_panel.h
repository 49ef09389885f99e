#pragma once

#include <functional>

#include <QWidget>

#include "engine/security/crypto/secure_bytes.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

class Button;
class ErrorBox;
class SecretField;
class SectionHeader;
class TextLabel;

/// Shows a recovery key, once, and has it typed back at once, so that what was written down is known to be
/// right. GUI thread.
class RecoveryKeyPanel : public QWidget {
    Q_OBJECT
public:
    /// Finds out whether `typed` is the key; calls `answer` in the GUI thread.
    using Test =
        std::function<void(security::SecureBytes typed, std::function<void(const Result<void>&)> answer)>;

    explicit RecoveryKeyPanel(Theme& theme, QWidget* parent = nullptr);

    void show(const security::SecureBytes& key, Test test);
    /// Without a key to show: only the typing and the test.
    void ask(Test test);

Q_SIGNALS:
    void tested();  ///< it was typed back rightly
    void skipped(); ///< the person does it later

protected:
    void changeEvent(QEvent* event) override;

private:
    void submit();
    void retranslate();

    Test m_test;
    bool m_busy = false;
    SectionHeader* m_title;
    TextLabel *m_key, *m_advice;
    SecretField* m_typed;
    ErrorBox* m_error;
    Button *m_check, *m_later;
};

} // namespace hearth::gui
