#include "gui/pages/models_list.h"

#include <algorithm>
#include <array>

#include <QContextMenuEvent>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QListView>
#include <QMenu>
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

namespace {

/// A column beside the name. Widths are at scale 1, as much as usual words need.
struct ColumnPlan {
    int column;
    const char* key; ///< under which the choice is kept
    int width;
    int rank; ///< where there is little room, the highest go first; 0 = not shown unless it is chosen
};
constexpr int kNameWidth = 142;
constexpr std::array kPlans{ColumnPlan{LibraryModel::Version, "version", 140, 1},
                            ColumnPlan{LibraryModel::Family, "family", 70, 7},
                            ColumnPlan{LibraryModel::Parameters, "parameters", 94, 6},
                            ColumnPlan{LibraryModel::Quantisation, "quantisation", 108, 0},
                            ColumnPlan{LibraryModel::Size, "size", 76, 2},
                            ColumnPlan{LibraryModel::Context, "context", 72, 8},
                            ColumnPlan{LibraryModel::Memory, "memory", 80, 5},
                            ColumnPlan{LibraryModel::Speed, "speed", 78, 4},
                            ColumnPlan{LibraryModel::Fit, "fit", 106, 1},
                            ColumnPlan{LibraryModel::Licence, "licence", 88, 9},
                            ColumnPlan{LibraryModel::Source, "source", 150, 10},
                            ColumnPlan{LibraryModel::LastUsed, "used", 80, 3}};

} // namespace

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
    setFocusProxy(m_table); // who comes back from a model goes on where they were

    prepare(m_table);
    m_table->viewport()->installEventFilter(this); // it has its new width only after the table's own event
    m_table->setObjectName(QStringLiteral("library"));
    m_table->setItemDelegate(new LibraryDelegate(theme, LibraryDelegate::Shape::Row, m_table));
    LibraryDelegate::drawWholeRows(*m_table);
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSortingEnabled(true);
    m_table->setMouseTracking(true);
    m_table->verticalHeader()->hide();
    m_table->setTabKeyNavigation(false); // Tab leaves the table; arrows move in it
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->sortByColumn(LibraryModel::Name, Qt::AscendingOrder);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded); // many columns may be chosen
    m_table->horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table->horizontalHeader(), &QWidget::customContextMenuRequested, this,
            [this](const QPoint& at) { m_columnMenu->popup(m_table->horizontalHeader()->mapToGlobal(at)); });

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
    m_licence = new ComboBox(m_theme);
    m_licence->setObjectName(QStringLiteral("libraryLicence"));
    m_shape = new SegmentedControl(m_theme);
    m_shape->setObjectName(QStringLiteral("libraryShape"));
    m_columnButton = new IconButton(m_theme, QStringLiteral("sliders"), {});
    m_columnButton->setObjectName(QStringLiteral("libraryColumns"));
    m_columnMenu = new QMenu(this);
    m_columnMenu->setObjectName(QStringLiteral("columnMenu"));
    connect(m_columnButton, &QAbstractButton::clicked, this, [this] {
        m_columnMenu->popup(m_columnButton->mapToGlobal(m_columnButton->rect().bottomLeft()));
    });
    connect(m_columnMenu, &QMenu::aboutToShow, this, &ModelsList::fillColumnMenu);
    auto* row = new QWidget;
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(m_theme.space(2), m_theme.space(1), m_theme.space(2), m_theme.space(1));
    line->setSpacing(m_theme.space(3));
    line->addWidget(m_family);
    line->addWidget(m_licence);
    line->addWidget(m_fitting);
    line->addWidget(m_fittingWord);
    line->addStretch(1);
    line->addWidget(m_columnButton);
    line->addWidget(m_shape);
    connect(m_family, &QComboBox::activated, this,
            [this](int index) { m_filter->setFamily(index == 0 ? QString() : m_family->itemText(index)); });
    connect(m_licence, &QComboBox::activated, this,
            [this](int index) { m_filter->setLicence(index == 0 ? QString() : m_licence->itemText(index)); });
    connect(m_fitting, &QAbstractButton::toggled, m_filter, &LibraryFilterModel::setOnlyFitting);
    connect(m_shape, &SegmentedControl::chosen, this, [this](int shape) {
        m_views->setCurrentIndex(shape);
        setFocusProxy(m_views->currentWidget());
        m_columnButton->setVisible(shape == 0);
    });
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
    if (watched == m_table->viewport()) {
        if (event->type() == QEvent::Resize)
            fitColumns();
        else if (event->type() == QEvent::Leave)
            m_table->viewport()->update(); // the row that the pointer was over
    }
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
    m_licence->setAccessibleName(tr("Licence"));
    m_columnButton->setName(tr("Choose columns"));
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
    const auto fill = [](ComboBox* box, const QString& all, const QStringList& words) {
        const QSignalBlocker quiet(box);
        const QString before = box->currentIndex() > 0 ? box->currentText() : QString();
        box->clear();
        box->addItem(all);
        box->addItems(words);
        box->setCurrentIndex(std::max(0, box->findText(before)));
    };
    fill(m_family, tr("All families"), m_model->families());
    fill(m_licence, tr("All licences"), m_model->licences());
    m_licence->setVisible(m_licence->count() > 1);
    fitColumns();
}

