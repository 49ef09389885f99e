#include "gui/pages/models_list.h"

#include <algorithm>

#include <QContextMenuEvent>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QListView>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "gui/delegates/library_delegate.h"
#include "gui/models/library_model.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

ModelsList::ModelsList(Theme& theme, LibraryBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_model(new LibraryModel(bridge, this)),
      m_filter(new LibraryFilterModel(*m_model, this)), m_views(new QStackedWidget), m_table(new QTableView),
      m_grid(new QListView), m_card(new Card(theme)),
      m_empty(new EmptyState(theme, QStringLiteral("models"))),
      m_import(new Button(theme, ButtonKind::Plain)), m_scan(new Button(theme, ButtonKind::Plain)) {
    m_nothing = new TextLabel(theme, TextRole::Body, ColourRole::Muted);
    m_nothing->setAlignment(Qt::AlignCenter);
    m_card->body()->setContentsMargins(theme.space(2), theme.space(2), theme.space(2), theme.space(2));
    m_card->body()->addWidget(makeFilters());
    m_card->body()->addWidget(m_views, 1);
    m_card->body()->addWidget(m_nothing, 1);
    m_views->addWidget(m_table);
    m_views->addWidget(m_grid);

    prepare(m_table);
    m_table->viewport()->installEventFilter(this); // it has its new width only after the table's own event
    m_table->setObjectName(QStringLiteral("library"));
    m_table->setItemDelegate(new LibraryDelegate(theme, LibraryDelegate::Shape::Row, m_table));
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSortingEnabled(true);
    m_table->setMouseTracking(true);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->sortByColumn(LibraryModel::Name, Qt::AscendingOrder);

    prepare(m_grid);
    m_grid->setObjectName(QStringLiteral("libraryGrid"));
    m_grid->setItemDelegate(new LibraryDelegate(theme, LibraryDelegate::Shape::CardShape, m_grid));
    m_grid->setViewMode(QListView::IconMode);
    m_grid->setResizeMode(QListView::Adjust);
    m_grid->setMovement(QListView::Static);
    m_grid->setUniformItemSizes(true);
    m_grid->setSelectionModel(m_table->selectionModel());
    m_grid->setSelectionRectVisible(false);

    m_import->setObjectName(QStringLiteral("firstImport"));
    m_scan->setObjectName(QStringLiteral("firstScan"));
    auto* steps = new QHBoxLayout;
    steps->addStretch(1);
    steps->addWidget(m_import);
    steps->addWidget(m_scan);
    steps->addStretch(1);
    m_empty->actions()->addLayout(steps);
    connect(m_import, &QAbstractButton::clicked, this, &ModelsList::importAsked);
    connect(m_scan, &QAbstractButton::clicked, this, &ModelsList::scanAsked);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_card, 1);
    layout->addWidget(m_empty, 1);
    // The library is read anew after every change; whoever walks through it with the keys stays where they
    // are.
    connect(m_filter, &QAbstractItemModel::modelAboutToBeReset, this, [this] { m_kept = current(); });
    connect(m_filter, &QAbstractItemModel::modelReset, this, [this] {
        refresh();
        if (m_kept != 0)
            setCurrent(m_kept);
    });
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_filter, signal, this, [this] { refresh(); });
    connect(&bridge, &LibraryBridge::fitChanged, this, &ModelsList::fitColumns);
    connect(&theme, &Theme::changed, this, &ModelsList::fitColumns);
    retranslate();
    refresh();
}

void ModelsList::prepare(QAbstractItemView* view) {
    view->setModel(m_filter);
    view->setFrameShape(QFrame::NoFrame);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view->viewport()->setAutoFillBackground(false);
    view->viewport()->setAttribute(Qt::WA_Hover);
    view->setContextMenuPolicy(Qt::CustomContextMenu);
    view->installEventFilter(this);
    connect(view, &QAbstractItemView::doubleClicked, this, [this](const QModelIndex& index) {
        Q_EMIT opened(index.data(LibraryModel::VersionRole).toLongLong());
    });
    connect(view, &QWidget::customContextMenuRequested, this, [this, view](const QPoint& at) {
        const QModelIndex index = view->indexAt(at);
        if (index.isValid())
            Q_EMIT menuAsked(index.data(LibraryModel::VersionRole).toLongLong(),
                             view->viewport()->mapToGlobal(at));
    });
}

