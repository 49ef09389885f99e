#include "engine/kernels/compute.h"

#include <algorithm>
#include <new>
#include <type_traits>
#include <vector>

#include "engine/base/checked.h"
#include "engine/kernels/huge_buffer.h"
#include "engine/kernels/serial_work.h"
#include "engine/kernels/tables.h"
#include "engine/kernels/task_share.h"
#include "engine/kernels/weights.h"

namespace hearth::kernels {

namespace {

using detail::ActBlock;
using detail::Activations;
using detail::AttentionTask;
using detail::kActGroup;
using detail::KernelTable;
using detail::Product;
using detail::WeightKernel;

/// Tokens multiplied at once. Bounds the scratch memory; at 512 a panel of weights is already unpacked for so
/// many multiplications that larger batches gain nothing.
constexpr std::size_t kTokenBatch = 512;
/// Pieces of elementwise work for each thread: enough that threads end together.
constexpr std::size_t kPiecesPerThread = 32;

/// Floats ahead at which gates and ups are asked for: two pages, where the processor's own guesses end at
/// one. A fifth faster on Zen 4.
constexpr std::size_t kGateAhead = 2048;

/// Asks for the first cells of a KV head that positions [first, last) see. The runs of the heads are short
/// while few positions are kept, and the processor foresees none of them: a sixth of the time of one query's
/// attention over 64 or 128 cells.
void askForCells(const KvLayer& kv, std::size_t head, std::size_t first, std::size_t last) {
    constexpr std::size_t most = 64; // cells; attention asks for those that follow
    const std::size_t cell = first % kv.capacity;
    const std::size_t count = std::min({most, last - first, kv.capacity - cell});
    const auto run = [&](const std::byte* cells, std::size_t bytes) {
        const std::byte* begin = cells + (head * kv.capacity + cell) * bytes;
        for (std::size_t at = 0; at < count * bytes; at += 64)
            __builtin_prefetch(begin + at, 0, 2);
    };
    run(kv.keys, kvCellBytes(kv.type, kv.keyDim));
    run(kv.values, kvCellBytes(kv.type, kv.valueDim));
}

/// The highest id of DType.
constexpr auto kLastDType = static_cast<std::uint32_t>(DType::MXFP4);

constexpr std::size_t roundUp(std::size_t value, std::size_t multiple) {
    return (value + multiple - 1) / multiple * multiple;
}

constexpr std::size_t divideUp(std::size_t value, std::size_t divisor) {
    return (value + divisor - 1) / divisor;
}

const KernelTable& tableOf(Isa isa) {
    switch (isa) {
#if defined(HEARTH_KERNELS_X86)
    case Isa::Avx2:
        return avx2::kTable;
    case Isa::Avx512:
        return hasBfloat16Dots() ? avx512::kBf16Table : avx512::kTable;
#endif
#if defined(HEARTH_KERNELS_ARM)
    case Isa::Neon:
        return neon::kTable;
#endif
    default:
        return detail::kGenericTable;
    }
}

} // namespace

struct Compute::Impl {
    const KernelTable& table;
    ThreadPool& pool;
    HugeBuffer acts;    ///< quantised activations of the current products
    HugeBuffer pairs;   ///< the same in bfloat16
    HugeBuffer scratch; ///< one slot per thread
    std::size_t slotBytes = 0;
    std::vector<TaskShare> shares = {}; ///< one a thread
    std::size_t exactRows = SIZE_MAX;
    ProjectionObserver observer = {};
    WeightMemory weightMemory = {};

    /// Memory that only grows; by half more each time, so that sizes that follow a growing context settle.
    [[nodiscard]] static bool grows(HugeBuffer& buffer, std::size_t bytes) {
        if (buffer.size() >= bytes)
            return true;
        buffer = HugeBuffer(); // nothing in it outlives an operation
        buffer = HugeBuffer(bytes + bytes / 2);
        if (!buffer)
            buffer = HugeBuffer(bytes);
        return static_cast<bool>(buffer);
    }
    static void need(HugeBuffer& buffer, std::size_t bytes) {
        if (!grows(buffer, bytes))
            throw std::bad_alloc();
    }

