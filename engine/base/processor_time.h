#pragma once

namespace hearth {

/// Seconds that all threads of this process have had a processor so far.
[[nodiscard]] double processorSeconds();

} // namespace hearth
