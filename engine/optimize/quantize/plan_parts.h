#pragma once

#include <optional>
#include <regex>
#include <span>
#include <string>
#include <vector>

#include "engine/optimize/quantize/plan.h"

namespace hearth::optimize {

/// Inside of optimize/quantize: what both ways of planning share.

/// The person's own rules, compiled. Confined to one thread.
class RuleSet {
public:
    /// Errors: quantize.bad_expression, quantize.unsupported_type.
    [[nodiscard]] static Result<RuleSet> compile(std::span<const TypeRule> rules);
    /// The type that the first matching rule gives.
    [[nodiscard]] std::optional<DType> find(const std::string& name);
    /// Errors: quantize.rule_unused.
    [[nodiscard]] Result<void> allUsed() const;

private:
    struct Compiled {
        std::regex expression;
        TypeRule rule;
        bool used;
    };
    std::vector<Compiled> m_rules;
};

/// Every tensor as it is, but vectors as float32.
[[nodiscard]] QuantizePlan sourcePlan(const format::GgufFile& source);

} // namespace hearth::optimize