    void needScratch(std::size_t bytesPerThread) {
        slotBytes = std::max(slotBytes, roundUp(bytesPerThread, 64));
        need(scratch, slotBytes * pool.size());
    }

    /// The pool may have been resized.
    void fitShares() {
        if (shares.size() != pool.size())
            shares = std::vector<TaskShare>(pool.size());
    }

    /// Calls task(range, scratch of this thread) until every task below `count` was in a range, of at most
    /// `most`, on all threads, or here alone. Each thread begins with a run of neighbouring tasks: a core
    /// reads one run of memory a fifth faster than pieces.
    template <class Task>
    void runTasks(std::size_t count, bool serial, const Task& task, std::uint32_t most = TaskShare::kAny) {
        if (serial || count <= 1 || pool.size() == 1) {
            task(TaskRange{0, count}, scratch.data());
            return;
        }
        fitShares();
        for (std::size_t i = 0; i < shares.size(); ++i)
            shares[i].set({count * i / shares.size(), count * (i + 1) / shares.size()}, most);
        pool.run([&](std::size_t part, std::size_t parts) {
            std::byte* slot = scratch.data() + part * slotBytes;
            while (const auto own = shares[part].takeFirst())
                task(*own, slot);
            for (std::size_t k = 1; k < parts; ++k)
                while (const auto left = shares[(part + k) % parts].takeLast())
                    task(*left, slot);
        });
    }

    /// The same for `work` multiplications in all.
    template <class Task>
    void runProducts(std::size_t count, std::size_t work, const Task& task) {
        runTasks(count, work <= kSerialProducts, task, work > count * kLongTask ? 1 : TaskShare::kAny);
    }

    /// body(begin, end) or body(begin, end, scratch of this thread) over `count` elements of `bytesEach`,
    /// parallel when that is worth it.
    template <class Body>
    void forRanges(std::size_t count, std::size_t bytesEach, const Body& body) {
        if (count == 0)
            return;
        const std::size_t grain = std::max<std::size_t>(
            {divideUp(count, pool.size() * kPiecesPerThread), divideUp(kSerialBytes, bytesEach), 1});
        runTasks(divideUp(count, grain), count * bytesEach <= kSerialBytes,
                 [&](TaskRange pieces, std::byte* slot) {
                     const std::size_t begin = pieces.begin * grain,
                                       end = std::min(count, pieces.end * grain);
                     if constexpr (std::is_invocable_v<Body, std::size_t, std::size_t, std::byte*>)
                         body(begin, end, slot);
                     else
                         body(begin, end);
                 });
    }

    /// Panels that a product with `inputs` hands out together.
    static std::size_t panelsPerTask(const Weights::Impl& w, std::size_t inputs) {
        return inputs <= w.kernel->fewInputs ? 1 : w.kernel->tilePanels;
    }

    /// What Input tells to do to `count` columns of a row, from `col` on, into `to`.
    void activate(Activation activation, const float* gate, const float* up, std::size_t count,
                  float* to) const {
        if (to != gate)
            std::copy_n(gate, count, to);
        (activation == Activation::Gelu ? table.geluMul : table.siluMul)(to, up, count);
    }

