#pragma once

#include <vector>

#include <QAbstractTableModel>

#include "engine/security/identity/identity.h"

namespace hearth::gui {

/// Who may load, serve, export and delete one model: roles, then profiles (rows) by actions (columns). An
/// action for which nobody is ticked follows the table of rights; where somebody is, nobody else may.
class ModelAccessModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    void setPeople(const std::vector<security::Profile>& profiles);
    void setAccess(std::vector<security::ModelAccess> access);
    /// In the place of all entries for one action.
    void show(security::Action action, const std::vector<security::ModelAccess>& entries);
    [[nodiscard]] static security::Action actionAt(int column);
    /// The entries for the action of `index`, as they would be after a click on it.
    [[nodiscard]] std::vector<security::ModelAccess> toggled(const QModelIndex& index,
                                                             const std::string& model) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    [[nodiscard]] security::ModelAccess entryAt(int row, security::Action action) const;
    [[nodiscard]] bool isListed(const security::ModelAccess& entry) const;

    std::vector<security::Profile> m_profiles;
    std::vector<security::ModelAccess> m_access;
};

} // namespace hearth::gui
