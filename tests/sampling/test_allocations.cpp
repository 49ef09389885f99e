#include <atomic>
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "engine/sampling/sampler.h"
#include "tests/sampling/reference.h"

// In a program of its own, because it replaces the global operator new.

namespace {

std::atomic<long> allocations{0};

} // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size ? size : 1))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace {

long allocationsOfSample(const hearth::sampling::SamplingParams& params) {
    hearth::sampling::Sampler sampler(params, 5000);
    auto logits = hearth::test::someLogits(5000, 1);
    for (int i = 0; i < 50; ++i) {
        sampler.accept(i % 7);
        auto copy = logits;
        static_cast<void>(sampler.sample(copy));
    }
    const long before = allocations;
    static_cast<void>(sampler.sample(logits));
    return allocations - before;
}

} // namespace

TEST(Allocations, GreedyMakesNone) {
    hearth::sampling::SamplingParams params;
    params.temperature = 0;
    EXPECT_EQ(allocationsOfSample(params), 0);
    params.repetitionPenalty = 1.1F;
    params.dryMultiplier = 0.8F;
    params.dryBreakers = {{3}};
    EXPECT_EQ(allocationsOfSample(params), 0);
}

TEST(Allocations, TheWholeChainMakesNoneOnceWarm) {
    hearth::sampling::SamplingParams params;
    params.seed = 1;
    params.topK = 0;
    params.typicalP = 0.9F;
    EXPECT_EQ(allocationsOfSample(params), 0);
    params.mirostat = true;
    EXPECT_EQ(allocationsOfSample(params), 0);
}
