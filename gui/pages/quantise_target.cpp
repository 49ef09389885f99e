#include <algorithm>

#include <QButtonGroup>
#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QRadioButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

#include "engine/format/gguf/quant_mix.h"
#include "engine/tensor/dtype.h"
#include "gui/pages/quantise_steps.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/layouts.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

namespace {

// px at scale 1
constexpr int kTwoColumns = 900;           ///< side by side from this width on
constexpr int kTwoColumnsAndShapes = 1000; ///< … with the tensors' shapes
constexpr int kShapes = 560;               ///< those in a column of its own

QString text(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

enum class Kind { Float, Symmetric, Asymmetric };

Kind kindOf(DType type) {
    switch (type) {
    case DType::F32:
    case DType::F16:
    case DType::BF16:
        return Kind::Float;
    case DType::Q4_1:
    case DType::Q5_1:
    case DType::Q2_K:
    case DType::Q4_K:
    case DType::Q5_K:
        return Kind::Asymmetric;
    default:
        return Kind::Symmetric;
    }
}

/// Mixes whose name promises more than one type.
bool isMixed(std::string_view name) {
    return name.ends_with("_M") || name.ends_with("_S") || name.ends_with("_L") || name == "Q2_K";
}

QString kindWord(const format::QuantMix& mix) {
    QString word = kindOf(mix.base) == Kind::Float        ? TargetStep::tr("not quantised")
                   : kindOf(mix.base) == Kind::Asymmetric ? TargetStep::tr("asymmetric")
                                                          : TargetStep::tr("symmetric");
    if (isMixed(mix.name))
        word += QStringLiteral(" · ") + TargetStep::tr("mixed");
    return word;
}

QString adviceOf(std::string_view name) {
    if (name == "Q8_0")
        return TargetStep::tr("Practically the source at half its size.");
    if (name == "Q6_K")
        return TargetStep::tr("Hardly to be told from the source.");
    if (name == "Q5_K_M")
        return TargetStep::tr("A little better than Q4_K_M, a little larger.");
    if (name == "Q4_K_M")
        return TargetStep::tr("The usual choice: small, fast and good.");
    if (name == "IQ4_XS")
        return TargetStep::tr("The smallest with four bits.");
    if (name == "Q3_K_M")
        return TargetStep::tr("If memory is short; answers suffer a little.");
    if (name == "Q2_K")
        return TargetStep::tr("The last resort; answers suffer clearly.");
    return {};
}

constexpr DType kTypes[]{DType::F16,    DType::Q8_0, DType::Q6_K, DType::Q5_K, DType::Q5_1,
                         DType::Q5_0,   DType::Q4_K, DType::Q4_1, DType::Q4_0, DType::IQ4_NL,
                         DType::IQ4_XS, DType::Q3_K, DType::Q2_K};

} // namespace

void PlanTable::setPlan(const optimize::QuantizePlan& plan) {
    beginResetModel();
    m_plan = plan;
    endResetModel();
}

void PlanTable::setType(const QList<int>& rows, DType type) {
    for (const int row : rows) {
        const auto index = static_cast<std::size_t>(row);
        m_plan.setType(index, type);
        if (m_plan.tensors[index].quantizable())
            m_chosen[m_plan.tensors[index].name] = std::string(traitsOf(m_plan.tensors[index].to).name);
    }
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, Columns - 1));
}

int PlanTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_plan.tensors.size());
}

int PlanTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : Columns;
}

QVariant PlanTable::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto& tensor = m_plan.tensors[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole)
        return index.column() == Size ? int(Qt::AlignRight | Qt::AlignVCenter)
                                      : int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Name:
        return text(tensor.name);
    case Shape: {
        QStringList shape;
        for (const auto extent : tensor.shape)
            shape << QString::number(extent);
        return shape.join(QStringLiteral(" × "));
    }
    case From:
        return text(traitsOf(tensor.from).name);
    case To:
        return QString(text(traitsOf(tensor.to).name) +
                       (m_chosen.contains(tensor.name) ? QStringLiteral(" ✎") : QString()));
    default:
        return humanBytes(tensor.bytes);
    }
}

QVariant PlanTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Size ? int(Qt::AlignRight | Qt::AlignVCenter)
                               : int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString names[]{tr("Tensor"), tr("Shape"), tr("Now"), tr("Becomes"), tr("Size")};
    return section >= 0 && section < Columns ? names[section] : QVariant();
}

