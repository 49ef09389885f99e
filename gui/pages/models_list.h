#pragma once

#include <set>

#include <QByteArray>
#include <QWidget>

#include "gui/bridge/library_bridge.h"
#include "gui/theme/theme.h"

class QAbstractItemView;
class QListView;
class QMenu;
class QStackedWidget;
class QTableView;
class QVBoxLayout;

namespace hearth::gui {

class Button;
class Card;
class ComboBox;
class EmptyState;
class IconButton;
class LibraryFilterModel;
class LibraryModel;
class SegmentedControl;
class TextLabel;
class Toggle;

/// The installed models as a table or as cards, with filters above. Enter or a double click opens one.
/// Columns are chosen in the menu of the headings; until somebody does, those are shown that the width has
/// room for.
class ModelsList : public QWidget {
    Q_OBJECT
public:
    ModelsList(Theme& theme, LibraryBridge& bridge, QWidget* parent = nullptr);

    void setSearch(const QString& text);
    [[nodiscard]] LibraryModel& rows() { return *m_model; }
    [[nodiscard]] qint64 current() const; ///< version; 0 = none
    void setCurrent(qint64 version);
    /// Which columns the person wants, to be kept; empty = as many as there is room for.
    [[nodiscard]] QByteArray columns() const;
    void setColumns(const QByteArray& kept); ///< what it does not know is left out

Q_SIGNALS:
    void columnsChanged(); ///< by the person
    void opened(qint64 version);
    void importAsked();
    void scanAsked();
    void menuAsked(qint64 version, const QPoint& at); ///< global place

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeFilters();
    void prepare(QAbstractItemView* view);
    void retranslate();
    void refresh();
    void fitColumns();
    void fillColumnMenu();
    [[nodiscard]] std::set<int> shownColumns() const; ///< in the width that there is

    Theme& m_theme;
    LibraryBridge& m_bridge;
    qint64 m_kept = 0; ///< version that was current before the rows were read again
    LibraryModel* m_model;
    LibraryFilterModel* m_filter;
    ComboBox *m_family, *m_licence;
    Toggle* m_fitting;
    TextLabel *m_fittingWord, *m_nothing;
    SegmentedControl* m_shape;
    IconButton* m_columnButton;
    QMenu* m_columnMenu;
    std::set<int> m_chosen; ///< columns beside the name; empty = nobody has chosen
    QStackedWidget* m_views;
    QTableView* m_table;
    QListView* m_grid;
    Card* m_card;
    EmptyState* m_empty;
    Button *m_import, *m_scan;
};

} // namespace hearth::gui
