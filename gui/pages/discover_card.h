#pragma once

#include <vector>

#include <QPersistentModelIndex>

#include "gui/bridge/hub_bridge.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

class Button;
class DownloadsModel;
class ElidedLabel;
class IconButton;
class ProgressLine;
class SectionHeader;

/// The downloads that are not done, a few of them, for pages that are about something else. Hidden while
/// there are none.
class DownloadsCard : public Card {
    Q_OBJECT
public:
    DownloadsCard(Theme& theme, HubBridge& bridge, DownloadsModel& model, QWidget* parent = nullptr);

Q_SIGNALS:
    void allAsked(); ///< the whole list is to be shown

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Row {
        QPersistentModelIndex index;
        QWidget* widget;
        ElidedLabel *name, *about, *state;
        Chip* type;
        ProgressLine* line;
        Button* step;
        IconButton* away;
    };
    [[nodiscard]] std::vector<QModelIndex> unfinished() const;
    void update();
    Row makeRow(const QModelIndex& index);
    void show(const Row& row);

    Theme& m_theme;
    HubBridge& m_bridge;
    DownloadsModel& m_model;
    SectionHeader* m_title;
    Button* m_all;
    QVBoxLayout* m_list;
    std::vector<Row> m_rows;
};

} // namespace hearth::gui