TargetStep::TargetStep(Theme& theme, LibraryBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_title(new SectionHeader(theme)),
      m_budgetTitle(new SectionHeader(theme)), m_editorTitle(new SectionHeader(theme)),
      m_explanation(new TextLabel(theme, TextRole::Body, ColourRole::Muted)),
      m_summary(new TextLabel(theme, TextRole::Strong, ColourRole::Text)), m_error(new ErrorBox(theme)),
      m_table(new PlanTable(this)) {
    m_summary->setObjectName(QStringLiteral("planSummary"));
    auto* left = new QVBoxLayout;
    left->setSpacing(theme.px(14));
    left->addWidget(makePresets());
    left->addStretch(1);
    auto* right = new QVBoxLayout;
    right->setSpacing(theme.px(14));
    right->addWidget(makeBudget());
    right->addWidget(makeEditor(), 1);
    m_columns = new QHBoxLayout(this);
    m_columns->setContentsMargins(0, 0, 0, 0);
    m_columns->setSpacing(theme.px(14));
    m_columns->addLayout(left, 5);
    m_columns->addLayout(right, 6);
    retranslate();
}

QWidget* TargetStep::makePresets() {
    auto* card = new Card(m_theme);
    m_presets = new QGridLayout;
    m_presets->setHorizontalSpacing(m_theme.space(2));
    m_presets->setVerticalSpacing(m_theme.space(1));
    m_presets->setColumnStretch(2, 1);
    m_explanation->setWordWrap(true);
    card->body()->addWidget(m_title);
    card->body()->addWidget(m_explanation);
    card->body()->addLayout(m_presets);
    return card;
}

QWidget* TargetStep::makeBudget() {
    auto* card = new Card(m_theme);
    m_budget = new Toggle(m_theme);
    m_budget->setObjectName(QStringLiteral("budget"));
    m_megabytes = new NumberField(m_theme);
    m_megabytes->setObjectName(QStringLiteral("budgetSize"));
    m_megabytes->setRange(1, 2'000'000);
    m_unit = new TextLabel(m_theme, TextRole::Body, ColourRole::Muted);
    m_budgetKind = new SegmentedControl(m_theme);
    m_budgetKind->setObjectName(QStringLiteral("budgetKind"));
    m_findTypes = new Button(m_theme, ButtonKind::Plain);
    m_findTypes->setObjectName(QStringLiteral("findTypes"));
    m_lossy = new Toggle(m_theme);
    m_lossy->setObjectName(QStringLiteral("lossySource"));
    m_lossyWord = new TextLabel(m_theme, TextRole::Small, ColourRole::CautionText);
    m_lossyWord->setWordWrap(true);
    m_lossyRow = new QWidget;
    auto* lossy = new QHBoxLayout(m_lossyRow);
    lossy->setContentsMargins(0, 0, 0, 0);
    lossy->addWidget(m_lossyWord, 1);
    lossy->addWidget(m_lossy);
    auto* head = new QHBoxLayout;
    head->addWidget(m_budgetTitle, 1);
    head->addWidget(m_budget, 0, Qt::AlignTop);
    auto* line = new QHBoxLayout;
    line->addWidget(m_budgetKind);
    line->addWidget(m_megabytes);
    line->addWidget(m_unit);
    line->addWidget(m_findTypes);
    line->addStretch(1);
    card->body()->addLayout(head);
    card->body()->addLayout(line);
    card->body()->addWidget(m_lossyRow);
    card->body()->addWidget(m_error);
    card->body()->addWidget(m_summary);
    const auto enable = [this] {
        for (QWidget* widget : {static_cast<QWidget*>(m_budgetKind), static_cast<QWidget*>(m_megabytes),
                                static_cast<QWidget*>(m_findTypes)})
            widget->setEnabled(m_budget->isChecked());
    };
    enable();
    connect(m_budget, &QAbstractButton::toggled, this, [this, enable] {
        enable();
        m_table->forgetChosen();
        replan();
    });
    connect(m_findTypes, &QAbstractButton::clicked, this, [this] {
        m_table->forgetChosen();
        replan();
    });
    connect(m_lossy, &QAbstractButton::toggled, this, &TargetStep::replan);
    return card;
}

QWidget* TargetStep::makeEditor() {
    auto* card = new Card(m_theme);
    m_search = new SearchField(m_theme);
    m_search->setObjectName(QStringLiteral("planSearch"));
    m_type = new ComboBox(m_theme);
    m_type->setObjectName(QStringLiteral("planType"));
    for (const DType type : kTypes)
        m_type->addItem(text(traitsOf(type).name));
    m_give = new Button(m_theme, ButtonKind::Plain);
    m_give->setObjectName(QStringLiteral("planGive"));
    m_view = new QTableView;
    m_view->setObjectName(QStringLiteral("planTable"));
    auto* filter = new QSortFilterProxyModel(this);
    filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    filter->setSourceModel(m_table);
    m_view->setModel(filter);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setShowGrid(false);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->verticalHeader()->hide();
    m_view->setTabKeyNavigation(false); // Tab leaves the table; arrows move in it
    m_view->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->viewport()->setAutoFillBackground(false);
    m_view->setMinimumHeight(m_theme.px(200));
    for (int column = 1; column < PlanTable::Columns; ++column)
        m_view->setColumnWidth(column, m_theme.px(column == 1 ? 110 : 78));
    auto* line = new QHBoxLayout;
    line->addWidget(m_search, 1);
    line->addWidget(m_type);
    line->addWidget(m_give);
    card->body()->addWidget(m_editorTitle);
    card->body()->addLayout(line);
    card->body()->addWidget(m_view, 1);
    connect(m_search, &QLineEdit::textChanged, filter, &QSortFilterProxyModel::setFilterFixedString);
    connect(m_give, &QAbstractButton::clicked, this, [this, filter] {
        QList<int> rows;
        for (const QModelIndex& index : m_view->selectionModel()->selectedRows())
            rows << filter->mapToSource(index).row();
        m_table->setType(rows, kTypes[m_type->currentIndex()]);
        showPlan();
    });
    return card;
}

/// Where there is little room the columns stand one below the other, then the names are worth more than the
/// shapes.
void TargetStep::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const bool below = width() < m_theme.px(kTwoColumns);
    m_columns->setDirection(below ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_view->setColumnHidden(PlanTable::Shape, width() < m_theme.px(below ? kShapes : kTwoColumnsAndShapes));
}

void TargetStep::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void TargetStep::retranslate() {
    m_title->setTexts(tr("Form of the weights"), {});
    m_explanation->setText(tr("Symmetric: a block of weights shares one scale and zero stays zero; fewest "
                              "bits for weights that spread "
                              "evenly around it. Asymmetric: a scale and an offset, so that blocks which lie "
                              "to one side waste no codes; "
                              "about half a bit more. Mixed precision: tensors that lose most from coarse "
                              "steps get finer types, the rest "
                              "coarser ones."));
    m_budgetTitle->setTexts(
        tr("Choose types automatically"),
        tr("Measures how much each tensor suffers and spends a budget where a byte helps most."));
    m_budget->setAccessibleName(tr("Choose types automatically"));
    m_budgetKind->setChoices({tr("File"), tr("Memory")});
    m_budgetKind->setAccessibleName(tr("What the budget is for"));
    m_megabytes->setAccessibleName(tr("Budget in megabytes"));
    m_unit->setText(tr("MB at most"));
    m_findTypes->setText(tr("Find types"));
    m_lossyWord->setText(
        tr("This version has less than eight bits already. Quantising it again loses more than "
           "starting from the original. Do it nevertheless:"));
    m_lossy->setAccessibleName(tr("Quantise again nevertheless"));
    m_editorTitle->setTexts(tr("Tensor by tensor"), tr("Choose rows, then the type they are to have."));
    m_search->setHint(tr("Find a tensor, for example attn_v"));
    m_type->setAccessibleName(tr("Type"));
    m_give->setText(tr("Give them this type"));
    m_view->setAccessibleName(tr("Tensor by tensor"));
    m_table->retranslate();
    makeRows();
    showPlan();
}

void TargetStep::makeRows() {
    const FreshRows fresh(m_presets);
    m_bits.clear();
    delete m_group;
    m_group = new QButtonGroup(this);
    int row = 0;
    for (const auto& mix : format::quantMixes()) {
        if (kindOf(mix.base) == Kind::Float)
            continue;
        const QString name = text(mix.name);
        auto* button = new QRadioButton(name);
        button->setObjectName(QStringLiteral("mix-") + name);
        button->setChecked(name == m_mix);
        bindFont(button, m_theme, TextRole::Strong);
        m_group->addButton(button);
        m_presets->addWidget(button, row, 0);
        m_presets->addWidget(new Chip(m_theme, kindWord(mix)), row, 1, Qt::AlignLeft | Qt::AlignVCenter);
        m_presets->addWidget(new ElidedLabel(m_theme, TextRole::Small, ColourRole::Muted, adviceOf(mix.name)),
                             row, 2);
        m_bits[name] = new NumberLabel(m_theme, TextRole::Small, ColourRole::Muted);
        m_presets->addWidget(m_bits[name], row, 3, Qt::AlignRight | Qt::AlignVCenter);
        connect(button, &QAbstractButton::clicked, this, [this, name] {
            m_mix = name;
            m_budget->setChecked(false);
            m_table->forgetChosen();
            replan();
        });
        ++row;
    }
    showBits();
}

/// Bits of a weight of this source: finer tensors included, so more than those of the type that gives a
/// preset its name.
void TargetStep::showBits() {
    for (const auto& [mix, bits] : m_mixBits)
        if (const auto label = m_bits.find(text(mix)); label != m_bits.end())
            label->second->setText(tr("%1 bits").arg(QLocale::c().toString(bits, 'f', 1)));
}

void TargetStep::setSource(qint64 version) {
    m_source = version;
    m_table->forgetChosen();
    const auto* one = m_bridge.version(version);
    bool low = false;
    if (one) {
        for (const DType type : {DType::Q2_K, DType::Q3_K, DType::Q4_K, DType::Q5_K, DType::Q6_K, DType::Q4_0,
                                 DType::Q4_1, DType::Q5_0, DType::Q5_1, DType::IQ4_NL, DType::IQ4_XS})
            low = low || text(one->quantisation).startsWith(text(traitsOf(type).name));
        m_megabytes->setValue(std::max(1, static_cast<int>(one->bytes() / 2'000'000)));
    }
    m_lossyRow->setVisible(low);
    m_lossy->setChecked(false);
    m_bridge.readMixBits(version, this, [this, version](const Result<std::vector<workbench::MixBits>>& bits) {
        if (!bits || version != m_source)
            return; // what is wrong with the file the plan says
        m_mixBits = *bits;
        showBits();
    });
    replan();
}

std::uint64_t TargetStep::budgetBytes() const {
    const auto wanted = static_cast<std::uint64_t>(m_megabytes->value()) * 1'000'000;
    if (m_budgetKind->currentIndex() == 0)
        return wanted;
    // All but the weights stays as it is: context, buffers, tokeniser.
    const auto* fit = m_bridge.fit(m_source);
    std::uint64_t other = 0;
    if (fit)
        for (const auto& term : fit->memory)
            if (term.name != "weights")
                other += static_cast<std::uint64_t>(std::max(0.0, term.amount));
    return wanted > other ? wanted - other : 1;
}

void TargetStep::fill(workbench::QuantiseRequest& request) const {
    request.source = m_source;
    request.mix = m_mix.toStdString();
    request.budgetBytes = m_budget->isChecked() ? budgetBytes() : 0;
    request.allowLossySource = m_lossy->isChecked();
    request.types.clear();
    for (const auto& [name, type] : m_table->chosen())
        request.types.emplace_back(name, type);
}

QString TargetStep::label() const {
    QString out = m_budget->isChecked() ? tr("auto %1 MB").arg(m_megabytes->value()) : m_mix;
    return m_table->chosen().empty() ? out : out + QStringLiteral(" +");
}

void TargetStep::replan() {
    if (m_source == 0)
        return;
    workbench::QuantiseRequest request;
    fill(request);
    m_planned = false;
    Q_EMIT readyChanged();
    m_summary->setText(m_budget->isChecked() ? tr("Measuring how sensitive each tensor is…")
                                             : tr("Planning…"));
    m_bridge.plan(request, this, [this, asked = ++m_asked](const Result<optimize::QuantizePlan>& plan) {
        if (asked != m_asked)
            return;
        if (!plan) {
            m_table->setPlan({});
            m_summary->setText({});
            return m_error->showError(plan.error());
        }
        m_error->clear();
        m_table->setPlan(*plan);
        m_planned = true;
        showPlan();
        Q_EMIT readyChanged();
    });
}

void TargetStep::showPlan() {
    if (!m_planned)
        return;
    const auto& plan = m_table->plan();
    const auto* source = m_bridge.version(m_source);
    const double before = source ? double(source->bytes()) : 0, after = double(plan.bytes());
    m_summary->setText(tr("%1 · %2 bits a weight · %3 % of the source")
                           .arg(humanBytes(plan.bytes()), QLocale::c().toString(plan.bitsPerWeight(), 'f', 2),
                                QLocale::c().toString(before > 0 ? 100 * after / before : 0, 'f', 0)));
}

} // namespace hearth::gui