QWidget* ModelsList::makeFilters() {
    m_family = new ComboBox(m_theme);
    m_family->setObjectName(QStringLiteral("libraryFamily"));
    m_fitting = new Toggle(m_theme);
    m_fitting->setObjectName(QStringLiteral("libraryFitting"));
    m_fittingWord = new TextLabel(m_theme, TextRole::Body, ColourRole::Text);
    m_shape = new SegmentedControl(m_theme);
    m_shape->setObjectName(QStringLiteral("libraryShape"));
    auto* row = new QWidget;
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(m_theme.space(2), m_theme.space(1), m_theme.space(2), m_theme.space(1));
    line->setSpacing(m_theme.space(3));
    line->addWidget(m_family);
    line->addWidget(m_fitting);
    line->addWidget(m_fittingWord);
    line->addStretch(1);
    line->addWidget(m_shape);
    connect(m_family, &QComboBox::activated, this,
            [this](int index) { m_filter->setFamily(index == 0 ? QString() : m_family->itemText(index)); });
    connect(m_fitting, &QAbstractButton::toggled, m_filter, &LibraryFilterModel::setOnlyFitting);
    connect(m_shape, &SegmentedControl::chosen, m_views, &QStackedWidget::setCurrentIndex);
    return row;
}

void ModelsList::setSearch(const QString& text) {
    m_filter->setText(text);
}

qint64 ModelsList::current() const {
    return m_table->currentIndex().data(LibraryModel::VersionRole).toLongLong();
}

void ModelsList::setCurrent(qint64 version) {
    const int row = m_model->rowOf(version);
    if (row >= 0)
        m_table->setCurrentIndex(m_filter->mapFromSource(m_model->index(row, 0)));
}

bool ModelsList::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if ((key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) && current() != 0) {
            Q_EMIT opened(current());
            return true;
        }
    }
    if (event->type() == QEvent::Resize && watched == m_table->viewport())
        fitColumns();
    return QWidget::eventFilter(watched, event);
}

void ModelsList::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        refresh();
    }
    QWidget::changeEvent(event);
}

void ModelsList::retranslate() {
    m_fittingWord->setText(tr("Only what fits"));
    m_fitting->setAccessibleName(tr("Only what fits"));
    m_family->setAccessibleName(tr("Family"));
    m_shape->setChoices({tr("List"), tr("Cards")});
    m_shape->setAccessibleName(tr("How models are shown"));
    m_table->setAccessibleName(tr("Installed models"));
    m_grid->setAccessibleName(tr("Installed models"));
    m_nothing->setText(tr("No installed model matches."));
    const bool mayAdd = m_bridge.may(security::Action::Create);
    m_empty->setTexts(
        tr("No models yet"),
        mayAdd
            ? tr("Models that you download, import or make are listed here with their versions. Drop a GGUF "
                 "file or a folder onto the window, or let Hearth look where other programs keep theirs.")
            : tr("Models that were taken in are listed here. Your profile may use them, but not add any: "
                 "that is for an administrator or a data scientist."));
    m_import->setVisible(mayAdd);
    m_scan->setVisible(mayAdd);
    m_import->setText(tr("Import a file…"));
    m_scan->setText(tr("Look for models"));
    m_model->retranslate();
}

void ModelsList::refresh() {
    const bool any = m_model->rowCount() > 0, shown = m_filter->rowCount() > 0;
    m_card->setVisible(any);
    m_empty->setVisible(!any && m_bridge.isRead());
    m_views->setVisible(shown);
    m_nothing->setVisible(any && !shown);
    const QSignalBlocker quiet(m_family);
    const QString family = m_family->currentIndex() > 0 ? m_family->currentText() : QString();
    m_family->clear();
    m_family->addItem(tr("All families"));
    m_family->addItems(m_model->families());
    m_family->setCurrentIndex(std::max(0, m_family->findText(family)));
    fitColumns();
}

void ModelsList::fitColumns() {
    m_table->verticalHeader()->setDefaultSectionSize(m_theme.px(40));
    auto* header = m_table->horizontalHeader();
    // Shares of the width; the lineage gives way first where there is little room.
    const int width = m_table->viewport()->width();
    const bool narrow = width < m_theme.px(900);
    m_table->setColumnHidden(LibraryModel::Lineage, narrow);
    const double shares[]{0.17, 0.14, 0.08, 0.08, 0.085, 0.12, 0.225, 0.10};
    double sum = 0;
    for (int column = 0; column < LibraryModel::Columns; ++column)
        sum += narrow && column == LibraryModel::Lineage ? 0 : shares[column];
    int left = width;
    for (int column = 0; column < LibraryModel::Columns; ++column) {
        header->setSectionResizeMode(column, QHeaderView::Fixed);
        const int size =
            column == LibraryModel::LastUsed ? left : static_cast<int>(width * shares[column] / sum);
        if (!m_table->isColumnHidden(column)) {
            m_table->setColumnWidth(column, size);
            left -= size;
        }
    }
    m_grid->setGridSize(m_grid->itemDelegate()->sizeHint({}, {}));
}

} // namespace hearth::gui
