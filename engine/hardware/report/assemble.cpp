#include <algorithm>

#include "engine/hardware/report/report.h"

namespace hearth::hardware {

namespace {

constexpr std::size_t kRunsShown = 20;
constexpr const char* kUpgradeQuantisation = "Q4_K_M";

} // namespace

Result<ReportContent> assemble(HardwareProfile profile, const Measurement& measurement,
                               const Catalogue& catalogue, const RunHistory& runs,
                               const PredictOptions& options) {
    ReportContent out;
    const MemoryRoom room{profile.memory.availableBytes.valueOr(0), profile.memory.totalBytes.valueOr(0)};
    Predictor predictor(measurement, room);
    HEARTH_TRY(out.matrix, fitMatrix(predictor, catalogue, options));
    const Correction correction = runs.correction(measurement.fingerprint);
    for (FitRow& row : out.matrix)
        apply(correction, row.prediction);
    for (const Purpose purpose : {Purpose::Chat, Purpose::Translation, Purpose::Classification, Purpose::Code,
                                  Purpose::LongDocuments})
        for (FitRow& row : recommend(out.matrix, purpose))
            out.recommendations.emplace_back(purpose, std::move(row));
    if (!out.recommendations.empty()) {
        const CatalogueEntry& best = *out.recommendations.front().second.entry;
        HEARTH_TRY(const ModelShape shape, quantised(best.shape, kUpgradeQuantisation));
        HEARTH_TRY(out.upgrades, whatWouldHelp(predictor, catalogue, shape, options));
        out.upgradesFor = best.name + " " + kUpgradeQuantisation;
    }
    const auto& all = runs.all();
    out.runs.assign(all.end() - static_cast<std::ptrdiff_t>(std::min(kRunsShown, all.size())), all.end());
    out.profile = std::move(profile);
    out.measurement = measurement;
    out.catalogueDate = catalogue.date();
    out.version = measurement.version;
    out.time = measurement.time;
    return out;
}

} // namespace hearth::hardware
