#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/kernels/compute.h"
#include "engine/kernels/isa.h"
#include "engine/tensor/dtype.h"

namespace hearth::hardware {

/// Speeds are in units per second (bytes, operations; a multiply-add counts as two operations), times in
/// seconds. What computes is told by the fastest quarter of its timed slices: what other programs take away
/// for a moment is left out, what heat or a governor take away for good is not. What streams memory is told
/// by its share of the reads timed beside it, times the bandwidth of all reads of the whole measurement
/// (memory_reads.h): so all speeds belong to the same moment, also on machines whose memory is now fast, now
/// slow. Slices in which other programs had our processors do not count.

/// Streaming reads from a buffer larger than every cache.
struct ThreadBandwidth {
    std::size_t threads = 1;
    double bytesPerSecond = 0;
};

/// Repeated reads of one working set by one thread.
struct CachePoint {
    std::uint64_t bytes = 0; ///< of the working set
    double bytesPerSecond = 0;
};

/// Of the weights that a kernel is timed with in caches: more than the nearest cache of a core holds.
inline constexpr std::uint64_t kCachedBytes = std::uint64_t{1} << 20;

/// The engine's own product with weights of one type on one instruction set.
struct KernelRate {
    DType type = DType::F32;
    kernels::Isa isa = kernels::Isa::Generic;
    std::size_t threads = 1;
    double decodeBytesPerSecond = 0;       ///< one token; bytes of packed weights, streamed from memory
    double prefillOperationsPerSecond = 0; ///< 512 tokens together, of a large matrix
    std::optional<double> packBytesPerSecond = {}; ///< while loading; none for types used as they are
    /// Of many tokens: what each input value of a product costs besides, for quantising and passing on.
    double prefillSecondsPerInput = 0;
    /// Of one token as decodeBytesPerSecond, where kCachedBytes of weights stay in caches; 0 = unknown.
    double cachedBytesPerSecond = 0;
};

/// KV heads of the measured attention: one token's attention runs on at most so many threads.
inline constexpr std::size_t kMeasuredKvHeads = 8;

/// Attention over a filled cache of heads of one size. One token takes secondsPerByte for every byte of keys
/// and values that it looks at, and secondsPerProduct for every multiply-add: cells × query heads × (keyDim +
/// valueDim). Heads shorter than kShortHead fill no vector of the widest kind and are measured apart.
inline constexpr std::size_t kShortHead = 16;
struct AttentionRate {
    kernels::KvType kvType = kernels::KvType::F16;
    double decodeSecondsPerByte = 0;     ///< per byte of keys and values that one token reads
    double decodeSecondsPerProduct = 0;  ///< per multiply-add of one token
    double prefillSecondsPerProduct = 0; ///< per multiply-add of a batch of 512
    std::size_t headDim = 128;           ///< of keys and values
};

/// What a step costs besides weights and attention.
struct StepCosts {
    double forkSeconds = 0;       ///< starting and joining all threads once
    double activationSeconds = 0; ///< per element of gate·up with its activation function
    double elementSeconds = 0;    ///< per element of a norm, an addition, a rotation
    double callSeconds = 0;       ///< of a product or attention of one token besides streaming
    double smallCallSeconds = 0;  ///< the same where the work is so little that one thread does it
};

struct DiskRate {
    std::string role; ///< of the folder: "models", "data"
    double sequentialBytesPerSecond = 0;
    double randomBytesPerSecond = 0; ///< blocks of 4 KiB, one at a time
    bool direct = true;              ///< false: the file system refused direct I/O; its cache may have helped
};

/// What else was going on. Unknown values are absent.
struct Conditions {
    std::optional<std::string> governor;
    std::optional<double> loadAverage; ///< one minute, before the measurement
    std::optional<double> stolenShare; ///< of processor time, by other virtual machines, 0…1
    std::optional<double> otherShare;  ///< of processor time, by other processes, 0…1
    std::optional<double> celsiusBefore, celsiusAfter;
    std::optional<double> mhzBefore, mhzAfter;   ///< mean over the processors
    std::optional<std::uint64_t> throttleEvents; ///< that the processor counted meanwhile
};

/// Everything measured in one go. A plain value; copy freely.
struct Measurement {
    std::string fingerprint; ///< hardware::machineFingerprint() of the machine
    std::string time;        ///< UTC, "2026-11-21T07:05:00Z"
    std::string version;     ///< of the program
    bool quick = false;
    double seconds = 0;                       ///< that it took
    kernels::Isa isa = kernels::Isa::Generic; ///< the set in use
    std::size_t threads = 1;                  ///< of the kernels
    std::vector<ThreadBandwidth> bandwidth;
    std::vector<CachePoint> caches;
    std::vector<KernelRate> kernels; ///< of the set in use first, then others for comparison
    std::vector<AttentionRate> attention;
    StepCosts step;
    std::vector<DiskRate> disks;
    std::optional<double> downloadBytesPerSecond; ///< put in by who measured it
    Conditions conditions;

    /// Bandwidth of all threads, 0 when it was not measured.
    [[nodiscard]] double readBandwidth() const;
    /// The rate of a type on the set in use; nullptr when it was not measured.
    [[nodiscard]] const KernelRate* rate(DType type) const;
    /// How fast one thread reads a working set again and again: of what was measured, the fastest that is not
    /// smaller, because what disturbs only slows down. Beyond half of the largest, that of memory. 0 when
    /// nothing was measured.
    [[nodiscard]] double cacheSpeed(double workingSetBytes) const;
};

} // namespace hearth::hardware
