#include <algorithm>

#include "engine/hardware/report/report.h"

namespace hearth::hardware {

namespace {

constexpr std::size_t kRunsShown = 20;
constexpr const char* kUpgradeQuantisation = "Q4_K_M";

} // namespace

std::optional<OffloadEstimate> offloadHere(const Prediction& prediction, const HardwareProfile& profile) {
    std::string names;
    std::uint64_t bytes = 0;
    double bandwidth = 0;
    for (const GpuInfo& gpu : profile.gpus) {
        if (gpu.kind != GpuInfo::Kind::Discrete || !gpu.memoryBytes)
            continue;
        const double own = gpu.memoryBandwidth ? *gpu.memoryBandwidth : usualGpuBandwidth(*gpu.memoryBytes);
        bandwidth = bytes == 0 ? own : std::min(bandwidth, own);
        bytes += *gpu.memoryBytes;
        names += (names.empty() ? "" : " + ") + gpu.name;
    }
    if (bytes == 0)
        return std::nullopt;
    OffloadEstimate estimate = offload(prediction, bytes, bandwidth);
    if (estimate.share <= 0)
        return std::nullopt;
    estimate.gpu = std::move(names);
    return estimate;
}

Result<ReportContent> assemble(HardwareProfile profile, const Measurement& measurement,
                               const Catalogue& catalogue, const RunHistory& runs,
                               const PredictOptions& options) {
    ReportContent out;
    const MemoryRoom room{profile.memory.availableBytes.valueOr(0), profile.memory.totalBytes.valueOr(0)};
    Predictor predictor(measurement, room);
    out.correction = runs.correction(measurement.fingerprint);
    predictor.correct(out.correction);
    HEARTH_TRY(out.matrix, fitMatrix(predictor, catalogue, options));
    for (FitRow& row : out.matrix)
        row.gpu = offloadHere(row.prediction, profile);
    const auto recommendFor = [&out](Purpose purpose, const std::vector<FitRow>& rows) {
        for (FitRow& row : recommend(rows, purpose))
            out.recommendations.emplace_back(purpose, std::move(row));
    };
    for (const Purpose purpose :
         {Purpose::Chat, Purpose::Translation, Purpose::Classification, Purpose::Code})
        recommendFor(purpose, out.matrix);
    PredictOptions longer = options;
    longer.context = std::max(options.context, kLongContext);
    HEARTH_TRY(auto rows, fitMatrix(predictor, catalogue, longer, Purpose::LongDocuments));
    for (FitRow& row : rows)
        row.gpu = offloadHere(row.prediction, profile);
    recommendFor(Purpose::LongDocuments, rows);
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
