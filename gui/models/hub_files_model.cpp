#include "gui/models/hub_files_model.h"

#include <algorithm>

#include "engine/hub/model_names.h"

namespace hearth::gui {

HubFilesModel::HubFilesModel(HubBridge& bridge, QObject* parent)
    : QAbstractListModel(parent), m_bridge(bridge) {
    connect(&bridge, &HubBridge::fitReady, this, &HubFilesModel::setFits);
    connect(&bridge, &HubBridge::downloadsChanged, this, &HubFilesModel::updateHere);
}

void HubFilesModel::setDetails(std::shared_ptr<const HubDetails> details) {
    beginResetModel();
    m_details = std::move(details);
    m_rows.clear();
    m_fits.clear();
    if (m_details)
        for (const auto& file : m_details->content.files) {
            if (!hub::opensModel(file.path))
                continue;
            Row row;
            // A set with a gap cannot be used, so it is not offered.
            if (auto parts = hub::withItsParts(m_details->content.files, file))
                row.files = std::move(*parts);
            else
                continue;
            for (const auto& one : row.files)
                row.bytes += one.size.value_or(0);
            row.name = QString::fromStdString(file.path);
            row.quantisation = QString::fromStdString(hub::quantisationOf(file.path));
            m_rows.push_back(std::move(row));
        }
    std::stable_sort(m_rows.begin(), m_rows.end(),
                     [](const Row& a, const Row& b) { return a.bytes < b.bytes; });
    endResetModel();
    updateHere();
}

void HubFilesModel::setFits(const std::map<std::string, HubFit>& fits) {
    m_fits = fits;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

void HubFilesModel::updateHere() {
    if (!m_details)
        return;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        std::size_t done = 0, coming = 0;
        for (const auto& file : m_rows[i].files)
            for (const auto& view : m_bridge.downloads())
                if (view.download.repository == m_details->content.model.repository &&
                    view.download.file == file.path) {
                    done += view.download.state == hub::DownloadState::Finished;
                    coming += view.download.state != hub::DownloadState::Finished &&
                              view.download.state != hub::DownloadState::Failed;
                }
        const Here here = done == m_rows[i].files.size() ? Here::Yes : coming > 0 ? Here::Coming : Here::No;
        if (std::exchange(m_rows[i].here, here) != here) {
            const auto at = index(static_cast<int>(i));
            Q_EMIT dataChanged(at, at);
        }
    }
}

std::vector<hub::RepoFile> HubFilesModel::filesOf(int row) const {
    if (row < 0 || row >= rowCount())
        return {};
    return m_rows[static_cast<std::size_t>(row)].files;
}

int HubFilesModel::recommended() const {
    int usual = -1, best = -1;
    for (int i = 0; i < rowCount(); ++i) {
        const Row& row = m_rows[static_cast<std::size_t>(i)];
        if (row.quantisation == QLatin1String("Q4_K_M"))
            usual = i;
        const auto fit = m_fits.find(row.files.front().path);
        if (fit != m_fits.end() && fit->second.fit == hardware::Fit::Comfortable)
            best = i; // sorted by size: the last one that fits is the finest
    }
    return best >= 0 ? best : usual >= 0 ? usual : rowCount() > 0 ? 0 : -1;
}

int HubFilesModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant HubFilesModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const auto fit = m_fits.find(row.files.front().path);
    const bool known = fit != m_fits.end();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
    case Qt::ToolTipRole:
    case NameRole:
        return row.name;
    case PathRole:
        return QString::fromStdString(row.files.front().path);
    case QuantisationRole:
        return row.quantisation;
    case BytesRole:
        return QVariant::fromValue<qulonglong>(row.bytes);
    case PartsRole:
        return static_cast<int>(row.files.size());
    case MemoryRole:
        return QVariant::fromValue<qulonglong>(known ? fit->second.memoryBytes : 0);
    case FitRole:
        return known ? static_cast<int>(fit->second.fit) : -1;
    case SpeedRole:
        return known ? fit->second.decodeTps : 0.0;
    case HereRole:
        return static_cast<int>(row.here);
    default:
        return {};
    }
}

} // namespace hearth::gui
