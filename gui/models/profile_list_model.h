#pragma once

#include <vector>

#include <QAbstractListModel>

#include "engine/security/identity/identity.h"

namespace hearth::gui {

/// The profiles of the installation, in the order they were made.
class ProfileListModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role {
        IdRole = Qt::UserRole,
        RoleRole,       ///< int of security::Role
        DisabledRole,   ///< may not sign in
        PasswordRole,   ///< has one; false after a reset
        TestedRole,     ///< the recovery key was typed back once
        SelfRole,       ///< the person before the window
        ExplanationRole ///< what is particular about it, in words; may be empty
    };

    using QAbstractListModel::QAbstractListModel;

    /// Rows that stay keep their index, so that a selection survives.
    void setProfiles(const std::vector<security::Profile>& profiles, security::ProfileId self);
    [[nodiscard]] const security::Profile* at(int row) const; ///< nullptr = no such row
    [[nodiscard]] int rowOf(security::ProfileId id) const;    ///< −1 = none

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<security::Profile> m_profiles;
    security::ProfileId m_self = 0;
};

} // namespace hearth::gui
