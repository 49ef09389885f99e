#include "engine/hardware/predict/advise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace hearth::hardware {

namespace {

constexpr std::array<std::string_view, 6> kQuantisations{"Q8_0",   "Q6_K",   "Q5_K_M",
                                                         "Q4_K_M", "Q3_K_M", "Q2_K"};

/// Share of a data sheet's bandwidth that decoding reaches on graphics cards, and of memory that a program
/// can use of it.
constexpr double kGpuEfficiency = 0.65, kGpuUsable = 0.92;

struct GpuClass {
    std::uint64_t gigabytes;
    double bytesPerSecond; ///< of a common card of this size, by its data sheet
};
constexpr std::array kGpus{GpuClass{8, 272e9}, GpuClass{12, 360e9}, GpuClass{16, 448e9}, GpuClass{24, 936e9},
                           GpuClass{48, 960e9}};

/// Two channels of DDR5-6000, of which reading reaches four fifths.
constexpr double kFastMemory = 2 * 8 * 6000e6 * 0.8;
/// A usual NVMe disk.
constexpr double kNvme = 3e9;

/// How much a model can do, for putting them in order, without judging single ones: the geometric mean of the
/// parameters it has and those a token passes (experts count between), and newer ones of a size above older.
double strength(const CatalogueEntry& entry) {
    const double year =
        std::strtod(entry.released.c_str(), nullptr) +
        (entry.released.size() >= 7 ? std::strtod(entry.released.c_str() + 5, nullptr) / 12 : 0);
    return std::sqrt(static_cast<double>(entry.parameters) * static_cast<double>(entry.activeParameters)) *
           std::pow(1.5, year - 2024);
}

bool isFor(const CatalogueEntry& entry, Purpose purpose) {
    return std::find(entry.purposes.begin(), entry.purposes.end(), purpose) != entry.purposes.end();
}

std::size_t fineness(const Prediction& p) {
    const auto it = std::find(kQuantisations.begin(), kQuantisations.end(), p.quantisation);
    return static_cast<std::size_t>(kQuantisations.end() - it);
}

double termOf(const std::vector<Term>& terms, std::string_view name) {
    for (const Term& term : terms)
        if (term.name == name)
            return term.amount;
    return 0;
}

std::string number(double value) {
    return std::to_string(static_cast<std::uint64_t>(value));
}

/// The strongest model that would be comfortable with `bytes` available, by memory alone: speeds of hardware
/// that is not here are not known.
const FitRow* largestWithin(const std::vector<FitRow>& rows, double bytes) {
    const FitRow* best = nullptr;
    for (const FitRow& row : rows) {
        if (!row.entry->shape.runnable || static_cast<double>(row.prediction.memoryBytes) > bytes * 0.85 ||
            fineness(row.prediction) < 3) // nobody buys memory for less than four bits
            continue;
        if (!best || strength(*row.entry) > strength(*best->entry) ||
            (row.entry == best->entry && fineness(row.prediction) > fineness(best->prediction)))
            best = &row;
    }
    return best;
}

void nameLargest(Upgrade& upgrade, const std::vector<FitRow>& rows, double bytes) {
    if (const FitRow* row = largestWithin(rows, bytes)) {
        upgrade.largestModel = row->entry->name;
        upgrade.largestQuantisation = row->prediction.quantisation;
    }
}

} // namespace

std::span<const std::string_view> usualQuantisations() {
    return kQuantisations;
}

Result<std::vector<FitRow>> fitMatrix(Predictor& predictor, const Catalogue& catalogue,
                                      const PredictOptions& options, std::optional<Purpose> purpose) {
    std::vector<FitRow> rows;
    for (const CatalogueEntry& entry : catalogue.entries()) {
        if (purpose && !isFor(entry, *purpose))
            continue;
        for (const std::string_view quantisation : kQuantisations) {
            HEARTH_TRY(const ModelShape shape, quantised(entry.shape, quantisation));
            HEARTH_TRY(Prediction prediction, predictor.predict(shape, options));
            rows.push_back({&entry, std::move(prediction), {}});
        }
    }
    return rows;
}

std::vector<FitRow> recommend(std::span<const FitRow> rows, Purpose purpose, std::size_t count) {
    std::vector<FitRow> best; // one a model
    for (const FitRow& row : rows) {
        if (!isFor(*row.entry, purpose) || row.prediction.fit == Fit::DoesNotFit ||
            row.prediction.reason.code == "memory_total_only" ||
            row.prediction.reason.code == "memory_unknown" ||
            (row.prediction.decodeTps > 0 && row.prediction.decodeTps < kReadingSpeed))
            continue;
        const auto same =
            std::find_if(best.begin(), best.end(), [&](const FitRow& b) { return b.entry == row.entry; });
        if (same == best.end())
            best.push_back(row);
        else if (std::pair(row.prediction.fit == Fit::Comfortable, fineness(row.prediction)) >
                 std::pair(same->prediction.fit == Fit::Comfortable, fineness(same->prediction)))
            *same = row;
    }
    // Below four bits a smaller model at four bits is the better use of memory.
    std::erase_if(best, [](const FitRow& row) { return fineness(row.prediction) < 3; });
    std::stable_sort(best.begin(), best.end(), [](const FitRow& a, const FitRow& b) {
        return strength(*a.entry) > strength(*b.entry);
    });
    if (best.size() > count)
        best.resize(count);
    return best;
}

