#pragma once

#include <vector>

#include <QAbstractListModel>

#include "engine/security/identity/identity.h"

namespace hearth::gui {

/// Keys of programs: what they may do, whose they are, how long they are valid. The keys themselves are
/// nowhere.
class TokenListModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role {
        IdRole = Qt::UserRole,
        OwnerRole,  ///< name of the profile
        ScopeRole,  ///< in words
        StateRole,  ///< in words: until when, or that it has ended
        UsableRole, ///< neither revoked nor expired
        UsedRole    ///< when it was used last, in words
    };

    using QAbstractListModel::QAbstractListModel;

    void setTokens(std::vector<security::TokenInfo> tokens, std::vector<security::Profile> profiles,
                   qint64 nowMs);
    [[nodiscard]] const security::TokenInfo* at(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<security::TokenInfo> m_tokens;
    std::vector<security::Profile> m_profiles;
    qint64 m_nowMs = 0;
};

} // namespace hearth::gui
