#include "gui/pages/audit_page.h"

#include <array>
#include <tuple>

#include <QDateTime>
#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QPainter>
#include <QTableView>
#include <QVBoxLayout>

#include "engine/base/atomic_file.h"
#include "gui/delegates/themed_delegate.h"
#include "gui/models/audit_words.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

using security::Action;
using security::AuditFormat;
using security::Resource;
using workbench::Target;

namespace {

// What an action's name begins with; the first choice is everything.
constexpr std::array<const char*, 13> kActions = {"",       "sign-",         "profile.",   "permission.",
                                                  "model.", "conversation.", "backup.",    "personal-data.",
                                                  "token.", "settings.",     "audit-log.", "accounts.",
                                                  "server."};
constexpr std::array<int, 4> kDays = {0, 1, 7, 30};
constexpr int kNarrow = 900; ///< px at scale 1

/// Rows with air, a dot in the colour of the outcome.
class RowDelegate : public ThemedDelegate {
public:
    using ThemedDelegate::ThemedDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, m_theme.colour(ColourRole::AccentSoft));
        painter->setPen(m_theme.colour(ColourRole::Border));
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        drawRowRing(*painter, option, index);
        QRect room = option.rect.adjusted(m_theme.space(2), 0, -m_theme.space(1), 0);
        ColourRole ink = index.column() == AuditModel::What || index.column() == AuditModel::Who
                             ? ColourRole::Text
                             : ColourRole::MutedStrong;
        if (index.column() == AuditModel::Outcome && index.data(AuditModel::LoadedRole).toBool()) {
            const auto outcome = static_cast<security::Outcome>(index.data(AuditModel::OutcomeRole).toInt());
            const ColourRole dot = outcome == security::Outcome::Done      ? ColourRole::Good
                                   : outcome == security::Outcome::Refused ? ColourRole::Caution
                                                                           : ColourRole::Bad;
            ink = outcome == security::Outcome::Done      ? ColourRole::GoodText
                  : outcome == security::Outcome::Refused ? ColourRole::CautionText
                                                          : ColourRole::BadText;
            const int side = m_theme.space(2);
            painter->setPen(Qt::NoPen);
            painter->setBrush(m_theme.colour(dot));
            painter->drawEllipse(QRect(room.left(), room.center().y() - side / 2, side, side));
            room.setLeft(room.left() + side + m_theme.space(2));
        }
        painter->setFont(m_theme.font(TextRole::Small));
        painter->setPen(m_theme.colour(ink));
        painter->drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(index.data(Qt::DisplayRole).toString(),
                                                            Qt::ElideRight, room.width()));
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        return {m_theme.space(20), m_theme.controlHeight()};
    }
};

} // namespace

