#pragma once

#include <memory>
#include <vector>

#include <QAbstractListModel>
#include <QList>
#include <QPair>
#include <QStringList>

#include "engine/workbench/model_folders.h"

namespace hearth::gui {

/// The models a person can pick: those opened lately, then GGUF files found in the model folders, as
/// workbench::listModels() reads them in a pool thread, and at the end the built-in Guide. GUI thread; the
/// destructor does not wait.
class ModelPickerModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        PathRole = Qt::UserRole,
        NameRole,
        QuantisationRole,
        BytesRole,
        RecentRole,
        GuideRole,  ///< it is the small model that comes with the program
        ProblemRole ///< code of what is wrong with the file; "" = nothing
    };

    explicit ModelPickerModel(QObject* parent = nullptr);
    ~ModelPickerModel() override;

    /// Newest first. Whoever keeps the settings hands them over again when they change.
    void setRecent(const QStringList& paths);
    void setFolders(const QStringList& folders);
    /// Models of the library: path and the name that they have there. They stand where the folders' do.
    void setInstalled(QList<QPair<QString, QString>> models);
    /// The Guide's file; empty = there is none.
    void setGuide(const QString& path);
    [[nodiscard]] bool isGuide(const QString& path) const { return !path.isEmpty() && path == m_guide; }
    /// What the Guide is called wherever models are listed.
    [[nodiscard]] static QString guideName();
    /// Looks at the disk again; scanFinished() when done. Several calls before the event loop turns are one.
    void rescan();

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

    struct File {
        QString name, quantisation; ///< quantisation "" when the file's name does not say
    };
    /// What the file's name alone says; shown until the file itself has been read.
    [[nodiscard]] static File describe(const QString& path);

Q_SIGNALS:
    void scanFinished();

private:
    struct Scan;
    void scan();
    void setEntries(std::vector<workbench::ModelEntry> entries);

    QStringList m_recent, m_folders;
    QList<QPair<QString, QString>> m_installed;
    QString m_guide;
    std::vector<workbench::ModelEntry> m_entries;
    std::shared_ptr<Scan> m_scan;
    bool m_scheduled = false;
};

} // namespace hearth::gui
