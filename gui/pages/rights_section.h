#pragma once

#include "gui/bridge/accounts_bridge.h"
#include "gui/models/model_access_model.h"
#include "gui/models/permission_table_model.h"
#include "gui/widgets/surfaces.h"

class QTableView;

namespace hearth::gui {

class ComboBox;
class ErrorBox;
class SectionHeader;
class SegmentedControl;
class TextLabel;

/// What each role may do, and who may load, serve, export and delete which model. A click on a cell changes
/// it at once, when the gate allows. Of the administration page.
class RightsSection : public QWidget {
    Q_OBJECT
public:
    /// `models`: absolute paths that access lists are offered for.
    RightsSection(Theme& theme, AccountsBridge& accounts, QStringList models, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void readTable();
    void readAccess();
    void setCell(const QModelIndex& index);
    void toggleAccess(const QModelIndex& index);

    AccountsBridge& m_accounts;
    PermissionTableModel* m_table;
    ModelAccessModel* m_access;
    SectionHeader *m_title, *m_modelsTitle;
    SegmentedControl* m_role;
    TextLabel* m_roleWords;
    QTableView *m_cells, *m_list;
    int m_cellClicks = 0, m_listClicks = 0; ///< answers from before the last one are out of date
    ComboBox* m_model;
    TextLabel* m_noModels;
    ErrorBox* m_error;
};

} // namespace hearth::gui