AuditPage::AuditPage(Theme& theme, PrivacyBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_header(new PageHeader(theme)),
      m_export(new Button(theme, ButtonKind::Plain)), m_verify(new Button(theme, ButtonKind::Primary)),
      m_again(new Button(theme, ButtonKind::Plain)), m_formats(new QMenu(this)), m_error(new ErrorBox(theme)),
      m_result(new ErrorBox(theme)), m_problems(new Card(theme)), m_progress(new ProgressLine(theme)),
      m_count(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_problemText(new TextLabel(theme, TextRole::Small, ColourRole::Text)), m_table(new QTableView) {
    m_model = new AuditModel(
        [&bridge, this](security::AuditFilter filter, std::size_t offset, std::size_t limit,
                        std::function<void(Result<AuditStretch>)> done) {
            bridge.accounts().request(
                this,
                [filter, offset, limit](AccountsDesk& desk) -> Result<AuditStretch> {
                    HEARTH_CHECK(
                        desk.accounts.gate().check(desk.actor, Action::View, Target::of(Resource::AuditLog)));
                    AuditStretch out;
                    HEARTH_TRY(out.count, desk.accounts.audit().count(filter));
                    HEARTH_TRY(out.entries, desk.accounts.audit().list(filter, offset, limit));
                    return out;
                },
                std::move(done));
        },
        this);
    m_export->setIconName(QStringLiteral("export"));
    m_export->setObjectName(QStringLiteral("auditExport"));
    m_export->setMenu(m_formats);
    m_again->setIconName(QStringLiteral("regenerate"));
    m_again->setObjectName(QStringLiteral("auditReload"));
    m_verify->setObjectName(QStringLiteral("auditVerify"));
    m_header->actions()->addWidget(m_again);
    m_header->actions()->addWidget(m_export);
    m_header->actions()->addWidget(m_verify);
    m_error->setDismissable(true);
    m_result->setDismissable(true);
    m_result->setObjectName(QStringLiteral("auditResult"));
    m_problemText->setWordWrap(true);
    m_problemText->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_problems->body()->addWidget(m_problemText);
    m_problems->setObjectName(QStringLiteral("auditProblems"));
    m_problems->hide();
    m_progress->hide();
    makeTable();

    auto* body = new QVBoxLayout;
    const auto space = [this, body] {
        const int edge = m_theme.space(6);
        body->setContentsMargins(edge, edge, edge, edge);
        body->setSpacing(m_theme.space(3));
    };
    space();
    connect(&theme, &Theme::changed, this, space);
    body->addWidget(m_error);
    body->addWidget(m_result);
    body->addWidget(m_problems);
    body->addWidget(m_progress);
    body->addWidget(makeFilters());
    auto* card = new Card(theme);
    card->body()->addWidget(m_table, 1);
    body->addWidget(card, 1);
    body->addWidget(m_count);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addLayout(body, 1);

    connect(m_again, &QAbstractButton::clicked, m_model, &AuditModel::reload);
    connect(m_verify, &QAbstractButton::clicked, this, &AuditPage::verify);
    connect(m_model, &AuditModel::loaded, this, &AuditPage::showCount);
    connect(m_model, &AuditModel::failed, m_error, &ErrorBox::showError);
    connect(&bridge.accounts(), &AccountsBridge::stateChanged, this, &AuditPage::takeRights);
    connect(&bridge.accounts(), &AccountsBridge::rightsChanged, this, &AuditPage::takeRights);
    connect(&bridge.accounts(), &AccountsBridge::profilesChanged, this, &AuditPage::takeRights);
    retranslate();
    takeRights();
}

void AuditPage::makeTable() {
    m_table->setObjectName(QStringLiteral("auditTable"));
    m_table->setModel(m_model);
    m_table->setItemDelegate(new RowDelegate(m_theme, m_table));
    RowDelegate::drawWholeRows(*m_table);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->viewport()->setAutoFillBackground(false);
    m_table->verticalHeader()->hide();
    m_table->setTabKeyNavigation(false); // Tab leaves the table; arrows move in it
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setSectionResizeMode(QHeaderView::Fixed);
    header->setSectionResizeMode(AuditModel::About, QHeaderView::Stretch);
    // One height for all rows: nothing is asked for to lay a hundred thousand of them out.
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    fitColumns();
    connect(&m_theme, &Theme::changed, this, &AuditPage::fitColumns);
}

/// Where there is little room the columns are as narrow as usual words allow, so that the outcome is seen.
void AuditPage::fitColumns() {
    m_table->verticalHeader()->setDefaultSectionSize(m_theme.controlHeight());
    const bool narrow = width() < m_theme.px(kNarrow);
    const std::tuple<int, int, int> widths[] = {{AuditModel::Number, 16, 12},
                                                {AuditModel::Time, 36, 32},
                                                {AuditModel::Who, 36, 20},
                                                {AuditModel::What, 48, 32},
                                                {AuditModel::Outcome, 28, 20}};
    for (const auto& [column, steps, fewer] : widths)
        m_table->horizontalHeader()->resizeSection(column, m_theme.space(narrow ? fewer : steps));
}

void AuditPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitColumns();
}

QWidget* AuditPage::makeFilters() {
    auto* row = new QWidget;
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(m_theme.space(3));
    const std::pair<ComboBox**, const char*> boxes[] = {
        {&m_who, "auditWho"}, {&m_what, "auditWhat"}, {&m_outcome, "auditOutcome"}, {&m_when, "auditWhen"}};
    for (const auto& [box, name] : boxes) {
        *box = new ComboBox(m_theme);
        (*box)->setObjectName(QString::fromLatin1(name));
        line->addWidget(*box);
        connect(*box, &QComboBox::activated, this, &AuditPage::applyFilter);
    }
    line->addStretch(1);
    return row;
}

void AuditPage::applyFilter() {
    security::AuditFilter filter;
    if (m_who->currentIndex() > 0)
        filter.actor = m_who->currentData().toLongLong();
    filter.action = kActions[static_cast<std::size_t>(std::max(0, m_what->currentIndex()))];
    if (m_outcome->currentIndex() > 0)
        filter.outcome = static_cast<security::Outcome>(m_outcome->currentIndex() - 1);
    if (const int days = kDays[static_cast<std::size_t>(std::max(0, m_when->currentIndex()))]; days > 0)
        filter.fromMs = QDateTime::currentDateTime().addDays(-days).toMSecsSinceEpoch();
    m_model->setFilter(filter);
}

void AuditPage::takeRights() {
    const AccountsBridge& accounts = m_bridge.accounts();
    const bool sees = accounts.rights().own(Action::View, Resource::AuditLog);
    m_export->setVisible(accounts.rights().own(Action::Export, Resource::AuditLog));
    m_verify->setEnabled(sees);
    std::map<security::ProfileId, QString> names;
    const QVariant chosen = m_who->currentData();
    m_who->clear();
    m_who->addItem(tr("Everybody"));
    if (accounts.state() == AccountsBridge::State::SinglePerson)
        names[0] = tr("The single person");
    m_who->addItem(names.contains(0) ? names[0] : tr("Nobody signed in"), QVariant::fromValue(qint64{0}));
    for (const security::Profile& profile : accounts.profiles()) {
        names[profile.id] = QString::fromStdString(profile.name);
        m_who->addItem(names[profile.id], QVariant::fromValue(qint64{profile.id}));
    }
    m_who->setCurrentIndex(chosen.isValid() ? std::max(0, m_who->findData(chosen)) : 0);
    m_model->setNames(std::move(names));
    if (sees && m_shown)
        m_model->reload();
}

void AuditPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_shown = true;
    if (m_bridge.accounts().rights().own(Action::View, Resource::AuditLog))
        m_model->reload();
}