QByteArray ModelsList::columns() const {
    QByteArrayList keys;
    for (const ColumnPlan& plan : kPlans)
        if (m_chosen.contains(plan.column))
            keys << plan.key;
    return keys.join(',');
}

void ModelsList::setColumns(const QByteArray& kept) {
    const QByteArrayList keys = kept.split(',');
    m_chosen.clear();
    for (const ColumnPlan& plan : kPlans)
        if (keys.contains(plan.key))
            m_chosen.insert(plan.column);
    fitColumns();
}

std::set<int> ModelsList::shownColumns() const {
    if (!m_chosen.empty())
        return m_chosen;
    std::set<int> out;
    int needed = kNameWidth, worst = 0;
    for (const ColumnPlan& plan : kPlans)
        if (plan.rank > 0) {
            out.insert(plan.column);
            needed += plan.width;
            worst = std::max(worst, plan.rank);
        }
    for (int rank = worst; rank > 1 && m_theme.px(needed) > m_table->viewport()->width(); --rank)
        for (const ColumnPlan& plan : kPlans)
            if (plan.rank == rank) {
                out.erase(plan.column);
                needed -= plan.width;
            }
    return out;
}

void ModelsList::fillColumnMenu() {
    m_columnMenu->clear();
    const std::set<int> shown = shownColumns();
    for (const ColumnPlan& plan : kPlans) {
        QAction* action = m_columnMenu->addAction(
            m_model->headerData(plan.column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setObjectName(QStringLiteral("column-") + QLatin1String(plan.key));
        action->setCheckable(true);
        action->setChecked(shown.contains(plan.column));
        // The last one stays: an empty choice would mean that nobody has chosen.
        action->setEnabled(shown.size() > 1 || !action->isChecked());
        connect(action, &QAction::triggered, this, [this, shown, column = plan.column](bool on) {
            m_chosen = shown;
            if (on)
                m_chosen.insert(column);
            else
                m_chosen.erase(column);
            fitColumns();
            Q_EMIT columnsChanged();
        });
    }
    m_columnMenu->addSeparator();
    QAction* all = m_columnMenu->addAction(tr("As many as fit"));
    all->setObjectName(QStringLiteral("columnsThatFit"));
    all->setCheckable(true);
    all->setChecked(m_chosen.empty());
    connect(all, &QAction::triggered, this, [this] {
        m_chosen.clear();
        fitColumns();
        Q_EMIT columnsChanged();
    });
}

void ModelsList::fitColumns() {
    m_table->verticalHeader()->setDefaultSectionSize(m_theme.px(40));
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    const std::set<int> shown = shownColumns();
    int needed = m_theme.px(kNameWidth);
    for (const ColumnPlan& plan : kPlans) {
        m_table->setColumnHidden(plan.column, !shown.contains(plan.column));
        if (shown.contains(plan.column))
            needed += m_theme.px(plan.width);
    }
    // What is left over goes to the names, and where sources are shown half of it to them.
    const int spare = std::max(0, m_table->viewport()->width() - needed);
    const int toSource = shown.contains(LibraryModel::Source) ? spare / 2 : 0;
    m_table->setColumnWidth(LibraryModel::Name, m_theme.px(kNameWidth) + spare - toSource);
    for (const ColumnPlan& plan : kPlans)
        m_table->setColumnWidth(plan.column, m_theme.px(plan.width) +
                                                 (plan.column == LibraryModel::Source ? toSource : 0));
    m_grid->setGridSize(m_grid->itemDelegate()->sizeHint({}, {}));
}

} // namespace hearth::gui
