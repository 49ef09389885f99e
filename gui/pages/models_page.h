#pragma once

#include <QWidget>

#include "gui/bridge/library_bridge.h"
#include "gui/theme/theme.h"

class QMenu;
class QStackedWidget;
class QVBoxLayout;

namespace hearth::gui {

class Button;
class Card;
class Chip;
class ErrorBox;
class JobsCard;
class ModelsConvert;
class ModelsDetails;
class ModelsList;
class ModelsScan;
class ModelsStorage;
class PageHeader;
class ProgressLine;
class QuantiseWizard;
class SearchField;
class ToastHost;

/// The models of this installation: the list, a model's details, quantising, converting, what other programs
/// keep, and what takes the space. Takes dropped files and folders. Offers what the bridge says that the
/// person may do.
class ModelsPage : public QWidget {
    Q_OBJECT
public:
    ModelsPage(Theme& theme, LibraryBridge& bridge, ToastHost& toasts, QWidget* parent = nullptr);

    /// The person's model folders: scanned, and offered as places to move to.
    void setFolders(const QStringList& folders);
    /// Whether findModelAsked() leads somewhere: then that is the page's main button.
    void setHasHub(bool has);
    /// What is shown above the list, for example downloads; the page owns it.
    void addAbove(QWidget* card);
    /// As ModelsList has them.
    void setColumns(const QByteArray& kept);
    [[nodiscard]] QByteArray columns() const;

    void import(const QStringList& paths); ///< as if dropped
    void showVersion(qint64 version, int tab = 0);
    void quantise(qint64 version);
    void compare(qint64 version);
    void convert(const QString& folder);

Q_SIGNALS:
    void openAsked(const QString& path);       ///< in the chat
    void findModelAsked(const QString& words); ///< on the hubs
    void columnsChanged();                     ///< by the person

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QWidget* makeListPage();
    void makeImportMenu();
    void scan();
    void makeHeader();
    void retranslate();
    void showCounts();
    void showTask();
    void showImported(const workbench::ImportReport& report);
    void chooseFiles();
    void chooseFolder();
    void askRemove(qint64 version);
    void askRename(qint64 version);
    void askMove(qint64 version);
    void showMenu(qint64 version, const QPoint& at);
    void showList();

    Theme& m_theme;
    LibraryBridge& m_bridge;
    ToastHost& m_toasts;
    QStringList m_folders;
    bool m_hasHub = false;
    QStackedWidget* m_stack;
    PageHeader* m_header;
    Chip* m_count;
    SearchField* m_search;
    Button *m_storageButton, *m_import, *m_find, *m_cancelTask;
    QMenu* m_importMenu;
    workbench::FileMode m_mode = workbench::FileMode::Referenced; ///< of what is taken in next
    ErrorBox* m_error;
    Card* m_taskCard;
    ProgressLine* m_taskLine;
    JobsCard* m_jobs;
    ModelsList* m_list;
    ModelsDetails* m_details;
    QuantiseWizard* m_wizard;
    ModelsStorage* m_storage;
    ModelsScan* m_scan;
    ModelsConvert* m_convert;
    QVBoxLayout* m_above;
};

} // namespace hearth::gui
