#include "gui/pages/models_overview.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include "gui/models/library_model.h"
#include "gui/pages/hardware_cards.h"
#include "gui/pages/hardware_words.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

namespace {

constexpr int kMaxContext = 1 << 20;

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

void empty(QGridLayout* grid) {
    while (QLayoutItem* item = grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

Chip::Kind kindOf(hardware::Fit fit) {
    return fit == hardware::Fit::Comfortable ? Chip::Kind::Good
           : fit == hardware::Fit::Tight     ? Chip::Kind::Caution
                                             : Chip::Kind::Bad;
}

} // namespace

ModelsOverview::ModelsOverview(Theme& theme, LibraryBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_factsTitle(new SectionHeader(theme)),
      m_memoryTitle(new SectionHeader(theme)), m_defaultsTitle(new SectionHeader(theme)),
      m_facts(new QGridLayout), m_terms(new QGridLayout), m_verdict(new Chip(theme)),
      m_reason(new TextLabel(theme, TextRole::Body, ColourRole::Text)),
      m_noteWord(new TextLabel(theme, TextRole::Body, ColourRole::Muted)), m_note(new QPlainTextEdit),
      m_saveNote(new Button(theme, ButtonKind::Plain)) {
    for (QGridLayout* grid : {m_facts, m_terms}) {
        grid->setHorizontalSpacing(theme.space(5));
        grid->setVerticalSpacing(theme.space(1));
        grid->setColumnStretch(1, 1);
    }
    m_note->setObjectName(QStringLiteral("modelNote"));
    m_note->setFixedHeight(theme.px(72));
    m_note->setTabChangesFocus(true);
    m_saveNote->setObjectName(QStringLiteral("saveNote"));
    auto* facts = new Card(theme);
    facts->body()->addWidget(m_factsTitle);
    facts->body()->addLayout(m_facts);
    facts->body()->addWidget(m_noteWord);
    facts->body()->addWidget(m_note);
    facts->body()->addWidget(m_saveNote, 0, Qt::AlignRight);
    facts->body()->addStretch(1);
    auto* memory = new Card(theme);
    auto* verdict = new QHBoxLayout;
    verdict->addWidget(m_verdict);
    verdict->addStretch(1);
    m_reason->setWordWrap(true);
    memory->body()->addWidget(m_memoryTitle);
    memory->body()->addLayout(verdict);
    memory->body()->addWidget(m_reason);
    memory->body()->addLayout(m_terms);
    memory->body()->addStretch(1);
    auto* grid = new CardGrid(theme, 420);
    grid->add(facts);
    grid->add(memory);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme.px(14));
    layout->addWidget(grid);
    QWidget* own = makeDefaults();
    layout->addWidget(own);
    const bool mayChange = bridge.may(security::Action::Change);
    own->setVisible(mayChange);
    m_note->setReadOnly(!mayChange);
    m_saveNote->setVisible(mayChange);
    layout->addStretch(1);
    connect(m_note, &QPlainTextEdit::textChanged, this, [this] { m_saveNote->setEnabled(true); });
    connect(m_saveNote, &QAbstractButton::clicked, this, [this] {
        m_saveNote->setEnabled(false);
        m_bridge.edit(m_version,
                      [version = m_version, note = m_note->toPlainText().toStdString()](
                          workbench::Library& library) { return library.setVersionNote(version, note); });
    });
    connect(&bridge, &LibraryBridge::changed, this, &ModelsOverview::show);
    connect(&bridge, &LibraryBridge::fitChanged, this, &ModelsOverview::show);
    retranslate();
}

QWidget* ModelsOverview::makeDefaults() {
    auto* card = new Card(m_theme);
    const auto word = [this] { return new TextLabel(m_theme, TextRole::Body, ColourRole::Text); };
    m_contextWord = word();
    m_samplingWord = word();
    m_systemWord = word();
    m_context = new NumberField(m_theme);
    m_context->setObjectName(QStringLiteral("defaultContext"));
    m_context->setRange(0, kMaxContext);
    m_context->setSingleStep(1024);
    m_sampling = new Toggle(m_theme);
    m_sampling->setObjectName(QStringLiteral("defaultSampling"));
    m_temperature =
        new LabelledSlider(m_theme, {.minimum = 0, .maximum = 2, .step = 0.05, .usual = 0.8, .decimals = 2});
    m_topP = new LabelledSlider(m_theme,
                                {.minimum = 0.05, .maximum = 1, .step = 0.01, .usual = 0.95, .decimals = 2});
    m_system = new QPlainTextEdit;
    m_system->setObjectName(QStringLiteral("defaultSystem"));
    m_system->setFixedHeight(m_theme.px(72));
    m_system->setTabChangesFocus(true);
    m_saveDefaults = new Button(m_theme, ButtonKind::Plain);
    m_saveDefaults->setObjectName(QStringLiteral("saveDefaults"));
    auto* context = new QHBoxLayout;
    context->addWidget(m_contextWord, 1);
    context->addWidget(m_context);
    auto* sampling = new QHBoxLayout;
    sampling->addWidget(m_samplingWord, 1);
    sampling->addWidget(m_sampling);
    card->body()->addWidget(m_defaultsTitle);
    card->body()->addLayout(context);
    card->body()->addLayout(sampling);
    card->body()->addWidget(m_temperature);
    card->body()->addWidget(m_topP);
    card->body()->addWidget(m_systemWord);
    card->body()->addWidget(m_system);
    card->body()->addWidget(m_saveDefaults, 0, Qt::AlignRight);
    const auto dirty = [this] { m_saveDefaults->setEnabled(true); };
    connect(m_context, &QSpinBox::valueChanged, this, dirty);
    connect(m_sampling, &QAbstractButton::toggled, this, [this, dirty](bool on) {
        m_temperature->setVisible(on);
        m_topP->setVisible(on);
        dirty();
    });
    connect(m_temperature, &LabelledSlider::changed, this, dirty);
    connect(m_topP, &LabelledSlider::changed, this, dirty);
    connect(m_system, &QPlainTextEdit::textChanged, this, dirty);
    connect(m_saveDefaults, &QAbstractButton::clicked, this, &ModelsOverview::saveDefaults);
    return card;
}

void ModelsOverview::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void ModelsOverview::setVersion(qint64 version) {
    m_version = version;
    if (const auto* one = m_bridge.version(version))
        m_note->setPlainText(text(one->note));
    m_saveNote->setEnabled(false);
    showDefaults();
    show();
}

void ModelsOverview::retranslate() {
    m_factsTitle->setTexts(tr("About this version"), {});
    m_memoryTitle->setTexts(tr("On this machine"),
                            tr("What loading takes, term by term, and how fast it answers."));
    m_defaultsTitle->setTexts(
        tr("How this model is opened and talked to"),
        tr("Holds for all versions of the model, from the next time it is opened and for new "
           "chats. What is left empty follows the settings."));
    m_noteWord->setText(tr("Note"));
    m_note->setAccessibleName(tr("Note"));
    m_saveNote->setText(tr("Save note"));
    m_contextWord->setText(tr("Context in tokens"));
    m_context->setAccessibleName(tr("Context in tokens"));
    m_context->setSpecialValueText(tr("as in the settings"));
    m_samplingWord->setText(tr("Sampling of its own"));
    m_sampling->setAccessibleName(tr("Sampling of its own"));
    m_temperature->setTexts(tr("Temperature"), tr("Low: sober and repeatable. High: varied and daring."));
    m_topP->setTexts(tr("Top-p"),
                     tr("Only the likeliest words that together reach this share are considered."));
    m_systemWord->setText(tr("System prompt of new chats"));
    m_system->setAccessibleName(tr("System prompt of new chats"));
    m_saveDefaults->setText(tr("Save"));
    show();
}

void ModelsOverview::show() {
    const auto* version = m_bridge.version(m_version);
    const auto* model = m_bridge.modelOfVersion(m_version);
    empty(m_facts);
    empty(m_terms);
    if (!version || !model)
        return;
    const auto fact = [this](const QString& name, const QString& value) {
        if (value.isEmpty())
            return;
        const int row = m_facts->rowCount();
        auto* label = new TextLabel(m_theme, TextRole::Body, ColourRole::Text, value);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_facts->addWidget(new TextLabel(m_theme, TextRole::Body, ColourRole::Muted, name), row, 0,
                           Qt::AlignTop);
        m_facts->addWidget(label, row, 1);
    };
    fact(tr("Family"),
         model->runnable ? text(model->family) : tr("%1 (Hearth cannot run it)").arg(text(model->family)));
    fact(tr("Parameters"), humanParameters(model->parameters));
    fact(tr("Quantisation"), text(version->quantisation));
    fact(tr("Size"), humanBytes(version->bytes()));
    fact(tr("Trained context"),
         model->trainedContext ? tr("%1 tokens").arg(humanCount(model->trainedContext)) : QString());
    fact(tr("Licence"), model->licence.empty() ? tr("the file does not say") : text(model->licence));
    fact(tr("Comes from"), LibraryModel::lineage(*model, *version));
    fact(tr("Source"), text(version->source));
    fact(tr("Last used"), LibraryModel::when(version->lastUsedMs));

    const auto* fit = m_bridge.fit(m_version);
    m_verdict->setText(fit ? hardware_words::fit(fit->fit) : QString());
    auto why = fit ? fit->reason : hardware::Reason{};
    if (why.code == "enough" && fit->decodeTps <= 0)
        why.code = "memory_little_left"; // nothing is known of its speed
    m_reason->setText(fit ? hardware_words::reason(why) : tr("Not known."));
    if (!fit)
        return;
    m_verdict->setKind(kindOf(fit->fit));
    const auto term = [this](const QString& name, const QString& how, const QString& amount, bool strong) {
        const int row = m_terms->rowCount();
        const auto role = strong ? TextRole::Strong : TextRole::Body;
        auto* middle = new TextLabel(m_theme, TextRole::Small, ColourRole::Muted, how);
        middle->setWordWrap(true);
        m_terms->addWidget(new TextLabel(m_theme, role, ColourRole::Text, name), row, 0, Qt::AlignTop);
        m_terms->addWidget(middle, row, 1);
        m_terms->addWidget(new NumberLabel(m_theme, role, ColourRole::Text, amount), row, 2,
                           Qt::AlignRight | Qt::AlignTop);
    };
    for (const auto& one : fit->memory)
        term(hardware_words::term(one.name), hardware_words::formula(one),
             humanBytes(static_cast<std::uint64_t>(std::max(0.0, one.amount))), false);
    term(tr("Memory together"), tr("with a context of %1 tokens").arg(humanCount(fit->context)),
         humanBytes(fit->memoryBytes), true);
    if (fit->decodeTps > 0)
        term(tr("Answering"), fit->estimated ? tr("estimated from another type of weights") : QString(),
             tr("%1 tokens/s").arg(humanRate(fit->decodeTps)), true);
    else
        term(tr("Answering"), tr("measure this machine on the hardware page to see speeds"),
             QStringLiteral("—"), false);
}

void ModelsOverview::showDefaults() {
    const auto* model = m_bridge.modelOfVersion(m_version);
    if (!model)
        return;
    const auto defaults =
        workbench::modelDefaultsFromJson(model->defaults).value_or(workbench::ModelDefaults{});
    m_context->setValue(static_cast<int>(defaults.contextTokens));
    m_sampling->setChecked(defaults.params.has_value());
    const auto params = defaults.params.value_or(runtime::GenerationParams{});
    m_temperature->setValue(double(params.sampling.temperature));
    m_topP->setValue(double(params.sampling.topP));
    m_temperature->setVisible(defaults.params.has_value());
    m_topP->setVisible(defaults.params.has_value());
    m_system->setPlainText(text(defaults.systemPrompt));
    m_saveDefaults->setEnabled(false);
}

void ModelsOverview::saveDefaults() {
    m_saveDefaults->setEnabled(false);
    m_bridge.editDefaults(
        m_version, [context = static_cast<std::size_t>(m_context->value()), own = m_sampling->isChecked(),
                    temperature = m_temperature->value(), topP = m_topP->value(),
                    system = m_system->toPlainText().toStdString()](workbench::ModelDefaults& defaults) {
            defaults.contextTokens = context;
            if (own) {
                if (!defaults.params)
                    defaults.params.emplace();
                defaults.params->sampling.temperature = static_cast<float>(temperature);
                defaults.params->sampling.topP = static_cast<float>(topP);
            } else {
                defaults.params.reset();
            }
            defaults.systemPrompt = system;
        });
}

} // namespace hearth::gui
