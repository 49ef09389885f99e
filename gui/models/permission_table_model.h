#pragma once

#include <QAbstractTableModel>

#include "engine/security/identity/roles.h"

namespace hearth::gui {

/// What one role may do: things (rows) by actions (columns).
class PermissionTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role {
        ScopeRole = Qt::UserRole, ///< int of security::Scope
        MostRole                  ///< the most that it may ever be
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setTable(const security::PermissionTable& table);
    void setRole(security::Role role);
    void show(const QModelIndex& index, security::Scope scope); ///< one cell of the present role
    [[nodiscard]] security::Role role() const { return m_role; }
    [[nodiscard]] static security::Resource resourceAt(int row);
    [[nodiscard]] static security::Action actionAt(int column);
    /// What a click on a cell makes of it: no, own, all and back, within what it may be. The same where it
    /// may be nothing else.
    [[nodiscard]] security::Scope next(const QModelIndex& index) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    security::PermissionTable m_table;
    security::Role m_role = security::Role::User;
};

} // namespace hearth::gui
