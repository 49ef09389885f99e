#include "gui/models/token_list_model.h"

#include <QDateTime>
#include <QLocale>

#include "gui/models/people_words.h"

namespace hearth::gui {

namespace {

QString dateOf(std::int64_t ms) {
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(ms).date(), QLocale::ShortFormat);
}

} // namespace

void TokenListModel::setTokens(std::vector<security::TokenInfo> tokens,
                               std::vector<security::Profile> profiles, qint64 nowMs) {
    beginResetModel();
    m_tokens = std::move(tokens);
    m_profiles = std::move(profiles);
    m_nowMs = nowMs;
    endResetModel();
}

const security::TokenInfo* TokenListModel::at(int row) const {
    return row >= 0 && row < rowCount() ? &m_tokens[static_cast<std::size_t>(row)] : nullptr;
}

int TokenListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_tokens.size());
}

QVariant TokenListModel::data(const QModelIndex& index, int role) const {
    const security::TokenInfo* token = index.isValid() ? at(index.row()) : nullptr;
    if (!token)
        return {};
    const bool expired = token->expiresMs != 0 && token->expiresMs <= m_nowMs;
    switch (role) {
    case Qt::DisplayRole:
        return QString::fromStdString(token->name);
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2, %3")
            .arg(QString::fromStdString(token->name), people_words::tokenScope(token->scope),
                 data(index, StateRole).toString());
    case IdRole:
        return QVariant::fromValue(qint64{token->id});
    case OwnerRole:
        for (const security::Profile& profile : m_profiles)
            if (profile.id == token->profile)
                return QString::fromStdString(profile.name);
        return {};
    case ScopeRole:
        return people_words::tokenScope(token->scope);
    case StateRole:
        return token->revoked          ? tr("ended")
               : expired               ? tr("expired on %1").arg(dateOf(token->expiresMs))
               : token->expiresMs == 0 ? tr("until it is ended")
                                       : tr("until %1").arg(dateOf(token->expiresMs));
    case UsableRole:
        return !token->revoked && !expired;
    case UsedRole:
        return token->lastUsedMs == 0 ? tr("never used") : tr("used on %1").arg(dateOf(token->lastUsedMs));
    default:
        return {};
    }
}

} // namespace hearth::gui