void AuditPage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        takeRights();
    }
    QWidget::changeEvent(event);
}

void AuditPage::retranslate() {
    m_header->setTitle(tr("Audit log"));
    m_again->setText(tr("Reload"));
    m_export->setText(tr("Export"));
    m_verify->setText(tr("Verify"));
    m_verify->setToolTip(tr("Looks for entries that were changed, removed, moved or cut off"));
    m_formats->clear();
    connect(m_formats->addAction(tr("Table (CSV)…")), &QAction::triggered, this,
            [this] { askWhere(AuditFormat::Csv); });
    connect(m_formats->addAction(tr("Data (JSON)…")), &QAction::triggered, this,
            [this] { askWhere(AuditFormat::Json); });
    const auto fill = [](ComboBox* box, const QString& name, const QStringList& words) {
        const int chosen = std::max(0, box->currentIndex());
        box->clear();
        box->addItems(words);
        box->setCurrentIndex(chosen);
        box->setAccessibleName(name);
    };
    fill(m_what, tr("What"),
         {tr("Everything"), tr("Sign-in and sign-out"), tr("Profiles"), tr("Permissions"), tr("Models"),
          tr("Chats"), tr("Backups"), tr("Personal data"), tr("Tokens"), tr("Settings"), tr("The log itself"),
          tr("The accounts file"), tr("Server")});
    fill(m_outcome, tr("Outcome"),
         {tr("Any outcome"), audit_words::outcome(security::Outcome::Done),
          audit_words::outcome(security::Outcome::Refused), audit_words::outcome(security::Outcome::Failed)});
    fill(m_when, tr("When"), {tr("Any time"), tr("Last 24 hours"), tr("Last 7 days"), tr("Last 30 days")});
    m_who->setAccessibleName(tr("Who"));
    m_table->setAccessibleName(tr("Entries, newest first"));
    showCount();
}

void AuditPage::showCount() {
    m_count->setText(tr("%n entries. The log says who did what and when, never what was written.", nullptr,
                        m_model->rowCount()));
}

