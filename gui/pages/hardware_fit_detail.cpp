#include "gui/pages/hardware_fit_detail.h"

#include <algorithm>
#include <cmath>

#include <QGridLayout>
#include <QHBoxLayout>

#include "gui/pages/hardware_words.h"
#include "gui/theme/human.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/layouts.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

using namespace hearth::hardware;

namespace {

QString milliseconds(double seconds) {
    return seconds < 1 ? hardware_words::decimal(seconds * 1e3) + QStringLiteral(" ms")
                       : humanDuration(seconds);
}

} // namespace

FitDetail::FitDetail(Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_title(new TextLabel(theme, TextRole::Heading, ColourRole::Text)),
      m_reason(new TextLabel(theme, TextRole::Body, ColourRole::Text)), m_verdict(new Chip(theme)),
      m_terms(new QGridLayout) {
    m_title->setWordWrap(true);
    m_reason->setWordWrap(true);
    m_terms->setHorizontalSpacing(theme.space(5));
    m_terms->setVerticalSpacing(theme.space(1));
    m_terms->setColumnStretch(1, 1);
    auto* line = new QHBoxLayout;
    line->addWidget(m_title, 1);
    line->addWidget(m_verdict);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme.space(2));
    layout->addWidget(new Divider(theme));
    layout->addLayout(line);
    layout->addWidget(m_reason);
    layout->addLayout(m_terms);
}

void FitDetail::add(const QString& name, const QString& how, const QString& amount, bool strong) {
    const int line = m_terms->rowCount();
    const TextRole role = strong ? TextRole::SmallStrong : TextRole::Small;
    auto* formula = new TextLabel(m_theme, TextRole::Small, ColourRole::Muted, how);
    formula->setWordWrap(true);
    formula->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_terms->addWidget(new TextLabel(m_theme, role, ColourRole::Text, name), line, 0);
    m_terms->addWidget(formula, line, 1);
    m_terms->addWidget(new NumberLabel(m_theme, role, ColourRole::Text, amount), line, 2,
                       Qt::AlignVCenter | Qt::AlignRight);
}

void FitDetail::show(const QString& title, const Prediction& p, const std::optional<OffloadEstimate>& gpu) {
    emptyLayout(m_terms);
    m_title->setText(title);
    m_verdict->setText(hardware_words::fit(p.fit));
    m_verdict->setKind(p.fit == Fit::Comfortable ? Chip::Kind::Good
                       : p.fit == Fit::Tight     ? Chip::Kind::Caution
                                                 : Chip::Kind::Bad);
    m_reason->setText(hardware_words::reason(p.reason));
    for (const Term& term : p.memory)
        add(hardware_words::term(term.name), hardware_words::formula(term),
            humanBytes(static_cast<std::uint64_t>(std::max(0.0, term.amount))), false);
    add(tr("Memory together"), tr("with a context of %1 tokens").arg(humanCount(p.context)),
        humanBytes(p.memoryBytes), true);
    if (p.decodeTps > 0)
        addSpeeds(p);
    if (gpu)
        add(tr("With %1").arg(QString::fromStdString(gpu->gpu)),
            tr("%1 % of the weights on it; estimated from data sheets, not measured")
                .arg(std::lround(100 * gpu->share)),
            tr("%1 tokens/s").arg(humanRate(gpu->decodeTps)), true);
    if (p.downloadSeconds)
        add(tr("Downloading"), tr("a file of %1").arg(humanBytes(p.fileBytes)),
            milliseconds(*p.downloadSeconds), true);
}

void FitDetail::addSpeeds(const Prediction& p) {
    for (const Term& term : p.decode)
        add(tr("One token: %1").arg(hardware_words::term(term.name)), hardware_words::formula(term),
            milliseconds(term.amount), false);
    if (p.correction.decode != 1)
        add(tr("Corrected by real answers"),
            tr("what %n answer(s) on this machine took", nullptr, static_cast<int>(p.correction.runs)),
            QStringLiteral("× ") + hardware_words::decimal(p.correction.decode), false);
    add(tr("Answering"),
        p.estimated ? tr("estimated from another type of weights")
                    : tr("after %1 tokens").arg(humanCount(p.depth)),
        tr("%1 tokens/s").arg(humanRate(p.decodeTps)), true);
    for (const Term& term : p.prefill)
        add(tr("512 tokens of a prompt: %1").arg(hardware_words::term(term.name)),
            hardware_words::formula(term), milliseconds(term.amount), false);
    add(tr("Reading the prompt"), {}, tr("%1 tokens/s").arg(humanRate(p.prefillTps)), true);
    add(tr("First word"), tr("of an answer to 512 tokens"), milliseconds(p.firstTokenSeconds), true);
    if (p.loadSeconds)
        add(tr("Loading"), tr("a file of %1").arg(humanBytes(p.fileBytes)), milliseconds(*p.loadSeconds),
            true);
}

} // namespace hearth::gui
