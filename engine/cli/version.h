#pragma once

/// The build defines it from the project's version; a source file compiled outside of it still compiles.
#ifndef HEARTH_VERSION
#define HEARTH_VERSION "unknown"
#endif
