#pragma once

#include <functional>

#include <QTimer>
#include <QWidget>

#include "gui/bridge/hub_bridge.h"
#include "gui/theme/theme.h"

class QListView;

namespace hearth::gui {

class Button;
class ComboBox;
class DiscoverDetails;
class EmptyState;
class ErrorBox;
class HubResultsModel;
class SearchField;
class TextLabel;
class Toggle;

/// Looking for a model on a hub: words and filters, what was found, and the chosen one at the right.
class DiscoverSearch : public QWidget {
    Q_OBJECT
public:
    DiscoverSearch(Theme& theme, HubBridge& bridge, QWidget* parent = nullptr);

    void setGuard(std::function<void(std::function<void()>)> guard); ///< of downloads
    void lookFor(const QString& words);

Q_SIGNALS:
    void downloadsAsked();
    void endpointsAsked();

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeList();
    void fitList(); ///< less wide in a narrow window
    void searchNow();
    void showEndpoints();
    void showState();
    void retranslate();

    Theme& m_theme;
    HubBridge& m_bridge;
    HubResultsModel* m_results;
    SearchField* m_text;
    ComboBox *m_hub, *m_family, *m_size, *m_licence, *m_sort;
    Toggle* m_gguf;
    TextLabel *m_ggufWord, *m_state;
    ErrorBox* m_error;
    QWidget *m_errorPlace, *m_side;
    QListView* m_list;
    DiscoverDetails* m_details;
    QTimer m_typing;
    hub::Endpoint m_asking, m_shown; ///< what is being searched; where the list is from
    bool m_asked = false;
};

} // namespace hearth::gui
