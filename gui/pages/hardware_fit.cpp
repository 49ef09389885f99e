#include "gui/pages/hardware_fit.h"

#include <algorithm>

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPainter>
#include <QSignalBlocker>
#include <QStyledItemDelegate>
#include <QTableView>

#include "gui/models/fit_matrix_model.h"
#include "gui/pages/hardware_words.h"
#include "gui/theme/tabular.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/human.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

using namespace hearth::hardware;

namespace {

constexpr Purpose kPurposes[]{Purpose::Chat, Purpose::Translation, Purpose::Classification, Purpose::Code,
                              Purpose::LongDocuments};
constexpr std::size_t kContexts[]{2048, 4096, 8192, 16384, 32768, 131072};
constexpr std::size_t kUsualContext = 8192;
constexpr int kMostRows = 14; ///< shown without scrolling the table

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

struct Colours {
    ColourRole ground, ink;
};
Colours coloursOf(Fit fit) {
    switch (fit) {
    case Fit::Comfortable:
        return {ColourRole::GoodSoft, ColourRole::GoodText};
    case Fit::Tight:
        return {ColourRole::CautionSoft, ColourRole::CautionText};
    case Fit::DoesNotFit:
        break;
    }
    return {ColourRole::BadSoft, ColourRole::BadText};
}

/// A coloured field with a figure; a ring around the current one.
class CellDelegate : public QStyledItemDelegate {
public:
    CellDelegate(Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setFont(m_theme.font(TextRole::Small));
        const bool runnable = index.data(FitMatrixModel::RunnableRole).toBool();
        const QString word = index.data(Qt::DisplayRole).toString();
        if (index.column() == 0) {
            painter->setFont(m_theme.font(TextRole::Body));
            painter->setPen(m_theme.colour(runnable ? ColourRole::Text : ColourRole::Muted));
            const QRect room = option.rect.adjusted(m_theme.space(1), 0, -m_theme.space(2), 0);
            painter->drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                              painter->fontMetrics().elidedText(word, Qt::ElideRight, room.width()));
        } else if (!word.isEmpty()) {
            const Colours colours = coloursOf(static_cast<Fit>(index.data(FitMatrixModel::FitRole).toInt()));
            const QRectF box = QRectF(option.rect).adjusted(2.5, 2.5, -2.5, -2.5);
            painter->setPen(option.state & QStyle::State_Selected
                                ? QPen(m_theme.colour(ColourRole::Accent), 2)
                                : QPen(Qt::NoPen));
            painter->setBrush(m_theme.colour(colours.ground));
            painter->drawRoundedRect(box, m_theme.radius(Radius::Small), m_theme.radius(Radius::Small));
            painter->setPen(m_theme.colour(colours.ink));
            const QFontMetricsF metrics(painter->font());
            drawTabular(*painter,
                        {box.center().x() - tabularWidth(metrics, word) / 2,
                         box.center().y() + (metrics.ascent() - metrics.descent()) / 2},
                        word);
        }
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const override {
        return {m_theme.px(index.column() == 0 ? 190 : 84), m_theme.px(34)};
    }

private:
    Theme& m_theme;
};

void empty(QGridLayout* grid) {
    while (QLayoutItem* item = grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

QString milliseconds(double seconds) {
    return seconds < 1 ? hardware_words::decimal(seconds * 1e3) + QStringLiteral(" ms")
                       : humanDuration(seconds);
}

} // namespace

FitCard::FitCard(Theme& theme, HardwareBridge& bridge, QWidget* parent)
    : Card(theme, parent), m_theme(theme), m_bridge(bridge), m_model(new FitMatrixModel(this)),
      m_filter(new FitFilterModel(*m_model, this)), m_title(new SectionHeader(theme)),
      m_hint(new TextLabel(theme, TextRole::Small, ColourRole::Muted)), m_table(new QTableView) {
    body()->addWidget(m_title);
    body()->addWidget(makeFilters());
    body()->addWidget(m_table);
    m_hint->setWordWrap(true);
    body()->addWidget(m_hint);
    body()->addWidget(makeDetail());

    m_table->setObjectName(QStringLiteral("fitMatrix"));
    m_table->setModel(m_filter);
    m_table->setItemDelegate(new CellDelegate(theme, m_table));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setSortingEnabled(true);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->viewport()->setAutoFillBackground(false);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->sortByColumn(0, Qt::AscendingOrder);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &FitCard::showDetail);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_filter, signal, this, &FitCard::fitHeight);
    connect(m_filter, &QAbstractItemModel::modelReset, this, &FitCard::fitHeight);
    connect(&theme, &Theme::changed, this, &FitCard::fitHeight);
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
    auto* row = new QWidget;
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(m_theme.space(3));
    line->addWidget(m_search, 1);
    line->addWidget(m_purpose);
    line->addWidget(m_context);
    line->addWidget(m_onlyFitting);
    line->addWidget(m_onlyFittingWord);
    connect(m_search, &QLineEdit::textChanged, m_filter, &FitFilterModel::setText);
    connect(m_purpose, &QComboBox::activated, this, [this](int index) {
        m_filter->setPurpose(index == 0 ? std::nullopt : std::optional(kPurposes[index - 1]));
    });
    connect(m_context, &QComboBox::activated, this,
            [this](int index) { m_bridge.setContext(kContexts[index]); });
    connect(m_onlyFitting, &QAbstractButton::toggled, m_filter, &FitFilterModel::setOnlyFitting);
    return row;
}

