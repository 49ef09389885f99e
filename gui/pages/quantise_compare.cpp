#include "gui/pages/quantise_compare.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QVBoxLayout>

#include <nlohmann/json.hpp>

#include "engine/tensor/dtype.h"
#include "gui/models/library_model.h"
#include "gui/pages/hardware_cards.h"
#include "gui/pages/models_plots.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

namespace {

constexpr int kTwoColumns = 800; ///< px at scale 1: side by side from this width on

QString number(double value, int digits) {
    return digits > 0 ? QLocale::c().toString(value, 'f', digits)
                      : humanCount(static_cast<quint64>(std::llround(value)));
}

QString percent(double value) {
    return (value > 0   ? QStringLiteral("+")
            : value < 0 ? QStringLiteral("−")
                        : QString()) +
           number(std::abs(value), std::abs(value) < 10 ? 1 : 0) + QStringLiteral(" %");
}

/// Small figures keep what tells them apart.
QString small(double value) {
    return value != 0 && std::abs(value) < 1e-4 ? QLocale::c().toString(value, 'e', 1)
                                                : QLocale::c().toString(value, 'g', 3);
}

/// Answers of a broken model may hold no place to break a line at; such a word must not widen the page.
QString breakable(const QString& text) {
    constexpr int kLongest = 24;
    QString out;
    int run = 0;
    for (const QChar c : text) {
        run = c.isSpace() ? 0 : run + 1;
        if (run > kLongest && !c.isLowSurrogate() && !c.isMark()) {
            out += QChar(0x200B); // zero width space
            run = 1;
        }
        out += c;
    }
    return out;
}

} // namespace

QString QuantiseCompare::perplexity(double value) {
    return number(value, value < 100 ? 3 : value < 10'000 ? 1 : 0);
}

QuantiseCompare::QuantiseCompare(Theme& theme, LibraryBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_size(new FactCard(theme)),
      m_speed(new FactCard(theme)), m_perplexity(new FactCard(theme)), m_divergence(new FactCard(theme)),
      m_chartTitle(new SectionHeader(theme)), m_promptTitle(new SectionHeader(theme)),
      m_partsTitle(new SectionHeader(theme)), m_plot(new QualityPlot(theme)),
      m_more(new TextLabel(theme, TextRole::Small, ColourRole::Muted)), m_parts(new PartBars(theme)) {
    auto* facts = new CardGrid(theme, 230);
    for (FactCard* card : {m_size, m_speed, m_perplexity, m_divergence})
        facts->add(card);
    auto* chart = new Card(theme);
    m_more->setWordWrap(true);
    chart->body()->addWidget(m_chartTitle);
    chart->body()->addWidget(m_plot, 1);
    chart->body()->addWidget(m_more);
    auto* right = new Card(theme);
    right->body()->addWidget(m_promptTitle);
    right->body()->addWidget(makePrompt());
    right->body()->addWidget(m_partsTitle);
    right->body()->addWidget(m_parts);
    right->body()->addStretch(1);
    m_lower = new QHBoxLayout;
    m_lower->setSpacing(theme.px(14));
    m_lower->addWidget(chart, 7);
    m_lower->addWidget(right, 6);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme.px(14));
    layout->addWidget(facts);
    layout->addLayout(m_lower, 1);
    connect(&bridge, &LibraryBridge::changed, this, &QuantiseCompare::show);
    connect(&bridge, &LibraryBridge::jobsChanged, this, &QuantiseCompare::followAsking);
    retranslate();
}

QWidget* QuantiseCompare::makePrompt() {
    m_prompt = new QLineEdit;
    m_prompt->setObjectName(QStringLiteral("ownPrompt"));
    m_askButton = new Button(m_theme, ButtonKind::Plain);
    m_askButton->setObjectName(QStringLiteral("askBoth"));
    m_progress = new ProgressLine(m_theme);
    m_progress->hide();
    m_error = new ErrorBox(m_theme);
    m_answers = new QWidget;
    m_answers->setObjectName(QStringLiteral("answers"));
    auto* sides = new QHBoxLayout(m_answers);
    sides->setContentsMargins(0, 0, 0, 0);
    sides->setSpacing(m_theme.px(14));
    const auto side = [&](TextLabel*& name, TextLabel*& text) {
        auto* card = new Card(m_theme);
        card->setGround(ColourRole::CodeBackground);
        name = new TextLabel(m_theme, TextRole::Small, ColourRole::MutedStrong);
        text = new TextLabel(m_theme, TextRole::Body, ColourRole::Text);
        text->setWordWrap(true);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        text->setAlignment(Qt::AlignTop | Qt::AlignLeft);
        card->body()->addWidget(name);
        card->body()->addWidget(text, 1);
        sides->addWidget(card, 1);
    };
    side(m_leftName, m_left);
    side(m_rightName, m_right);
    m_left->setObjectName(QStringLiteral("answerOfSource"));
    m_right->setObjectName(QStringLiteral("answerOfVersion"));
    m_answers->hide();
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    auto* line = new QHBoxLayout;
    line->addWidget(m_prompt, 1);
    line->addWidget(m_askButton);
    column->addLayout(line);
    column->addWidget(m_progress);
    column->addWidget(m_error);
    column->addWidget(m_answers);
    if (!m_bridge.may(security::Action::Use)) {
        box->hide();
        m_promptTitle->hide();
    }
    connect(m_askButton, &QAbstractButton::clicked, this, &QuantiseCompare::ask);
    connect(m_prompt, &QLineEdit::returnPressed, this, &QuantiseCompare::ask);
    return box;
}

/// Where there is little room the picture stands above the answers.
void QuantiseCompare::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    m_lower->setDirection(width() < m_theme.px(kTwoColumns) ? QBoxLayout::TopToBottom
                                                            : QBoxLayout::LeftToRight);
}

