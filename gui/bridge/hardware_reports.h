#pragma once

#include <filesystem>
#include <memory>

#include "gui/bridge/hardware_bridge.h"

namespace hearth::gui {

/// Files of reports, for the hardware thread only.

/// Errors: file.*, crypto.*, report.malformed, pdf.failed.
[[nodiscard]] Result<void> writeReport(const hardware::ReportContent& content, hardware::ReportFormat format,
                                       hardware::Language language, const std::filesystem::path& keyFile,
                                       const std::filesystem::path& target);

/// Errors: file.*, report.malformed, report.unsupported_version.
[[nodiscard]] Result<std::shared_ptr<const ReportComparison>>
compareReportFile(const hardware::ReportContent& own, const std::filesystem::path& keyFile,
                  const QString& path);

} // namespace hearth::gui
