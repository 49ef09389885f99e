#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/hardware/predict/predict.h"

namespace hearth::hardware {

/// The English sentence of a formula's code with its arguments put in; the code itself when it is not known.
/// Codes and their arguments:
///   weights_bits (parameters, bits), kv_layers (layers, heads, cell, positions),
///   kv_windowed (as kv_layers, and windowed_layers, windowed_positions), buffers (rows, positions, tokens),
///   scratch (threads), tokens_bytes (tokens, bytes); stream (gigabytes, rate), cells_bytes (cells, bytes),
///   forks (count, micros), elements (count), tokens_time (tokens, millis), cells_products (cells, products),
///   last_logits.
[[nodiscard]] std::string formulaText(std::string_view code,
                                      const std::vector<std::pair<std::string, std::string>>& args);

/// A term with its formula in both forms.
[[nodiscard]] Term makeTerm(std::string name, std::string code,
                            std::vector<std::pair<std::string, std::string>> args, double amount);

} // namespace hearth::hardware
