#include "gui/pages/discover_search.h"

#include <algorithm>
#include <array>

#include <QEvent>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QListView>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "gui/delegates/hub_delegates.h"
#include "gui/models/hub_results_model.h"
#include "gui/pages/discover_details.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

namespace {

constexpr int kTypingMs = 400; ///< after the last key, so that not every letter is a question to the hub
constexpr int kLeft = 6, kRight = 7; ///< of the choices: the order has the longest words
constexpr int kListWidth = 380, kNarrowList = 356, kNarrowPage = 900; ///< px at scale 1

// Names of families and licences are the same in every language.
constexpr std::array kFamilies{"llama",    "qwen",    "gemma",  "mistral", "phi",
                               "deepseek", "granite", "smollm", "glm"};
constexpr std::array kLicences{"apache-2.0", "mit", "gemma", "llama3.1", "llama3.2", "cc-by-nc-4.0"};
/// In billions of parameters; 0 = no bound.
constexpr std::array kSizes{std::pair{0.0, 0.0},  std::pair{0.0, 2.0},   std::pair{2.0, 5.0},
                            std::pair{5.0, 10.0}, std::pair{10.0, 35.0}, std::pair{35.0, 0.0}};

} // namespace

DiscoverSearch::DiscoverSearch(Theme& theme, HubBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_results(new HubResultsModel(bridge, this)),
      m_error(new ErrorBox(theme)), m_errorPlace(new QWidget), m_details(new DiscoverDetails(theme, bridge)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeList());
    layout->addWidget(new Divider(theme, Qt::Vertical));
    auto* right = new QVBoxLayout;
    auto* place = new QVBoxLayout(m_errorPlace);
    place->addWidget(m_error);
    right->addWidget(m_errorPlace);
    right->addWidget(m_details, 1);
    layout->addLayout(right, 1);
    const auto space = [this, place] {
        const int edge = m_theme.space(6);
        place->setContentsMargins(edge, edge, edge, 0);
    };
    space();
    connect(&theme, &Theme::changed, this, space);

    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingMs);
    connect(&m_typing, &QTimer::timeout, this, &DiscoverSearch::searchNow);
    connect(m_text, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(m_text, &QLineEdit::returnPressed, this, &DiscoverSearch::searchNow);
    for (ComboBox* box : {m_hub, m_family, m_size, m_licence, m_sort})
        connect(box, &QComboBox::activated, this, &DiscoverSearch::searchNow);
    connect(m_gguf, &QAbstractButton::toggled, this, &DiscoverSearch::searchNow);
    connect(&bridge, &HubBridge::searchStarted, this, &DiscoverSearch::showState);
    connect(&bridge, &HubBridge::found, this, [this] {
        m_error->clear();
        m_shown = m_asking;
        showState();
    });
    connect(&bridge, &HubBridge::searchFailed, this, [this](const Error& error) {
        m_error->showError(error);
        m_error->setAction(tr("Choose another hub…"));
        showState();
    });
    connect(m_error, &ErrorBox::actionRequested, this, &DiscoverSearch::endpointsAsked);
    connect(&bridge, &HubBridge::settingsChanged, this, &DiscoverSearch::showEndpoints);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& now) {
                if (now.isValid())
                    m_details->open(m_shown, now.data(HubResultsModel::RepositoryRole).toString());
            });
    connect(m_results, &QAbstractItemModel::modelReset, m_details, &DiscoverDetails::close);
    connect(m_details, &DiscoverDetails::downloadsAsked, this, &DiscoverSearch::downloadsAsked);
    connect(m_details, &DiscoverDetails::endpointsAsked, this, &DiscoverSearch::endpointsAsked);
    retranslate();
}

