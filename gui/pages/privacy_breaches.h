#pragma once

#include <array>
#include <utility>

#include <QDialog>
#include <QTimer>

#include "gui/pages/privacy_card.h"

class QDateTimeEdit;
class QLineEdit;
class QPlainTextEdit;

namespace hearth::gui {

class Button;
class ComboBox;
class NumberField;
class SettingRow;
class TextLabel;
class Toggle;

/// The breach log with its clock, for those who see the audit log; written by those who run the machine.
class BreachCard : public PrivacyCard {
    Q_OBJECT
public:
    BreachCard(Theme& theme, PrivacyBridge& bridge);
    void refresh() override;
    void save(const security::Breach& breach);

    /// "11 h left of 72", "2 h late", "told in time", and how it looks.
    [[nodiscard]] static std::pair<QString, Chip::Kind> clockText(const security::Breach& breach,
                                                                  std::int64_t nowMs);

Q_SIGNALS:
    void listed(int breaches);
    void saved(bool worked);

private:
    void retranslate() override;
    void show();
    void edit(const security::Breach& breach);

    Button* m_note;
    TextLabel* m_none;
    QGridLayout* m_grid;
    std::vector<security::Breach> m_breaches;
    QTimer m_minute;
};

/// Writes a breach down, or what happened since.
class BreachDialog : public QDialog {
    Q_OBJECT
public:
    BreachDialog(Theme& theme, const security::Breach& breach, QWidget* parent);

Q_SIGNALS:
    void written(const hearth::security::Breach& breach);

private:
    [[nodiscard]] security::Breach breach() const;

    const security::Breach m_before;
    QLineEdit* m_name;
    QDateTimeEdit* m_discovered;
    NumberField* m_people;
    ComboBox* m_risk;
    QPlainTextEdit *m_facts, *m_effects, *m_measures;
    Toggle *m_authority, *m_told, *m_closed;
    Button* m_save;
};

/// The record of processing activities: who answers for the installation, and the document.
class RecordCard : public PrivacyCard {
    Q_OBJECT
public:
    RecordCard(Theme& theme, PrivacyBridge& bridge);
    void refresh() override;
    void saveTo(security::RecordFormat format, const QString& path);

Q_SIGNALS:
    void written(bool worked);

private:
    void retranslate() override;
    void keep(); ///< what was typed, beside what others stated meanwhile
    using Detail = std::pair<QLineEdit*, std::string security::Controller::*>;
    [[nodiscard]] std::array<Detail, 3> details() const;
    [[nodiscard]] static std::string typed(const QLineEdit* field);

    QLineEdit *m_name, *m_contact, *m_officer;
    std::optional<security::Controller> m_held; ///< as it is stated, once that was read
    SettingRow *m_nameRow, *m_contactRow, *m_officerRow;
    Button *m_html, *m_markdown;
};

} // namespace hearth::gui
