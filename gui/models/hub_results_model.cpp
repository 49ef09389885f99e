#include "gui/models/hub_results_model.h"

#include <set>

#include "engine/hub/model_names.h"

namespace hearth::gui {

HubResultsModel::HubResultsModel(HubBridge& bridge, QObject* parent)
    : QAbstractListModel(parent), m_bridge(bridge) {
    connect(&bridge, &HubBridge::found, this, &HubResultsModel::add);
}

int HubResultsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_models.size());
}

QVariant HubResultsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto& model = m_models[static_cast<std::size_t>(index.row())];
    const QString repository = QString::fromStdString(model.repository);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
    case Qt::ToolTipRole:
    case RepositoryRole:
        return repository;
    case OwnerRole:
        return repository.contains(u'/') ? repository.section(u'/', 0, 0) : QString();
    case NameRole:
        return repository.section(u'/', -1);
    case DownloadsRole:
        return QVariant::fromValue<qulonglong>(model.downloads);
    case LikesRole:
        return QVariant::fromValue<qulonglong>(model.likes);
    case LicenceRole:
        return QString::fromStdString(model.licence);
    case ParametersRole:
        return hub::parametersOf(model.repository).value_or(0);
    case UpdatedRole:
        return QString::fromStdString(model.updated);
    case GatedRole:
        return model.gated || model.isPrivate;
    default:
        return {};
    }
}

bool HubResultsModel::canFetchMore(const QModelIndex& parent) const {
    return !parent.isValid() && m_bridge.hasMore() && !m_bridge.isSearching();
}

void HubResultsModel::fetchMore(const QModelIndex& parent) {
    if (!parent.isValid())
        m_bridge.more();
}

void HubResultsModel::add(const std::vector<hub::ModelSummary>& models, bool first) {
    if (first) {
        beginResetModel();
        m_models = models;
        endResetModel();
        return;
    }
    // While one pages through, ranks move: the same model may come again.
    std::set<std::string> known;
    for (const auto& model : m_models)
        known.insert(model.repository);
    std::vector<hub::ModelSummary> fresh;
    for (const auto& model : models)
        if (known.insert(model.repository).second)
            fresh.push_back(model);
    if (fresh.empty())
        return;
    const int before = rowCount();
    beginInsertRows({}, before, before + static_cast<int>(fresh.size()) - 1);
    m_models.insert(m_models.end(), fresh.begin(), fresh.end());
    endInsertRows();
}

} // namespace hearth::gui
