#include "gui/pages/hardware_fit.h"

#include <algorithm>

#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPainter>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QTableView>

#include "gui/delegates/fit_colours.h"
#include "gui/delegates/themed_delegate.h"
#include "gui/models/fit_matrix_model.h"
#include "gui/pages/hardware_cards.h"
#include "gui/pages/hardware_fit_detail.h"
#include "gui/pages/hardware_words.h"
#include "gui/theme/human.h"
#include "gui/theme/tabular.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

using namespace hearth::hardware;

namespace {

constexpr Purpose kPurposes[]{Purpose::Chat, Purpose::Translation, Purpose::Classification, Purpose::Code,
                              Purpose::LongDocuments};
constexpr std::size_t kContexts[]{2048, 4096, 8192, 16384, 32768, 131072};
constexpr std::size_t kUsualContext = 8192;
constexpr int kMostRows = 14;                    ///< shown without scrolling the table
constexpr int kNameWidth = 190, kRowHeight = 34; ///< pixels at scale 1
constexpr int kCellWidth = 62;                   ///< six beside a name in a window of 760
constexpr int kFiltersWidth = 480; ///< from which on the choices stand beside the field for a name

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

/// A coloured field with a figure; a ring around the current one.
class CellDelegate : public ThemedDelegate {
public:
    using ThemedDelegate::ThemedDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setFont(m_theme.font(TextRole::Small));
        const bool runnable = index.data(FitMatrixModel::RunnableRole).toBool();
        const QString word = index.data(Qt::DisplayRole).toString();
        const QRectF box = QRectF(option.rect).adjusted(2.5, 2.5, -2.5, -2.5);
        const QPen ring(m_theme.colour(ColourRole::Accent), m_theme.px(2));
        if (index.column() == 0) {
            painter->setFont(m_theme.font(TextRole::Body));
            painter->setPen(m_theme.colour(runnable ? ColourRole::Text : ColourRole::Muted));
            // As its heading.
            const QRect room = option.rect.adjusted(m_theme.space(2), 0, -m_theme.space(2), 0);
            painter->drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                              painter->fontMetrics().elidedText(word, Qt::ElideRight, room.width()));
        } else if (!word.isEmpty()) {
            const bool supported = index.data(FitMatrixModel::SupportedRole).toBool();
            const FitColours colours =
                supported ? coloursOf(static_cast<Fit>(index.data(FitMatrixModel::FitRole).toInt()))
                          : FitColours{ColourRole::Chip, ColourRole::MutedStrong};
            painter->setPen(option.state & QStyle::State_Selected ? ring : QPen(Qt::NoPen));
            painter->setBrush(m_theme.colour(colours.ground));
            painter->drawRoundedRect(box, m_theme.radius(Radius::Small), m_theme.radius(Radius::Small));
            painter->setPen(m_theme.colour(colours.ink));
            const QFontMetricsF metrics(painter->font());
            // Grey says it too.
            const QString shown =
                supported || tabularWidth(metrics, word) <= box.width() ? word : QStringLiteral("–");
            drawTabular(*painter,
                        {box.center().x() - tabularWidth(metrics, shown) / 2,
                         box.center().y() + (metrics.ascent() - metrics.descent()) / 2},
                        shown);
        }
        if (option.state & QStyle::State_HasFocus) {
            painter->setPen(ring);
            painter->setBrush(Qt::NoBrush);
            painter->drawRoundedRect(box, m_theme.radius(Radius::Small), m_theme.radius(Radius::Small));
        }
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const override {
        return {m_theme.px(index.column() == 0 ? kNameWidth : kCellWidth), m_theme.px(kRowHeight)};
    }
};

} // namespace

