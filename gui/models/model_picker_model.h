#pragma once

#include <vector>

#include <QAbstractListModel>
#include <QStringList>

#include "gui/bridge/history_bridge.h"

namespace hearth::gui {

/// The models a person can pick: those opened lately, then GGUF files found in the model folders. Folders are
/// read in a pool thread, at most kMaxDepth levels and kMaxFiles files; of a split file only the first part
/// is listed. The recent ones are remembered in the history's settings.
///
/// GUI thread; borrows the bridge, which outlives it.
class ModelPickerModel : public QAbstractListModel {
    Q_OBJECT

public:
    static constexpr int kMaxRecent = 8, kMaxDepth = 4, kMaxFiles = 2000;

    enum Role { PathRole = Qt::UserRole, NameRole, QuantisationRole, BytesRole, RecentRole };

    explicit ModelPickerModel(HistoryBridge& history, QObject* parent = nullptr);
    ~ModelPickerModel() override;

    /// Reads the remembered recent models; recentLoaded() when they are there.
    void load();
    void setFolders(const QStringList& folders);
    /// A model was opened: first of the recent ones from now on.
    void remember(const QString& path);
    void forget(const QString& path);
    [[nodiscard]] const QStringList& recent() const { return m_recent; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

    struct File {
        QString path, name, quantisation; ///< quantisation "" when the file's name does not say
        qint64 bytes = 0;                 ///< −1 = not there
    };
    /// What the file's name and size say, without opening it.
    [[nodiscard]] static File describe(const QString& path);

Q_SIGNALS:
    void recentLoaded();
    void scanFinished();

private:
    struct Scan;
    void scan();
    void setEntries(std::vector<File>& slot, std::vector<File> files, int firstRow);
    void save();

    HistoryBridge& m_history;
    QStringList m_recent, m_folders;
    std::vector<File> m_recentFiles, m_found;
    std::shared_ptr<Scan> m_scan;
};

} // namespace hearth::gui
