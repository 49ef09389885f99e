#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace hearth::optimize {

/// What a run needs to go on as if it had never stopped. The batches follow from the step alone.
struct Checkpoint {
    std::string recipeHash;
    std::uint64_t step = 0; ///< steps done
    double seconds = 0;     ///< spent so far
    std::vector<float> parameters, firstMoment, secondMoment;
    std::vector<float> lossCurve; ///< mean training loss of every step done

    /// Writes atomically: after a crash the old checkpoint or the new one is there. Errors: file.disk_full,
    /// file.write_failed, file.unwritable.
    [[nodiscard]] Result<void> write(const std::filesystem::path& path) const;
    /// Errors: checkpoint.unreadable, checkpoint.corrupt (magic, sizes or checksum), checkpoint.other_recipe.
    [[nodiscard]] static Result<Checkpoint> read(const std::filesystem::path& path,
                                                 const std::string& recipeHash, std::size_t parameterCount);
};

} // namespace hearth::optimize