FitCard::FitCard(Theme& theme, HardwareBridge& bridge, QWidget* parent)
    : Card(theme, parent), m_theme(theme), m_bridge(bridge), m_model(new FitMatrixModel(this)),
      m_filter(new FitFilterModel(*m_model, this)), m_title(new SectionHeader(theme)),
      m_hint(new TextLabel(theme, TextRole::Small, ColourRole::Muted)), m_table(new QTableView),
      m_detail(new FitDetail(theme)) {
    body()->addWidget(m_title);
    body()->addWidget(makeFilters());
    body()->addWidget(m_table);
    m_hint->setWordWrap(true);
    body()->addWidget(m_hint);
    body()->addWidget(makeCatalogueLine());
    m_detail->setObjectName(QStringLiteral("fitDetail"));
    body()->addWidget(m_detail);

    m_table->setObjectName(QStringLiteral("fitMatrix"));
    m_table->setModel(m_filter);
    m_table->setItemDelegate(new CellDelegate(theme, m_table));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setSortingEnabled(true);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->viewport()->setAutoFillBackground(false);
    m_table->setCornerWidget(new QWidget); // the style would draw a frame between two scroll bars
    m_table->verticalHeader()->hide();
    m_table->setTabKeyNavigation(false); // Tab leaves the table; arrows move in it
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->sortByColumn(0, Qt::AscendingOrder);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &FitCard::showDetail);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_filter, signal, this, &FitCard::fitHeight);
    connect(m_filter, &QAbstractItemModel::modelReset, this, &FitCard::fitHeight);
    connect(&theme, &Theme::changed, this, &FitCard::fitHeight);
    connect(m_table->horizontalScrollBar(), &QAbstractSlider::rangeChanged, this, &FitCard::fitHeight);
    connect(&bridge, &HardwareBridge::fitChanged, this, &FitCard::showFit);
    retranslate();
    showFit();
}

QWidget* FitCard::makeFilters() {
    m_search = new SearchField(m_theme);
    m_search->setObjectName(QStringLiteral("fitSearch"));
    m_purpose = new ComboBox(m_theme);
    m_purpose->setObjectName(QStringLiteral("fitPurpose"));
    m_context = new ComboBox(m_theme);
    m_context->setObjectName(QStringLiteral("fitContext"));
    m_onlyFitting = new Toggle(m_theme);
    m_onlyFitting->setObjectName(QStringLiteral("fitOnly"));
    m_onlyFittingWord = new TextLabel(m_theme, TextRole::Body, ColourRole::Text);
    auto* choices = new QWidget;
    auto* line = new QHBoxLayout(choices);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(m_theme.space(3));
    line->addWidget(m_purpose);
    line->addWidget(m_context);
    line->addWidget(m_onlyFitting);
    line->addWidget(m_onlyFittingWord);
    line->addStretch(1);
    auto* filters = new CardGrid(m_theme, kFiltersWidth);
    filters->add(m_search);
    filters->add(choices);
    connect(m_search, &QLineEdit::textChanged, m_filter, &FitFilterModel::setText);
    connect(m_purpose, &QComboBox::activated, this, [this](int index) {
        m_filter->setPurpose(index == 0 ? std::nullopt : std::optional(kPurposes[index - 1]));
    });
    connect(m_context, &QComboBox::activated, this,
            [this](int index) { m_bridge.setContext(kContexts[index]); });
    connect(m_onlyFitting, &QAbstractButton::toggled, m_filter, &FitFilterModel::setOnlyFitting);
    return filters;
}

/// Which list of models this is, and how to take another.
QWidget* FitCard::makeCatalogueLine() {
    m_catalogue = new TextLabel(m_theme, TextRole::Small, ColourRole::Muted);
    m_catalogue->setWordWrap(true);
    m_update = new Button(m_theme, ButtonKind::Ghost);
    m_update->setObjectName(QStringLiteral("updateCatalogue"));
    m_builtIn = new Button(m_theme, ButtonKind::Ghost);
    m_builtIn->setObjectName(QStringLiteral("builtInCatalogue"));
    m_catalogueError = new ErrorBox(m_theme);
    m_catalogueError->setDismissable(true);
    auto* all = new QWidget;
    auto* layout = new QVBoxLayout(all);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* line = new QHBoxLayout;
    line->addWidget(m_catalogue, 1);
    line->addWidget(m_builtIn);
    line->addWidget(m_update);
    layout->addLayout(line);
    layout->addWidget(m_catalogueError);
    connect(m_update, &QAbstractButton::clicked, this, &FitCard::askForCatalogue);
    connect(m_builtIn, &QAbstractButton::clicked, &m_bridge, &HardwareBridge::useBuiltInCatalogue);
    connect(&m_bridge, &HardwareBridge::catalogueUpdated, this, [this](int models) {
        m_catalogueError->showText(ErrorBox::Severity::Info, tr("The list of models was updated"),
                                   tr("The file describes %n model(s).", nullptr, models));
    });
    connect(&m_bridge, &HardwareBridge::catalogueFailed, this,
            [this](const Error& error) { m_catalogueError->showError(error); });
    return all;
}

