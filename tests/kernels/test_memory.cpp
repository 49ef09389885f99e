#include <gtest/gtest.h>

#include "engine/kernels/compute.h"
#include "engine/kernels/huge_buffer.h"
#include "tests/kernels/count_allocations.h"
#include "tests/kernels/kernel_sets.h"
#include "tests/kernels/random_weights.h"

namespace hearth::kernels {
namespace {

class Memory : public testing::TestWithParam<test::KernelSet> {
protected:
    void SetUp() override { HEARTH_SKIP_UNLESS_EXECUTABLE(GetParam()); }
};

TEST_P(Memory, NoOperationAllocatesAfterReserve) {
    constexpr std::size_t cols = 512, rows = 96, heads = 8, kvHeads = 2, dim = 64, capacity = 256;
    ThreadPool pool(2);
    Compute compute(*GetParam().table, pool);
    std::vector<test::Matrix> sources;
    std::vector<Weights> weights;
    std::vector<Projection> projections;
    std::vector<float> x(70 * cols, 0.5F), y(70 * rows * 3);
    weights.reserve(3);
    for (const DType type : {DType::Q4_K, DType::Q8_0, DType::F16}) {
        sources.push_back(test::randomMatrix(type, rows, cols, 1)); // some sets refer to it
        weights.push_back(*compute.pack(type, rows, cols, sources.back().data));
        projections.push_back({&weights.back(), y.data() + rows * projections.size(), 3 * rows, nullptr});
    }
    std::vector<std::byte> keys(kvHeads * capacity * kvCellBytes(KvType::F16, dim)), values(keys.size());
    const KvLayer layer{KvType::F16, kvHeads, dim, dim, capacity, keys.data(), values.data()};
    std::vector<float> q(70 * heads * dim, 0.1F), out(q.size()), k(70 * kvHeads * dim, 0.2F);

    ASSERT_TRUE(compute.reserve({.tokens = 70,
                                 .cols = cols,
                                 .heads = heads,
                                 .kvHeads = kvHeads,
                                 .keyDim = dim,
                                 .valueDim = dim,
                                 .positions = capacity}));
    const std::size_t scratch = compute.scratchBytes(), before = test::allocations();
    std::size_t position = 0;
    for (const std::size_t n : {1, 70, 7, 1}) {
        compute.rmsNorm(x.data(), x.data(), n, cols, 1e-5F, x.data());
        compute.project(x.data(), n, projections);
        compute.storeKv(layer, position, n, k.data(), k.data());
        const AttentionJob job{q.data(), out.data(), n, position, layer};
        compute.attention({&job, 1}, {heads, 0.125F, 0, 0});
        compute.activate(Activation::Silu, y.data(), y.data(), n * rows);
        position += n;
    }
    EXPECT_EQ(test::allocations(), before);
    EXPECT_EQ(compute.scratchBytes(), scratch);
}

INSTANTIATE_TEST_SUITE_P(Sets, Memory, testing::ValuesIn(test::kernelSets()),
                         [](const auto& param) { return param.param.name; });

TEST(Memory, TooMuchIsAnErrorNotAnAbort) {
    ThreadPool pool(1);
    Compute compute(Isa::Generic, pool);
    const auto refused = compute.reserve({.tokens = 512, .cols = std::size_t{1} << 46});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "kernels.out_of_memory");
    EXPECT_FALSE(refused.error().arg("needed_bytes").empty());
    EXPECT_FALSE(HugeBuffer(SIZE_MAX / 4));
}

TEST(Memory, MatricesOutliveTheirNeighboursAndTheCompute) {
    ThreadPool pool(1);
    const test::Matrix a = test::randomMatrix(DType::Q8_0, 64, 4096, 1),
                       b = test::randomMatrix(DType::Q8_0, 2048, 2048, 2); // in a second run of memory
    std::vector<float> want(2048), got(2048);
    Weights kept;
    {
        Compute compute(availableIsas().back(), pool);
        auto first = compute.pack(a.type, a.rows, a.cols, a.data);
        auto second = compute.pack(b.type, b.rows, b.cols, b.data);
        ASSERT_TRUE(first && second);
        compute.embeddingRow(*second, 2047, want.data());
        kept = std::move(*second);
    }
    Compute compute(availableIsas().back(), pool);
    compute.embeddingRow(kept, 2047, got.data());
    EXPECT_EQ(got, want);
}

TEST(Memory, BuffersOfAnySizeAreAlignedZeroAndMove) {
    for (const std::size_t bytes :
         {std::size_t{1}, std::size_t{4096}, std::size_t{2} << 20, (std::size_t{5} << 20) + 3}) {
        HugeBuffer buffer(bytes);
        ASSERT_TRUE(buffer) << bytes;
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64, 0U);
        EXPECT_EQ(buffer.size(), bytes);
        EXPECT_EQ(buffer.data()[0], std::byte{0});
        EXPECT_EQ(buffer.data()[bytes - 1], std::byte{0});
        buffer.data()[bytes - 1] = std::byte{7};
        HugeBuffer moved(std::move(buffer));
        EXPECT_EQ(moved.data()[bytes - 1], std::byte{7});
    }
    EXPECT_FALSE(HugeBuffer(0));
}

} // namespace
} // namespace hearth::kernels
