#include "gui/pages/chat_parameters.h"

#include <utility>

#include <QHBoxLayout>
#include <QPainter>
#include <QPlainTextEdit>
#include <QScrollArea>

#include "engine/sampling/sampling_ranges.h"
#include "gui/pages/chat_parameter_lists.h"
#include "gui/pages/chat_sampling_fields.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

namespace {

constexpr int kReportDelayMs = 400;
constexpr int kPromptLines = 5;

} // namespace

/// A field and its slider.
struct ChatParameters::Slider {
    SamplingField field;
    LabelledSlider* widget = nullptr;
};

ChatParameters::ChatParameters(Theme& theme, EngineBridge& engine, QWidget* parent)
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
    const auto row = [&](TextLabel*& words, QWidget* field) {
        words = label(TextRole::Body, ColourRole::Text);
        words->setWordWrap(true);
        words->setBuddy(field);
        auto* line = new QHBoxLayout;
        line->addWidget(words, 1);
        line->addWidget(field);
        column->addLayout(line);
    };
    const auto note = [&](TextLabel*& words) {
        words = label(TextRole::Small, ColourRole::Muted);
        words->setWordWrap(true);
        column->addWidget(words);
    };
    m_mirostat = new Toggle(theme);
    m_mirostat->setCheckable(true);
    row(m_mirostatLabel, m_mirostat);
    note(m_mirostatHint);
    addSliders(column);
    m_seed = new NumberField(theme);
    m_seed->setRange(0, std::numeric_limits<int>::max());
    row(m_seedLabel, m_seed);
    m_biases = new BiasList(theme, engine);
    column->addSpacing(theme.space(1));
    column->addWidget(m_biases);
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
    note(m_policyHint);
    m_loops = new Toggle(theme);
    m_loops->setCheckable(true);
    row(m_loopLabel, m_loops);
    m_think = new Toggle(theme);
    m_think->setCheckable(true);
    row(m_thinkLabel, m_think);
    m_stops = new StopList(theme);
    column->addWidget(m_stops);
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
    connect(m_mirostat, &QAbstractButton::toggled, this, [this](bool on) {
        m_params.sampling.mirostat = on;
        showWhatCounts();
        touch();
    });
    connect(m_biases, &BiasList::changed, this, [this] {
        m_params.sampling.logitBias = m_biases->biases();
        touch();
    });
    connect(m_stops, &StopList::changed, this, [this] {
        m_params.stopStrings = m_stops->stops();
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
    for (SamplingField& field : samplingFields()) {
        const auto* range = sampling::fieldRange(field.name);
        auto* widget = new LabelledSlider(m_theme, {range->usualMinimum, range->usualMaximum, range->step,
                                                    range->defaultValue, range->integer ? 0 : 2});
        column->addWidget(widget);
        connect(widget, &LabelledSlider::changed, this, [this, set = field.set](double value) {
            set(m_params.sampling, value);
            showWhatCounts();
            touch();
        });
        m_sliders.push_back({std::move(field), widget});
    }
}

/// Fields without an effect beside the others' values would only raise questions.
void ChatParameters::showWhatCounts() {
    for (const Slider& slider : m_sliders)
        slider.widget->setVisible(slider.field.counts(m_params.sampling));
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

void ChatParameters::leave() {
    flush();
    m_stops->clearField();
    m_biases->forgetTyped();
    setEnabled(false);
}

void ChatParameters::show(const QString& systemPrompt, const runtime::GenerationParams& params,
                          const runtime::GenerationParams& usual) {
    setEnabled(true);
    m_delay.stop();
    m_params = params;
    m_usual = usual;
    m_filling = true;
    if (m_prompt->toPlainText() != systemPrompt) // the cursor stays where somebody writes
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
        slider.widget->setValue(slider.field.get(m_params.sampling));
    m_mirostat->setChecked(m_params.sampling.mirostat);
    showWhatCounts();
    m_biases->setBiases(m_params.sampling.logitBias);
    m_stops->setStops(m_params.stopStrings);
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
        slider.widget->setTexts(slider.field.title(), slider.field.explanation());
    m_mirostatLabel->setText(tr("Mirostat 2"));
    m_mirostat->setAccessibleName(m_mirostatLabel->text());
    m_mirostatHint->setText(tr("Keeps the text about equally surprising all along, in place of top-k, top-p, "
                               "min-p and typical-p."));
    m_mirostat->setAccessibleDescription(m_mirostatHint->text());
    m_mirostat->setToolTip(m_mirostatHint->text());
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
