#include "gui/pages/chat_parameter_lists.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include <QEvent>

#include "engine/sampling/sampling_ranges.h"
#include "engine/sampling/stop_matcher.h"
#include "gui/widgets/error_text.h"

namespace hearth::gui {

namespace {

QString escaped(const std::string& text) {
    QString out = QString::fromStdString(text);
    out.replace(QLatin1Char('\\'), QStringLiteral("\\\\"));
    out.replace(QLatin1Char('\n'), QStringLiteral("\\n"));
    out.replace(QLatin1Char('\t'), QStringLiteral("\\t"));
    return out;
}

std::string unescaped(const QString& typed) {
    QString out;
    for (qsizetype i = 0; i < typed.size(); ++i) {
        const QChar next = i + 1 < typed.size() ? typed[i + 1] : QChar();
        const bool escape =
            typed[i] == QLatin1Char('\\') &&
            (next == QLatin1Char('n') || next == QLatin1Char('t') || next == QLatin1Char('\\'));
        out += !escape                    ? typed[i]
               : next == QLatin1Char('n') ? QLatin1Char('\n')
               : next == QLatin1Char('t') ? QLatin1Char('\t')
                                          : next;
        i += escape;
    }
    return out.toStdString();
}

EntryList::Numbers biasRange() {
    const auto* range = sampling::fieldRange("logitBias");
    return {range->minimum, range->maximum, range->step};
}

QString named(const workbench::TokenInfo& token) {
    return QStringLiteral("“%1” %2").arg(escaped(token.text)).arg(token.id);
}

} // namespace

StopList::StopList(Theme& theme, QWidget* parent) : EntryList(theme, std::nullopt, parent) {
    connect(this, &EntryList::addAsked, this, &StopList::add);
    connect(this, &EntryList::removeAsked, this, [this](int entry) {
        m_stops.erase(m_stops.begin() + entry);
        showEntries();
        Q_EMIT changed();
    });
    retranslate();
}

void StopList::setStops(std::vector<std::string> stops) {
    if (stops == m_stops)
        return; // the rows stay, and the keyboard where it is
    m_stops = std::move(stops);
    showEntries();
}

void StopList::add(const QString& typed) {
    const std::string stop = unescaped(typed);
    if (std::find(m_stops.begin(), m_stops.end(), stop) != m_stops.end()) {
        showProblem(tr("This text is in the list already."));
        return;
    }
    std::vector<std::string> next = m_stops;
    next.push_back(stop);
    if (const auto checked = sampling::StopMatcher::create(next); !checked) { // the engine's own rule
        const ErrorText words = errorText(checked.error());
        showProblem(words.title + QLatin1String(". ") + words.explanation);
        return;
    }
    m_stops = std::move(next);
    clearField();
    showEntries();
    Q_EMIT changed();
}

void StopList::showEntries() {
    std::vector<Entry> entries;
    for (const std::string& stop : m_stops)
        entries.push_back({escaped(stop)});
    setEntries(std::move(entries));
}

void StopList::retranslate() {
    setTexts(tr("Stop texts"),
             tr("An answer ends before it would say one of these. \\n stands for the end of a line."),
             tr("Text that ends the answer"));
}

void StopList::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    EntryList::changeEvent(event);
}

BiasList::BiasList(Theme& theme, EngineBridge& engine, QWidget* parent)
    : EntryList(theme, biasRange(), parent), m_engine(engine) {
    connect(this, &EntryList::addAsked, this, &BiasList::add);
    connect(this, &EntryList::removeAsked, this, [this](int entry) {
        m_biases.erase(idAt(entry));
        showEntries();
        Q_EMIT changed();
    });
    connect(this, &EntryList::numberChanged, this, [this](int entry, double number) {
        m_biases[idAt(entry)] = static_cast<float>(number);
        Q_EMIT changed();
    });
    connect(&engine, &EngineBridge::loaded, this, &BiasList::learnNames);
    connect(&engine, &EngineBridge::modelChanged, this, [this] {
        if (!m_engine.model() && !m_names.empty()) {
            m_names.clear(); // another model calls its tokens otherwise
            showEntries();
        }
    });
    retranslate();
}