QWidget* DiscoverSearch::makeList() {
    m_side = new Ground(m_theme, ColourRole::SideList);
    m_text = new SearchField(m_theme);
    m_text->setObjectName(QStringLiteral("searchText"));
    m_hub = new ComboBox(m_theme);
    m_hub->setObjectName(QStringLiteral("hub"));
    m_family = new ComboBox(m_theme);
    m_size = new ComboBox(m_theme);
    m_size->setObjectName(QStringLiteral("size"));
    m_licence = new ComboBox(m_theme);
    m_licence->setObjectName(QStringLiteral("licence"));
    m_sort = new ComboBox(m_theme);
    m_family->setObjectName(QStringLiteral("family"));
    m_gguf = new Toggle(m_theme);
    m_gguf->setObjectName(QStringLiteral("onlyGguf"));
    m_gguf->setChecked(true);
    m_ggufWord = new TextLabel(m_theme, TextRole::Small, ColourRole::MutedStrong);
    m_state = new TextLabel(m_theme, TextRole::Small, ColourRole::MutedStrong);
    m_state->setObjectName(QStringLiteral("searchState"));
    m_state->setWordWrap(true);
    m_list = new QListView;
    m_list->setObjectName(QStringLiteral("results"));
    m_list->setModel(m_results);
    m_list->setItemDelegate(new HubResultDelegate(m_theme, m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMouseTracking(true);
    m_list->setUniformItemSizes(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->viewport()->setAutoFillBackground(false);

    auto* layout = new QVBoxLayout(m_side);
    auto* pairs = new QVBoxLayout;
    const auto pair = [pairs](QWidget* left, QWidget* right) {
        auto* line = new QHBoxLayout;
        line->addWidget(left, kLeft);
        line->addWidget(right, kRight);
        pairs->addLayout(line);
    };
    pair(m_hub, m_sort);
    pair(m_family, m_size);
    auto* last = new QHBoxLayout;
    last->addWidget(m_licence, kLeft);
    auto* only = new QHBoxLayout;
    only->addWidget(m_gguf);
    only->addWidget(m_ggufWord, 1);
    last->addLayout(only, kRight);
    pairs->addLayout(last);
    layout->addWidget(m_text);
    layout->addLayout(pairs);
    layout->addWidget(m_state);
    layout->addWidget(m_list, 1);
    // Choices give way where the list is narrow.
    for (ComboBox* box : {m_hub, m_sort, m_family, m_size, m_licence}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(6);
    }
    const auto space = [this, layout, pairs] {
        fitList();
        const int edge = m_theme.space(4);
        layout->setContentsMargins(edge, edge, edge, edge);
        layout->setSpacing(m_theme.space(2));
        pairs->setSpacing(m_theme.space(2));
    };
    space();
    connect(&m_theme, &Theme::changed, m_side, space);
    return m_side;
}

void DiscoverSearch::fitList() {
    m_side->setFixedWidth(m_theme.px(width() < m_theme.px(kNarrowPage) ? kNarrowList : kListWidth));
}

void DiscoverSearch::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitList();
}

void DiscoverSearch::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    // Nothing is asked of the network before somebody looks at this page.
    if (!std::exchange(m_asked, true))
        searchNow();
}

void DiscoverSearch::setGuard(std::function<void(std::function<void()>)> guard) {
    m_details->setGuard(std::move(guard));
}

void DiscoverSearch::lookFor(const QString& words) {
    m_asked = true;
    m_text->setText(words);
    searchNow();
}

void DiscoverSearch::searchNow() {
    m_typing.stop();
    const auto& hubs = m_bridge.settings().hubs;
    const auto hub = static_cast<std::size_t>(std::max(0, m_hub->currentIndex()));
    if (hub >= hubs.size())
        return;
    hub::SearchQuery query;
    query.text = m_text->text().trimmed().toStdString();
    query.onlyGguf = m_gguf->isChecked();
    query.family = m_family->currentData().toString().toStdString();
    query.licence = m_licence->currentData().toString().toStdString();
    const auto size = kSizes[static_cast<std::size_t>(std::max(0, m_size->currentIndex()))];
    query.leastParameters = size.first * 1e9;
    query.mostParameters = size.second * 1e9;
    query.sort = static_cast<hub::SortBy>(m_sort->currentData().toInt());
    m_error->clear();
    m_asking = hubs[hub].endpoint;
    m_bridge.search(m_asking, query);
}

void DiscoverSearch::showState() {
    const bool empty = m_results->rowCount() == 0;
    m_errorPlace->setVisible(!m_error->isHidden());
    m_state->setText(m_bridge.isSearching() ? (empty ? tr("Searching…") : tr("Searching for more…"))
                     : empty && m_error->isHidden()
                         ? tr("Nothing was found. Fewer filters or other words may help.")
                         : QString());
    m_state->setVisible(!m_state->text().isEmpty());
}

void DiscoverSearch::showEndpoints() {
    const QSignalBlocker quiet(m_hub);
    const QString before = m_hub->currentData().toString();
    m_hub->clear();
    for (const auto& access : m_bridge.settings().hubs)
        m_hub->addItem(access.endpoint.name, access.endpoint.url.toString());
    m_hub->setCurrentIndex(std::max(0, m_hub->findData(before)));
    if (m_asked && m_hub->currentData().toString() != before)
        searchNow();
}

void DiscoverSearch::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void DiscoverSearch::retranslate() {
    m_text->setHint(tr("Search for models"));
    m_list->setAccessibleName(tr("Models found"));
    m_hub->setAccessibleName(tr("Hub"));
    const auto fill = [](ComboBox* box, const QString& name,
                         const std::vector<std::pair<QString, QVariant>>& items) {
        const QSignalBlocker quiet(box);
        const int before = std::max(0, box->currentIndex());
        box->clear();
        for (const auto& [text, value] : items)
            box->addItem(text, value);
        box->setCurrentIndex(before);
        box->setAccessibleName(name);
    };
    fill(m_sort, tr("Order"),
         {{tr("Most downloaded"), static_cast<int>(hub::SortBy::Downloads)},
          {tr("Most liked"), static_cast<int>(hub::SortBy::Likes)},
          {tr("Newest"), static_cast<int>(hub::SortBy::Updated)}});
    std::vector<std::pair<QString, QVariant>> families{{tr("All families"), QString()}};
    for (const char* name : kFamilies)
        families.emplace_back(QString::fromLatin1(name), QString::fromLatin1(name));
    fill(m_family, tr("Family"), families);
    fill(m_size, tr("Size"),
         {{tr("Any size"), 0},
          {tr("up to 2 B"), 1},
          {tr("2 to 5 B"), 2},
          {tr("5 to 10 B"), 3},
          {tr("10 to 35 B"), 4},
          {tr("over 35 B"), 5}});
    std::vector<std::pair<QString, QVariant>> licences{{tr("Any licence"), QString()}};
    for (const char* name : kLicences)
        licences.emplace_back(QString::fromLatin1(name), QString::fromLatin1(name));
    fill(m_licence, tr("Licence"), licences);
    m_ggufWord->setText(tr("Only GGUF"));
    m_gguf->setAccessibleName(tr("Only GGUF"));
    m_gguf->setToolTip(tr("Files that Hearth opens as they are"));
    showEndpoints();
    showState();
}

} // namespace hearth::gui