    /// Brings inputs to the forms that `blocks` and `halves` (each may be nullptr) hold: see Activations.
    void encode(const Input& input, std::size_t n, std::size_t cols, ActBlock* blocks,
                std::uint32_t* halves) {
        const auto put = [&](std::size_t token, std::size_t col, const float* values, std::size_t count) {
            if (blocks)
                table.quantise(values, count, blocks + col / kActGroup * n + token, n);
            if (halves)
                table.roundPairs(values, count, halves + token * divideUp(cols, 2) + col / 2);
        };
        const std::size_t rowBytes = cols * sizeof(float);
        if (input.up) {
            const std::size_t groups = divideUp(cols, kActGroup);
            forRanges(n * groups, 2 * kActGroup * sizeof(float), [&](std::size_t begin, std::size_t end) {
                alignas(64) float values[kActGroup];
                for (std::size_t i = begin; i < end; ++i) {
                    const std::size_t token = i / groups, col = i % groups * kActGroup;
                    const std::size_t count = std::min<std::size_t>(kActGroup, cols - col);
                    const std::size_t at = token * cols + col;
                    for (std::size_t line = 0; line < kActGroup; line += 64 / sizeof(float)) {
                        __builtin_prefetch(input.x + at + kGateAhead + line);
                        __builtin_prefetch(input.up + at + kGateAhead + line);
                    }
                    activate(input.activation, input.x + at, input.up + at, count, values);
                    put(token, col, values, count);
                }
            });
        } else if (input.norm) {
            needScratch(rowBytes);
            forRanges(n, rowBytes, [&](std::size_t begin, std::size_t end, std::byte* slot) {
                auto* row = reinterpret_cast<float*>(slot);
                for (std::size_t token = begin; token < end; ++token) {
                    table.rmsNorm(input.x + token * cols, input.norm, cols, input.epsilon, row);
                    put(token, 0, row, cols);
                }
            });
        } else {
            forRanges(n, rowBytes, [&](std::size_t begin, std::size_t end) {
                for (std::size_t token = begin; token < end; ++token)
                    put(token, 0, input.x + token * cols, cols);
            });
        }
    }

