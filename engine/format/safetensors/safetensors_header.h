#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/format/safetensors/safetensors_file.h"

namespace hearth::format {

/// Inside of format/safetensors: the JSON of a header as plain values, with offsets relative to the data.
struct SafetensorsHeader {
    std::vector<SafeTensor> tensors; ///< in the header's order; `offset` and `bytes` as its data_offsets say
    std::map<std::string, std::string> metadata;
};

/// Reads one entry at a time, so that a hostile header is refused at the first wrong value. Errors: those of
/// SafetensorsFile that concern the header; offsets count from the header's first byte.
[[nodiscard]] Result<SafetensorsHeader> parseSafetensorsHeader(std::string_view json);

} // namespace hearth::format
