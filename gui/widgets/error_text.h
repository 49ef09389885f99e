#pragma once

#include <string_view>

#include <QString>

#include "engine/base/error.h"

namespace hearth::gui {

/// An engine error in a person's words, in the language in force: what failed, why with the numbers, what to
/// do. `advice` may be empty.
struct ErrorText {
    QString title, explanation, advice;
};

/// Every code the engine makes has its sentence (tests/gui/test_error_text.cpp reads the sources and checks).
/// A code that is unknown here still gets a title and its technical detail. Paths, sizes and counts come from
/// Error::args. Never fails.
[[nodiscard]] ErrorText errorText(const Error& error);

/// True when errorText() has a sentence of its own for the code.
[[nodiscard]] bool hasErrorText(std::string_view code);

} // namespace hearth::gui
