#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/base/thread_pool.h"
#include "engine/tensor/dtype.h"

namespace hearth::format {
class GgufFile;
}

namespace hearth::optimize {

class ImportanceMatrix;

/// What one tensor of the source becomes.
struct PlannedTensor {
    std::string name;
    std::vector<std::uint64_t> shape; ///< shape[0] is contiguous
    DType from = DType::F32, to = DType::F32;
    std::uint64_t bytes = 0; ///< in type `to`

    [[nodiscard]] std::uint64_t rows() const;
    /// Matrices in it: the number of experts, or 1.
    [[nodiscard]] std::uint64_t matrices() const { return shape.size() > 2 ? shape[2] : 1; }
    /// Whether its type is a choice. Vectors and the routers of expert models are small and matter, and
    /// integers are no weights.
    [[nodiscard]] bool quantizable() const;
};

/// The type of every tensor of a file, in file order. A value: editors change `tensors[i].to` through
/// setType() and show bytes().
struct QuantizePlan {
    std::string label;                    ///< "Q4_K_M", "Q4_K_M with own types", "at most 4.0 GiB"
    std::uint32_t fileType = 0;           ///< general.file_type
    std::optional<std::string> modelName; ///< replaces general.name
    bool allowLossySource = false;        ///< quantise again what has less than eight bits
    std::vector<PlannedTensor> tensors;

    /// Tensor data of the file to be written, padding not counted.
    [[nodiscard]] std::uint64_t bytes() const;
    /// Bits of a parameter in the tensors.
    [[nodiscard]] double bitsPerWeight() const;
    /// Gives tensor `index` a type, or the nearest that its rows can have; nothing when it is not
    /// quantizable.
    void setType(std::size_t index, DType type);
};

/// Fewer bits than eight, so that writing other codes for it loses twice.
[[nodiscard]] bool isLowBit(DType type);

/// "Every tensor whose name contains a match of this expression gets this type."
struct TypeRule {
    std::string expression; ///< ECMAScript syntax
    DType type;
};

struct PlanRequest {
    std::string mix = "Q4_K_M";       ///< a name of format::quantMixes()
    std::vector<TypeRule> rules = {}; ///< the first that matches decides, before the mix
    bool allowLossySource = false;    ///< see QuantizePlan
};

/// Types by a preset mix and rules of the person's own. Vectors and routers stay float32 whatever a rule
/// says; integer tensors stay as they are. Errors: quantize.unknown_mix (args mix, known),
/// quantize.bad_expression (arg expression), quantize.unsupported_type (arg type), quantize.rule_unused (a
/// rule that decides no tensor's type; arg expression).
[[nodiscard]] Result<QuantizePlan> planQuantization(const format::GgufFile& source,
                                                    const PlanRequest& request);

struct BudgetRequest {
    std::uint64_t bytes = 0;          ///< of the whole file to be written
    std::vector<TypeRule> rules = {}; ///< tensors with a fixed type; the rest share what is left
    bool allowLossySource = false;    ///< see QuantizePlan
};

/// Mixed precision under a size: measures for every tensor what each type costs in accuracy (the error of the
/// tensor's output relative to the output's size, on a sample of rows, weighted with `importance` when there
/// is one), starts with the smallest type everywhere and spends the budget where a byte gains most.
/// Progress phase "quantize.measure", in tensors. Errors: those of planQuantization,
/// quantize.budget_too_small (args needed_bytes, budget_bytes), quantize.importance_mismatch, base.cancelled.
[[nodiscard]] Result<QuantizePlan> planForBudget(const format::GgufFile& source, const BudgetRequest& request,
                                                 const ImportanceMatrix* importance, ThreadPool& pool,
                                                 std::stop_token stop = {},
                                                 const ProgressSink& progress = {});

} // namespace hearth::optimize
