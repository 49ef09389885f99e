#!/bin/sh
# Brings the .ts files up to date with the sources; then translate what is new with Qt Linguist or an editor.
# English holds only plural forms: the sources are English already.
set -eu
cd "$(dirname "$0")/.."
lupdate=$(command -v lupdate6 || command -v lupdate-qt6 || echo /usr/lib/qt6/bin/lupdate)
"$lupdate" -silent -no-obsolete -locations none -I . gui -source-language en -target-language en -pluralonly -ts translations/hearth_en.ts
"$lupdate" -silent -no-obsolete -locations none -I . gui -source-language en -target-language zh_CN -ts translations/hearth_zh_CN.ts
