#!/bin/sh
# usage: check_isa_symbols.sh NM OBJECT…
# Sources compiled for one instruction set may define no symbol that the linker merges with another file's: the
# copy that survives could hold instructions that the processor lacks. Only the kernel tables are visible.
nm=$1
shift
if [ ! -x "$nm" ]; then
    echo "skipped: no nm"
    exit 77
fi
if [ $# -eq 0 ]; then
    echo "no objects to check"
    exit 1
fi
leaks=$("$nm" --defined-only --demangle "$@" | grep -E '^[0-9a-f]* *[WVuT] ')
if [ -n "$leaks" ]; then
    echo "mergeable or foreign symbols in instruction-set objects:"
    echo "$leaks"
    exit 1
fi
tables=$("$nm" --defined-only --demangle "$@" | grep -cE ' [BDR] hearth::kernels::(avx2|avx512|neon)::k')
echo "$# objects, $tables tables, nothing else visible"
[ "$tables" -gt 0 ]
