#pragma once

#include <filesystem>

namespace hearth::gui {

/// Sends the engine's log lines, Qt's messages and the window's own to `folder`/hearth.log, rotated at 2 MB,
/// three files kept. Lines never hold message texts or prompts (engine/base/log.h). When the file cannot be
/// written the program runs without a log. Call once, before other threads run.
///
/// HEARTH_LOG=debug writes more.
void startFileLog(const std::filesystem::path& folder);

/// Writes out what is buffered; call before the program ends.
void flushFileLog();

} // namespace hearth::gui
