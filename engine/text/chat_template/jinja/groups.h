#pragma once

#include "engine/text/chat_template/jinja/value.h"

namespace hearth::text::jinja {

/// An item of the filter groupby: a tuple of two whose parts also have the names `grouper` and `list`.
struct Group : List {};

} // namespace hearth::text::jinja
