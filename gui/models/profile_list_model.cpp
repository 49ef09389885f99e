#include "gui/models/profile_list_model.h"

#include <algorithm>

#include "gui/models/people_words.h"

namespace hearth::gui {

void ProfileListModel::setProfiles(const std::vector<security::Profile>& profiles, security::ProfileId self) {
    m_self = self;
    const auto has = [&profiles](const security::Profile& one) {
        return std::any_of(profiles.begin(), profiles.end(),
                           [&one](const security::Profile& other) { return other.id == one.id; });
    };
    for (int row = static_cast<int>(m_profiles.size()) - 1; row >= 0; --row)
        if (!has(m_profiles[static_cast<std::size_t>(row)])) {
            beginRemoveRows({}, row, row);
            m_profiles.erase(m_profiles.begin() + row);
            endRemoveRows();
        }
    // What is left stands in the same order; the new ones follow.
    const std::size_t kept = std::min(m_profiles.size(), profiles.size());
    for (std::size_t i = 0; i < kept; ++i)
        m_profiles[i] = profiles[i];
    if (kept > 0)
        Q_EMIT dataChanged(index(0), index(static_cast<int>(kept) - 1));
    if (profiles.size() > kept) {
        beginInsertRows({}, static_cast<int>(kept), static_cast<int>(profiles.size()) - 1);
        m_profiles.insert(m_profiles.end(), profiles.begin() + static_cast<std::ptrdiff_t>(kept),
                          profiles.end());
        endInsertRows();
    }
}

const security::Profile* ProfileListModel::at(int row) const {
    return row >= 0 && row < rowCount() ? &m_profiles[static_cast<std::size_t>(row)] : nullptr;
}

int ProfileListModel::rowOf(security::ProfileId id) const {
    for (int row = 0; row < rowCount(); ++row)
        if (at(row)->id == id)
            return row;
    return -1;
}

int ProfileListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_profiles.size());
}

QVariant ProfileListModel::data(const QModelIndex& index, int role) const {
    const security::Profile* profile = index.isValid() ? at(index.row()) : nullptr;
    if (!profile)
        return {};
    const QString name = QString::fromStdString(profile->name);
    switch (role) {
    case Qt::DisplayRole:
        return name;
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2").arg(name, people_words::role(profile->role));
    case IdRole:
        return QVariant::fromValue(qint64{profile->id});
    case RoleRole:
        return static_cast<int>(profile->role);
    case DisabledRole:
        return profile->disabled;
    case PasswordRole:
        return profile->hasPassword;
    case TestedRole:
        return profile->recoveryTested;
    case SelfRole:
        return profile->id == m_self;
    case ExplanationRole:
        return !profile->hasPassword ? tr("The password was taken away: the recovery key sets a new one.")
               : !profile->recoveryTested ? tr("The recovery key was never tested.")
                                          : QString();
    default:
        return {};
    }
}

} // namespace hearth::gui
