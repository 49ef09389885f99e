#pragma once

#include <optional>
#include <vector>

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>
#include <QStringList>

#include "gui/bridge/library_bridge.h"

namespace hearth::gui {

/// The library as a table: a row is a version of a model, the default one first. GUI thread; follows the
/// bridge.
class LibraryModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        Name,
        Version,
        Family,
        Parameters,
        Quantisation,
        Size,
        Context,
        Memory,
        Speed,
        Fit,
        Licence,
        Source, ///< where it came from, or what it was made from
        LastUsed,
        Columns
    };
    enum Role {
        SortRole = Qt::UserRole, ///< what sorting compares
        VersionRole,             ///< qint64 of the version
        ModelRole,               ///< qint64 of the model
        FitRole,                 ///< int of hardware::Fit; −1 = not known
        StateRole,               ///< int of workbench::FileState
        FamilyRole,
        LicenceRole,
        SearchRole,  ///< all words that searching looks at, folded
        RunnableRole ///< the engine has this family
    };

    explicit LibraryModel(LibraryBridge& bridge, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] const workbench::LibraryModel* model(int row) const {
        return m_rows[std::size_t(row)].model;
    }
    [[nodiscard]] const workbench::LibraryVersion* version(int row) const {
        return m_rows[std::size_t(row)].version;
    }
    [[nodiscard]] int rowOf(qint64 version) const; ///< −1 = not there
    [[nodiscard]] QStringList families() const;    ///< that occur, sorted
    [[nodiscard]] QStringList licences() const;
    /// Of numbers: they stand at the right.
    [[nodiscard]] static bool isNumber(int column);

    /// "F16 → Q4_K_M, importance matrix", "imported", …
    [[nodiscard]] static QString lineage(const workbench::LibraryModel& model,
                                         const workbench::LibraryVersion& version);
    /// The same in a few words: of a download the repository and its host.
    [[nodiscard]] static QString shortSource(const workbench::LibraryModel& model,
                                             const workbench::LibraryVersion& version);
    [[nodiscard]] static QString origin(const std::string& origin);
    [[nodiscard]] static QString when(qint64 ms);  ///< "today", "3 days ago", "never"
    [[nodiscard]] static const QString& unknown(); ///< what stands where nothing is known
    void retranslate();                            ///< words of cells and headings

private:
    struct Row {
        const workbench::LibraryModel* model;
        const workbench::LibraryVersion* version;
        QString search;
    };
    void rebuild();
    [[nodiscard]] QVariant text(const Row& row, int column) const;
    [[nodiscard]] QVariant sortKey(const Row& row, int column) const;
    [[nodiscard]] QString spoken(const Row& row, int column) const;

    LibraryBridge& m_bridge;
    /// A copy: views still ask for the old rows while they are told of new ones.
    std::vector<workbench::LibraryModel> m_models;
    std::vector<Row> m_rows; ///< into m_models
};

/// Sorted and filtered rows; those of one model stay together when sorted by name.
class LibraryFilterModel : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit LibraryFilterModel(LibraryModel& model, QObject* parent = nullptr);
    void setText(const QString& text);     ///< every word must occur
    void setFamily(const QString& family); ///< "" = all
    void setLicence(const QString& licence);
    void setOnlyFitting(bool only);
    [[nodiscard]] LibraryModel& source() const { return m_model; }
    /// Whether a row begins another model than the row above shows.
    [[nodiscard]] bool beginsModel(int row) const;

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    LibraryModel& m_model;
    QStringList m_words;
    QString m_family, m_licence;
    bool m_onlyFitting = false;
};

} // namespace hearth::gui