void BiasList::setBiases(Biases biases) {
    if (biases == m_biases)
        return;
    m_biases = std::move(biases);
    showEntries();
    learnNames();
}

void BiasList::forgetTyped() {
    ++m_asked;
    clearField();
}

sampling::TokenId BiasList::idAt(int entry) const {
    return std::next(m_biases.begin(), entry)->first;
}

void BiasList::add(const QString& typed) {
    const quint64 asked = ++m_asked;
    bool isNumber = false;
    const int id = typed.trimmed().toInt(&isNumber);
    if (!m_engine.model()) {
        if (isNumber && id >= 0)
            addToken(id, typed);
        else
            showProblem(tr("Which token a text is depends on the model. Open one first, or give the token's "
                           "number."));
        return;
    }
    const auto done = [this, asked, typed, isNumber](const EngineBridge::Tokens& tokens) {
        if (asked == m_asked)
            take(tokens, typed, isNumber);
    };
    if (isNumber) {
        m_engine.findTokens(this, std::vector<runtime::TokenId>{id}, done);
        return;
    }
    const bool quoted =
        typed.size() > 2 && typed.startsWith(QLatin1Char('"')) && typed.endsWith(QLatin1Char('"'));
    const QString text = quoted ? typed.mid(1, typed.size() - 2) : typed;
    m_engine.findTokens(this, QString::fromStdString(unescaped(text)), done);
    if (m_engine.isAnswering())
        showProblem(tr("It is looked up when the answer is done."));
}

void BiasList::take(const EngineBridge::Tokens& tokens, const QString& typed, bool byNumber) {
    if (!tokens) {
        showProblem(errorText(tokens.error()).title);
    } else if (tokens->empty()) {
        showProblem(byNumber ? tr("The model has no token of this number.") : tr("This text is no token."));
    } else if (tokens->size() > 1) {
        QStringList names;
        for (std::size_t i = 0; i < std::min<std::size_t>(tokens->size(), 8); ++i)
            names << named((*tokens)[i]);
        showProblem(tr("This model reads that as %n token(s). Give one of them by its number: %1", nullptr,
                       static_cast<int>(tokens->size()))
                        .arg(names.join(QStringLiteral(" · "))));
    } else {
        m_names[tokens->front().id] = named(tokens->front());
        addToken(tokens->front().id, typed);
    }
}

void BiasList::addToken(sampling::TokenId id, const QString& typed) {
    if (m_biases.contains(id)) {
        showProblem(tr("This token is in the list already."));
        return;
    }
    if (m_biases.size() >= sampling::kMaxLogitBiases) {
        showProblem(tr("The list is full."));
        return;
    }
    m_biases[id] = kFirst;
    clearField(typed);
    showEntries();
    Q_EMIT changed();
}

void BiasList::learnNames() {
    m_names.clear();
    if (m_biases.empty() || !m_engine.model())
        return;
    std::vector<runtime::TokenId> ids;
    for (const auto& [id, bias] : m_biases)
        ids.push_back(id);
    m_engine.findTokens(this, std::move(ids), [this](const EngineBridge::Tokens& tokens) {
        if (!tokens)
            return; // the numbers stay
        for (const auto& token : *tokens)
            m_names[token.id] = named(token);
        showEntries();
    });
}

void BiasList::showEntries() {
    std::vector<Entry> entries;
    for (const auto& [id, bias] : m_biases) {
        const auto name = m_names.find(id);
        entries.push_back(
            {name != m_names.end() ? name->second : tr("Token %1").arg(id), static_cast<double>(bias)});
    }
    setEntries(std::move(entries));
}

void BiasList::retranslate() {
    setTexts(tr("Bias of single tokens"),
             tr("Added to a token's value before one is drawn: −100 never says it, small numbers make it "
                "rarer or likelier. Give a text that is one token, \" so\" with its blank, or a number."),
             tr("Token or its number"));
    showEntries();
}

void BiasList::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    EntryList::changeEvent(event);
}

} // namespace hearth::gui
