#pragma once

#include <QWidget>

#include "gui/bridge/library_bridge.h"
#include "gui/theme/theme.h"

class QStackedWidget;

namespace hearth::gui {

class Button;
class Chip;
class ErrorBox;
class IconButton;
class JobsCard;
class ModelsFiles;
class ModelsOverview;
class ModelsTemplate;
class ModelsTensors;
class ModelsVersions;
class PageHeader;
class SegmentedControl;

/// Everything about one version of a model, in tabs.
class ModelsDetails : public QWidget {
    Q_OBJECT
public:
    ModelsDetails(Theme& theme, LibraryBridge& bridge, QWidget* parent = nullptr);
    void setVersion(qint64 version);
    [[nodiscard]] qint64 version() const { return m_version; }
    void showTab(int tab);

Q_SIGNALS:
    void backAsked();
    void openAsked(const QString& path); ///< in the chat
    void quantiseAsked(qint64 version);
    void renameAsked(qint64 version);
    void removeAsked(qint64 version);
    void moveAsked(qint64 version);
    void compareAsked(qint64 version);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void show();
    void readDetails();

    Theme& m_theme;
    LibraryBridge& m_bridge;
    qint64 m_version = 0;
    std::filesystem::path m_path; ///< of its file when its details were read
    PageHeader* m_header;
    IconButton* m_back;
    Chip *m_label, *m_family, *m_sealed;
    Button *m_rename, *m_quantise, *m_open;
    ErrorBox* m_error;
    SegmentedControl* m_tabs;
    QStackedWidget* m_stack;
    ModelsOverview* m_overview;
    ModelsVersions* m_versions;
    ModelsTensors* m_tensors;
    ModelsTemplate* m_template;
    ModelsFiles* m_files;
    JobsCard* m_history;
};

} // namespace hearth::gui
