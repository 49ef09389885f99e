#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <QAbstractListModel>

#include "gui/bridge/hub_bridge.h"

namespace hearth::gui {

/// The model files of one repository: the parts of a set are one row. Smallest first. GUI thread; the bridge
/// outlives it.
class HubFilesModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum class Here { No, Coming, Yes };
    enum Role {
        PathRole = Qt::UserRole, ///< of the first part
        NameRole,
        QuantisationRole, ///< "" when the name does not say
        BytesRole,        ///< qulonglong, of all parts; 0 = the hub does not say
        PartsRole,        ///< int
        MemoryRole,       ///< qulonglong, 0 = unknown
        FitRole,          ///< int of hardware::Fit, −1 = unknown
        SpeedRole,        ///< double, tokens per second; 0 = unknown
        HereRole          ///< int of Here
    };

    explicit HubFilesModel(HubBridge& bridge, QObject* parent = nullptr);

    /// Null empties it.
    void setDetails(std::shared_ptr<const HubDetails> details);
    [[nodiscard]] const std::shared_ptr<const HubDetails>& details() const { return m_details; }
    /// All files of a row, in order.
    [[nodiscard]] std::vector<hub::RepoFile> filesOf(int row) const;
    /// The row to point at first: the best quality that fits comfortably, else what is usual, else the first.
    [[nodiscard]] int recommended() const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    struct Row {
        std::vector<hub::RepoFile> files;
        QString name, quantisation;
        std::uint64_t bytes = 0;
        Here here = Here::No;
    };
    void setFits(const std::map<std::string, HubFit>& fits);
    void updateHere();

    HubBridge& m_bridge;
    std::shared_ptr<const HubDetails> m_details;
    std::vector<Row> m_rows;
    std::map<std::string, HubFit> m_fits;
};

} // namespace hearth::gui
