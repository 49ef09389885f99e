#pragma once

namespace hearth::cli {

/// The whole of hearthctl: parses the command line, runs the subcommand, reports its error. Returns the exit
/// code (see exit_codes.h). Call once, from main(), before any other thread runs.
[[nodiscard]] int run(int argc, char** argv);

} // namespace hearth::cli
