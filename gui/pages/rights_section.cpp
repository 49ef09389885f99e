#include "gui/pages/rights_section.h"

#include <utility>

#include <QEvent>
#include <QFileInfo>
#include <QHeaderView>
#include <QShortcut>
#include <QTableView>

#include "gui/delegates/people_delegates.h"
#include "gui/models/people_words.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

namespace {

/// A table without a scroll bar of its own, in the look of the page.
QTableView* makeTable(Theme& theme, QAbstractItemModel* model, const char* name) {
    auto* table = new QTableView;
    table->setObjectName(QString::fromLatin1(name));
    table->setModel(model);
    table->setItemDelegate(new RightDelegate(theme, table));
    table->setFrameShape(QFrame::NoFrame);
    table->setShowGrid(false);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table->viewport()->setAutoFillBackground(false);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setProperty("kind", QStringLiteral("dense")); // many narrow columns
    bindFont(table->horizontalHeader(), theme, TextRole::Small);
    table->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->verticalHeader()->setHighlightSections(false);
    table->setTabKeyNavigation(false); // Tab leaves the table; arrows move in it
    return table;
}

void fitHeight(QTableView* table) {
    table->resizeRowsToContents();
    int height = table->horizontalHeader()->sizeHint().height() + 2;
    for (int row = 0; row < table->model()->rowCount(); ++row)
        height += table->rowHeight(row);
    table->setFixedHeight(height);
}

} // namespace