void QuantiseCompare::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void QuantiseCompare::retranslate() {
    m_chartTitle->setTexts(tr("Size against quality, all versions"), {});
    m_promptTitle->setTexts(tr("Your own prompt, side by side"), {});
    m_partsTitle->setTexts(tr("Bits by tensor"),
                           tr("With the error of the weights, relative to their size."));
    m_prompt->setPlaceholderText(tr("Ask both versions the same"));
    m_prompt->setAccessibleName(tr("Ask both versions the same"));
    m_askButton->setText(tr("Ask both"));
    show();
    showAnswers();
}

void QuantiseCompare::setVersion(qint64 version) {
    m_version = version;
    m_ask = m_answered = 0;
    m_progress->hide();
    m_answers->hide();
    m_error->clear();
    show();
}

const workbench::LibraryVersion* QuantiseCompare::reference() const {
    const auto* version = m_bridge.version(m_version);
    if (!version)
        return nullptr;
    const auto measuredAgainst = workbench::versionQualityFrom(version->measured).reference;
    return m_bridge.version(measuredAgainst ? measuredAgainst : version->parent);
}

bool QuantiseCompare::canAsk() const {
    const auto readable = [](const workbench::LibraryVersion* version) {
        return version && version->state() != workbench::FileState::Missing && !version->sealed();
    };
    return readable(reference()) && readable(m_bridge.version(m_version));
}

void QuantiseCompare::show() {
    const auto* version = m_bridge.version(m_version);
    const auto* model = m_bridge.modelOfVersion(m_version);
    if (!version || !model)
        return;
    const auto quality = workbench::versionQualityFrom(version->measured);
    const auto* source = reference();
    const auto before =
        source ? workbench::versionQualityFrom(source->measured) : workbench::VersionQuality{};
    const QString none = QStringLiteral("—");
    m_size->setTexts(tr("File size"), humanBytes(version->bytes()),
                     source
                         ? tr("from %1 · %2")
                               .arg(humanBytes(source->bytes()),
                                    percent(100 * (double(version->bytes()) / double(source->bytes()) - 1)))
                         : QString());
    m_speed->setTexts(tr("Decode speed"),
                      quality.tokensPerSecond ? tr("%1 t/s").arg(humanRate(*quality.tokensPerSecond)) : none,
                      quality.tokensPerSecond && before.tokensPerSecond
                          ? tr("from %1 t/s · %2×")
                                .arg(humanRate(*before.tokensPerSecond),
                                     number(*quality.tokensPerSecond / *before.tokensPerSecond, 1))
                          : QString());
    m_perplexity->setTexts(tr("Perplexity"), quality.perplexity ? perplexity(*quality.perplexity) : none,
                           quality.perplexity && before.perplexity
                               ? tr("source %1 · %2")
                                     .arg(perplexity(*before.perplexity),
                                          percent(100 * (*quality.perplexity / *before.perplexity - 1)))
                               : QString());
    m_divergence->setTexts(
        tr("Mean KL divergence"), quality.divergence ? small(quality.divergence->mean) : none,
        quality.divergence ? tr("same top token %1 %").arg(number(100 * quality.divergence->sameTop, 1))
                           : QString());
    QStringList more;
    if (quality.divergence)
        more << tr("KL divergence: median %1, 99 % below %2, largest %3")
                    .arg(small(quality.divergence->median), small(quality.divergence->p99),
                         small(quality.divergence->max));
    if (quality.memoryBytes) {
        QString memory = tr("memory %1").arg(humanBytes(quality.memoryBytes));
        if (before.memoryBytes)
            memory += tr(" (source %1)").arg(humanBytes(before.memoryBytes));
        more << memory;
    }
    if (quality.tokens)
        more << tr("measured on %n token(s) of the built-in text", nullptr, static_cast<int>(quality.tokens));
    m_more->setText(more.join(QStringLiteral(" · ")));
    std::vector<QualityPlot::Point> points;
    for (const auto& one : model->versions)
        if (const auto measured = workbench::versionQualityFrom(one.measured); measured.divergence)
            points.push_back({QString::fromStdString(one.label), double(one.bytes()),
                              measured.divergence->mean, one.id == m_version});
    m_plot->setPoints(std::move(points));
    m_askButton->setEnabled(canAsk() && m_ask == 0);
    showParts(quality);
}