QWidget* FitCard::makeDetail() {
    m_detail = new QWidget;
    m_detail->setObjectName(QStringLiteral("fitDetail"));
    m_detailTitle = new TextLabel(m_theme, TextRole::Heading, ColourRole::Text);
    m_verdict = new Chip(m_theme);
    m_detailReason = new TextLabel(m_theme, TextRole::Body, ColourRole::Text);
    m_detailReason->setWordWrap(true);
    m_terms = new QGridLayout;
    m_terms->setHorizontalSpacing(m_theme.space(5));
    m_terms->setVerticalSpacing(m_theme.space(1));
    m_terms->setColumnStretch(1, 1);
    auto* line = new QHBoxLayout;
    line->addWidget(m_detailTitle);
    line->addWidget(m_verdict);
    line->addStretch(1);
    auto* layout = new QVBoxLayout(m_detail);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(m_theme.space(2));
    layout->addWidget(new Divider(m_theme));
    layout->addLayout(line);
    layout->addWidget(m_detailReason);
    layout->addLayout(m_terms);
    return m_detail;
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
           "the memory it needs. Choose a field to see the arithmetic, a heading to sort."));
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
    m_hint->setText(tr("Nothing has been measured yet, so only the memory is known. Measure to see speeds."));
}

void FitCard::fitHeight() {
    const int rows = std::clamp(m_filter->rowCount(), 1, kMostRows);
    m_table->verticalHeader()->setDefaultSectionSize(m_theme.px(34));
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + rows * m_theme.px(34) + 2);
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
    fitHeight();
    if (row >= 0)
        m_table->setCurrentIndex(m_filter->mapFromSource(m_model->index(row, column)));
    showDetail();
}

void FitCard::showDetail() {
    const FitRow* row = m_model->cell(m_filter->mapToSource(m_table->currentIndex()));
    m_detail->setVisible(row != nullptr);
    empty(m_terms);
    if (!row)
        return;
    const Prediction& p = row->prediction;
    m_detailTitle->setText(text(row->entry->name) + QStringLiteral(" · ") + text(p.quantisation));
    m_verdict->setText(hardware_words::fit(p.fit));
    m_verdict->setKind(p.fit == Fit::Comfortable ? Chip::Kind::Good
                       : p.fit == Fit::Tight     ? Chip::Kind::Caution
                                                 : Chip::Kind::Bad);
    m_detailReason->setText(hardware_words::reason(p.reason));
    const auto add = [this](const QString& name, const QString& how, const QString& amount, bool strong) {
        const int line = m_terms->rowCount();
        const TextRole role = strong ? TextRole::SmallStrong : TextRole::Small;
        auto* formula = new TextLabel(m_theme, TextRole::Small, ColourRole::Muted, how);
        formula->setWordWrap(true);
        formula->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_terms->addWidget(new TextLabel(m_theme, role, ColourRole::Text, name), line, 0, Qt::AlignTop);
        m_terms->addWidget(formula, line, 1);
        auto* figure = new NumberLabel(m_theme, role, ColourRole::Text, amount);
        m_terms->addWidget(figure, line, 2, Qt::AlignTop | Qt::AlignRight);
    };
    for (const Term& term : p.memory)
        add(hardware_words::term(term.name), text(term.formula),
            humanBytes(static_cast<std::uint64_t>(std::max(0.0, term.amount))), false);
    add(tr("Memory together"), tr("with a context of %1 tokens").arg(humanCount(p.context)),
        humanBytes(p.memoryBytes), true);
    if (p.decodeTps <= 0)
        return;
    for (const Term& term : p.decode)
        add(tr("One token: %1").arg(hardware_words::term(term.name)), text(term.formula),
            milliseconds(term.amount), false);
    add(tr("Answering"),
        p.estimated ? tr("estimated from another type of weights")
                    : tr("after %1 tokens").arg(humanCount(p.depth)),
        tr("%1 tokens/s").arg(hardware_words::decimal(p.decodeTps)), true);
    add(tr("Reading the prompt"), {}, tr("%1 tokens/s").arg(hardware_words::decimal(p.prefillTps)), true);
    add(tr("First word"), tr("of an answer to 512 tokens"), milliseconds(p.firstTokenSeconds), true);
    if (p.loadSeconds)
        add(tr("Loading"), tr("a file of %1").arg(humanBytes(p.fileBytes)), milliseconds(*p.loadSeconds),
            true);
}