RightsSection::RightsSection(Theme& theme, AccountsBridge& accounts, QStringList models, QWidget* parent)
    : QWidget(parent), m_accounts(accounts), m_table(new PermissionTableModel(this)),
      m_access(new ModelAccessModel(this)), m_title(new SectionHeader(theme)),
      m_modelsTitle(new SectionHeader(theme)), m_role(new SegmentedControl(theme)),
      m_roleWords(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_cells(makeTable(theme, m_table, "permissions")), m_list(makeTable(theme, m_access, "modelAccess")),
      m_model(new ComboBox(theme)), m_noModels(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_error(new ErrorBox(theme)) {
    m_role->setObjectName(QStringLiteral("permissionRole"));
    m_model->setObjectName(QStringLiteral("accessModel"));
    m_roleWords->setWordWrap(true);
    m_noModels->setWordWrap(true);
    m_error->setDismissable(true);
    for (const QString& path : models)
        m_model->addItem(QFileInfo(path).completeBaseName(), path);

    auto* rights = new Card(theme);
    rights->body()->addWidget(m_title);
    rights->body()->addWidget(m_role, 0, Qt::AlignLeft);
    rights->body()->addWidget(m_roleWords);
    rights->body()->addWidget(m_cells);
    auto* access = new Card(theme);
    access->body()->addWidget(m_modelsTitle);
    access->body()->addWidget(m_model, 0, Qt::AlignLeft);
    access->body()->addWidget(m_noModels);
    access->body()->addWidget(m_list);
    m_model->setVisible(!models.isEmpty());
    m_list->setVisible(!models.isEmpty());
    m_noModels->setVisible(models.isEmpty());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.space(4));
    column->addWidget(m_error);
    column->addWidget(rights);
    column->addWidget(access);
    column->addStretch(1);

    connect(m_role, &SegmentedControl::chosen, this, [this](int role) {
        m_table->setRole(static_cast<security::Role>(role));
        m_roleWords->setText(people_words::roleExplained(m_table->role()));
    });
    const auto onChosen = [this](QTableView* table, void (RightsSection::*act)(const QModelIndex&)) {
        connect(table, &QAbstractItemView::clicked, this, act);
        for (const Qt::Key key : {Qt::Key_Space, Qt::Key_Return, Qt::Key_Enter}) {
            auto* shortcut = new QShortcut(QKeySequence(key), table);
            shortcut->setContext(Qt::WidgetShortcut);
            connect(shortcut, &QShortcut::activated, this,
                    [this, table, act] { (this->*act)(table->currentIndex()); });
        }
    };
    onChosen(m_cells, &RightsSection::setCell);
    onChosen(m_list, &RightsSection::toggleAccess);
    connect(m_model, &QComboBox::currentIndexChanged, this, [this] {
        m_list->setEnabled(false); // what it shows is the former model's
        readAccess();
    });
    for (QTableView* table : {m_cells, m_list})
        table->setEnabled(false); // until it was read
    const auto people = [this] {
        m_access->setPeople(m_accounts.profiles());
        fitHeight(m_list);
    };
    connect(&accounts, &AccountsBridge::profilesChanged, this, people);
    const auto fit = [this] {
        fitHeight(m_cells);
        fitHeight(m_list);
    };
    connect(&theme, &Theme::changed, this, fit);
    people();
    retranslate();
    m_role->setCurrentIndex(static_cast<int>(security::Role::User));
    m_table->setRole(security::Role::User);
    m_roleWords->setText(people_words::roleExplained(m_table->role()));
    fit();
    readTable();
    readAccess();
}

void RightsSection::readTable() {
    m_accounts.request(
        this,
        [](AccountsDesk& desk) -> Result<security::PermissionTable> {
            HEARTH_CHECK(desk.accounts.gate().check(desk.actor, security::Action::View,
                                                    workbench::Target::of(security::Resource::Permission)));
            return desk.accounts.identity().permissions();
        },
        [this, clicks = m_cellClicks](const Result<security::PermissionTable>& table) {
            if (!table) {
                m_error->showError(table.error());
            } else if (clicks == m_cellClicks) { // else it was read before the last click
                m_table->setTable(*table);
                m_cells->setEnabled(true);
            }
        });
}

void RightsSection::setCell(const QModelIndex& index) {
    if (!index.isValid())
        return;
    const auto scope = m_table->next(index);
    if (static_cast<int>(scope) == index.data(PermissionTableModel::ScopeRole).toInt())
        return;
    m_error->clear();
    ++m_cellClicks;
    m_table->show(index, scope); // at once, so that the next click goes on from here
    m_accounts.change(
        this,
        [role = m_table->role(), action = PermissionTableModel::actionAt(index.column()),
         resource = PermissionTableModel::resourceAt(index.row()), scope](AccountsDesk& desk) {
            return desk.accounts.setPermission(desk.actor, role, action, resource, scope);
        },
        [this](const Result<void>& done) {
            if (!done)
                m_error->showError(done.error());
            readTable();
        });
}

void RightsSection::readAccess() {
    const std::string path = m_model->currentData().toString().toStdString();
    if (path.empty())
        return;
    m_accounts.request(
        this,
        [path](AccountsDesk& desk) -> Result<std::vector<security::ModelAccess>> {
            HEARTH_CHECK(desk.accounts.gate().check(desk.actor, security::Action::View,
                                                    workbench::Target::of(security::Resource::Permission)));
            return desk.accounts.identity().modelAccess(path);
        },
        [this, path, clicks = m_listClicks](Result<std::vector<security::ModelAccess>> access) {
            if (m_model->currentData().toString().toStdString() != path)
                return; // another one was chosen meanwhile
            if (!access) {
                m_error->showError(access.error());
            } else if (clicks == m_listClicks) { // else it was read before the last click
                m_access->setAccess(std::move(*access));
                m_list->setEnabled(true);
            }
        });
}

void RightsSection::toggleAccess(const QModelIndex& index) {
    const std::string path = m_model->currentData().toString().toStdString();
    if (!index.isValid() || path.empty())
        return;
    m_error->clear();
    ++m_listClicks;
    const auto action = ModelAccessModel::actionAt(index.column());
    const auto entries = m_access->toggled(index, path);
    m_access->show(action, entries); // at once, so that the next click goes on from here
    m_accounts.change(
        this,
        [path, action, entries](AccountsDesk& desk) {
            return desk.accounts.setModelAccess(desk.actor, path, action, entries);
        },
        [this](const Result<void>& done) {
            if (!done)
                m_error->showError(done.error());
            readAccess();
        });
}

void RightsSection::retranslate() {
    QStringList roles;
    for (int role = 0; role < security::kRoles; ++role)
        roles << people_words::role(static_cast<security::Role>(role));
    m_role->setChoices(roles);
    m_roleWords->setText(people_words::roleExplained(m_table->role()));
    m_title->setTexts(
        tr("What each role may do"),
        tr("A click on a field changes it at once: no, with one's own, with all. Every change is "
           "in the audit log."));
    m_modelsTitle->setTexts(tr("Who may do what with a model"),
                            tr("Where somebody is ticked in a column, nobody else may; an empty column "
                               "follows the table above."));
    m_noModels->setText(tr("No model is known yet: open one, or add a folder with models in the settings."));
    m_cells->setAccessibleName(tr("What each role may do"));
    m_list->setAccessibleName(tr("Who may do what with a model"));
    m_model->setAccessibleName(tr("Model"));
    for (QTableView* table : {m_cells, m_list}) {
        Q_EMIT table->model()->headerDataChanged(Qt::Horizontal, 0, table->model()->columnCount() - 1);
        Q_EMIT table->model()->headerDataChanged(Qt::Vertical, 0, table->model()->rowCount() - 1);
        table->viewport()->update();
    }
}

void RightsSection::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace hearth::gui
