#include "gui/pages/privacy_retention.h"

#include <QHBoxLayout>

#include "gui/models/audit_words.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/setting_row.h"

namespace hearth::gui {

using security::Action;
using security::Kept;
using security::KeptItem;
using security::KeptPreview;
using security::Resource;
using security::RetentionRules;

namespace {

constexpr int kMostDays = 36'500;
constexpr std::size_t kShownTitles = 12;
// A person's own, then those of the machine.
constexpr Kept kListed[] = {Kept::Trash, Kept::Idle,         Kept::Backups, Kept::UsageCounts,
                            Kept::Logs,  Kept::Measurements, Kept::Jobs};
static_assert(std::size(kListed) == security::kAllKept.size());

QString keyOf(Kept kept) {
    const std::string_view name = security::nameOf(kept);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

} // namespace

RetentionCard::RetentionCard(Theme& theme, PrivacyBridge& bridge)
    : PrivacyCard(theme, bridge, "retention"), m_preview(new Button(theme, ButtonKind::Plain)),
      m_keep(new Button(theme, ButtonKind::Danger)),
      m_list(new TextLabel(theme, TextRole::Small, ColourRole::Text)) {
    for (const Kept kept : kListed) {
        auto* field = new NumberField(theme);
        field->setRange(0, kMostDays);
        field->setObjectName(QStringLiteral("keep-") + keyOf(kept));
        field->setEnabled(false); // until the rule that holds was read
        connect(field, &QSpinBox::valueChanged, this, &RetentionCard::forgetShown);
        m_rules.push_back({kept, field, new SettingRow(theme, field), new Divider(theme), std::nullopt});
        body()->addWidget(m_rules.back().line);
        body()->addWidget(m_rules.back().row);
    }
    m_preview->setObjectName(QStringLiteral("retentionPreview"));
    m_preview->setEnabled(false);
    m_keep->setObjectName(QStringLiteral("retentionKeep"));
    m_list->setWordWrap(true);
    m_list->hide();
    m_keep->hide();
    auto* line = new QHBoxLayout;
    line->addWidget(m_preview);
    line->addWidget(m_keep);
    line->addStretch(1);
    body()->addLayout(line);
    body()->addWidget(m_list);
    connect(&bridge, &PrivacyBridge::retentionFailed, this, &RetentionCard::showFailure);
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

std::size_t RetentionCard::Shown::count() const {
    std::size_t sum = 0;
    for (const KeptPreview& each : previews)
        sum += each.items.size();
    return sum;
}

void RetentionCard::retranslate() {
    m_title->setTexts(tr("How long things stay"),
                      tr("Nothing is deleted before you have seen what. No rule touches the audit log."));
    // The order of Kept.
    const security::PerKept<QString> words = {
        tr("Days until they are deleted for good"),
        tr("Days since a chat was last used"),
        tr("For everybody on this machine. Figures that were released stay: they say nothing "
           "about anyone."),
        tr("Besides their rotation, also those made by hand. The newest one always stays."),
        tr("Of this machine: files that are not written to any more. Messages of what failed, never "
           "content."),
        tr("Of this machine: of the hardware and of the speed of answers. The newest of each stays."),
        tr("Of this machine: what was quantised, converted or measured, how it ended, and what those that "
           "failed left on the disk.")};
    for (const Rule& each : m_rules) {
        each.row->setTexts(audit_words::kept(keyOf(each.kept)), words[each.kept]);
        each.field->setSpecialValueText(tr("Without limit"));
        each.field->setSuffix(tr(" days"));
    }
    m_preview->setText(tr("Show what would go"));
    m_keep->setText(tr("Keep these rules…"));
    forgetShown(); // it was in another language
}

bool RetentionCard::mine(Kept kept) const {
    const auto& facts = factsOf(kept);
    return facts.machine ? rights().all(facts.action, facts.resource)
                         : rights().own(facts.action, facts.resource);
}

void RetentionCard::refresh() {
    bool any = false;
    for (const Rule& each : m_rules) {
        const bool visible = mine(each.kept);
        each.row->setVisible(visible);
        each.line->setVisible(visible && any);
        any = any || visible;
    }
    setVisible(any);
    if (!any)
        return;
    m_bridge.request(
        this,
        [](workbench::PrivacyOffice& office, AccountsDesk& desk) { return office.retention(desk.actor); },
        [this](const Result<RetentionRules>& held) {
            if (held)
                showRules(*held);
            else
                showFailure(held.error());
        });
}

void RetentionCard::showRules(const RetentionRules& held) {
    for (Rule& each : m_rules) {
        const bool edited = each.held && each.field->value() != *each.held; // wins over a late answer
        each.held = held[each.kept].value_or(0);
        each.field->setEnabled(true);
        if (!edited)
            each.field->setValue(*each.held);
    }
    m_preview->setEnabled(true);
}

RetentionRules RetentionCard::rules() const {
    RetentionRules out;
    for (const Rule& each : m_rules)
        if (mine(each.kept) && each.field->value() > 0)
            out[each.kept] = each.field->value();
    return out;
}

void RetentionCard::forgetShown() {
    m_shown.reset(); // what other rules would delete has to be seen first
    m_keep->hide();
    m_list->hide();
    m_list->clear();
}

void RetentionCard::preview() {
    m_error->clear();
    m_bridge.previewRetention(this, rules(), [this, asked = rules()](const auto& previews) {
        if (asked != rules())
            return; // others were typed meanwhile
        if (!previews)
            return showFailure(previews.error());
        m_shown = Shown{asked, *previews};
        m_list->setText(lines(*m_shown).join(QLatin1Char('\n')));
        m_list->show();
        m_keep->show();
        Q_EMIT previewed(static_cast<int>(m_shown->count()));
    });
}

QStringList RetentionCard::lines(const Shown& shown) const {
    QStringList out;
    out << (shown.count() == 0 ? tr("These rules delete nothing now.") : tr("These rules delete now:"));
    for (const KeptPreview& each : shown.previews) {
        if (each.ahead > 0)
            out << tr("%1: %n dated after today stay, the newest of %2", "kind, time",
                      static_cast<int>(each.ahead))
                       .arg(audit_words::kept(keyOf(each.kept)), timeText(each.newestMs));
        if (each.items.empty())
            continue;
        QString line = each.kept == Kept::UsageCounts
                           ? tr("%n days", "of counts", static_cast<int>(each.items.size()))
                           : QLocale().toString(static_cast<qulonglong>(each.items.size()));
        if (each.bytes() > 0)
            line = tr("%1, %2", "number, size").arg(line, humanBytes(each.bytes()));
        out << tr("%1: %2, the oldest of %3", "kind, number and size, time")
                   .arg(audit_words::kept(keyOf(each.kept)), line, timeText(each.items.front().timeMs));
        if (!factsOf(each.kept).chats)
            continue;
        for (std::size_t i = 0; i < std::min(each.items.size(), kShownTitles); ++i) {
            const KeptItem& item = each.items[i];
            out << tr("• %1 (%2)", "title of a chat, time")
                       .arg(item.name.empty() ? tr("(no title)") : QString::fromStdString(item.name),
                            timeText(item.timeMs));
        }
        if (each.items.size() > kShownTitles)
            out << tr("… and %n more", nullptr, static_cast<int>(each.items.size() - kShownTitles));
    }
    return out;
}

void RetentionCard::keep(const Shown& shown) {
    forgetShown();
    m_error->clear();
    std::vector<std::pair<Kept, std::optional<int>>> changed;
    for (const Rule& each : m_rules)
        if (const auto& days = shown.rules[each.kept];
            mine(each.kept) && each.held && *each.held != days.value_or(0))
            changed.emplace_back(each.kept, days);
    m_bridge.request(
        this,
        [changed](workbench::PrivacyOffice& office, AccountsDesk& desk) -> Result<void> {
            for (const auto& [kept, days] : changed)
                HEARTH_CHECK(office.setRetention(desk.actor, kept, days));
            return {};
        },
        [this, shown, changed](const Result<void>& kept) {
            if (!kept) {
                showFailure(kept.error());
                return refresh(); // some of them may hold
            }
            for (Rule& each : m_rules)
                for (const auto& [changedKind, days] : changed)
                    if (each.kept == changedKind)
                        each.held = days.value_or(0);
            apply(shown);
        });
}

void RetentionCard::apply(const Shown& shown) {
    m_bridge.applyRetention(this, shown.previews, [this, all = shown.count()](const auto& count) {
        if (!count)
            return showFailure(count.error());
        QString text = tr("%n things were deleted for good.", nullptr, static_cast<int>(*count));
        if (*count < all)
            text += QLatin1Char(' ') + tr("The others were used or taken out meanwhile and stay.");
        m_error->showText(ErrorBox::Severity::Info, tr("The rules are kept"), text);
        Q_EMIT applied(static_cast<int>(*count));
    });
}

} // namespace hearth::gui
