#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace hearth::optimize {

/// Inside of optimize/measure: what a calibration has gathered after some chunks, kept so that an interrupted
/// one goes on with the same sums, bit for bit. A value.
///
/// File layout, little-endian: 8 bytes "HEARTHIS"; u64 length and bytes of the work's name; u64 chunks done;
/// u64 tensors; for each: u64 length and bytes of its name, u64 columns, u64 matrices, f64 squares
/// [matrices][columns], f64 counts [matrices]; at the end 32 bytes SHA-256 of all that.
struct KeptSums {
    struct Tensor {
        std::size_t cols = 0;
        std::vector<double> squares, counts; ///< [matrices][cols], [matrices]
    };
    std::size_t chunks = 0;
    std::map<std::string, Tensor> tensors;

    /// nullopt when there is no such file, it is damaged, or of another work: then everything begins anew.
    [[nodiscard]] static std::optional<KeptSums> read(const std::filesystem::path& path,
                                                      const std::string& work);
    /// Atomic and durable. Errors: file.*.
    [[nodiscard]] Result<void> write(const std::filesystem::path& path, const std::string& work) const;
};

} // namespace hearth::optimize
