#include "gui/pages/privacy_retention.h"

#include <QHBoxLayout>
#include <QSignalBlocker>

#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/setting_row.h"

namespace hearth::gui {

using security::Action;
using security::Kept;
using security::Resource;

namespace {
constexpr int kMostDays = 36'500;
constexpr std::size_t kShownTitles = 12;
} // namespace

RetentionCard::RetentionCard(Theme& theme, PrivacyBridge& bridge)
    : PrivacyCard(theme, bridge, "retention"), m_trash(new NumberField(theme)),
      m_idle(new NumberField(theme)), m_usage(new NumberField(theme)),
      m_trashRow(new SettingRow(theme, m_trash)), m_idleRow(new SettingRow(theme, m_idle)),
      m_usageRow(new SettingRow(theme, m_usage)), m_usageLine(new Divider(theme)),
      m_preview(new Button(theme, ButtonKind::Plain)), m_keep(new Button(theme, ButtonKind::Danger)),
      m_list(new TextLabel(theme, TextRole::Small, ColourRole::Text)) {
    const std::pair<NumberField*, const char*> fields[] = {
        {m_trash, "keepTrash"}, {m_idle, "keepIdle"}, {m_usage, "keepUsage"}};
    for (const auto& [field, name] : fields) {
        field->setRange(0, kMostDays);
        field->setObjectName(QString::fromLatin1(name));
    }
    m_preview->setObjectName(QStringLiteral("retentionPreview"));
    m_keep->setObjectName(QStringLiteral("retentionKeep"));
    m_list->setWordWrap(true);
    m_list->hide();
    m_keep->hide();
    body()->addWidget(m_trashRow);
    body()->addWidget(new Divider(theme));
    body()->addWidget(m_idleRow);
    auto* line = new QHBoxLayout;
    line->addWidget(m_preview);
    line->addWidget(m_keep);
    line->addStretch(1);
    body()->addLayout(line);
    body()->addWidget(m_list);
    body()->addWidget(m_usageLine);
    body()->addWidget(m_usageRow);
    for (NumberField* field : {m_trash, m_idle})
        connect(field, &QSpinBox::valueChanged, this, [this] {
            m_keep->hide(); // what it would delete has to be seen first
            m_list->hide();
        });
    connect(m_usage, &QSpinBox::editingFinished, this,
            [this] { setRule(Kept::UsageCounts, m_usage->value()); });
    connect(m_preview, &QAbstractButton::clicked, this, &RetentionCard::preview);
    connect(m_keep, &QAbstractButton::clicked, this, [this] {
        ask("askRetention", tr("Keep these rules?"),
            tr("What is shown is deleted for good now, and what becomes older than this is deleted by "
               "itself. "
               "Backups hold it until they are rotated out."),
            tr("Keep"), [this] { keep(); });
    });
    retranslate();
}

void RetentionCard::retranslate() {
    m_title->setTexts(tr("How long things stay"), tr("Nothing is deleted before you have seen what."));
    m_trashRow->setTexts(tr("Chats in the trash"), tr("Days until they are deleted for good"));
    m_idleRow->setTexts(tr("Unused chats"), tr("Days since a chat was last used"));
    m_usageRow->setTexts(
        tr("Counts behind usage figures"),
        tr("For everybody on this machine. Figures that were released stay: they say nothing "
           "about anyone."));
    for (NumberField* field : {m_trash, m_idle, m_usage}) {
        field->setSpecialValueText(tr("Without limit"));
        field->setSuffix(tr(" days"));
    }
    m_preview->setText(tr("Show what would go"));
    m_keep->setText(tr("Keep these rules…"));
}

void RetentionCard::refresh() {
    const bool own = rights().own(Action::Remove, Resource::Conversation);
    const bool machine = rights().all(Action::Change, Resource::Settings);
    setVisible(own || machine);
    for (QWidget* widget : {static_cast<QWidget*>(m_trashRow), static_cast<QWidget*>(m_idleRow),
                            static_cast<QWidget*>(m_preview)})
        widget->setVisible(own);
    m_usageRow->setVisible(machine);
    m_usageLine->setVisible(machine && own);
    if (!own && !machine)
        return;
    using Days = std::array<std::optional<int>, 3>;
    m_bridge.request(
        this,
        [own](workbench::PrivacyOffice& office, AccountsDesk& desk) -> Result<Days> {
            Days days;
            if (own) {
                HEARTH_TRY(days[0], office.retention(desk.actor, Kept::Trash));
                HEARTH_TRY(days[1], office.retention(desk.actor, Kept::Idle));
            }
            HEARTH_TRY(days[2], office.retention(desk.actor, Kept::UsageCounts));
            return days;
        },
        [this](const Result<Days>& days) {
            if (!days)
                return showFailure(days.error());
            const std::pair<NumberField*, std::optional<int>> values[] = {
                {m_trash, (*days)[0]}, {m_idle, (*days)[1]}, {m_usage, (*days)[2]}};
            for (const auto& [field, value] : values) {
                const QSignalBlocker quiet(field);
                field->setValue(value.value_or(0));
            }
        });
}

security::RetentionRules RetentionCard::rules() const {
    security::RetentionRules out;
    if (m_trash->value() > 0)
        out.trashDays = m_trash->value();
    if (m_idle->value() > 0)
        out.idleDays = m_idle->value();
    return out;
}

void RetentionCard::preview() {
    m_error->clear();
    m_bridge.previewRetention(this, rules(), [this](const Result<security::RetentionPreview>& preview) {
        if (!preview)
            return showFailure(preview.error());
        const std::size_t count = preview->trashed.size() + preview->idle.size();
        QStringList lines;
        lines << (count == 0 ? tr("These rules delete nothing now.")
                             : tr("These rules delete %n chats now:", nullptr, static_cast<int>(count)));
        const std::pair<const std::vector<store::Conversation>*, QString> lists[] = {
            {&preview->trashed, tr("in the trash")}, {&preview->idle, tr("unused")}};
        for (const auto& [list, why] : lists)
            for (const store::Conversation& each : *list)
                if (lines.size() <= static_cast<qsizetype>(kShownTitles))
                    lines << tr("• %1 (%2, last used %3)")
                                 .arg(each.title.empty() ? tr("(no title)")
                                                         : QString::fromStdString(each.title),
                                      why, timeText(each.updatedMs));
        if (count > kShownTitles)
            lines << tr("… and %n more", nullptr, static_cast<int>(count - kShownTitles));
        m_list->setText(lines.join(QLatin1Char('\n')));
        m_list->show();
        m_keep->show();
        Q_EMIT previewed(static_cast<int>(count));
    });
}

void RetentionCard::setRule(Kept kept, int days) {
    m_bridge.request(
        this,
        [kept, days](workbench::PrivacyOffice& office, AccountsDesk& desk) {
            return office.setRetention(desk.actor, kept, days > 0 ? std::optional(days) : std::nullopt);
        },
        [this](const Result<void>& done) {
            if (!done) {
                showFailure(done.error());
                refresh();
            }
        });
}

void RetentionCard::keep() {
    setRule(Kept::Trash, m_trash->value());
    setRule(Kept::Idle, m_idle->value());
    m_bridge.applyRetention(this, rules(), [this](const Result<std::size_t>& count) {
        m_keep->hide();
        m_list->hide();
        if (!count)
            return showFailure(count.error());
        m_error->showText(ErrorBox::Severity::Info, tr("The rules are kept"),
                          tr("%n chats were deleted for good.", nullptr, static_cast<int>(*count)));
        Q_EMIT applied(static_cast<int>(*count));
    });
}

} // namespace hearth::gui
