#include "gui/pages/privacy_breaches.h"

#include <cmath>

#include <QDateTimeEdit>
#include <QDir>
#include <QFormLayout>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>

#include "engine/base/atomic_file.h"
#include "gui/pages/dialog_parts.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/setting_row.h"

namespace hearth::gui {

using security::Action;
using security::Breach;
using security::BreachRisk;
using security::Controller;
using security::Resource;

namespace {
constexpr int kMinuteMs = 60'000;
constexpr int kDialogWidth = 520; ///< px at scale 1
constexpr std::int64_t kHourMs = 3'600'000;
} // namespace

BreachCard::BreachCard(Theme& theme, PrivacyBridge& bridge)
    : PrivacyCard(theme, bridge, "breaches"), m_note(new Button(theme, ButtonKind::Plain)),
      m_none(new TextLabel(theme, TextRole::Body, ColourRole::Muted)), m_grid(grid()) {
    m_note->setObjectName(QStringLiteral("noteBreach"));
    m_grid->setColumnStretch(1, 1);
    body()->addWidget(m_none);
    body()->addLayout(m_grid);
    auto* line = new QHBoxLayout;
    line->addWidget(m_note);
    line->addStretch(1);
    body()->addLayout(line);
    connect(m_note, &QAbstractButton::clicked, this, [this] {
        Breach breach;
        breach.discoveredMs = QDateTime::currentMSecsSinceEpoch();
        edit(breach);
    });
    m_minute.setInterval(kMinuteMs); // the clock runs
    connect(&m_minute, &QTimer::timeout, this, [this] {
        if (isVisible() && !m_breaches.empty())
            show();
    });
    m_minute.start();
    retranslate();
}

void BreachCard::retranslate() {
    m_title->setTexts(
        tr("Breach log"),
        tr("Every breach of personal data is noted, also small ones (GDPR 33(5)). Where people are "
           "at risk the authority is told within 72 hours; Hearth counts them, telling is up to "
           "you."));
    m_note->setText(tr("Note a breach…"));
    m_none->setText(tr("No breach was noted."));
}

void BreachCard::refresh() {
    const bool sees = rights().own(Action::View, Resource::AuditLog);
    setVisible(sees);
    if (!sees)
        return;
    m_note->setVisible(rights().all(Action::Change, Resource::Settings));
    m_bridge.request(
        this,
        [](workbench::PrivacyOffice& office, AccountsDesk& desk) { return office.breaches(desk.actor); },
        [this](const Result<std::vector<Breach>>& breaches) {
            if (!breaches)
                return showFailure(breaches.error());
            m_breaches = *breaches;
            show();
            Q_EMIT listed(static_cast<int>(m_breaches.size()));
        });
}

std::pair<QString, Chip::Kind> BreachCard::clockText(const Breach& breach, std::int64_t nowMs) {
    if (breach.authorityMs)
        return *breach.authorityMs <= breach.deadlineMs()
                   ? std::pair(tr("Authority told in time"), Chip::Kind::Good)
                   : std::pair(tr("Authority told late"), Chip::Kind::Caution);
    if (breach.risk == BreachRisk::Unlikely)
        return {tr("Noted only"), Chip::Kind::Neutral};
    if (breach.closedMs)
        return {tr("Closed"), Chip::Kind::Neutral};
    const std::int64_t left = breach.deadlineMs() - nowMs;
    if (left < 0)
        return {tr("%n hours late", nullptr, static_cast<int>(-left / kHourMs)), Chip::Kind::Bad};
    return {tr("%n hours left of 72", nullptr, static_cast<int>(left / kHourMs)),
            left < 24 * kHourMs ? Chip::Kind::Bad : Chip::Kind::Caution};
}

void BreachCard::show() {
    empty(m_grid);
    m_none->setVisible(m_breaches.empty());
    const std::int64_t now = QDateTime::currentMSecsSinceEpoch();
    const bool mayWrite = rights().all(Action::Change, Resource::Settings);
    int row = 0;
    for (const Breach& each : m_breaches) {
        const auto [word, kind] = clockText(each, now);
        m_grid->addWidget(
            new TextLabel(m_theme, TextRole::Small, ColourRole::Muted, timeText(each.discoveredMs)), row, 0);
        m_grid->addWidget(
            new ElidedLabel(m_theme, TextRole::Body, ColourRole::Text, QString::fromStdString(each.title)),
            row, 1);
        m_grid->addWidget(new Chip(m_theme, word, kind), row, 2);
        if (mayWrite) {
            auto* button = new Button(m_theme, ButtonKind::Ghost, tr("Open…"));
            button->setObjectName(QStringLiteral("breach%1").arg(each.id));
            connect(button, &QAbstractButton::clicked, this, [this, each] { edit(each); });
            m_grid->addWidget(button, row, 3);
        }
        ++row;
    }
}

void BreachCard::edit(const Breach& breach) {
    auto* dialog = new BreachDialog(m_theme, breach, this);
    connect(&m_bridge.accounts(), &AccountsBridge::aboutToLock, dialog, &QWidget::close);
    connect(dialog, &BreachDialog::written, this, &BreachCard::save);
    dialog->open();
}

void BreachCard::save(const Breach& breach) {
    m_error->clear();
    m_bridge.request(
        this,
        [breach](workbench::PrivacyOffice& office, AccountsDesk& desk) {
            return office.saveBreach(desk.actor, breach);
        },
        [this, breach](const Result<std::int64_t>& id) {
            if (!id) {
                showFailure(id.error());
                edit(breach); // with all that was typed
            }
            refresh();
            Q_EMIT saved(id.has_value());
        });
}

BreachDialog::BreachDialog(Theme& theme, const Breach& breach, QWidget* parent)
    : QDialog(parent), m_before(breach), m_name(new QLineEdit(QString::fromStdString(breach.title))),
      m_discovered(new QDateTimeEdit(QDateTime::fromMSecsSinceEpoch(breach.discoveredMs))),
      m_people(new NumberField(theme)), m_risk(new ComboBox(theme)),
      m_facts(new QPlainTextEdit(QString::fromStdString(breach.facts))),
      m_effects(new QPlainTextEdit(QString::fromStdString(breach.effects))),
      m_measures(new QPlainTextEdit(QString::fromStdString(breach.measures))), m_authority(new Toggle(theme)),
      m_told(new Toggle(theme)), m_closed(new Toggle(theme)), m_save(new Button(theme, ButtonKind::Primary)) {
    setObjectName(QStringLiteral("breachDialog"));
    setWindowTitle(tr("Breach of personal data"));
    m_name->setObjectName(QStringLiteral("breachName"));
    m_discovered->setMaximumDateTime(QDateTime::currentDateTime());
    m_people->setRange(0, 1'000'000'000);
    m_people->setValue(static_cast<int>(breach.people));
    m_risk->addItems({tr("Unlikely: noted only"), tr("Likely: the authority is told"),
                      tr("High: the people are told too")});
    m_risk->setCurrentIndex(static_cast<int>(breach.risk));
    m_authority->setChecked(breach.authorityMs.has_value());
    m_told->setChecked(breach.peopleMs.has_value());
    m_closed->setChecked(breach.closedMs.has_value());
    for (QPlainTextEdit* field : {m_facts, m_effects, m_measures}) {
        field->setTabChangesFocus(true);
        field->setFixedHeight(theme.space(16));
    }
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(theme.space(4));
    form->setVerticalSpacing(theme.space(3));
    const std::pair<QString, QWidget*> rows[] = {{tr("What"), m_name},
                                                 {tr("Discovered"), m_discovered},
                                                 {tr("People affected, about"), m_people},
                                                 {tr("Risk for them"), m_risk},
                                                 {tr("Facts"), m_facts},
                                                 {tr("Effects"), m_effects},
                                                 {tr("What was done"), m_measures},
                                                 {tr("Authority told"), m_authority},
                                                 {tr("People told"), m_told},
                                                 {tr("Closed"), m_closed}};
    for (const auto& [word, widget] : rows) {
        widget->setAccessibleName(word);
        form->addRow(new TextLabel(theme, TextRole::Body, ColourRole::Text, word), widget);
    }
    m_save->setText(tr("Save"));
    m_save->setObjectName(QStringLiteral("breachSave"));
    auto* cancel = new Button(theme, ButtonKind::Plain, tr("Cancel"));
    auto* column = dressDialog(this, theme, kDialogWidth);
    column->addLayout(form);
    column->addLayout(dialogButtons({cancel, m_save}));
    const auto allow = [this] { m_save->setEnabled(!m_name->text().trimmed().isEmpty()); };
    allow();
    connect(m_name, &QLineEdit::textChanged, this, allow);
    connect(cancel, &QAbstractButton::clicked, this, &QDialog::reject);
    connect(m_save, &QAbstractButton::clicked, this, [this] {
        Q_EMIT written(this->breach());
        accept();
    });
}

Breach BreachDialog::breach() const {
    Breach out = m_before;
    out.title = m_name->text().trimmed().toStdString();
    out.discoveredMs = m_discovered->dateTime().toMSecsSinceEpoch();
    out.people = m_people->value();
    out.risk = static_cast<BreachRisk>(m_risk->currentIndex());
    out.facts = m_facts->toPlainText().toStdString();
    out.effects = m_effects->toPlainText().toStdString();
    out.measures = m_measures->toPlainText().toStdString();
    const auto stamp = [](const Toggle* toggle, std::optional<std::int64_t>& time) {
        if (!toggle->isChecked())
            time.reset();
        else if (!time)
            time = QDateTime::currentMSecsSinceEpoch();
    };
    stamp(m_authority, out.authorityMs);
    stamp(m_told, out.peopleMs);
    stamp(m_closed, out.closedMs);
    return out;
}

RecordCard::RecordCard(Theme& theme, PrivacyBridge& bridge)
    : PrivacyCard(theme, bridge, "record"), m_name(new QLineEdit), m_contact(new QLineEdit),
      m_officer(new QLineEdit), m_nameRow(new SettingRow(theme, m_name)),
      m_contactRow(new SettingRow(theme, m_contact)), m_officerRow(new SettingRow(theme, m_officer)),
      m_html(new Button(theme, ButtonKind::Plain)), m_markdown(new Button(theme, ButtonKind::Plain)) {
    m_name->setObjectName(QStringLiteral("controllerName"));
    m_contact->setObjectName(QStringLiteral("controllerContact"));
    m_html->setObjectName(QStringLiteral("recordHtml"));
    m_markdown->setObjectName(QStringLiteral("recordMarkdown"));
    for (Button* button : {m_html, m_markdown})
        button->setIconName(QStringLiteral("export"));
    for (QLineEdit* field : {m_name, m_contact, m_officer}) {
        field->setMinimumWidth(theme.space(64));
        field->setMaxLength(300);
        field->setReadOnly(true); // until what is stated was read
        connect(field, &QLineEdit::editingFinished, this, &RecordCard::keep);
    }
    for (SettingRow* row : {m_nameRow, m_contactRow, m_officerRow}) {
        body()->addWidget(row);
        body()->addWidget(new Divider(theme));
    }
    auto* line = new QHBoxLayout;
    line->addWidget(m_html);
    line->addWidget(m_markdown);
    line->addStretch(1);
    body()->addLayout(line);
    connect(m_html, &QAbstractButton::clicked, this, [this] {
        askWhere(tr("Save the record"), QStringLiteral("hearth-processing-record.html"),
                 [this](const QString& path) { saveTo(security::RecordFormat::Html, path); });
    });
    connect(m_markdown, &QAbstractButton::clicked, this, [this] {
        askWhere(tr("Save the record"), QStringLiteral("hearth-processing-record.md"),
                 [this](const QString& path) { saveTo(security::RecordFormat::Markdown, path); });
    });
    retranslate();
}

void RecordCard::retranslate() {
    m_title->setTexts(tr("Record of processing activities"),
                      tr("What GDPR 30 wants written down, filled in with what holds on this machine now."));
    m_nameRow->setTexts(tr("Controller"),
                        tr("The person or organisation that answers for this installation"));
    m_contactRow->setTexts(tr("Contact"), tr("Address, telephone or mail"));
    m_officerRow->setTexts(tr("Data protection officer"), tr("Where there is one"));
    m_html->setText(tr("Web page (HTML)…"));
    m_markdown->setText(tr("Text (Markdown)…"));
}

void RecordCard::refresh() {
    const bool sees = rights().own(Action::View, Resource::AuditLog);
    setVisible(sees);
    if (!sees)
        return;
    m_bridge.request(
        this,
        [](workbench::PrivacyOffice& office, AccountsDesk& desk) { return office.controller(desk.actor); },
        [this](const Result<Controller>& found) {
            if (!found)
                return showFailure(found.error());
            for (const auto& [field, detail] : details()) {
                const bool edited = m_held && typed(field) != (*m_held).*detail; // wins over a late answer
                if (!edited)
                    field->setText(QString::fromStdString((*found).*detail));
                field->setReadOnly(!rights().all(Action::Change, Resource::Settings));
            }
            m_held = *found;
        });
}

std::array<RecordCard::Detail, 3> RecordCard::details() const {
    return {
        {{m_name, &Controller::name}, {m_contact, &Controller::contact}, {m_officer, &Controller::officer}}};
}

std::string RecordCard::typed(const QLineEdit* field) {
    return field->text().trimmed().toStdString();
}

void RecordCard::keep() {
    if (m_name->isReadOnly() || !m_held)
        return;
    std::vector<std::pair<std::string Controller::*, std::string>> edits;
    for (const auto& [field, detail] : details())
        if (typed(field) != (*m_held).*detail)
            edits.emplace_back(detail, typed(field));
    if (edits.empty())
        return; // a field was only left
    m_bridge.request(
        this,
        [edits](workbench::PrivacyOffice& office, AccountsDesk& desk) -> Result<Controller> {
            HEARTH_TRY(Controller controller, office.controller(desk.actor));
            for (const auto& [detail, text] : edits)
                controller.*detail = text;
            HEARTH_CHECK(office.setController(desk.actor, controller));
            return controller;
        },
        [this](const Result<Controller>& kept) {
            if (kept)
                m_held = *kept;
            else
                showFailure(kept.error());
        });
}

void RecordCard::saveTo(security::RecordFormat format, const QString& path) {
    m_error->clear();
    m_bridge.request(
        this,
        [format, language = chinese() ? security::RecordLanguage::Chinese : security::RecordLanguage::English,
         program = m_bridge.program().toStdString(), file = std::filesystem::path(path.toStdU16String())](
            workbench::PrivacyOffice& office, AccountsDesk& desk) -> Result<void> {
            HEARTH_TRY(const std::string text, office.record(desk.actor, format, language, program));
            HEARTH_TRY(AtomicFile out, AtomicFile::create(file));
            HEARTH_CHECK(out.write(text));
            return out.commit();
        },
        [this, path](const Result<void>& done) {
            if (done)
                m_error->showText(ErrorBox::Severity::Info, tr("The record was written"),
                                  QDir::toNativeSeparators(path));
            else
                showFailure(done.error());
            Q_EMIT written(done.has_value());
        });
}

} // namespace hearth::gui
