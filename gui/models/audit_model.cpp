#include "gui/models/audit_model.h"

#include <algorithm>
#include <limits>

#include <QDateTime>
#include <QLocale>
#include <QPointer>

#include "gui/models/audit_words.h"

namespace hearth::gui {

AuditModel::AuditModel(AuditFetch fetch, QObject* parent)
    : QAbstractTableModel(parent), m_fetch(std::move(fetch)) {}

void AuditModel::setFilter(const security::AuditFilter& filter) {
    m_wanted = filter;
    reload();
}

void AuditModel::reload() {
    m_asked = m_wanted;
    if (!m_asked.untilMs)
        m_asked.untilMs = QDateTime::currentMSecsSinceEpoch() + 1;
    const quint64 generation = ++m_generation;
    m_fetch(m_asked, 0, kStretch,
            [guard = QPointer<AuditModel>(this), this, generation](Result<AuditStretch> stretch) {
                if (!guard || generation != m_generation)
                    return;
                beginResetModel();
                m_stretches.clear();
                m_order.clear();
                m_outstanding.clear();
                m_rows = 0;
                if (stretch) {
                    m_rows = static_cast<int>(
                        std::min<std::int64_t>(stretch->count, std::numeric_limits<int>::max()));
                    m_stretches[0] = std::move(stretch->entries);
                    m_order = {0};
                }
                endResetModel();
                if (stretch)
                    Q_EMIT loaded();
                else
                    Q_EMIT failed(stretch.error());
            });
}

void AuditModel::setNames(std::map<security::ProfileId, QString> names) {
    if (m_names == names)
        return;
    m_names = std::move(names);
    if (m_rows > 0)
        Q_EMIT dataChanged(index(0, Who), index(m_rows - 1, About));
}

void AuditModel::read(int stretch) const {
    if (std::find(m_outstanding.begin(), m_outstanding.end(), stretch) != m_outstanding.end())
        return;
    m_outstanding.push_back(stretch);
    // Asking changes nothing that can be seen yet.
    auto* self = const_cast<AuditModel*>(this);
    m_fetch(m_asked, static_cast<std::size_t>(stretch) * kStretch, kStretch,
            [guard = QPointer<AuditModel>(self), self, stretch,
             generation = m_generation](Result<AuditStretch> got) {
                if (!guard || generation != self->m_generation)
                    return;
                std::erase(self->m_outstanding, stretch);
                if (!got) {
                    Q_EMIT self->failed(got.error());
                    return;
                }
                self->m_stretches[stretch] = std::move(got->entries);
                self->m_order.push_back(stretch);
                if (self->m_order.size() > kMostStretches) {
                    self->m_stretches.erase(self->m_order.front());
                    self->m_order.erase(self->m_order.begin());
                }
                const int first = stretch * kStretch;
                const int last = std::min(first + kStretch, self->m_rows) - 1;
                if (last >= first)
                    Q_EMIT self->dataChanged(self->index(first, 0), self->index(last, kColumns - 1));
            });
}

const security::AuditEntry* AuditModel::entry(int row) const {
    const auto found = m_stretches.find(row / kStretch);
    const auto place = static_cast<std::size_t>(row % kStretch);
    return row >= 0 && found != m_stretches.end() && place < found->second.size() ? &found->second[place]
                                                                                  : nullptr;
}

int AuditModel::rowOf(std::int64_t number) const {
    for (const auto& [stretch, entries] : m_stretches)
        for (std::size_t i = 0; i < entries.size(); ++i)
            if (entries[i].number == number)
                return stretch * kStretch + static_cast<int>(i);
    return -1;
}

int AuditModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : m_rows;
}

int AuditModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kColumns;
}

QString AuditModel::who(security::ProfileId id) const {
    if (const auto found = m_names.find(id); found != m_names.end())
        return found->second;
    return id == 0 ? tr("Nobody signed in") : tr("Profile %1").arg(id);
}

QVariant AuditModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= m_rows)
        return {};
    const security::AuditEntry* found = entry(index.row());
    if (role == LoadedRole)
        return found != nullptr;
    if (!found) {
        if (role != Qt::DisplayRole)
            return {};
        read(index.row() / kStretch);
        return index.column() == Number ? QStringLiteral("…") : QString();
    }
    if (role == OutcomeRole)
        return static_cast<int>(found->event.outcome);
    if (role == Qt::ToolTipRole && index.column() == Outcome)
        return QString::fromStdString(found->event.reason);
    if (role == Qt::ToolTipRole && index.column() == Time)
        return QString::fromStdString(security::utcText(found->timeMs));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case Number:
        return QString::number(found->number);
    case Time:
        return QLocale().toString(QDateTime::fromMSecsSinceEpoch(found->timeMs), QLocale::ShortFormat);
    case Who:
        return who(found->event.actor);
    case What:
        return audit_words::action(found->event.action);
    case About:
        return audit_words::about(found->event.object, [this](security::ProfileId id) { return who(id); });
    case Outcome:
        return audit_words::outcome(found->event.outcome);
    default:
        return {};
    }
}

QVariant AuditModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Number:
        return tr("No.");
    case Time:
        return tr("Time");
    case Who:
        return tr("Who");
    case What:
        return tr("What");
    case About:
        return tr("About");
    case Outcome:
        return tr("Outcome");
    default:
        return {};
    }
}

} // namespace hearth::gui
