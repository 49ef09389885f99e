#include "gui/models/data_location_model.h"

#include <QLocale>

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

QString DataLocationModel::sizeText(std::uint64_t bytes) {
    return QLocale().formattedDataSize(static_cast<qint64>(bytes), 1, QLocale::DataSizeSIFormat);
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
    case DataKind::Temporary:
        return tr("Lock or temporary file");
    case DataKind::Unknown:
        return tr("Not from Hearth");
    }
    return {};
}

QVariant DataLocationModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const workbench::DataLocation& each = m_locations[static_cast<std::size_t>(index.row())];
    if (role == SealedRole)
        return each.sealed;
    if (role == PathRole || (role == Qt::ToolTipRole && index.column() == Path))
        return QString::fromStdString(each.path.string());
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Kind:
        return kindWord(each.kind);
    case Path:
        return QString::fromStdString(each.path.string());
    case Size:
        return sizeText(each.bytes);
    case Protection:
        return each.sealed ? tr("Sealed") : tr("Readable");
    default:
        return {};
    }
}

QVariant DataLocationModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
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
