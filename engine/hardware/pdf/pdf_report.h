#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/error.h"
#include "engine/hardware/report/report.h"

namespace hearth::hardware {

/// The report as a PDF on A4: text with its fonts embedded (Chinese too, where the system has a font for it)
/// and plots as vectors. Needs no screen: where the program has no QGuiApplication, one is made for the call
/// on Qt's "offscreen" platform, so the call is confined to the main thread then. Errors: report.pdf_failed.
[[nodiscard]] Result<std::string> pdfReport(const nlohmann::ordered_json& report, Language language);

} // namespace hearth::hardware
