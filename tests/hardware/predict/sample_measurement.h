#pragma once

#include "engine/hardware/measure/measurement.h"

namespace hearth::test {

/// Round figures, so that expected values can be worked out by hand: bandwidth 20 GB/s, decode 20 GB/s and
/// prefill 200 Gop/s for every type, attention and small work for nothing.
inline hardware::Measurement roundMeasurement(std::size_t threads = 2) {
    hardware::Measurement m;
    m.fingerprint = "0123456789abcdef";
    m.time = "2026-11-21T07:05:00Z";
    m.isa = kernels::Isa::Generic;
    m.threads = threads;
    for (std::size_t n = 1; n <= threads; ++n)
        m.bandwidth.push_back({n, 20e9 * double(n) / double(threads)});
    for (const DType type : {DType::Q4_K, DType::Q6_K, DType::Q5_K, DType::Q8_0, DType::Q4_0, DType::Q3_K,
                             DType::Q2_K, DType::F16, DType::F32})
        m.kernels.push_back({type, kernels::Isa::Generic, threads, 20e9, 200e9, 1e9});
    m.attention = {{kernels::KvType::F16, 0, 0, 0}, {kernels::KvType::Q8_0, 0, 0, 0}};
    m.disks = {{"models", 1e9, 1e7, true}};
    return m;
}

} // namespace hearth::test