OffloadEstimate offload(const Prediction& prediction, std::uint64_t gpuBytes, double gpuBytesPerSecond) {
    OffloadEstimate out;
    const double weights = termOf(prediction.memory, "weights");
    const double rest = static_cast<double>(prediction.memoryBytes) - weights;
    const double room = static_cast<double>(gpuBytes) * kGpuUsable - rest;
    if (weights <= 0 || room <= 0 || prediction.decodeTps <= 0)
        return out;
    out.share = std::min(1.0, room / weights);
    // What the processor took for the weights goes over in proportion; the card reads its share at its own
    // bandwidth. Experts that a token does not pass are not read.
    const double seconds = 1 / prediction.decodeTps, streaming = termOf(prediction.decode, "weights");
    const double readBytes = prediction.streamedBytes;
    const double onCard = out.share * readBytes / (gpuBytesPerSecond * kGpuEfficiency);
    const double stays = (1 - out.share) * streaming + (out.share < 1 ? seconds - streaming : 0);
    out.decodeTps = 1 / (onCard + stays);
    return out;
}

double usualGpuBandwidth(std::uint64_t gpuBytes) {
    double best = kGpus.front().bytesPerSecond;
    for (const GpuClass& gpu : kGpus)
        if (gpuBytes + 500'000'000 >= gpu.gigabytes * 1'000'000'000)
            best = gpu.bytesPerSecond;
    return best;
}

Result<std::vector<Upgrade>> whatWouldHelp(Predictor& predictor, const Catalogue& catalogue,
                                           const ModelShape& shape, const PredictOptions& options) {
    HEARTH_TRY(const Prediction now, predictor.predict(shape, options));
    HEARTH_TRY(const auto rows, fitMatrix(predictor, catalogue, options));
    const MemoryRoom room = predictor.room();
    std::vector<Upgrade> out;

    // Memory: twice what is there, in the sizes that modules have.
    const double bytes = std::exp2(std::ceil(std::log2(static_cast<double>(room.totalBytes) * 1.5)));
    Upgrade memory{.code = "memory", .args = {{"bytes", number(bytes)}}};
    memory.memoryBytes = static_cast<std::uint64_t>(bytes);
    nameLargest(memory, rows,
                bytes - static_cast<double>(room.totalBytes) + static_cast<double>(room.availableBytes));
    out.push_back(memory);

    const double bandwidth = predictor.measurement().readBandwidth();
    if (bandwidth > 0 && bandwidth < kFastMemory && now.decodeTps > 0) {
        // Only the streaming of weights gains.
        const double seconds = 1 / now.decodeTps, streaming = termOf(now.decode, "weights");
        Upgrade faster{.code = "bandwidth", .args = {{"gbps", number(kFastMemory / 1e9)}}};
        faster.decodeGain = seconds / (seconds - streaming + streaming * bandwidth / kFastMemory);
        out.push_back(faster);
    }
    for (const DiskRate& disk : predictor.measurement().disks)
        if (disk.role == "models" && disk.sequentialBytesPerSecond < kNvme / 2 && now.loadSeconds) {
            const double reading = static_cast<double>(now.fileBytes) / disk.sequentialBytesPerSecond;
            Upgrade ssd{.code = "ssd", .args = {{"gbps", number(kNvme / 1e9)}}};
            ssd.loadGain =
                *now.loadSeconds / (*now.loadSeconds - reading + static_cast<double>(now.fileBytes) / kNvme);
            out.push_back(ssd);
        }
    for (const GpuClass& gpu : kGpus) {
        const std::uint64_t size = gpu.gigabytes * 1'000'000'000;
        const OffloadEstimate estimate = offload(now, size, gpu.bytesPerSecond);
        if (estimate.decodeTps <= now.decodeTps)
            continue;
        Upgrade card{.code = "gpu",
                     .args = {{"bytes", std::to_string(size)},
                              {"gbps", number(gpu.bytesPerSecond / 1e9)},
                              {"percent", number(100 * estimate.share)},
                              {"tps", number(estimate.decodeTps)}}};
        card.decodeGain = estimate.decodeTps / now.decodeTps;
        card.memoryBytes = size;
        nameLargest(card, rows, static_cast<double>(size) * kGpuUsable);
        out.push_back(card);
    }
    return out;
}

} // namespace hearth::hardware
