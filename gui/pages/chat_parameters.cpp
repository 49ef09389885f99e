#include "gui/pages/chat_parameters.h"

#include <cmath>
#include <functional>

#include <QHBoxLayout>
#include <QPainter>
#include <QPlainTextEdit>
#include <QScrollArea>

#include "engine/sampling/sampling_ranges.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

namespace {

constexpr int kReportDelayMs = 400;
constexpr int kPromptLines = 5;

} // namespace

/// One field of SamplingParams: how to read and write it, and what to call it.
struct ChatParameters::Slider {
    const char* name;
    std::function<double(const sampling::SamplingParams&)> get;
    std::function<void(sampling::SamplingParams&, double)> set;
    std::function<QString()> title, explanation;
    LabelledSlider* widget = nullptr;
};

ChatParameters::ChatParameters(Theme& theme, QWidget* parent)
    : Ground(theme, ColourRole::SideList, parent), m_theme(theme) {
    const auto label = [&](TextRole role, ColourRole colour) { return new TextLabel(theme, role, colour); };
    m_title = label(TextRole::Heading, ColourRole::Text);
    m_close = new IconButton(theme, QStringLiteral("close"), {});
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_close);

    auto* inside = new Ground(theme, ColourRole::SideList);
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(theme.space(4), theme.space(1), theme.space(4), theme.space(4));
    column->setSpacing(theme.space(2));
    m_guideNote = label(TextRole::Small, ColourRole::Muted);
    m_guideNote->setWordWrap(true);
    m_guideNote->hide();
    column->addWidget(m_guideNote);
    m_promptLabel = label(TextRole::Strong, ColourRole::Text);
    m_prompt = new QPlainTextEdit;
    m_prompt->setTabChangesFocus(true);
    m_prompt->setFixedHeight(theme.px(22) * kPromptLines);
    column->addWidget(m_promptLabel);
    column->addWidget(m_prompt);
    m_samplingLabel = label(TextRole::Strong, ColourRole::Text);
    column->addSpacing(theme.space(2));
    column->addWidget(m_samplingLabel);
    addSliders(column);

    const auto row = [&](TextLabel*& words, QWidget* field) {
        words = label(TextRole::Body, ColourRole::Text);
        words->setWordWrap(true);
        words->setBuddy(field);
        auto* line = new QHBoxLayout;
        line->addWidget(words, 1);
        line->addWidget(field);
        column->addLayout(line);
    };
    m_seed = new NumberField(theme);
    m_seed->setRange(0, std::numeric_limits<int>::max());
    row(m_seedLabel, m_seed);
    m_lengthLabel = label(TextRole::Strong, ColourRole::Text);
    column->addSpacing(theme.space(2));
    column->addWidget(m_lengthLabel);
    m_maxTokens = new NumberField(theme);
    m_maxTokens->setRange(0, 1 << 24);
    m_maxTokens->setSingleStep(64);
    row(m_maxLabel, m_maxTokens);
    m_policy = new ComboBox(theme);
    m_policy->addItems({QString(), QString()});
    m_policyLabel = label(TextRole::Body, ColourRole::Text);
    column->addWidget(m_policyLabel);
    column->addWidget(m_policy);
    m_policyHint = label(TextRole::Small, ColourRole::Muted);
    m_policyHint->setWordWrap(true);
    column->addWidget(m_policyHint);
    m_loops = new Toggle(theme);
    m_loops->setCheckable(true);
    row(m_loopLabel, m_loops);
    m_think = new Toggle(theme);
    m_think->setCheckable(true);
    row(m_thinkLabel, m_think);
    m_reset = new Button(theme, ButtonKind::Plain);
    m_reset->setIconName(QStringLiteral("undo"));
    column->addSpacing(theme.space(2));
    column->addWidget(m_reset);
    column->addStretch(1);

    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(inside);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(1, theme.space(2), 0, 0);
    auto* headBox = new QVBoxLayout;
    headBox->setContentsMargins(theme.space(4), theme.space(1), theme.space(2), 0);
    headBox->addLayout(head);
    whole->addLayout(headBox);
    whole->addWidget(area, 1);
    const auto fit = [this, &theme] { setFixedWidth(theme.px(320)); };
    connect(&theme, &Theme::changed, this, fit);
    fit();

    m_delay.setSingleShot(true);
    m_delay.setInterval(kReportDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &ChatParameters::changed);
    connect(m_close, &QToolButton::clicked, this, &ChatParameters::closeAsked);
    connect(m_prompt, &QPlainTextEdit::textChanged, this, &ChatParameters::touch);
    connect(m_seed, &QSpinBox::valueChanged, this, [this](int value) {
        m_params.sampling.seed = static_cast<std::uint64_t>(value);
        touch();
    });
    connect(m_maxTokens, &QSpinBox::valueChanged, this, [this](int value) {
        m_params.maxTokens = value == 0 ? -1 : value;
        touch();
    });
    connect(m_policy, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_params.contextPolicy =
            index == 1 ? runtime::ContextPolicy::DropOldest : runtime::ContextPolicy::Stop;
        touch();
    });
    connect(m_loops, &QAbstractButton::toggled, this, [this](bool on) {
        m_params.detectLoops = on;
        touch();
    });
    connect(m_think, &QAbstractButton::toggled, this, [this](bool on) {
        m_params.enableThinking = on;
        touch();
    });
    connect(m_reset, &QPushButton::clicked, this, [this] {
        m_params = m_usual;
        fill();
        touch();
    });
    retranslate();
    fill();
}

