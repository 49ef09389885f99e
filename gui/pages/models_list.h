#pragma once

#include <QWidget>

#include "gui/bridge/library_bridge.h"
#include "gui/theme/theme.h"

class QAbstractItemView;
class QListView;
class QStackedWidget;
class QTableView;
class QVBoxLayout;

namespace hearth::gui {

class Button;
class Card;
class ComboBox;
class EmptyState;
class LibraryFilterModel;
class LibraryModel;
class SegmentedControl;
class TextLabel;
class Toggle;

/// The installed models as a table or as cards, with filters above. Enter or a double click opens one.
class ModelsList : public QWidget {
    Q_OBJECT
public:
    ModelsList(Theme& theme, LibraryBridge& bridge, QWidget* parent = nullptr);

    void setSearch(const QString& text);
    [[nodiscard]] LibraryModel& rows() { return *m_model; }
    [[nodiscard]] qint64 current() const; ///< version; 0 = none
    void setCurrent(qint64 version);

Q_SIGNALS:
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

    Theme& m_theme;
    LibraryBridge& m_bridge;
    qint64 m_kept = 0; ///< version that was current before the rows were read again
    LibraryModel* m_model;
    LibraryFilterModel* m_filter;
    ComboBox* m_family;
    Toggle* m_fitting;
    TextLabel *m_fittingWord, *m_nothing;
    SegmentedControl* m_shape;
    QStackedWidget* m_views;
    QTableView* m_table;
    QListView* m_grid;
    Card* m_card;
    EmptyState* m_empty;
    Button *m_import, *m_scan;
};

} // namespace hearth::gui
