#pragma once

#include <string>
#include <string_view>

namespace hearth::store {

/// Text in the form that searching compares: compatibility-composed and case-folded (Unicode NFKC_Casefold,
/// so that "Straße" meets "STRASSE" and full-width "ＡＢＣ" meets "abc"). Bytes that are not UTF-8 stay as
/// they are.
[[nodiscard]] std::string foldForSearch(std::string_view text);

} // namespace hearth::store
