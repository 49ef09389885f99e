#pragma once

#include <vector>

#include <QAbstractListModel>

#include "gui/bridge/hub_bridge.h"

namespace hearth::gui {

/// What a search on a hub found, growing page by page as the view asks for more. GUI thread; the bridge
/// outlives it.
class HubResultsModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        RepositoryRole = Qt::UserRole,
        OwnerRole,
        NameRole,
        DownloadsRole,  ///< qulonglong
        LikesRole,      ///< qulonglong
        LicenceRole,    ///< "" when unknown
        ParametersRole, ///< double; 0 when the name does not say
        UpdatedRole,    ///< ISO 8601, or ""
        GatedRole
    };

    explicit HubResultsModel(HubBridge& bridge, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

private:
    void add(const std::vector<hub::ModelSummary>& models, bool first);

    HubBridge& m_bridge;
    std::vector<hub::ModelSummary> m_models;
};

} // namespace hearth::gui
