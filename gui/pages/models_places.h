#pragma once

#include <QWidget>

#include "gui/bridge/library_bridge.h"
#include "gui/theme/theme.h"

class QCheckBox;
class QVBoxLayout;

namespace hearth::gui {

class Button;
class Card;
class IconButton;
class PageHeader;
class ProgressLine;
class SectionHeader;
class ShareBar;
class TextLabel;

/// What takes the space, and what could be done about it.
class ModelsStorage : public QWidget {
    Q_OBJECT
public:
    ModelsStorage(Theme& theme, LibraryBridge& bridge, QWidget* parent = nullptr);
    void setCandidates(const QStringList& folders) { m_candidates = folders; }
    void refresh(); ///< looks at the disks

Q_SIGNALS:
    void backAsked();
    void opened(qint64 version);
    void removeAsked(qint64 version);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void show();
    void addVersionRow(QVBoxLayout* to, qint64 version, const QString& about);

    Theme& m_theme;
    LibraryBridge& m_bridge;
    QStringList m_candidates;
    std::optional<workbench::StorageView> m_view;
    PageHeader* m_header;
    IconButton* m_back;
    SectionHeader *m_shareTitle, *m_diskTitle, *m_duplicateTitle, *m_unusedTitle, *m_moveTitle;
    ShareBar* m_share;
    Card *m_duplicates, *m_unused, *m_moves;
    QVBoxLayout *m_disks, *m_duplicateRows, *m_unusedRows, *m_moveRows;
};

/// Models that a look through folders and other programs' places found, to be taken in where they are.
class ModelsScan : public QWidget {
    Q_OBJECT
public:
    ModelsScan(Theme& theme, LibraryBridge& bridge, QWidget* parent = nullptr);
    void start(const QStringList& folders, workbench::FileMode mode); ///< and how what is chosen is taken in

Q_SIGNALS:
    void backAsked();
    void convertAsked(const QString& folder);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void show();

    Theme& m_theme;
    LibraryBridge& m_bridge;
    workbench::ScanReport m_report;
    std::vector<std::pair<QCheckBox*, std::size_t>> m_choices;
    QStringList m_folders;
    workbench::FileMode m_mode = workbench::FileMode::Referenced;
    bool m_done = false;
    PageHeader* m_header;
    IconButton* m_back;
    Button *m_add, *m_folder;
    TextLabel* m_hint;
    QVBoxLayout* m_rows;
};

} // namespace hearth::gui
