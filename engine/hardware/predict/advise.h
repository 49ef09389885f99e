#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/hardware/predict/catalogue.h"
#include "engine/hardware/predict/predict.h"

namespace hearth::hardware {

/// What a graphics card would add: never measured, since this engine does not compute on it.
struct OffloadEstimate {
    std::string gpu;      ///< its name, or that of several
    double share = 0;     ///< of the weights on it
    double decodeTps = 0; ///< tokens per second
};

/// A row of the fit matrix: one model in one quantisation.
struct FitRow {
    const CatalogueEntry* entry = nullptr; ///< of the catalogue given, which must outlive this
    Prediction prediction;
    std::optional<OffloadEstimate> gpu = {}; ///< with the cards of this machine, where there are any
};

/// The quantisations that the matrix and the recommendations look at, finest first.
[[nodiscard]] std::span<const std::string_view> usualQuantisations();

/// All models × usual quantisations; with a purpose, of the models that name it.
[[nodiscard]] Result<std::vector<FitRow>> fitMatrix(Predictor& predictor, const Catalogue& catalogue,
                                                    const PredictOptions& options = {},
                                                    std::optional<Purpose> purpose = {});

/// Positions that models for long documents are recommended with, at least, where they have as many.
inline constexpr std::size_t kLongContext = 32768;

/// The best for a purpose, best first, one quantisation a model, at most `count`: models that name the
/// purpose, fit and answer at reading speed; more active and total parameters first, then the finest
/// quantisation that is comfortable. Empty when nothing fits.
[[nodiscard]] std::vector<FitRow> recommend(std::span<const FitRow> rows, Purpose purpose,
                                            std::size_t count = 3);

/// What would help, with what it would bring for one model.
struct Upgrade {
    std::string code;                                        ///< "memory", "bandwidth", "ssd", "gpu"
    std::vector<std::pair<std::string, std::string>> args;   ///< "bytes", "gbps", "name", …
    double decodeGain = 1, loadGain = 1;                     ///< factors on the speeds of the prediction
    std::uint64_t memoryBytes = 0;                           ///< that would be there, "memory" and "gpu"
    std::string largestModel = {}, largestQuantisation = {}; ///< that would fit comfortably, with at least
                                                             ///< four bits ("memory", "gpu")
    bool estimated = true; ///< never measured: the window says "estimated, not measured"
};

/// For a model of the matrix, or for the best recommended one. GPUs: sizes that are sold (8, 12, 16, 24, 48
/// GB), by the share of the weights that fits and the bandwidth of the data sheets of their class.
[[nodiscard]] Result<std::vector<Upgrade>> whatWouldHelp(Predictor& predictor, const Catalogue& catalogue,
                                                         const ModelShape& shape,
                                                         const PredictOptions& options = {});

/// Offload to a GPU with this memory and bandwidth, weights that do not fit staying on the processor.
/// Estimated from the bytes read per token and kGpuEfficiency of the data sheet's bandwidth. Nothing (share
/// 0) without a prediction of the processor's speed, or where there is no room.
[[nodiscard]] OffloadEstimate offload(const Prediction& prediction, std::uint64_t gpuBytes,
                                      double gpuBytesPerSecond);
/// Bandwidth of a common card of this size, for one that does not tell its own.
[[nodiscard]] double usualGpuBandwidth(std::uint64_t gpuBytes);

} // namespace hearth::hardware
