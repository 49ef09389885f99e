#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "gui/pages/models_tabs.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

ModelsTemplate::ModelsTemplate(Theme& theme, LibraryBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_title(new SectionHeader(theme)),
      m_tryTitle(new SectionHeader(theme)), m_ownWord(new TextLabel(theme, TextRole::Body, ColourRole::Text)),
      m_origin(new TextLabel(theme, TextRole::Small, ColourRole::Muted)), m_own(new Toggle(theme)),
      m_source(new QPlainTextEdit), m_result(new QPlainTextEdit), m_system(new QLineEdit),
      m_question(new QLineEdit), m_try(new Button(theme, ButtonKind::Plain)),
      m_save(new Button(theme, ButtonKind::Plain)), m_error(new ErrorBox(theme)) {
    m_own->setObjectName(QStringLiteral("ownTemplate"));
    m_source->setObjectName(QStringLiteral("templateSource"));
    m_result->setObjectName(QStringLiteral("templateResult"));
    m_try->setObjectName(QStringLiteral("tryTemplate"));
    m_save->setObjectName(QStringLiteral("saveTemplate"));
    m_system->setObjectName(QStringLiteral("templateSystem"));
    m_question->setObjectName(QStringLiteral("templateQuestion"));
    for (QPlainTextEdit* edit : {m_source, m_result}) {
        bindFont(edit, theme, TextRole::Code);
        edit->setMinimumHeight(theme.px(200));
        edit->setTabChangesFocus(true);
    }
    m_result->setReadOnly(true);
    m_origin->setWordWrap(true);
    auto* source = new Card(theme);
    auto* own = new QHBoxLayout;
    own->addWidget(m_ownWord, 1);
    own->addWidget(m_own);
    source->body()->addWidget(m_title);
    source->body()->addLayout(own);
    source->body()->addWidget(m_origin);
    source->body()->addWidget(m_source, 1);
    source->body()->addWidget(m_save, 0, Qt::AlignRight);
    auto* tester = new Card(theme);
    auto* fields = new QHBoxLayout;
    fields->addWidget(m_system, 1);
    fields->addWidget(m_question, 1);
    fields->addWidget(m_try);
    tester->body()->addWidget(m_tryTitle);
    tester->body()->addLayout(fields);
    tester->body()->addWidget(m_error);
    tester->body()->addWidget(m_result, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme.px(14));
    layout->addWidget(source, 1);
    layout->addWidget(tester, 1);
    const bool mayChange = bridge.may(security::Action::Change);
    for (QWidget* widget :
         {static_cast<QWidget*>(m_ownWord), static_cast<QWidget*>(m_own), static_cast<QWidget*>(m_save)})
        widget->setVisible(mayChange);
    connect(m_own, &QAbstractButton::toggled, this, &ModelsTemplate::showSource);
    connect(m_source, &QPlainTextEdit::textChanged, this, &ModelsTemplate::keepDraft);
    connect(m_try, &QAbstractButton::clicked, this, &ModelsTemplate::tryIt);
    connect(m_question, &QLineEdit::returnPressed, this, &ModelsTemplate::tryIt);
    connect(m_save, &QAbstractButton::clicked, this, &ModelsTemplate::save);
    retranslate();
}

void ModelsTemplate::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void ModelsTemplate::retranslate() {
    m_title->setTexts(tr("Chat template"), tr("How a conversation is written out for the model."));
    m_tryTitle->setTexts(
        tr("Try it"), tr("What the template makes of a small conversation. Nothing is sent to the model."));
    m_ownWord->setText(tr("Use a template of my own"));
    m_own->setAccessibleName(tr("Use a template of my own"));
    m_source->setAccessibleName(tr("Chat template"));
    m_result->setAccessibleName(tr("What the model would read"));
    m_system->setPlaceholderText(tr("System prompt"));
    m_question->setPlaceholderText(tr("Question"));
    m_system->setAccessibleName(tr("System prompt"));
    m_question->setAccessibleName(tr("Question"));
    if (m_question->text().isEmpty())
        m_question->setText(tr("What is a chat template?"));
    m_try->setText(tr("Try"));
    m_save->setText(tr("Save for this model"));
    showSource();
}

void ModelsTemplate::setVersion(qint64 version) {
    m_version = version;
    m_draft.reset();
    m_details.reset();
    const auto* model = m_bridge.modelOfVersion(version);
    const auto defaults =
        model ? workbench::modelDefaultsFromJson(model->defaults).value_or(workbench::ModelDefaults{})
              : workbench::ModelDefaults{};
    m_own->setChecked(!defaults.chatTemplate.empty());
    m_error->clear();
    m_result->clear();
    showSource();
}

void ModelsTemplate::setDetails(std::shared_ptr<const workbench::ModelDetails> details) {
    m_details = std::move(details);
    showSource();
}

void ModelsTemplate::showSource() {
    const auto* model = m_bridge.modelOfVersion(m_version);
    if (!model)
        return;
    const auto defaults =
        workbench::modelDefaultsFromJson(model->defaults).value_or(workbench::ModelDefaults{});
    const std::string file = m_details ? m_details->chatTemplate : std::string();
    const bool own = m_own->isChecked();
    m_source->setReadOnly(!own);
    // What is being written stays, whatever arrives meanwhile.
    const QString shown =
        own && m_draft
            ? *m_draft
            : QString::fromStdString(own && !defaults.chatTemplate.empty() ? defaults.chatTemplate : file);
    if (m_source->toPlainText() != shown) {
        const QSignalBlocker quiet(m_source);
        m_source->setPlainText(shown);
    }
    m_origin->setText(own            ? tr("This text is used in place of the file's own.")
                      : file.empty() ? tr("The file brings none; Hearth uses its usual one (ChatML).")
                                     : tr("The file brings this one."));
    m_save->setEnabled(own || !defaults.chatTemplate.empty());
}

void ModelsTemplate::keepDraft() {
    if (m_own->isChecked())
        m_draft = m_source->toPlainText();
}

void ModelsTemplate::tryIt() {
    const std::string bos = m_details ? m_details->bos : std::string(),
                      eos = m_details ? m_details->eos : std::string();
    m_bridge.tryTemplate({m_source->toPlainText().toStdString(), m_system->text().toStdString(),
                          m_question->text().toStdString(), bos, eos},
                         this, [this, version = m_version](const Result<std::string>& text) {
                             if (version != m_version)
                                 return;
                             if (!text) {
                                 m_result->clear();
                                 return m_error->showError(text.error());
                             }
                             m_error->clear();
                             m_result->setPlainText(QString::fromStdString(*text));
                         });
}

/// One that does not work is not kept.
void ModelsTemplate::save() {
    const std::string source = m_own->isChecked() ? m_source->toPlainText().toStdString() : std::string();
    const auto keep = [this, version = m_version, source] {
        if (version == m_version) {
            m_error->clear();
            if (m_draft && m_draft->toStdString() == source)
                m_draft.reset(); // nothing else has been written meanwhile
        }
        m_bridge.editDefaults(
            version, [source](workbench::ModelDefaults& defaults) { defaults.chatTemplate = source; });
    };
    if (source.empty())
        return keep();
    m_bridge.tryTemplate({source, {}, "x", {}, {}}, this,
                         [this, keep, version = m_version](const Result<std::string>& tried) {
                             if (tried)
                                 keep();
                             else if (version == m_version)
                                 m_error->showError(tried.error());
                         });
}

} // namespace hearth::gui
