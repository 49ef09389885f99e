#pragma once

#include "engine/model/family.h"

/// Declares every family's object; families.inc is the list.
namespace hearth::model::families {

#define HEARTH_FAMILY(name) extern const Family name;
#include "engine/model/families/families.inc"
#undef HEARTH_FAMILY

} // namespace hearth::model::families
