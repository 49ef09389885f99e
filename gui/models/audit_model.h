#pragma once

#include <functional>
#include <map>
#include <vector>

#include <QAbstractTableModel>

#include "engine/security/audit/audit_log.h"

namespace hearth::gui {

/// A stretch of the audit log, and how many entries there are in all.
struct AuditStretch {
    std::int64_t count = 0;
    std::vector<security::AuditEntry> entries; ///< newest first
};

/// Where the model gets entries from: answers later, in the GUI thread.
using AuditFetch = std::function<void(security::AuditFilter filter, std::size_t offset, std::size_t limit,
                                      std::function<void(Result<AuditStretch>)> done)>;

/// The audit log, newest first, read as it is scrolled: only the stretches that were shown are in memory.
/// Entries that are written meanwhile appear with the next reload(), so that nothing moves under the eyes.
class AuditModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Number, Time, Who, What, About, Outcome, kColumns };
    enum Role {
        OutcomeRole = Qt::UserRole, ///< int of security::Outcome; of rows that are read
        LoadedRole                  ///< bool
    };
    static constexpr int kStretch = 200; ///< rows that are read at once
    static constexpr int kMostStretches = 16;

    explicit AuditModel(AuditFetch fetch, QObject* parent = nullptr);

    /// Reads anew, under this filter.
    void setFilter(const security::AuditFilter& filter);
    void reload();
    [[nodiscard]] const security::AuditFilter& filter() const { return m_wanted; }
    /// Names for profile numbers; others show as "profile 7".
    void setNames(std::map<security::ProfileId, QString> names);
    /// nullptr until it was read.
    [[nodiscard]] const security::AuditEntry* entry(int row) const;
    /// The row of an entry by its number, as far as it is known; −1 = not in what was read.
    [[nodiscard]] int rowOf(std::int64_t number) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void loaded(); ///< the first stretch of a reload is there
    void failed(const hearth::Error& error);

private:
    void read(int stretch) const;
    [[nodiscard]] QString who(security::ProfileId id) const;

    AuditFetch m_fetch;
    security::AuditFilter m_wanted, m_asked; ///< the latter ends at the time of the reload
    std::map<security::ProfileId, QString> m_names;
    int m_rows = 0;
    quint64 m_generation = 0;
    mutable std::map<int, std::vector<security::AuditEntry>> m_stretches;
    mutable std::vector<int> m_order;       ///< stretches, the least recently read first
    mutable std::vector<int> m_outstanding; ///< asked for
};

} // namespace hearth::gui
