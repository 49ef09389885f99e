// Carries the precompiled header of gui/; holds no code.