void FitCard::askForCatalogue() {
    auto* dialog = new QFileDialog(this, tr("Update the list of models"), QDir::homePath(),
                                   tr("Lists of models (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, &m_bridge, &HardwareBridge::updateCatalogue);
    dialog->open();
}

void FitCard::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        showDetail();
    }
    Card::changeEvent(event);
}

void FitCard::retranslate() {
    m_title->setTexts(
        tr("Which models fit this machine"),
        tr("Predicted tokens per second for an answer, from what was measured here; what does not fit shows "
           "the memory it needs, grey is a kind that Hearth does not run yet. Choose a field to see the "
           "arithmetic, a heading to sort."));
    m_search->setHint(tr("Find a model"));
    const QSignalBlocker quietPurpose(m_purpose), quietContext(m_context);
    const int purpose = std::max(0, m_purpose->currentIndex());
    m_purpose->clear();
    m_purpose->addItem(tr("For everything"));
    for (const Purpose one : kPurposes)
        m_purpose->addItem(hardware_words::purpose(one));
    m_purpose->setCurrentIndex(purpose);
    m_purpose->setAccessibleName(tr("Purpose"));
    const int context = m_context->currentIndex();
    m_context->clear();
    for (const std::size_t tokens : kContexts)
        m_context->addItem(tr("Context %1").arg(humanCount(tokens)));
    m_context->setCurrentIndex(
        context >= 0 ? context
                     : static_cast<int>(std::find(std::begin(kContexts), std::end(kContexts), kUsualContext) -
                                        std::begin(kContexts)));
    m_context->setAccessibleName(tr("Context"));
    m_onlyFitting->setAccessibleName(tr("Only what fits"));
    m_onlyFittingWord->setText(tr("Only what fits"));
    m_table->setAccessibleName(tr("Which models fit this machine"));
    m_update->setText(tr("Update from a file…"));
    m_builtIn->setText(tr("Built-in list again"));
    showCatalogue();
    m_hint->setText(tr("Nothing has been measured yet, so only the memory is known. Measure to see speeds."));
}

void FitCard::fitHeight() {
    const int rows = std::clamp(m_filter->rowCount(), 1, kMostRows);
    m_table->verticalHeader()->setDefaultSectionSize(m_theme.px(kRowHeight));
    m_table->horizontalHeader()->setMinimumSectionSize(m_theme.px(kCellWidth)); // narrower tables scroll
    const QScrollBar* bar = m_table->horizontalScrollBar();
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + rows * m_theme.px(kRowHeight) +
                            2 + (bar->maximum() > 0 ? bar->sizeHint().height() : 0));
}

void FitCard::showFit() {
    const auto fit = m_bridge.fit();
    // The chosen cell stays chosen when figures change.
    const QModelIndex current = m_filter->mapToSource(m_table->currentIndex());
    const int row = current.row(), column = current.column();
    m_model->setRows(fit ? std::span<const FitRow>(fit->content.matrix) : std::span<const FitRow>(), fit);
    setVisible(fit && m_model->rowCount() > 0);
    m_hint->setVisible(fit && !fit->measured);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    showCatalogue();
    fitHeight();
    if (row >= 0)
        m_table->setCurrentIndex(m_filter->mapFromSource(m_model->index(row, column)));
    showDetail();
}

void FitCard::showCatalogue() {
    const auto fit = m_bridge.fit();
    m_builtIn->setVisible(fit && fit->ownCatalogue);
    if (fit)
        m_catalogue->setText(
            (fit->ownCatalogue ? tr("List of %1 models, with yours, of %2.") : tr("List of %1 models of %2."))
                .arg(fit->catalogue->entries().size())
                .arg(text(fit->catalogue->date())));
}

void FitCard::showDetail() {
    const FitRow* row = m_model->cell(m_filter->mapToSource(m_table->currentIndex()));
    m_detail->setVisible(row != nullptr);
    if (row)
        m_detail->show(text(row->entry->name) + QStringLiteral(" · ") + text(row->prediction.quantisation),
                       row->prediction, row->gpu);
}

} // namespace hearth::gui