ChatParameters::~ChatParameters() = default;

void ChatParameters::addSliders(QVBoxLayout* column) {
    using P = sampling::SamplingParams;
    const auto real = [](float P::*field) {
        return std::pair{
            std::function([field](const P& p) { return static_cast<double>(p.*field); }),
            std::function([field](P& p, double value) { p.*field = static_cast<float>(value); })};
    };
    const auto whole = [](std::int32_t P::*field) {
        return std::pair{std::function([field](const P& p) { return static_cast<double>(p.*field); }),
                         std::function([field](P& p, double value) {
                             p.*field = static_cast<std::int32_t>(std::lround(value));
                         })};
    };
    const auto add = [&](const char* name, auto access, std::function<QString()> title,
                         std::function<QString()> explanation) {
        m_sliders.push_back({name, access.first, access.second, std::move(title), std::move(explanation)});
    };
    add(
        "temperature", real(&P::temperature), [] { return tr("Temperature"); },
        [] {
            return tr("How freely words are chosen. 0 always takes the likeliest; above 1 gets erratic.");
        });
    add(
        "topK", whole(&P::topK), [] { return tr("Top-k"); },
        [] { return tr("Only the k likeliest tokens may be chosen. 0 = no limit."); });
    add(
        "topP", real(&P::topP), [] { return tr("Top-p"); },
        [] { return tr("Only the likeliest tokens that together reach this probability. 1 = no limit."); });
    add(
        "minP", real(&P::minP), [] { return tr("Min-p"); },
        [] { return tr("Tokens less likely than this share of the likeliest are left out. 0 = off."); });
    add(
        "typicalP", real(&P::typicalP), [] { return tr("Typical-p"); },
        [] { return tr("Prefers tokens of average surprise. 1 = off."); });
    add(
        "repetitionPenalty", real(&P::repetitionPenalty), [] { return tr("Repetition penalty"); },
        [] { return tr("Above 1 makes words that were just used less likely. 1 = off."); });
    add(
        "frequencyPenalty", real(&P::frequencyPenalty), [] { return tr("Frequency penalty"); },
        [] { return tr("Grows with every use of a word. 0 = off."); });
    add(
        "presencePenalty", real(&P::presencePenalty), [] { return tr("Presence penalty"); },
        [] { return tr("The same for every word that was used at all. 0 = off."); });
    add(
        "penaltyWindow", whole(&P::penaltyWindow), [] { return tr("Penalty window"); },
        [] { return tr("How many of the last tokens the penalties look at. −1 = all."); });
    add(
        "dryMultiplier", real(&P::dryMultiplier), [] { return tr("DRY"); },
        [] { return tr("Holds back whole phrases that would repeat. 0 = off; 0.8 is usual."); });
    for (Slider& slider : m_sliders) {
        const auto* range = sampling::fieldRange(slider.name);
        slider.widget = new LabelledSlider(m_theme, {range->usualMinimum, range->usualMaximum, range->step,
                                                     range->defaultValue, range->integer ? 0 : 2});
        column->addWidget(slider.widget);
        connect(slider.widget, &LabelledSlider::changed, this, [this, set = slider.set](double value) {
            set(m_params.sampling, value);
            touch();
        });
    }
}

