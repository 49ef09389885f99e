#pragma once

#include <functional>

#include <QWidget>

#include "gui/bridge/hub_bridge.h"
#include "gui/theme/theme.h"

class QStackedWidget;

namespace hearth::gui {

class DiscoverDownloads;
class DiscoverEndpoints;
class DiscoverSearch;
class DownloadsModel;
class PageHeader;
class SegmentedControl;

/// Models on hubs: looking for one, fetching it, and which hubs there are.
class DiscoverPage : public QWidget {
    Q_OBJECT
public:
    /// Borrows the model, which outlives it.
    DiscoverPage(Theme& theme, HubBridge& bridge, DownloadsModel& downloads, QWidget* parent = nullptr);
    using Guard = std::function<void(std::function<void()> act)>;
    struct Rights {
        bool maySet = true; ///< hubs, proxy and limit, which are the whole machine's; tokens are one's own
        Guard download = {}, set = {}; ///< what these acts go through; empty = nothing
    };
    void setRights(Rights rights);
    void showDownloads();
    void lookFor(const QString& words); ///< searches for them

Q_SIGNALS:
    void modelAsked(const QString& path); ///< a finished one is to be opened

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    Theme& m_theme;
    DownloadsModel& m_model;
    PageHeader* m_header;
    SegmentedControl* m_parts;
    QStackedWidget* m_stack;
    DiscoverSearch* m_search;
    DiscoverDownloads* m_downloads;
    DiscoverEndpoints* m_endpoints;
};

} // namespace hearth::gui
