#pragma once

#include <QDialog>

#include "gui/pages/privacy_card.h"

namespace hearth::gui {

class Button;
class NewPasswordFields;
class SettingRow;
class SegmentedControl;
class TextLabel;
class Toggle;

/// Everything about who is before the window: a copy of it, and erasing it.
class MyDataCard : public PrivacyCard {
    Q_OBJECT
public:
    MyDataCard(Theme& theme, PrivacyBridge& bridge);
    void refresh() override;
    /// Writes the copy, for programs or for people to read; without a password everybody can.
    void exportTo(const QString& path, bool forReading, std::optional<security::SecureBytes> password);
    void erase(); ///< after all questions

Q_SIGNALS:
    void exported(bool worked);

private:
    void retranslate() override;
    void askHow();
    void askToErase();

    Button *m_export, *m_erase;
    SettingRow *m_exportRow, *m_eraseRow;
};

/// What the copy is for, and how it is to be protected: sealed with a password, or readable after a clear
/// word.
class ExportDialog : public QDialog {
    Q_OBJECT
public:
    ExportDialog(Theme& theme, QWidget* parent);

Q_SIGNALS:
    /// `password` is null for a readable file. Taken by the first receiver.
    void chosen(bool forReading, std::shared_ptr<security::SecureBytes> password);

private:
    void show(int how);

    SegmentedControl *m_form, *m_how;
    TextLabel *m_about, *m_word;
    NewPasswordFields* m_password;
    Button *m_save, *m_cancel;
};

/// What data is used for, and what a person may say no to.
class ConsentCard : public PrivacyCard {
    Q_OBJECT
public:
    ConsentCard(Theme& theme, PrivacyBridge& bridge);
    void refresh() override;

private:
    void retranslate() override;

    struct Line {
        SettingRow* row;
        Toggle* toggle; ///< of purposes that can be refused
        TextLabel* word;
    };
    std::vector<Line> m_lines;
    int m_clicks = 0; ///< on the switches: answers from before the last one are out of date
};

} // namespace hearth::gui
