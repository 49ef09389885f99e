#include "gui/pages/discover_details.h"

#include <QDesktopServices>
#include <QEvent>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QListView>
#include <QMessageBox>
#include <QScrollArea>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

#include "gui/delegates/answer_body.h"
#include "gui/delegates/code_highlighter.h"
#include "gui/delegates/hub_delegates.h"
#include "gui/models/hub_files_model.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

namespace {
constexpr int kMostRows = 9;            ///< of files without scrolling of their own
constexpr qsizetype kMostCard = 60'000; ///< characters; cards are read, not searched
} // namespace

DiscoverDetails::DiscoverDetails(Theme& theme, HubBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_files(new HubFilesModel(bridge, this)),
      m_highlighter(std::make_unique<CodeHighlighter>()), m_stack(new QStackedWidget),
      m_empty(new EmptyState(theme, QStringLiteral("search"))), m_column(new ReadingColumn(theme)),
      m_title(new TextLabel(theme, TextRole::Title, ColourRole::Text)),
      m_facts(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_state(new TextLabel(theme, TextRole::Body, ColourRole::Muted)),
      m_leftOut(new TextLabel(theme, TextRole::Small, ColourRole::CautionText)), m_licence(new Chip(theme)),
      m_gated(new Chip(theme, {}, Chip::Kind::Caution)), m_page(new Button(theme, ButtonKind::Plain)),
      m_download(new Button(theme, ButtonKind::Primary)), m_error(new ErrorBox(theme)),
      m_filesTitle(new SectionHeader(theme)), m_cardTitle(new SectionHeader(theme)), m_list(new QListView),
      m_card(new AnswerBody(theme, *m_highlighter)) {
    m_title->setWordWrap(true);
    m_facts->setWordWrap(true);
    m_state->setWordWrap(true);
    m_leftOut->setWordWrap(true);
    m_download->setObjectName(QStringLiteral("download"));
    m_download->setIconName(QStringLiteral("import"));
    m_page->setObjectName(QStringLiteral("openPage"));
    m_page->setIconName(QStringLiteral("open"));
    m_list->setObjectName(QStringLiteral("files"));
    m_list->setModel(m_files);
    m_list->setItemDelegate(new HubFileDelegate(theme, m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMouseTracking(true);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->viewport()->setAutoFillBackground(false);

    auto* body = m_column->body();
    body->addWidget(m_title);
    body->addWidget(m_facts);
    auto* marks = new QHBoxLayout;
    marks->addWidget(m_licence);
    marks->addWidget(m_gated);
    marks->addStretch(1);
    marks->addWidget(m_page);
    body->addLayout(marks);
    body->addWidget(m_state);
    body->addWidget(m_error);
    auto* files = new Card(theme);
    files->body()->addWidget(m_filesTitle);
    files->body()->addWidget(m_list);
    files->body()->addWidget(m_leftOut);
    auto* line = new QHBoxLayout;
    line->addStretch(1);
    line->addWidget(m_download);
    files->body()->addLayout(line);
    m_filesCard = files;
    body->addWidget(files);
    auto* card = new Card(theme);
    card->body()->addWidget(m_cardTitle);
    card->body()->addWidget(m_card);
    m_cardCard = card;
    body->addWidget(card);
    body->addStretch(1);
    m_card->installEventFilter(this);
    m_list->installEventFilter(this);

    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_column);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);

    connect(&bridge, &HubBridge::detailsReady, this, &DiscoverDetails::show);
    connect(&bridge, &HubBridge::detailsFailed, this, &DiscoverDetails::showError);
    connect(&bridge, &HubBridge::downloadFailed, this,
            [this](const Error& error) { m_error->showError(error); });
    connect(&bridge, &HubBridge::cardReady, this, [this](const QString& markdown) {
        m_cardCard->setVisible(!markdown.trimmed().isEmpty());
        m_card->setMarkdown(markdown.left(kMostCard), false);
        sizeCard();
    });
    connect(&bridge, &HubBridge::fitReady, this, [this] {
        if (!m_chosen)
            chooseRow();
    });
    connect(m_files, &QAbstractItemModel::dataChanged, this, &DiscoverDetails::updateButton);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &DiscoverDetails::updateButton);
    connect(m_list, &QAbstractItemView::pressed, this, [this] { m_chosen = true; });
    connect(m_download, &QAbstractButton::clicked, this, &DiscoverDetails::download);
    connect(m_page, &QAbstractButton::clicked, this, [this] {
        if (m_files->details())
            QDesktopServices::openUrl(m_files->details()->page);
    });
    connect(m_error, &ErrorBox::actionRequested, this, [this] {
        const std::string code = m_problem ? m_problem->code : std::string();
        if (code == "hub.needs_token" || code == "hub.token_refused")
            Q_EMIT endpointsAsked();
        else if (!m_repository.isEmpty())
            open(m_endpoint, m_repository);
    });
    connect(m_card, &AnswerBody::linkAsked, this, &DiscoverDetails::askLink);
    connect(&theme, &Theme::changed, this, [this] {
        sizeFiles();
        sizeCard();
    });
    retranslate();
}

DiscoverDetails::~DiscoverDetails() = default;

void DiscoverDetails::open(const hub::Endpoint& endpoint, const QString& repository) {
    m_endpoint = endpoint;
    m_repository = repository;
    m_problem.reset();
    m_chosen = false;
    m_files->setDetails(nullptr);
    m_error->clear();
    m_title->setText(repository);
    m_facts->clear();
    m_licence->setText({});
    m_gated->setText({});
    m_page->setVisible(false);
    m_filesCard->setVisible(false);
    m_cardCard->setVisible(false);
    m_state->setText(tr("Reading the list of files…"));
    m_state->setVisible(true);
    m_stack->setCurrentWidget(m_column);
    m_bridge.open(endpoint, repository);
}

void DiscoverDetails::close() {
    m_repository.clear();
    m_files->setDetails(nullptr);
    m_stack->setCurrentWidget(m_empty);
}

void DiscoverDetails::show(const std::shared_ptr<const HubDetails>& details) {
    m_files->setDetails(details);
    const auto& model = details->content.model;
    m_state->setVisible(false);
    m_page->setVisible(true);
    m_filesCard->setVisible(true);
    m_licence->setText(QString::fromStdString(model.licence));
    m_gated->setText(model.gated ? tr("terms to accept") : model.isPrivate ? tr("private") : QString());
    m_facts->setText(tr("%1 downloads · from %2").arg(humanCount(model.downloads), details->endpoint.name));
    if (model.gated)
        m_error->showText(
            ErrorBox::Severity::Info, tr("The owner wants terms to be accepted first"),
            tr("Files of this model are given only to people who have accepted its terms."),
            tr("Open its page, accept the terms there, make a token on the hub and put it in under Hubs."));
    m_leftOut->setVisible(details->content.leftOut > 0);
    m_leftOut->setText(tr("%n file(s) are left out because their names are not safe.", nullptr,
                          static_cast<int>(details->content.leftOut)));
    if (m_files->rowCount() == 0) {
        m_state->setText(
            tr("There is no GGUF file in this repository. Look for one with “GGUF” in its name, or convert "
               "the original with “hearthctl convert”."));
        m_state->setVisible(true);
    }
    m_list->setVisible(m_files->rowCount() > 0);
    m_download->setVisible(m_files->rowCount() > 0);
    chooseRow();
    sizeFiles();
    updateButton();
}

void DiscoverDetails::showError(const Error& error) {
    m_problem = error;
    m_state->setVisible(false);
    m_error->showError(error);
    const bool token = error.code == "hub.needs_token" || error.code == "hub.token_refused";
    m_error->setAction(token ? tr("Put in a token…") : tr("Try again"));
}

void DiscoverDetails::chooseRow() {
    const int row = m_files->recommended();
    if (row >= 0)
        m_list->setCurrentIndex(m_files->index(row));
}

void DiscoverDetails::download() {
    const auto files = m_files->filesOf(m_list->currentIndex().row());
    if (!m_files->details() || files.empty())
        return;
    const auto memory = m_list->currentIndex().data(HubFilesModel::MemoryRole).toULongLong();
    const auto begin = [this, details = m_files->details(), files, memory] {
        m_bridge.download(*details, files, memory);
        Q_EMIT downloadsAsked();
    };
    if (m_guard)
        m_guard(begin);
    else
        begin();
}

/// As high as its rows: the page scrolls, not the list.
void DiscoverDetails::sizeFiles() {
    const int rows = std::min(m_files->rowCount(), kMostRows);
    const int height = rows > 0 ? rows * m_list->sizeHintForRow(0) + m_theme.space(1) : 0;
    if (height == m_list->height())
        return;
    m_list->setFixedHeight(height);
    m_list->doItemsLayout(); // rows may have another height
}

void DiscoverDetails::sizeCard() {
    if (m_card->width() > 0)
        m_card->setFixedHeight(m_card->heightFor(m_card->width()));
}

bool DiscoverDetails::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_card && event->type() == QEvent::Resize)
        sizeCard();
    if (watched == m_list && event->type() == QEvent::Resize)
        sizeFiles();
    return QWidget::eventFilter(watched, event);
}

