#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/base/thread_pool.h"
#include "engine/optimize/quantize/plan.h"
#include "engine/tensor/dtype.h"

namespace hearth::optimize {

class ImportanceMatrix;

/// Whether quantizeRows can write `type`: F32, F16, BF16, Q8_0, Q6_K, Q5_K, Q5_1, Q5_0, Q4_K, Q4_1, Q4_0,
/// IQ4_NL, IQ4_XS, Q3_K, Q2_K.
[[nodiscard]] bool canQuantize(DType type);

/// Encodes whole rows of `cols` float32 values in the file layout of `type` (tensor/blocks.h).
///
/// `importance`, when not empty, is one non-negative weight per column (the mean square of the activations
/// that meet it): the error of a value counts importance · √(mean square of the row + value²). Without it an
/// error counts √(mean square) + |value|. Scales are found by a search over a grid and refined together with
/// the codes; the result never depends on the number of threads or on the instruction set.
///
/// `values` is [rows][cols], `out` exactly bytesFor(type, values.size()) bytes. Thread-safe; no allocation.
/// Errors: quantize.unsupported_type (arg type), quantize.partial_block (args type, cols), quantize.bad_size,
/// quantize.not_finite (a NaN or infinity; arg index), quantize.out_of_range (beyond float16, which every
/// type but F32 and BF16 needs; arg index).
[[nodiscard]] Result<void> quantizeRows(DType type, std::span<const float> values, std::size_t cols,
                                        std::span<const float> importance, std::span<std::byte> out);

/// What a written file is like, tensor by tensor in file order.
struct QuantizeReport {
    struct Tensor {
        std::string name;
        DType from, to;
        std::uint64_t bytes = 0; ///< as written
        /// Σ(written − source)² / Σ source², 0 for a copy.
        double weightError = 0;
    };
    std::vector<Tensor> tensors;
    std::uint64_t bytesBefore = 0, bytesAfter = 0; ///< whole files
    std::uint64_t bytesRead = 0, bytesWritten = 0; ///< of tensors, by this run
    std::uint64_t parameters = 0;
    double seconds = 0;
    std::size_t resumedTensors = 0; ///< that an interrupted run had left
    /// Bits of a parameter in the tensors written.
    [[nodiscard]] double bitsPerWeight() const;
};

/// What happens with a file that is not finished, because of a stop, an error or a kill.
enum class Unfinished {
    Discard, ///< nothing is left
    Keep     ///< whole tensors stay in "TARGET.part", and the same call goes on after them
};

/// Writes `source` again with the types of `plan` (see planQuantization) to `target`, in one pass over the
/// tensors; memory stays below a few dozen MiB beside the page cache. The target appears whole or not at
/// all. Metadata is copied, with general.file_type, general.quantization_version and, when the plan has one,
/// general.name replaced, and quantize.imatrix.* telling about the importance matrix.
///
/// `importance` may be null. `pool` computes; the caller's thread writes. Progress phase "quantize", in bytes
/// of the source. A stop takes effect within a few MiB.
///
/// Errors: quantize.same_file (the target is a file of the source), quantize.bad_plan (plan and source do not
/// belong together), quantize.lossy_source (a tensor would be quantised again from less than eight bits and
/// the plan does not allow it; args tensor, type), quantize.not_finite and quantize.out_of_range (arg
/// tensor), quantize.importance_mismatch (args tensor, expected, found), file.disk_full (args needed_bytes,
/// available_bytes) before anything is written, quantize.in_use (arg path, when resuming), base.cancelled,
/// and those of GgufFile and GgufWriter.
[[nodiscard]] Result<QuantizeReport>
quantizeFile(const std::filesystem::path& source, const std::filesystem::path& target,
             const QuantizePlan& plan, const ImportanceMatrix* importance, ThreadPool& pool,
             std::stop_token stop = {}, const ProgressSink& progress = {},
             Unfinished unfinished = Unfinished::Discard);

/// Removes what an interrupted run with Unfinished::Keep left beside `target`.
void discardUnfinished(const std::filesystem::path& target);
/// What an unfinished run of this target takes on the disk; 0 = there is none.
[[nodiscard]] std::uint64_t unfinishedBytes(const std::filesystem::path& target);
/// Whether it left something that could be gone on with.
[[nodiscard]] bool hasUnfinished(const std::filesystem::path& target);

} // namespace hearth::optimize
