#include "gui/models/model_access_model.h"

#include <algorithm>
#include <array>

#include "gui/models/people_words.h"

namespace hearth::gui {

using security::Action;
using security::ModelAccess;

namespace {

constexpr std::array kActionsShown{Action::Use, Action::Serve, Action::Export, Action::Remove};

bool sameSubject(const ModelAccess& a, const ModelAccess& b) {
    return a.action == b.action && a.role == b.role && a.profile == b.profile;
}

} // namespace

void ModelAccessModel::setPeople(const std::vector<security::Profile>& profiles) {
    beginResetModel();
    m_profiles = profiles;
    endResetModel();
}

void ModelAccessModel::setAccess(std::vector<ModelAccess> access) {
    m_access = std::move(access);
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

Action ModelAccessModel::actionAt(int column) {
    return kActionsShown[static_cast<std::size_t>(column)];
}

ModelAccess ModelAccessModel::entryAt(int row, Action action) const {
    ModelAccess out;
    out.action = action;
    if (row < security::kRoles)
        out.role = static_cast<security::Role>(row);
    else
        out.profile = m_profiles[static_cast<std::size_t>(row - security::kRoles)].id;
    return out;
}

bool ModelAccessModel::isListed(const ModelAccess& entry) const {
    return std::any_of(m_access.begin(), m_access.end(),
                       [&entry](const ModelAccess& other) { return sameSubject(entry, other); });
}

void ModelAccessModel::show(Action action, const std::vector<ModelAccess>& entries) {
    std::vector<ModelAccess> access = m_access;
    std::erase_if(access, [action](const ModelAccess& each) { return each.action == action; });
    access.insert(access.end(), entries.begin(), entries.end());
    setAccess(std::move(access));
}

std::vector<ModelAccess> ModelAccessModel::toggled(const QModelIndex& index, const std::string& model) const {
    const Action action = actionAt(index.column());
    ModelAccess entry = entryAt(index.row(), action);
    entry.model = model;
    std::vector<ModelAccess> out;
    for (const ModelAccess& other : m_access)
        if (other.action == action && !sameSubject(other, entry))
            out.push_back(other);
    if (!isListed(entry))
        out.push_back(std::move(entry));
    return out;
}

int ModelAccessModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : security::kRoles + static_cast<int>(m_profiles.size());
}

int ModelAccessModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(kActionsShown.size());
}

QVariant ModelAccessModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const ModelAccess entry = entryAt(index.row(), actionAt(index.column()));
    switch (role) {
    case Qt::CheckStateRole:
        return isListed(entry) ? Qt::Checked : Qt::Unchecked;
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2").arg(headerData(index.row(), Qt::Vertical, Qt::DisplayRole).toString(),
                                            people_words::action(entry.action));
    default:
        return {};
    }
}

QVariant ModelAccessModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole)
        return {};
    if (orientation == Qt::Horizontal)
        return people_words::action(actionAt(section));
    if (section < security::kRoles)
        return tr("Role: %1").arg(people_words::role(static_cast<security::Role>(section)));
    return QString::fromStdString(m_profiles[static_cast<std::size_t>(section - security::kRoles)].name);
}

Qt::ItemFlags ModelAccessModel::flags(const QModelIndex& index) const {
    return index.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::NoItemFlags;
}

} // namespace hearth::gui
