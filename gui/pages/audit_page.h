#pragma once

#include <QWidget>

#include "gui/bridge/privacy_bridge.h"
#include "gui/models/audit_model.h"
#include "gui/theme/theme.h"

class QMenu;
class QTableView;

namespace hearth::gui {

class Button;
class Card;
class ComboBox;
class ErrorBox;
class PageHeader;
class ProgressLine;
class TextLabel;

/// Who did what on this machine: shown, filtered, exported and verified. For those whom the gate lets see the
/// log; it never holds content.
class AuditPage : public QWidget {
    Q_OBJECT
public:
    AuditPage(Theme& theme, PrivacyBridge& bridge, QWidget* parent = nullptr);

    /// For tests and the file dialog: writes what the filter shows.
    void exportTo(security::AuditFormat format, const QString& path);
    /// Checks every entry; ends with verified().
    void verify();

Q_SIGNALS:
    void verified(bool intact);

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeFilters();
    void makeTable();
    void fitColumns();
    void askWhere(security::AuditFormat format);
    void applyFilter();
    void takeRights();
    void retranslate();
    void showReport(const security::AuditReport& report);
    void showCount();
    [[nodiscard]] static QString problemWord(const std::string& code);

    Theme& m_theme;
    PrivacyBridge& m_bridge;
    AuditModel* m_model;
    PageHeader* m_header;
    Button *m_export, *m_verify, *m_again;
    QMenu* m_formats;
    ErrorBox *m_error, *m_result;
    Card* m_problems;
    ProgressLine* m_progress;
    ComboBox *m_who, *m_what, *m_outcome, *m_when;
    TextLabel *m_count, *m_problemText;
    QTableView* m_table;
    bool m_shown = false;
};

} // namespace hearth::gui