void AuditPage::verify() {
    m_error->clear();
    m_result->clear();
    m_problems->hide();
    m_verify->setEnabled(false);
    m_progress->restart();
    m_progress->setFraction(-1);
    m_progress->setText(tr("Checking every entry"));
    m_progress->show();
    m_bridge.accounts().request(
        this,
        [progress = m_bridge.accounts().progressTo(
             this, [this](const QString&, double fraction) { m_progress->setFraction(fraction); })](
            AccountsDesk& desk) -> Result<security::AuditReport> {
            HEARTH_CHECK(
                desk.accounts.gate().check(desk.actor, Action::View, Target::of(Resource::AuditLog)));
            return desk.accounts.audit().verify(desk.stop, progress);
        },
        [this](const Result<security::AuditReport>& report) {
            m_progress->hide();
            m_verify->setEnabled(true);
            if (!report)
                m_error->showError(report.error());
            else
                showReport(*report);
            Q_EMIT verified(report && report->intact());
        });
}

QString AuditPage::problemWord(const std::string& code) {
    const std::pair<const char*, QString> words[] = {
        {"audit.entry_changed", tr("was changed")},
        {"audit.entry_missing", tr("and perhaps following ones were removed")},
        {"audit.entry_foreign", tr("was not written by this installation")},
        {"audit.tail_cut", tr("and all after it were cut off")},
        {"audit.head_missing", tr("The signed head of the log is gone: a cut tail would not show")},
        {"audit.head_changed", tr("The head of the log was not signed by this installation")},
        {"audit.head_behind", tr("and later ones were added without the signed head")}};
    for (const auto& [key, word] : words)
        if (code == key)
            return word;
    return QString::fromStdString(code);
}

void AuditPage::showReport(const security::AuditReport& report) {
    if (report.intact()) {
        m_result->showText(
            ErrorBox::Severity::Info, tr("Nothing was changed"),
            tr("%n entries, none changed, none missing.", nullptr, static_cast<int>(report.entries)),
            tr("Last hash: %1").arg(QString::fromStdString(report.lastHash)));
        return;
    }
    QStringList lines;
    for (const security::AuditProblem& problem : report.problems) {
        const QString title = problemWord(problem.code);
        lines << (problem.number > 0
                      ? tr("Entry %1 %2", "for example: Entry 7 was changed").arg(problem.number).arg(title)
                      : title);
    }
    m_result->showText(
        ErrorBox::Severity::Bad, tr("The log was changed"),
        tr("%n problems were found.", nullptr, static_cast<int>(report.problems.size())),
        tr("Keep a copy of the data folder, and compare with a log that was exported earlier."));
    m_problemText->setText(lines.join(QLatin1Char('\n')));
    m_problems->show();
    if (const int row = m_model->rowOf(report.problems.front().number); row >= 0)
        m_table->selectRow(row);
}

void AuditPage::askWhere(AuditFormat format) {
    const QString ending = format == AuditFormat::Csv ? QStringLiteral("csv") : QStringLiteral("json");
    auto* dialog = new QFileDialog(this, tr("Export the audit log"), QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(ending);
    dialog->selectFile(QStringLiteral("hearth-audit.") + ending);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, format](const QString& path) { exportTo(format, path); });
    dialog->open();
}

void AuditPage::exportTo(AuditFormat format, const QString& path) {
    m_error->clear();
    m_bridge.accounts().request(
        this,
        [format, filter = m_model->filter(),
         file = std::filesystem::path(path.toStdU16String())](AccountsDesk& desk) -> Result<void> {
            return desk.accounts.gate().run(
                desk.actor, Action::Export, Target::of(Resource::AuditLog), [&]() -> Result<void> {
                    HEARTH_TRY(AtomicFile out, AtomicFile::create(file));
                    HEARTH_CHECK(desk.accounts.audit().exportEntries(
                        filter, format,
                        [&out](std::string_view text) { return out.write(security::viewOf(text)); },
                        desk.stop));
                    return out.commit();
                });
        },
        [this, path](const Result<void>& done) {
            if (!done) {
                m_error->showError(done.error());
                return;
            }
            m_result->showText(ErrorBox::Severity::Info, tr("The log was written"),
                               QDir::toNativeSeparators(path));
            m_model->reload(); // the export itself is in it now
        });
}

} // namespace hearth::gui
