#include "engine/kernels/isa.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace hearth::kernels {

namespace {

constexpr Isa kAll[]{Isa::Generic, Isa::Avx2, Isa::Avx512, Isa::Neon};

#if defined(__x86_64__)
/// Clang 14's __builtin_cpu_supports does not know this one: CPUID leaf 1, ECX bit 29.
bool hasF16c() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c >> 29 & 1U) != 0;
}
#endif

bool executable(Isa isa) {
    switch (isa) {
    case Isa::Generic:
        return true;
#if defined(__x86_64__)
    // These builtins also ask the operating system (XGETBV) whether it saves the wide registers.
    case Isa::Avx2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && hasF16c();
    case Isa::Avx512:
        return executable(Isa::Avx2) && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vnni");
    case Isa::Neon:
        return false;
#else
    case Isa::Avx2:
    case Isa::Avx512:
        return false;
    case Isa::Neon:
#if defined(__aarch64__) && defined(__linux__)
        return (::getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
#else
        return false;
#endif
#endif
    }
    return false;
}

tl::unexpected<Error> refuse(const char* code, std::string detail, const char* isa) {
    detail += ": ";
    detail += isa;
    return tl::unexpected<Error>(Error{code, std::move(detail)}.with("isa", isa));
}

} // namespace

std::string_view isaName(Isa isa) {
    switch (isa) {
    case Isa::Generic:
        return "generic";
    case Isa::Avx2:
        return "avx2";
    case Isa::Avx512:
        return "avx512";
    case Isa::Neon:
        return "neon";
    }
    return "generic";
}

std::vector<Isa> availableIsas() {
    std::vector<Isa> out;
    std::copy_if(std::begin(kAll), std::end(kAll), std::back_inserter(out), executable);
    return out;
}

bool hasBfloat16Dots() {
#if defined(__x86_64__)
    return executable(Isa::Avx512) && __builtin_cpu_supports("avx512bf16");
#else
    return false;
#endif
}

Result<Isa> chooseIsa() {
    const std::vector<Isa> available = availableIsas();
    const char* forced = std::getenv("HEARTH_ISA");
    if (!forced || !*forced)
        return available.back();
    const auto* named =
        std::find_if(std::begin(kAll), std::end(kAll), [&](Isa isa) { return isaName(isa) == forced; });
    if (named == std::end(kAll))
        return refuse("kernels.unknown_isa", "HEARTH_ISA names no instruction set", forced);
    if (std::find(available.begin(), available.end(), *named) == available.end())
        return refuse("kernels.isa_unavailable",
                      "this processor cannot execute the set that HEARTH_ISA names", forced);
    return *named;
}

} // namespace hearth::kernels
