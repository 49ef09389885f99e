#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace hearth::optimize {

/// How much each input column of each weight matrix matters: sums of squares of the activations that met it,
/// gathered over a calibration text (optimize/measure/calibrate.h). A value.
///
/// File layout: a GGUF whose `general.type` is "imatrix", with `imatrix.datasets` (strings),
/// `imatrix.chunk_count` and `imatrix.chunk_size` (u32), and for every matrix NAME the float32 tensors
/// "NAME.in_sum2" [cols, matrices] and "NAME.counts" [1, matrices]; `matrices` is the number of experts, or
/// 1. The field's tools read and write the same.
class ImportanceMatrix {
public:
    struct Entry {
        std::size_t cols = 0;
        std::vector<float> sums;   ///< [matrices][cols], of squares
        std::vector<float> counts; ///< [matrices], activations seen
    };
    std::map<std::string, Entry, std::less<>> entries; ///< by tensor name
    std::vector<std::string> datasets;                 ///< what the text was, for the record
    std::uint32_t chunks = 0, chunkTokens = 0;
    std::string file; ///< its own name, set by read(); goes into the metadata of what is quantised with it

    /// Errors: file.*, gguf.*, importance.not_a_matrix (the file is something else), importance.bad_entry
    /// (arg tensor: shapes that do not belong together, a negative or non-finite value).
    [[nodiscard]] static Result<ImportanceMatrix> read(const std::filesystem::path& path);
    /// Atomic. Errors: those of GgufWriter.
    [[nodiscard]] Result<void> write(const std::filesystem::path& path) const;

    /// Mean squares of the columns that meet matrix `index` of tensor `name`, for quantizeRows. Columns that
    /// were never met get a small share of the mean, so that they still count. `scratch` holds the result.
    /// Empty when the matrix was not seen at all (an expert that no token chose).
    [[nodiscard]] std::span<const float> columns(std::string_view name, std::size_t index,
                                                 std::vector<float>& scratch) const;
    /// Errors: quantize.importance_mismatch (args tensor, expected, found) when `name` is there with another
    /// number of columns or matrices.
    [[nodiscard]] Result<void> check(std::string_view name, std::size_t cols, std::size_t matrices) const;
};

} // namespace hearth::optimize