void DiscoverDetails::updateButton() {
    const auto now = m_list->currentIndex();
    const auto here = static_cast<HubFilesModel::Here>(now.data(HubFilesModel::HereRole).toInt());
    m_download->setEnabled(now.isValid() && here == HubFilesModel::Here::No);
    const auto bytes = now.data(HubFilesModel::BytesRole).toULongLong();
    m_download->setText(here == HubFilesModel::Here::Yes      ? tr("Downloaded")
                        : here == HubFilesModel::Here::Coming ? tr("Downloading")
                        : bytes > 0                           ? tr("Download %1").arg(humanBytes(bytes))
                                                              : tr("Download"));
}

/// A link in a text from the net: the person sees where it leads before anything opens.
void DiscoverDetails::askLink(const QString& target) {
    const QUrl url(target, QUrl::StrictMode);
    if (!url.isValid() || (url.scheme() != QLatin1String("https") && url.scheme() != QLatin1String("http")))
        return;
    auto* box = new QMessageBox(QMessageBox::Question, tr("Open this address in the browser?"),
                                url.toDisplayString(QUrl::FullyEncoded),
                                QMessageBox::Open | QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    connect(box, &QMessageBox::finished, this, [url](int answer) {
        if (answer == QMessageBox::Open)
            QDesktopServices::openUrl(url);
    });
    box->open();
}

void DiscoverDetails::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        if (m_files->details())
            show(m_files->details());
    }
    QWidget::changeEvent(event);
}

void DiscoverDetails::retranslate() {
    m_empty->setTexts(
        tr("Choose a model at the left"),
        tr("Its files, what they need on this machine and what its makers say about it appear here."));
    m_page->setText(tr("Its page"));
    m_page->setToolTip(tr("Opens the hub's page in the browser"));
    m_filesTitle->setTexts(
        tr("Files"),
        tr("The same model, shrunk more or less. What fits comfortably and is largest is best."));
    m_cardTitle->setTexts(tr("What its makers say"), {});
    m_list->setAccessibleName(tr("Files"));
    updateButton();
}

} // namespace hearth::gui
