#include "gui/models/data_location_model.h"

#include "gui/theme/human.h"

namespace hearth::gui {

using workbench::DataKind;

void DataLocationModel::setLocations(std::vector<workbench::DataLocation> locations) {
    beginResetModel();
    m_locations = std::move(locations);
    endResetModel();
}

quint64 DataLocationModel::bytes() const {
    quint64 sum = 0;
    for (const auto& each : m_locations)
        sum += each.bytes;
    return sum;
}

int DataLocationModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_locations.size());
}

int DataLocationModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kColumns;
}

QString DataLocationModel::kindWord(DataKind kind) {
    switch (kind) {
    case DataKind::Conversations:
        return tr("Chats");
    case DataKind::Backups:
        return tr("Backup");
    case DataKind::Accounts:
        return tr("Accounts");
    case DataKind::AuditLog:
        return tr("Audit log");
    case DataKind::Seals:
        return tr("Keys and seals");
    case DataKind::Settings:
        return tr("Settings");
    case DataKind::Usage:
        return tr("Usage counts");
    case DataKind::Compliance:
        return tr("Consents and rules");
    case DataKind::Measurements:
        return tr("Measurements");
    case DataKind::Logs:
        return tr("Technical log");
    case DataKind::Cache:
        return tr("Cache");
    case DataKind::SetAside:
        return tr("Set aside after damage");
    case DataKind::Models:
        return tr("Model");
    case DataKind::UnfinishedJobs:
        return tr("Work of unfinished jobs");
    case DataKind::Temporary:
        return tr("Lock or temporary file");
    case DataKind::Unknown:
        return tr("Not from Hearth");
    }
    return {};
}

int DataLocationModel::alignment(int column) {
    return int((column == Size ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

QVariant DataLocationModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const workbench::DataLocation& each = m_locations[static_cast<std::size_t>(index.row())];
    if (role == SealedRole)
        return each.sealed;
    if (role == PathRole || (role == Qt::ToolTipRole && index.column() == Path))
        return QString::fromStdString(each.path.string());
    if (role == Qt::TextAlignmentRole)
        return alignment(index.column());
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Kind:
        return kindWord(each.kind);
    case Path:
        return QString::fromStdString(each.path.string());
    case Size:
        return humanBytes(each.bytes);
    case Protection:
        return each.sealed ? tr("Sealed") : tr("Readable");
    default:
        return {};
    }
}

QVariant DataLocationModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignment(section);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Kind:
        return tr("Kind");
    case Path:
        return tr("File");
    case Size:
        return tr("Size");
    case Protection:
        return tr("Protection");
    default:
        return {};
    }
}

} // namespace hearth::gui
