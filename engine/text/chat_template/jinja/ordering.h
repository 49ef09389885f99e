#pragma once

#include <vector>

#include "engine/text/chat_template/jinja/value.h"

namespace hearth::text::jinja {

/// sorted(values) by keys of the same number; stable, also when reversed. Raises what comparing raises.
[[nodiscard]] std::vector<Value> sortedBy(Run& run, const std::vector<Value>& values,
                                          const std::vector<Value>& keys, bool reverse);

/// dict.update(source): from a dict or an iterable of pairs.
void mergeInto(Run& run, Dict& target, const Value& source);

} // namespace hearth::text::jinja
