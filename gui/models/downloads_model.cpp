#include "gui/models/downloads_model.h"

#include <algorithm>

#include "engine/hub/model_names.h"

namespace hearth::gui {

DownloadsModel::DownloadsModel(HubBridge& bridge, QObject* parent)
    : QAbstractListModel(parent), m_bridge(bridge), m_views(bridge.downloads()) {
    connect(&bridge, &HubBridge::downloadsChanged, this, &DownloadsModel::update);
}

/// Keeps rows, and with them the selection, where the list only changed inside or grew.
void DownloadsModel::update() {
    const auto& now = m_bridge.downloads();
    for (std::size_t i = 0; i < m_views.size();) {
        const bool stays = std::any_of(now.begin(), now.end(), [&](const hub::DownloadView& view) {
            return view.download.id == m_views[i].download.id;
        });
        if (stays) {
            ++i;
            continue;
        }
        beginRemoveRows({}, static_cast<int>(i), static_cast<int>(i));
        m_views.erase(m_views.begin() + static_cast<std::ptrdiff_t>(i));
        endRemoveRows();
    }
    for (std::size_t i = 0; i < now.size(); ++i) {
        if (i < m_views.size()) {
            m_views[i] = now[i];
            continue;
        }
        beginInsertRows({}, static_cast<int>(i), static_cast<int>(i));
        m_views.push_back(now[i]);
        endInsertRows();
    }
    if (!m_views.empty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

quint64 DownloadsModel::idOf(const QModelIndex& index) {
    return index.data(IdRole).toULongLong();
}

hub::DownloadState DownloadsModel::stateOf(const QModelIndex& index) {
    return static_cast<hub::DownloadState>(index.data(StateRole).toInt());
}

int DownloadsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_views.size());
}

std::optional<Error> DownloadsModel::problemOf(int row) const {
    if (row < 0 || row >= rowCount())
        return std::nullopt;
    const auto& view = m_views[static_cast<std::size_t>(row)];
    return view.transfer && view.transfer->problem ? view.transfer->problem : view.download.problem;
}

int DownloadsModel::unfinished() const {
    return static_cast<int>(std::count_if(m_views.begin(), m_views.end(), [](const hub::DownloadView& view) {
        return view.download.state != hub::DownloadState::Finished;
    }));
}

QVariant DownloadsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto& view = m_views[static_cast<std::size_t>(index.row())];
    const auto& download = view.download;
    // One that has only just gone on does not know yet what is there.
    const bool knows = view.transfer && view.transfer->bytesTotal > 0;
    const std::uint64_t total = knows ? view.transfer->bytesTotal : download.size;
    const std::uint64_t done = knows ? view.transfer->bytesDone : download.bytesDone;
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
    case NameRole:
        return QString::fromStdString(download.target.filename().string());
    case IdRole:
        return QVariant::fromValue<qulonglong>(download.id);
    case RepositoryRole:
        return QString::fromStdString(download.repository);
    case Qt::ToolTipRole:
    case PathRole:
        return QString::fromStdString(download.target.string());
    case QuantisationRole:
        return QString::fromStdString(download.quantisation);
    case ParametersRole:
        return hub::parametersOf(download.repository).value_or(0);
    case BytesRole:
        return QVariant::fromValue<qulonglong>(download.size);
    case MemoryRole:
        return QVariant::fromValue<qulonglong>(download.memory);
    case DoneRole:
        return QVariant::fromValue<qulonglong>(done);
    case FractionRole:
        return total > 0 ? static_cast<double>(done) / static_cast<double>(total) : -1.0;
    case StateRole:
        return static_cast<int>(download.state);
    case PhaseRole:
        return view.transfer ? static_cast<int>(view.transfer->phase) : -1;
    case SpeedRole:
        return view.transfer ? view.transfer->bytesPerSecond : 0.0;
    case RemainingRole:
        return view.transfer && view.transfer->remaining
                   ? static_cast<double>(view.transfer->remaining->count())
                   : -1.0;
    case WaitRole:
        return view.transfer ? static_cast<double>(view.transfer->wait.count()) / 1000 : 0.0;
    case ConnectionsRole:
        return view.transfer ? view.transfer->connections : 0;
    case EndpointRole:
        return view.transfer ? view.transfer->endpoint : download.endpoint.name;
    case ProblemRole: {
        const auto problem = problemOf(index.row());
        return problem ? QString::fromStdString(problem->code) : QString();
    }
    default:
        return {};
    }
}

} // namespace hearth::gui
