#pragma once

#include <vector>

#include <QAbstractTableModel>

#include "engine/workbench/data_locations.h"

namespace hearth::gui {

/// Every file that Hearth wrote: what it is, where, how large, who can read it.
class DataLocationModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Kind, Path, Size, Protection, kColumns };
    enum Role { SealedRole = Qt::UserRole, PathRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setLocations(std::vector<workbench::DataLocation> locations);
    [[nodiscard]] quint64 bytes() const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] static QString kindWord(workbench::DataKind kind);

private:
    [[nodiscard]] static int alignment(int column);

    std::vector<workbench::DataLocation> m_locations;
};

} // namespace hearth::gui
