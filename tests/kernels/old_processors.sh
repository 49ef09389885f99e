#!/bin/sh
# usage: old_processors.sh HEARTHCTL MODEL
# The program on emulated processors without AVX, and with AVX2 at most: it must choose the kernels that they have,
# say the same as those kernels do here, and reach no instruction that they lack. The emulator executes AVX2 even
# where it says that there is none, so its record of the instructions is read. Asking for a set that is not there
# is refused in words.
hearthctl=$1
model=$2
emulator=$(command -v qemu-x86_64 || command -v qemu-x86_64-static)
if [ "$(uname -m)" != x86_64 ] || [ -z "$emulator" ]; then
    echo "skipped: needs qemu-x86_64 (qemu-user) on x86-64"
    exit 77
fi
unset HEARTH_ISA
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
speak() { "$@" generate --model "$model" --prompt "a word" --max-tokens 8 --temperature 0 --threads 1; }
instructions() { grep -cE "^0x[0-9a-f]+:  ([0-9a-f]{2} )+ *$1" "$folder/$processor"; } # $1: of the mnemonic on
fail() { echo "$processor: $*"; exit 1; }

for pair in qemu64:generic Nehalem:generic Haswell:avx2; do
    processor=${pair%:*}
    kernels=${pair#*:}
    want=$(HEARTH_ISA=$kernels speak "$hearthctl") || continue # the processor of this machine lacks it
    got=$(speak "$emulator" -cpu "$processor" -d in_asm -D "$folder/$processor" "$hearthctl")
    code=$?
    [ $code -eq 0 ] || fail "exit code $code"
    [ -n "$got" ] && [ "$got" = "$want" ] || fail "\"$got\" in place of \"$want\""
    if [ "$(instructions mov)" -lt 1000 ]; then
        echo "skipped: this emulator does not disassemble"
        exit 77
    fi
    [ "$(instructions '.*zmm')" -eq 0 ] || fail "AVX-512 was reached"
    avx=$(instructions v)
    case $kernels in
    generic) [ "$avx" -eq 0 ] || fail "$avx AVX instructions were reached" ;;
    *) [ "$avx" -gt 100 ] || fail "no AVX instruction in the record" ;;
    esac
    echo "$processor: as $kernels, $avx AVX instructions"
done

processor=Nehalem
said=$(HEARTH_ISA=avx2 speak "$emulator" -cpu $processor "$hearthctl" 2>&1)
code=$?
case "$code $said" in
4*kernels.isa_unavailable*) echo "$processor: AVX2 refused" ;;
*) fail "asked for AVX2: exit code $code, $said" ;;
esac
