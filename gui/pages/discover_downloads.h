#pragma once

#include <QWidget>

#include "gui/bridge/hub_bridge.h"
#include "gui/theme/theme.h"

class QListView;
class QStackedWidget;

namespace hearth::gui {

class Button;
class DownloadsModel;
class EmptyState;
class ErrorBox;
class SectionHeader;

/// What is being fetched and what was: each with its progress, the chosen one with what can be done about it.
class DiscoverDownloads : public QWidget {
    Q_OBJECT
public:
    DiscoverDownloads(Theme& theme, HubBridge& bridge, DownloadsModel& model, QWidget* parent = nullptr);

Q_SIGNALS:
    void modelAsked(const QString& path);

protected:
    void changeEvent(QEvent* event) override;

private:
    void showState();
    [[nodiscard]] quint64 currentId() const;
    void retranslate();

    Theme& m_theme;
    HubBridge& m_bridge;
    DownloadsModel& m_model;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    SectionHeader* m_title;
    ErrorBox *m_queueError, *m_error;
    QListView* m_list;
    Button *m_pause, *m_folder, *m_open, *m_remove, *m_clear;
    std::string m_shownProblem;
    quint64 m_shownId = 0;
};

} // namespace hearth::gui
