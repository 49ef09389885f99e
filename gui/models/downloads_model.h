#pragma once

#include <vector>

#include <QAbstractListModel>

#include "gui/bridge/hub_bridge.h"

namespace hearth::gui {

/// The downloads, in the order in which they were asked for. GUI thread; the bridge outlives it.
class DownloadsModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        IdRole = Qt::UserRole, ///< qulonglong
        NameRole,              ///< the file's name
        RepositoryRole,
        PathRole,         ///< where it goes
        QuantisationRole, ///< "" when unknown
        ParametersRole,   ///< double; 0 = unknown
        BytesRole,        ///< qulonglong, of the whole; 0 = unknown
        MemoryRole,       ///< qulonglong, that loading it takes; 0 = unknown
        DoneRole,         ///< qulonglong, of the phase
        FractionRole,     ///< 0…1 of the phase; −1 = unknown
        StateRole,        ///< int of hub::DownloadState
        PhaseRole,        ///< int of hub::TransferPhase while active, else −1
        SpeedRole,        ///< bytes per second; 0 = nothing comes
        RemainingRole,    ///< seconds; −1 = unknown
        WaitRole,         ///< seconds until it tries again, while it waits
        ConnectionsRole,  ///< int, at work
        EndpointRole,     ///< that sends now
        ProblemRole       ///< code of the error; "" = none
    };

    explicit DownloadsModel(HubBridge& bridge, QObject* parent = nullptr);

    [[nodiscard]] static quint64 idOf(const QModelIndex& index);
    [[nodiscard]] static hub::DownloadState stateOf(const QModelIndex& index); ///< Queued for no row at all

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    /// The error of a row, for showing it whole.
    [[nodiscard]] std::optional<Error> problemOf(int row) const;
    /// Downloads that run, wait or are paused.
    [[nodiscard]] int unfinished() const;

private:
    void update();

    HubBridge& m_bridge;
    std::vector<hub::DownloadView> m_views;
};

} // namespace hearth::gui