RecommendationCard::RecommendationCard(Theme& theme, HardwareBridge& bridge, QWidget* parent)
    : Card(theme, parent), m_theme(theme), m_bridge(bridge), m_title(new SectionHeader(theme)),
      m_upgradesTitle(new SectionHeader(theme)), m_best(new QGridLayout), m_upgrades(new QGridLayout) {
    for (QGridLayout* grid : {m_best, m_upgrades}) {
        grid->setHorizontalSpacing(theme.space(5));
        grid->setVerticalSpacing(theme.space(2));
        grid->setColumnStretch(1, 1);
    }
    body()->addWidget(m_title);
    body()->addLayout(m_best);
    body()->addWidget(m_upgradesTitle);
    body()->addLayout(m_upgrades);
    connect(&bridge, &HardwareBridge::fitChanged, this, &RecommendationCard::show);
    show();
}

void RecommendationCard::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        show();
    Card::changeEvent(event);
}

void RecommendationCard::show() {
    const auto fit = m_bridge.fit();
    const bool something = fit && fit->measured && !fit->content.recommendations.empty();
    setVisible(something);
    empty(m_best);
    empty(m_upgrades);
    if (!something)
        return;
    m_title->setTexts(
        tr("Best for this machine"),
        tr("The most capable models that fit into the free memory and answer at reading speed."));
    const auto add = [this](QGridLayout* grid, const QString& name, const QString& what,
                            const QString& gain) {
        const int row = grid->rowCount();
        auto* middle = new TextLabel(m_theme, TextRole::Body, ColourRole::Text, what);
        middle->setWordWrap(true);
        grid->addWidget(new TextLabel(m_theme, TextRole::Body, ColourRole::Muted, name), row, 0,
                        Qt::AlignTop);
        grid->addWidget(middle, row, 1);
        grid->addWidget(new NumberLabel(m_theme, TextRole::Body, ColourRole::Muted, gain), row, 2,
                        Qt::AlignTop | Qt::AlignRight);
    };
    std::optional<Purpose> last;
    for (const auto& [purpose, row] : fit->content.recommendations)
        if (last != purpose) { // the best of each
            last = purpose;
            add(m_best, hardware_words::purpose(purpose),
                text(row.entry->name) + QStringLiteral(" · ") + text(row.prediction.quantisation),
                tr("%1 tokens/s").arg(hardware_words::decimal(row.prediction.decodeTps)));
        }
    m_upgradesTitle->setVisible(!fit->content.upgrades.empty());
    m_upgradesTitle->setTexts(
        tr("What would help"),
        tr("For %1. Estimated from data sheets, not measured.").arg(text(fit->content.upgradesFor)));
    for (const Upgrade& upgrade : fit->content.upgrades) {
        const double gain = std::max(upgrade.decodeGain, upgrade.loadGain);
        const QString room =
            upgrade.largestModel.empty()
                ? QString()
                : tr("room for %1 %2").arg(text(upgrade.largestModel), text(upgrade.largestQuantisation));
        QString factor;
        if (gain > 1.05)
            factor =
                (upgrade.decodeGain == gain ? tr("answers %1 times as fast") : tr("loads %1 times as fast"))
                    .arg(hardware_words::decimal(gain));
        add(m_upgrades, hardware_words::upgrade(upgrade), room, factor);
    }
}

} // namespace hearth::gui
