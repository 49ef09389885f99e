#include "gui/pages/privacy_retention.h"

#include <QHBoxLayout>

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

std::optional<int> daysOrNone(int days) {
    return days > 0 ? std::optional(days) : std::nullopt;
}
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
        field->setEnabled(false); // until the rule that holds was read
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
    m_preview->setEnabled(false);
    for (NumberField* field : {m_trash, m_idle})
        connect(field, &QSpinBox::valueChanged, this, &RetentionCard::forgetShown);
    connect(m_usage, &QSpinBox::editingFinished, this, &RetentionCard::keepUsage);
    connect(m_preview, &QAbstractButton::clicked, this, &RetentionCard::preview);
    connect(m_keep, &QAbstractButton::clicked, this, [this] {
        ask("askRetention", tr("Keep these rules?"),
            tr("What is shown is deleted for good now, and what becomes older than this is deleted by "
               "itself. "
               "Backups hold it until they are rotated out."),
            tr("Keep"), [this, shown = m_shown] { keep(*shown); });
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
            showRule(m_trash, m_heldTrash, (*days)[0]);
            showRule(m_idle, m_heldIdle, (*days)[1]);
            showRule(m_usage, m_heldUsage, (*days)[2]);
            m_preview->setEnabled(true);
        });
}

void RetentionCard::showRule(NumberField* field, std::optional<int>& held, std::optional<int> days) {
    const bool edited = held && field->value() != *held; // what was typed wins over a late answer
    held = days.value_or(0);
    field->setEnabled(true);
    if (!edited)
        field->setValue(*held);
}

void RetentionCard::forgetShown() {
    m_shown.reset(); // what other rules would delete has to be seen first
    m_keep->hide();
    m_list->hide();
}

security::RetentionRules RetentionCard::rules() const {
    return {daysOrNone(m_trash->value()), daysOrNone(m_idle->value())};
}

void RetentionCard::preview() {
    m_error->clear();
    m_bridge.previewRetention(this, rules(), [this, asked = rules()](const auto& preview) {
        if (asked != rules())
            return; // others were typed meanwhile
        if (!preview)
            return showFailure(preview.error());
        m_shown = Shown{asked, *preview};
        const std::size_t count = m_shown->count();
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

void RetentionCard::keepUsage() {
    const int days = m_usage->value();
    if (!m_heldUsage || days == *m_heldUsage)
        return; // the field was only left
    m_error->clear();
    m_bridge.request(
        this,
        [days](workbench::PrivacyOffice& office, AccountsDesk& desk) {
            return office.setRetention(desk.actor, Kept::UsageCounts, daysOrNone(days));
        },
        [this, days](const Result<void>& done) {
            if (done) {
                m_heldUsage = days;
                return;
            }
            showFailure(done.error());
            if (m_usage->value() == days)
                m_usage->setValue(*m_heldUsage);
        });
}

void RetentionCard::keep(const Shown& shown) {
    forgetShown();
    m_error->clear();
    m_bridge.request(
        this,
        [rules = shown.rules](workbench::PrivacyOffice& office, AccountsDesk& desk) -> Result<void> {
            HEARTH_CHECK(office.setRetention(desk.actor, Kept::Trash, rules.trashDays));
            return office.setRetention(desk.actor, Kept::Idle, rules.idleDays);
        },
        [this, shown](const Result<void>& kept) {
            if (!kept)
                return showFailure(kept.error());
            m_heldTrash = shown.rules.trashDays.value_or(0);
            m_heldIdle = shown.rules.idleDays.value_or(0);
            m_bridge.applyRetention(
                this, shown.rules, shown.preview, [this, all = shown.count()](const auto& count) {
                    if (!count)
                        return showFailure(count.error());
                    QString text = tr("%n chats were deleted for good.", nullptr, static_cast<int>(*count));
                    if (*count < all)
                        text +=
                            QLatin1Char(' ') + tr("The others were used or taken out meanwhile and stay.");
                    m_error->showText(ErrorBox::Severity::Info, tr("The rules are kept"), text);
                    Q_EMIT applied(static_cast<int>(*count));
                });
        });
}

} // namespace hearth::gui