void QuantiseCompare::showParts(const workbench::VersionQuality& quality) {
    struct Part {
        double bits = 0, error = 0;
        int count = 0;
        std::map<std::string, int> types;
    };
    std::map<std::string, Part> parts;
    for (const auto& tensor : quality.tensors) {
        const auto type = dtypeFromName(tensor.to);
        if (!type || *type == DType::F32)
            continue; // vectors
        const auto& traits = traitsOf(*type);
        Part& part = parts[workbench::tensorPart(tensor.name)];
        part.bits += 8.0 * double(traits.blockBytes) / double(traits.blockSize);
        part.error += tensor.error;
        ++part.count;
        ++part.types[tensor.to];
    }
    std::vector<PartBars::Bar> bars;
    double most = 1;
    for (const auto& [name, part] : parts)
        most = std::max(most, part.bits / part.count);
    for (const auto& [name, part] : parts) {
        const auto usual = std::max_element(part.types.begin(), part.types.end(),
                                            [](const auto& a, const auto& b) { return a.second < b.second; });
        const double bits = part.bits / part.count;
        bars.push_back(
            {QString::fromStdString(name),
             QString::fromStdString(usual->first) + QStringLiteral(" · ") + small(part.error / part.count),
             bits / std::max(most, 8.5), bits > 5.6});
    }
    m_parts->setBars(std::move(bars));
    m_partsTitle->setVisible(!parts.empty());
}

void QuantiseCompare::ask() {
    const QString prompt = m_prompt->text().trimmed();
    if (!canAsk() || prompt.isEmpty() || m_ask != 0)
        return;
    m_error->clear();
    m_askButton->setEnabled(false);
    m_progress->setText(tr("Asking both versions"));
    m_progress->setFraction(-1);
    m_progress->show();
    workbench::Job job;
    job.kind = workbench::JobKind::Ask;
    job.title = m_bridge.modelOfVersion(m_version)->name;
    job.version = m_version;
    job.request =
        nlohmann::json{{"versions", {reference()->id, m_version}}, {"prompt", prompt.toStdString()}}.dump(
            -1, ' ', false, nlohmann::json::error_handler_t::replace);
    m_ask = -1;
    m_bridge.addJob(std::move(job), this, [this, asked = m_version](const Result<workbench::JobId>& id) {
        if (asked != m_version)
            return; // another version is compared now
        m_ask = id.value_or(0);
        if (id)
            return followAsking();
        m_progress->hide();
        m_askButton->setEnabled(canAsk());
        m_error->showError(id.error());
    });
}

void QuantiseCompare::followAsking() {
    if (m_ask <= 0)
        return;
    const auto* job = m_bridge.job(m_ask);
    if (!job || !(workbench::isOver(job->state) || job->state == workbench::JobState::Interrupted))
        return;
    m_progress->hide();
    m_answered = std::exchange(m_ask, 0);
    m_askButton->setEnabled(canAsk());
    if (job->error)
        return m_error->showError(*job->error);
    showAnswers();
}

void QuantiseCompare::showAnswers() {
    const auto* job = m_bridge.job(m_answered);
    if (!job)
        return;
    const auto result = nlohmann::json::parse(job->result, nullptr, false);
    if (!result.is_object() || !result.contains("answers") || result["answers"].size() != 2)
        return;
    const auto fill = [&](const nlohmann::json& answer, TextLabel* name, TextLabel* text, bool source) {
        const auto* version = m_bridge.version(answer.value("version", 0LL));
        const QString label = version ? QString::fromStdString(version->label) : QString();
        const QString who = source ? tr("source · %1").arg(label) : label;
        const double speed = answer.value("tokens_per_second", 0.0);
        name->setText(speed > 0 ? who + QStringLiteral(" · ") + tr("%1 t/s").arg(humanRate(speed)) : who);
        const QString said = QString::fromStdString(answer.value("text", ""));
        text->setText(said.trimmed().isEmpty() ? tr("(no words)") : breakable(said));
    };
    fill(result["answers"][0], m_leftName, m_left, true);
    fill(result["answers"][1], m_rightName, m_right, false);
    m_answers->show();
}

} // namespace hearth::gui
