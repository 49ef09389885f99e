#include "gui/models/permission_table_model.h"

#include "gui/models/people_words.h"

namespace hearth::gui {

using security::Scope;

void PermissionTableModel::setTable(const security::PermissionTable& table) {
    m_table = table;
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void PermissionTableModel::setRole(security::Role role) {
    m_role = role;
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

security::Resource PermissionTableModel::resourceAt(int row) {
    return static_cast<security::Resource>(row);
}

security::Action PermissionTableModel::actionAt(int column) {
    return static_cast<security::Action>(column);
}

void PermissionTableModel::show(const QModelIndex& index, Scope scope) {
    m_table.set(m_role, actionAt(index.column()), resourceAt(index.row()), scope);
    Q_EMIT dataChanged(index, index);
}

Scope PermissionTableModel::next(const QModelIndex& index) const {
    const auto action = actionAt(index.column());
    const auto resource = resourceAt(index.row());
    const int now = static_cast<int>(m_table.scope(m_role, action, resource));
    const int most = static_cast<int>(security::mostAllowed(action, resource));
    return static_cast<Scope>(now >= most ? 0 : now + 1);
}

int PermissionTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : security::kResources;
}

int PermissionTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : security::kActions;
}

QVariant PermissionTableModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const auto action = actionAt(index.column());
    const auto resource = resourceAt(index.row());
    const Scope scope = m_table.scope(m_role, action, resource);
    const Scope most = security::mostAllowed(action, resource);
    switch (role) {
    case Qt::DisplayRole:
        return most == Scope::None ? QString() : people_words::scope(scope);
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2: %3")
            .arg(people_words::resource(resource), people_words::action(action), people_words::scope(scope));
    case Qt::ToolTipRole:
        return most == Scope::None ? tr("Nobody may ever do this.")
               : most == Scope::Own
                   ? tr("At most with what is their own: a person's content is nobody else's.")
                   : QString();
    case ScopeRole:
        return static_cast<int>(scope);
    case MostRole:
        return static_cast<int>(most);
    default:
        return {};
    }
}

QVariant PermissionTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole)
        return {};
    return orientation == Qt::Horizontal ? people_words::action(actionAt(section))
                                         : people_words::resource(resourceAt(section));
}

} // namespace hearth::gui