void ChatParameters::touch() {
    if (!m_filling)
        m_delay.start();
}

void ChatParameters::flush() {
    if (m_delay.isActive()) {
        m_delay.stop();
        Q_EMIT changed();
    }
}

void ChatParameters::show(const QString& systemPrompt, const runtime::GenerationParams& params,
                          const runtime::GenerationParams& usual) {
    m_delay.stop();
    m_params = params;
    m_usual = usual;
    m_filling = true;
    m_prompt->setPlainText(systemPrompt);
    m_filling = false;
    fill();
}

QString ChatParameters::systemPrompt() const {
    return m_prompt->toPlainText();
}

void ChatParameters::fill() {
    m_filling = true;
    for (const Slider& slider : m_sliders)
        slider.widget->setValue(slider.get(m_params.sampling));
    m_seed->setValue(
        static_cast<int>(std::min<std::uint64_t>(m_params.sampling.seed, std::numeric_limits<int>::max())));
    m_maxTokens->setValue(m_params.maxTokens < 0 ? 0 : static_cast<int>(m_params.maxTokens));
    m_policy->setCurrentIndex(m_params.contextPolicy == runtime::ContextPolicy::DropOldest ? 1 : 0);
    m_loops->setChecked(m_params.detectLoops);
    m_think->setChecked(m_params.enableThinking);
    m_filling = false;
}

void ChatParameters::retranslate() {
    m_title->setText(tr("Parameters of this chat"));
    m_close->setName(tr("Close parameters"));
    m_guideNote->setText(tr("Hearth's small built-in Guide answers every question on its own, with the words "
                            "it finds likeliest. What is set here counts with other models."));
    m_promptLabel->setText(tr("System prompt"));
    m_prompt->setPlaceholderText(
        tr("What the model should be told before the conversation. Empty = nothing."));
    m_prompt->setAccessibleName(m_promptLabel->text());
    m_samplingLabel->setText(tr("Choosing words"));
    for (const Slider& slider : m_sliders)
        slider.widget->setTexts(slider.title(), slider.explanation());
    m_seedLabel->setText(tr("Seed"));
    m_seed->setSpecialValueText(tr("random"));
    m_seed->setAccessibleName(m_seedLabel->text());
    m_lengthLabel->setText(tr("Length"));
    m_maxLabel->setText(tr("Longest answer, tokens"));
    m_maxTokens->setSpecialValueText(tr("no limit"));
    m_maxTokens->setAccessibleName(m_maxLabel->text());
    m_policyLabel->setText(tr("When the context is full"));
    m_policy->setItemText(0, tr("Stop and say so"));
    m_policy->setItemText(1, tr("Leave out the oldest turns"));
    m_policy->setAccessibleName(m_policyLabel->text());
    m_policyHint->setText(tr("The system prompt always stays. What is left out is said in the chat."));
    m_loopLabel->setText(tr("End answers that repeat without end"));
    m_loops->setAccessibleName(m_loopLabel->text());
    m_thinkLabel->setText(tr("Let the model reason first, where it can"));
    m_think->setAccessibleName(m_thinkLabel->text());
    m_reset->setText(tr("Reset to the usual values"));
}

void ChatParameters::setGuide(bool guide) {
    m_guideNote->setVisible(guide);
}

void ChatParameters::paintEvent(QPaintEvent* event) {
    Ground::paintEvent(event);
    QPainter(this).fillRect(QRect(0, 0, 1, height()), m_theme.colour(ColourRole::Border));
}

void ChatParameters::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Ground::changeEvent(event);
}

} // namespace hearth::gui