    void projectBatch(const Input& input, std::size_t n, std::size_t firstToken,
                      std::span<const Projection> projections);
};

Compute::Compute(Isa isa, ThreadPool& pool) : Compute(tableOf(isa), pool) {}
Compute::Compute(const detail::KernelTable& table, ThreadPool& pool)
    : m_impl(new Impl{table, pool, {}, {}, {}}) {}
Compute::~Compute() = default;

Isa Compute::isa() const {
    return m_impl->table.isa;
}

ThreadPool& Compute::pool() const {
    return m_impl->pool;
}

Result<Weights> Compute::pack(DType type, std::size_t rows, std::size_t cols,
                              std::span<const std::byte> source) {
    const WeightKernel* kernel = m_impl->table.weights(type);
    if (!kernel)
        return fail("kernels.unsupported_type",
                    "cannot multiply with weights of type " + std::string(traitsOf(type).name));
    const auto rowBytes = bytesFor(type, cols);
    const auto total = rowBytes ? checkedMul<std::uint64_t>(*rowBytes, rows) : std::nullopt;
    if (!total || *total != source.size() || rows == 0 || cols == 0)
        return fail("kernels.bad_shape", std::to_string(rows) + " x " + std::to_string(cols) +
                                             " elements of " + std::string(traitsOf(type).name) +
                                             " are not " + std::to_string(source.size()) + " bytes");
    auto impl = std::make_unique<Weights::Impl>();
    impl->kernel = kernel;
    impl->type = type;
    impl->rows = rows;
    impl->cols = cols;
    impl->panelBytes = kernel->panelBytes(cols);
    impl->panelCount = divideUp(rows, kernel->panelRows);
    if (kernel->packs) {
        const auto bytes = checkedMul<std::uint64_t>(impl->panelBytes, impl->panelCount);
        if (bytes)
            impl->packed = m_impl->weightMemory.take(*bytes);
        if (!impl->packed)
            return tl::unexpected<Error>(Error{"kernels.out_of_memory", "no memory for packed weights"}.with(
                "needed_bytes", bytes ? std::to_string(*bytes) : "2^64 or more"));
        auto* panels = reinterpret_cast<std::uint8_t*>(impl->packed.data);
        m_impl->forRanges(impl->panelCount, impl->panelBytes, [&](std::size_t begin, std::size_t end) {
            for (std::size_t p = begin; p < end; ++p) {
                const std::size_t first = p * kernel->panelRows;
                kernel->pack(source.data() + first * *rowBytes, *rowBytes,
                             std::min(kernel->panelRows, rows - first), cols, panels + p * impl->panelBytes);
            }
        });
        impl->panels = panels;
    } else {
        impl->panels = reinterpret_cast<const std::uint8_t*>(source.data());
    }
    m_impl->exactRows = std::min(m_impl->exactRows, kernel->exactInputs);
    Weights out;
    out.impl = std::move(impl);
    return out;
}

std::size_t Compute::exactRows() const {
    return m_impl->exactRows;
}

Result<void> Compute::reserve(const Limits& limits) {
    const std::size_t tokens = std::min(limits.tokens, kTokenBatch);
    std::size_t slot = limits.cols * sizeof(float); // a normed row
    m_impl->fitShares();
    for (std::uint32_t id = 0; id <= kLastDType; ++id)
        if (const DTypeTraits* traits = findTraits(id))
            if (const WeightKernel* kernel = m_impl->table.weights(traits->type))
                // Few tokens can need as much as many: decode and prefill use different scratch.
                for (const std::size_t n : {std::size_t{1}, tokens})
                    slot = std::max(slot, kernel->scratchBytes(limits.cols, n));
    if (limits.kvHeads > 0) {
        const AttentionJob job{nullptr, nullptr, limits.tokens,
                               std::max(limits.positions, limits.tokens) - limits.tokens,
                               KvLayer{KvType::F16, limits.kvHeads, limits.keyDim, limits.valueDim}};
        slot = std::max(slot, m_impl->table.attendScratchBytes(job, AttentionShape{.heads = limits.heads}));
    }
    m_impl->slotBytes = std::max(m_impl->slotBytes, roundUp(slot, 64));
    const std::size_t actBytes = divideUp(limits.cols, kActGroup) * tokens * sizeof(ActBlock);
    const std::size_t pairBytes =
        m_impl->table.roundPairs ? divideUp(limits.cols, 2) * tokens * sizeof(std::uint32_t) : 0;
    if (!Impl::grows(m_impl->scratch, m_impl->slotBytes * m_impl->pool.size()) ||
        !Impl::grows(m_impl->acts, actBytes) || !Impl::grows(m_impl->pairs, pairBytes))
        return tl::unexpected<Error>(
            Error{"kernels.out_of_memory", "no memory for intermediate results"}.with(
                "needed_bytes",
                std::to_string(m_impl->slotBytes * m_impl->pool.size() + actBytes + pairBytes)));
    return {};
}

std::size_t Compute::scratchBytes() const {
    return m_impl->scratch.size() + m_impl->acts.size() + m_impl->pairs.size();
}

void Compute::Impl::projectBatch(const Input& input, std::size_t n, std::size_t firstToken,
                                 std::span<const Projection> projections) {
    const std::size_t cols = projections.front().weights->cols();
    std::size_t work = 0, tasks = 0, scratchBytes = 0;
    bool quantised = false, rounded = false;
    for (const Projection& p : projections) {
        const Weights::Impl& w = *p.weights->impl;
        work += w.rows * w.cols * n;
        tasks += divideUp(w.panelCount, panelsPerTask(w, n));
        quantised |= w.kernel->quantisedActivations;
        rounded |= n >= w.kernel->roundedInputs;
        scratchBytes = std::max(scratchBytes, w.kernel->scratchBytes(cols, n));
    }
    Activations act{.x = input.x, .n = n, .cols = cols};
    ActBlock* blocks = nullptr;
    std::uint32_t* halves = nullptr;
    if (quantised) {
        need(acts, divideUp(cols, kActGroup) * n * sizeof(ActBlock));
        act.blocks = blocks = reinterpret_cast<ActBlock*>(acts.data());
    }
    if (rounded) {
        need(pairs, n * divideUp(cols, 2) * sizeof(std::uint32_t));
        act.pairs = halves = reinterpret_cast<std::uint32_t*>(pairs.data());
    }
    if (quantised || rounded)
        encode(input, n, cols, blocks, halves);
    needScratch(scratchBytes);
    runProducts(tasks, work, [&](TaskRange range, std::byte* slot) {
        std::size_t first = 0; // task of the projection
        for (const Projection& p : projections) {
            const Weights::Impl& w = *p.weights->impl;
            const std::size_t grain = panelsPerTask(w, n), count = divideUp(w.panelCount, grain);
            const std::size_t begin = std::max(range.begin, first), end = std::min(range.end, first + count);
            if (begin < end) {
                const Product product{w.panels,  w.panelBytes, w.rows, act, p.y + firstToken * p.yStride,
                                      p.yStride, p.bias};
                w.kernel->multiply(product, (begin - first) * grain,
                                   std::min(w.panelCount, (end - first) * grain), slot);
            }
            first += count;
        }
    });
}

void Compute::observeProjections(ProjectionObserver observer) {
    m_impl->observer = std::move(observer);
}

const float* Compute::prepare(const Input& input, std::size_t n, std::size_t cols) {
    if (input.up)
        m_impl->forRanges(n * cols, 2 * sizeof(float), [&](std::size_t begin, std::size_t end) {
            m_impl->activate(input.activation, input.x + begin, input.up + begin, end - begin,
                             input.prepared + begin);
        });
    else if (input.norm)
        rmsNorm(input.x, input.norm, n, cols, input.epsilon, input.prepared);
    else
        return input.x;
    return input.prepared;
}

void Compute::project(const Input& input, std::size_t n, std::span<const Projection> projections) {
    if (projections.empty() || n == 0)
        return;
    const std::size_t cols = projections.front().weights->cols();
    // The last batch is the smallest: what it does not want as float32 no other does.
    const auto wantsFloats = [last = (n - 1) % kTokenBatch + 1](const Projection& p) {
        const WeightKernel& kernel = *p.weights->impl->kernel;
        return !kernel.quantisedActivations && last < kernel.roundedInputs;
    };
    Input part = input;
    if (m_impl->observer || std::any_of(projections.begin(), projections.end(), wantsFloats))
        part = Input{.x = prepare(input, n, cols)};
    if (m_impl->observer)
        for (const Projection& projection : projections)
            m_impl->observer(*projection.weights, part.x, n);
    for (std::size_t first = 0; first < n; first += kTokenBatch) {
        m_impl->projectBatch(part, std::min(kTokenBatch, n - first), first, projections);
        part.x += kTokenBatch * cols;
        part.up = part.up ? part.up + kTokenBatch * cols : nullptr;
    }
}

void Compute::embeddingRow(const Weights& table, std::size_t row, float* out) {
    const Weights::Impl& w = *table.impl;
    w.kernel->row(w.panels + row / w.kernel->panelRows * w.panelBytes, row % w.kernel->panelRows, w.cols,
                  out);
}

void Compute::rmsNorm(const float* x, const float* weight, std::size_t n, std::size_t dim, float eps,
                      float* y) {
    m_impl->forRanges(n, dim * sizeof(float), [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            m_impl->table.rmsNorm(x + i * dim, weight, dim, eps, y + i * dim);
    });
}

void Compute::rope(float* x, std::size_t n, std::size_t heads, std::size_t headDim,
                   const std::int32_t* positions, const RopeTable& table) {
    m_impl->forRanges(n, heads * headDim * sizeof(float), [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const std::size_t at = static_cast<std::size_t>(positions[i]) * table.pairs;
            m_impl->table.rope(x + i * heads * headDim, heads, headDim, table.cos + at, table.sin + at,
                               table.pairs, table.interleaved);
        }
    });
}

