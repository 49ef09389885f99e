#include "gui/pages/chat_sampling_fields.h"

#include <cmath>
#include <utility>

#include <QCoreApplication>

namespace hearth::gui {

namespace {

using P = sampling::SamplingParams;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(hearth::gui::ChatParameters)
};

bool always(const P&) {
    return true;
}
/// Mirostat takes the place of the truncations.
bool whenTruncated(const P& p) {
    return !p.mirostat;
}
bool withMirostat(const P& p) {
    return p.mirostat;
}
bool withPenalty(const P& p) {
    return p.repetitionPenalty != 1 || p.frequencyPenalty != 0 || p.presencePenalty != 0;
}
bool withDry(const P& p) {
    return p.dryMultiplier > 0;
}

SamplingField real(const char* name, float P::*field, bool (*counts)(const P&),
                   std::function<QString()> title, std::function<QString()> explanation) {
    return {name,
            [field](const P& p) { return static_cast<double>(p.*field); },
            [field](P& p, double value) { p.*field = static_cast<float>(value); },
            std::move(title),
            std::move(explanation),
            counts};
}

SamplingField whole(const char* name, std::int32_t P::*field, bool (*counts)(const P&),
                    std::function<QString()> title, std::function<QString()> explanation) {
    return {name,
            [field](const P& p) { return static_cast<double>(p.*field); },
            [field](P& p, double value) { p.*field = static_cast<std::int32_t>(std::lround(value)); },
            std::move(title),
            std::move(explanation),
            counts};
}

} // namespace

std::vector<SamplingField> samplingFields() {
    return {
        real(
            "temperature", &P::temperature, always, [] { return Words::tr("Temperature"); },
            [] {
                return Words::tr(
                    "How freely words are chosen. 0 always takes the likeliest; above 1 gets erratic.");
            }),
        real(
            "mirostatTau", &P::mirostatTau, withMirostat, [] { return Words::tr("Mirostat target (tau)"); },
            [] {
                return Words::tr(
                    "How surprising the text shall be on average, in bits. Low is focused, high is "
                    "varied; 5 is usual.");
            }),
        real(
            "mirostatEta", &P::mirostatEta, withMirostat, [] { return Words::tr("Mirostat rate (eta)"); },
            [] { return Words::tr("How fast it corrects itself after each token; 0.1 is usual."); }),
        whole(
            "topK", &P::topK, whenTruncated, [] { return Words::tr("Top-k"); },
            [] { return Words::tr("Only the k likeliest tokens may be chosen. 0 = no limit."); }),
        real(
            "topP", &P::topP, whenTruncated, [] { return Words::tr("Top-p"); },
            [] {
                return Words::tr(
                    "Only the likeliest tokens that together reach this probability. 1 = no limit.");
            }),
        real(
            "minP", &P::minP, whenTruncated, [] { return Words::tr("Min-p"); },
            [] {
                return Words::tr(
                    "Tokens less likely than this share of the likeliest are left out. 0 = off.");
            }),
        real(
            "typicalP", &P::typicalP, whenTruncated, [] { return Words::tr("Typical-p"); },
            [] { return Words::tr("Prefers tokens of average surprise. 1 = off."); }),
        real(
            "repetitionPenalty", &P::repetitionPenalty, always,
            [] { return Words::tr("Repetition penalty"); },
            [] { return Words::tr("Above 1 makes words that were just used less likely. 1 = off."); }),
        real(
            "frequencyPenalty", &P::frequencyPenalty, always, [] { return Words::tr("Frequency penalty"); },
            [] { return Words::tr("Grows with every use of a word. 0 = off."); }),
        real(
            "presencePenalty", &P::presencePenalty, always, [] { return Words::tr("Presence penalty"); },
            [] { return Words::tr("The same for every word that was used at all. 0 = off."); }),
        whole(
            "penaltyWindow", &P::penaltyWindow, withPenalty, [] { return Words::tr("Penalty window"); },
            [] { return Words::tr("How many of the last tokens the penalties look at. −1 = all."); }),
        real(
            "dryMultiplier", &P::dryMultiplier, always, [] { return Words::tr("DRY"); },
            [] { return Words::tr("Holds back whole phrases that would repeat. 0 = off; 0.8 is usual."); }),
        real(
            "dryBase", &P::dryBase, withDry, [] { return Words::tr("DRY base"); },
            [] {
                return Words::tr(
                    "How much harder each further token of a repeated phrase is held back; 1.75 is "
                    "usual.");
            }),
        whole(
            "dryAllowedLength", &P::dryAllowedLength, withDry, [] { return Words::tr("DRY allowed length"); },
            [] { return Words::tr("Phrases of up to this many tokens may repeat freely."); }),
        whole(
            "dryWindow", &P::dryWindow, withDry, [] { return Words::tr("DRY window"); },
            [] { return Words::tr("How many of the last tokens it looks for phrases in. −1 = all."); }),
    };
}

} // namespace hearth::gui
