#include "gui/models/fit_matrix_model.h"

#include <algorithm>

#include <QLocale>

#include "gui/theme/human.h"

namespace hearth::gui {

using namespace hearth::hardware;

namespace {

QString text(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString gigabytes(std::uint64_t bytes) {
    const double value = static_cast<double>(bytes) / 1e9;
    return QLocale::c().toString(value, 'f', value < 9.95 ? 1 : 0) + QStringLiteral("\u00A0GB");
}

} // namespace

void FitMatrixModel::setRows(std::span<const FitRow> rows, std::shared_ptr<const void> owner) {
    beginResetModel();
    m_lines.clear();
    const auto quantisations = usualQuantisations();
    for (const FitRow& row : rows) {
        const auto column =
            std::find(quantisations.begin(), quantisations.end(), row.prediction.quantisation);
        if (column == quantisations.end())
            continue;
        if (m_lines.empty() || m_lines.back().entry != row.entry)
            m_lines.push_back({row.entry, std::vector<const FitRow*>(quantisations.size(), nullptr)});
        m_lines.back().cells[static_cast<std::size_t>(column - quantisations.begin())] = &row;
    }
    m_owner = std::move(owner);
    endResetModel();
}

const CatalogueEntry* FitMatrixModel::entry(int row) const {
    return row >= 0 && row < rowCount() ? m_lines[static_cast<std::size_t>(row)].entry : nullptr;
}

const FitRow* FitMatrixModel::cell(const QModelIndex& index) const {
    if (!index.isValid() || index.column() == 0)
        return nullptr;
    return m_lines[static_cast<std::size_t>(index.row())].cells[static_cast<std::size_t>(index.column() - 1)];
}

int FitMatrixModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int FitMatrixModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : 1 + static_cast<int>(usualQuantisations().size());
}

QVariant FitMatrixModel::cellData(const FitRow& row, int role) const {
    const Prediction& p = row.prediction;
    const bool told = p.fit != Fit::DoesNotFit && p.decodeTps > 0;
    const bool supported = row.entry->shape.runnable;
    switch (role) {
    case Qt::DisplayRole:
        if (!supported)
            return tr("not supported");
        return told ? humanRate(p.decodeTps) : gigabytes(p.memoryBytes);
    case Qt::AccessibleTextRole:
        if (!supported)
            return tr("not supported, would need %1").arg(gigabytes(p.memoryBytes));
        return told ? tr("%1 tokens per second").arg(humanRate(p.decodeTps))
                    : tr("needs %1").arg(gigabytes(p.memoryBytes));
    case Qt::TextAlignmentRole:
        return int(Qt::AlignCenter);
    case SortRole:
        return told ? p.decodeTps : -static_cast<double>(p.memoryBytes) - (supported ? 0 : 1e15);
    case FitRole:
        return static_cast<int>(p.fit);
    case EstimatedRole:
        return p.estimated;
    case SupportedRole:
        return supported;
    default:
        return {};
    }
}

QVariant FitMatrixModel::data(const QModelIndex& index, int role) const {
    const CatalogueEntry* model = entry(index.row());
    if (!model)
        return {};
    if (role == RunnableRole)
        return model->shape.runnable;
    if (index.column() > 0) {
        const FitRow* row = cell(index);
        if (row)
            return cellData(*row, role);
        return role == SortRole ? QVariant(-HUGE_VAL) : QVariant();
    }
    switch (role) {
    case Qt::DisplayRole:
        return text(model->name);
    case Qt::ToolTipRole:
        return QStringList{text(model->publisher), text(model->licence), text(model->released)}.join(
            QStringLiteral(" · "));
    case SortRole:
        return static_cast<double>(model->parameters);
    default:
        return {};
    }
}

QVariant FitMatrixModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(section == 0 ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignCenter);
    if (role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Model") : text(usualQuantisations()[static_cast<std::size_t>(section - 1)]);
}

FitFilterModel::FitFilterModel(FitMatrixModel& model, QObject* parent)
    : QSortFilterProxyModel(parent), m_model(model) {
    setSourceModel(&model);
    setSortRole(FitMatrixModel::SortRole);
}

void FitFilterModel::setPurpose(std::optional<Purpose> purpose) {
    m_purpose = purpose;
    invalidateFilter();
}

void FitFilterModel::setText(const QString& part) {
    m_text = part.trimmed();
    invalidateFilter();
}

void FitFilterModel::setOnlyFitting(bool only) {
    m_onlyFitting = only;
    invalidateFilter();
}

bool FitFilterModel::filterAcceptsRow(int row, const QModelIndex&) const {
    const CatalogueEntry* model = m_model.entry(row);
    if (!model)
        return false;
    if (m_purpose &&
        std::find(model->purposes.begin(), model->purposes.end(), *m_purpose) == model->purposes.end())
        return false;
    if (!m_text.isEmpty() && !text(model->name).contains(m_text, Qt::CaseInsensitive) &&
        !text(model->publisher).contains(m_text, Qt::CaseInsensitive))
        return false;
    if (!m_onlyFitting)
        return true;
    for (int column = 1; column < m_model.columnCount(); ++column)
        if (const FitRow* cell = m_model.cell(m_model.index(row, column));
            cell && cell->prediction.fit != Fit::DoesNotFit)
            return true;
    return false;
}

} // namespace hearth::gui
