#include "gui/pages/discover_downloads.h"

#include <QDesktopServices>
#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QListView>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

#include "gui/delegates/hub_delegates.h"
#include "gui/models/downloads_model.h"
#include "gui/pages/discover_actions.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

DiscoverDownloads::DiscoverDownloads(Theme& theme, HubBridge& bridge, DownloadsModel& model, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_model(model), m_stack(new QStackedWidget),
      m_empty(new EmptyState(theme, QStringLiteral("import"))), m_title(new SectionHeader(theme)),
      m_queueError(new ErrorBox(theme)), m_error(new ErrorBox(theme)), m_list(new QListView),
      m_pause(new Button(theme, ButtonKind::Primary)), m_folder(new Button(theme, ButtonKind::Plain)),
      m_open(new Button(theme, ButtonKind::Plain)), m_remove(new Button(theme, ButtonKind::Danger)),
      m_clear(new Button(theme, ButtonKind::Ghost)) {
    m_pause->setObjectName(QStringLiteral("pause"));
    m_folder->setObjectName(QStringLiteral("openFolder"));
    m_folder->setIconName(QStringLiteral("folder"));
    m_open->setObjectName(QStringLiteral("openModel"));
    m_open->setIconName(QStringLiteral("chat"));
    m_remove->setObjectName(QStringLiteral("remove"));
    m_clear->setObjectName(QStringLiteral("clear"));
    m_list->setObjectName(QStringLiteral("downloads"));
    m_queueError->setDismissable(true);
    m_list->setModel(&model);
    m_list->setItemDelegate(new DownloadDelegate(theme, m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMouseTracking(true);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->viewport()->setAutoFillBackground(false);
    setFocusProxy(m_list);

    auto* card = new Card(theme);
    auto* top = new QHBoxLayout;
    top->addWidget(m_title, 1);
    top->addWidget(m_clear, 0, Qt::AlignTop);
    card->body()->addLayout(top);
    card->body()->addWidget(m_list, 1);
    card->body()->addWidget(m_error);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_remove);
    buttons->addStretch(1);
    buttons->addWidget(m_folder);
    buttons->addWidget(m_open);
    buttons->addWidget(m_pause);
    card->body()->addLayout(buttons);
    auto* list = new QWidget;
    auto* column = new QVBoxLayout(list);
    column->addWidget(m_queueError);
    column->addWidget(card, 1);
    const auto space = [this, column, buttons] {
        const int edge = m_theme.space(6);
        column->setContentsMargins(edge, edge, edge, edge);
        column->setSpacing(m_theme.space(3));
        buttons->setSpacing(m_theme.space(2));
    };
    space();
    connect(&theme, &Theme::changed, this, space);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(list);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);

    connect(&model, &QAbstractItemModel::dataChanged, this, &DiscoverDownloads::showState);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, &DiscoverDownloads::showState);
    connect(&model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex&, int, int last) {
        m_list->setCurrentIndex(m_model.index(last));
        showState();
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &DiscoverDownloads::showState);
    connect(m_pause, &QAbstractButton::clicked, this, [this] { takeStep(m_bridge, m_list->currentIndex()); });
    connect(m_folder, &QAbstractButton::clicked, this, [this] {
        const QFileInfo file(m_list->currentIndex().data(DownloadsModel::PathRole).toString());
        QDesktopServices::openUrl(QUrl::fromLocalFile(file.absolutePath()));
    });
    connect(m_open, &QAbstractButton::clicked, this,
            [this] { Q_EMIT modelAsked(m_list->currentIndex().data(DownloadsModel::PathRole).toString()); });
    connect(m_remove, &QAbstractButton::clicked, this,
            [this] { removeDownload(this, m_bridge, m_list->currentIndex()); });
    connect(m_clear, &QAbstractButton::clicked, &bridge, &HubBridge::clearFinished);
    connect(&bridge, &HubBridge::queueProblem, this,
            [this](const Error& error) { m_queueError->showError(error); });
    if (model.rowCount() > 0)
        m_list->setCurrentIndex(model.index(0));
    retranslate();
}

quint64 DiscoverDownloads::currentId() const {
    return DownloadsModel::idOf(m_list->currentIndex());
}

void DiscoverDownloads::showState() {
    m_stack->setCurrentIndex(m_model.rowCount() > 0 ? 1 : 0);
    const auto now = m_list->currentIndex();
    const auto state = DownloadsModel::stateOf(now);
    const bool finished = state == hub::DownloadState::Finished;
    const QString path = now.data(DownloadsModel::PathRole).toString();
    m_pause->setVisible(now.isValid() && !finished);
    m_pause->setText(stepWord(now));
    m_open->setVisible(now.isValid() && finished &&
                       path.endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive));
    m_folder->setVisible(now.isValid());
    m_folder->setEnabled(QFileInfo::exists(QFileInfo(path).absolutePath()));
    m_remove->setVisible(now.isValid());
    m_remove->setText(finished ? tr("Take off the list") : tr("Cancel"));
    m_clear->setEnabled(m_model.unfinished() < m_model.rowCount());
    // The box only when there is another problem than the one shown: it would flicker otherwise.
    const auto problem = m_model.problemOf(now.row());
    const std::string code = problem ? problem->code : std::string();
    if (code == m_shownProblem && currentId() == m_shownId)
        return;
    m_shownProblem = code;
    m_shownId = currentId();
    if (problem)
        m_error->showError(*problem);
    else
        m_error->clear();
}

void DiscoverDownloads::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void DiscoverDownloads::retranslate() {
    m_empty->setTexts(tr("No downloads"),
                      tr("Models that you fetch from a hub appear here, with everything that happens to "
                         "them. They go on after a restart, too."));
    m_title->setTexts(tr("Downloads"), tr("Every file is verified before it gets its name."));
    m_clear->setText(tr("Take finished ones off the list"));
    m_folder->setText(tr("Open folder"));
    m_open->setText(tr("Chat with it"));
    m_list->setAccessibleName(tr("Downloads"));
    showState();
}

} // namespace hearth::gui
