#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include "engine/hardware/report/report.h"

namespace hearth::gui {

/// Models (rows) by quantisation (columns after the name): what fits and how fast it answers. A cell shows
/// tokens per second; what does not fit shows the memory it needs, and so does everything while nothing has
/// been measured. Of a kind that the engine does not run, every cell says so.
class FitMatrixModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role {
        SortRole = Qt::UserRole, ///< double; models by parameters, cells by speed, then by smaller memory
        FitRole,                 ///< int of hardware::Fit; of cells only
        EstimatedRole,           ///< bool: some rate behind it was not measured
        RunnableRole,            ///< bool: the engine has this family
        SupportedRole            ///< the same, of cells
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// Rows as fitMatrix() gives them, not copied; `owner` keeps them and what they point to alive.
    void setRows(std::span<const hardware::FitRow> rows, std::shared_ptr<const void> owner);
    /// Of a cell; nullptr for the name's column and combinations that there are not.
    [[nodiscard]] const hardware::FitRow* cell(const QModelIndex& index) const;
    [[nodiscard]] const hardware::CatalogueEntry* entry(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Line {
        const hardware::CatalogueEntry* entry = nullptr;
        std::vector<const hardware::FitRow*> cells; ///< by quantisation
    };
    [[nodiscard]] QVariant cellData(const hardware::FitRow& row, int role) const;

    std::shared_ptr<const void> m_owner;
    std::vector<Line> m_lines;
};

/// Sorts by any column and keeps the models that have a purpose and a part of a name.
class FitFilterModel : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit FitFilterModel(FitMatrixModel& model, QObject* parent = nullptr);
    void setPurpose(std::optional<hardware::Purpose> purpose);
    void setText(const QString& text);
    void setOnlyFitting(bool only); ///< hides models that fit in no quantisation

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    FitMatrixModel& m_model;
    std::optional<hardware::Purpose> m_purpose;
    QString m_text;
    bool m_onlyFitting = false;
};

} // namespace hearth::gui