std::size_t kvCellBytes(KvType type, std::size_t dim) {
    return type == KvType::F16 ? dim * 2 : roundUp(dim, 32) + divideUp(dim, 32) * 2;
}

void Compute::storeKv(const KvLayer& layer, std::size_t firstPosition, std::size_t count, const float* k,
                      const float* v) {
    const std::size_t keyBytes = kvCellBytes(layer.type, layer.keyDim);
    const std::size_t valueBytes = kvCellBytes(layer.type, layer.valueDim);
    const auto& store = m_impl->table.storeCell;
    const std::size_t bytesEach = layer.kvHeads * (layer.keyDim + layer.valueDim) * sizeof(float);
    m_impl->forRanges(count, bytesEach, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const std::size_t cell = (firstPosition + i) % layer.capacity;
            for (std::size_t h = 0; h < layer.kvHeads; ++h) {
                const std::size_t at = h * layer.capacity + cell, row = i * layer.kvHeads + h;
                store(layer.type, k + row * layer.keyDim, layer.keyDim, layer.keys + at * keyBytes);
                store(layer.type, v + row * layer.valueDim, layer.valueDim, layer.values + at * valueBytes);
            }
        }
    });
}

void Compute::attention(std::span<const AttentionJob> jobs, const AttentionShape& shape) {
    Impl& impl = *m_impl;
    const std::size_t tile = impl.table.queryTile;
    std::size_t tasks = 0, work = 0, scratchBytes = 0;
    for (const AttentionJob& job : jobs) {
        tasks += divideUp(job.count, tile) * job.kv.kvHeads;
        const std::size_t last = job.firstPosition + job.count;
        const std::size_t reach = shape.window ? std::min(last, shape.window + job.count) : last;
        work += job.count * shape.heads * reach * (job.kv.keyDim + job.kv.valueDim);
        scratchBytes = std::max(scratchBytes, impl.table.attendScratchBytes(job, shape));
    }
    impl.needScratch(scratchBytes);
    /// body(job, KV head, first query) of a task.
    const auto find = [&](std::size_t task, const auto& body) {
        for (const AttentionJob& job : jobs) {
            const std::size_t tiles = divideUp(job.count, tile), count = tiles * job.kv.kvHeads;
            if (task < count) {
                // The last queries see most cells: hand them out first, so that the threads end together.
                body(job, task % job.kv.kvHeads, (tiles - 1 - task / job.kv.kvHeads) * tile);
                return;
            }
            task -= count;
        }
    };
    const auto ask = [&](std::size_t task) {
        find(task, [&](const AttentionJob& job, std::size_t head, std::size_t) {
            const std::size_t last = job.firstPosition + job.count;
            const std::size_t first = shape.window && last > shape.window ? last - shape.window : 0;
            askForCells(job.kv, head, first, last);
        });
    };
    impl.runProducts(tasks, work, [&](TaskRange range, std::byte* slot) {
        ask(range.begin);
        for (std::size_t task = range.begin; task < range.end; ++task) {
            if (task + 1 < range.end)
                ask(task + 1);
            find(task, [&](const AttentionJob& job, std::size_t head, std::size_t first) {
                impl.table.attend(AttentionTask{&job, &shape, head, first, std::min(tile, job.count - first)},
                                  slot);
            });
        }
    });
}

void Compute::add(float* x, const float* y, std::size_t count) {
    m_impl->forRanges(count, 2 * sizeof(float), [&](std::size_t begin, std::size_t end) {
        m_impl->table.add(x + begin, y + begin, end - begin);
    });
}

void Compute::scale(float* x, float factor, std::size_t count) {
    m_impl->forRanges(count, sizeof(float), [&](std::size_t begin, std::size_t end) {
        m_impl->table.scale(x + begin, factor, end - begin);
    });
}

void Compute::activate(Activation activation, float* gate, const float* up, std::size_t count) {
    (void)prepare({.x = gate, .up = up, .activation = activation, .prepared = gate}, 1, count);
}

void Compute::softcap(float* x, float cap, std::size_t count) {
    m_impl->forRanges(count, sizeof(float), [&](std::size_t begin, std::size_t end) {
        m_impl->table.softcap(x + begin, cap, end - begin);
    });
}

} // namespace hearth::kernels
