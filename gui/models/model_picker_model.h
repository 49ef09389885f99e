#pragma once

#include <memory>
#include <vector>

#include <QAbstractListModel>
#include <QStringList>

namespace hearth::gui {

/// The models a person can pick: those opened lately, then GGUF files found in the model folders. Files are
/// looked at in a pool thread (a folder may be on a disk that has to wake up), at most kMaxDepth levels and
/// kMaxFiles files; of a split file only the first part is listed. GUI thread.
class ModelPickerModel : public QAbstractListModel {
    Q_OBJECT

public:
    static constexpr int kMaxRecent = 10, kMaxDepth = 4, kMaxFiles = 2000;

    enum Role { PathRole = Qt::UserRole, NameRole, QuantisationRole, BytesRole, RecentRole };

    explicit ModelPickerModel(QObject* parent = nullptr);
    ~ModelPickerModel() override;

    /// Newest first. Whoever keeps the settings hands them over again when they change.
    void setRecent(const QStringList& paths);
    void setFolders(const QStringList& folders);
    /// Looks at the disk again; scanFinished() when done.
    void rescan();

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

    struct File {
        QString path, name, quantisation; ///< quantisation "" when the file's name does not say
        qint64 bytes = 0;                 ///< −1 = not there
    };
    /// What the file's name and size say, without opening it.
    [[nodiscard]] static File describe(const QString& path);

Q_SIGNALS:
    void scanFinished();

private:
    struct Scan;
    void setEntries(std::vector<File>& slot, std::vector<File> files, int firstRow);

    QStringList m_recent, m_folders;
    std::vector<File> m_recentFiles, m_found;
    std::shared_ptr<Scan> m_scan;
};

} // namespace hearth::gui
