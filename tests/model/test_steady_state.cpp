// Once its buffers are there, decoding a token takes no memory from the heap. A program of its own, because
// it replaces the global allocation functions.

#include <atomic>
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "tests/model/model_fixture.h"

namespace {
std::atomic<std::uint64_t> g_allocations{0};
} // namespace

void* operator new(std::size_t bytes) {
    ++g_allocations;
    if (void* p = std::malloc(bytes ? bytes : 1))
        return p;
    throw std::bad_alloc();
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    ++g_allocations;
    const auto align = static_cast<std::size_t>(alignment);
    if (void* p = std::aligned_alloc(align, (bytes + align - 1) / align * align))
        return p;
    throw std::bad_alloc();
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
    ++g_allocations;
    return std::malloc(bytes ? bytes : 1);
}
void* operator new(std::size_t bytes, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    ++g_allocations;
    const auto align = static_cast<std::size_t>(alignment);
    return std::aligned_alloc(align, (bytes + align - 1) / align * align);
}
void operator delete(void* p) noexcept {
    std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
    std::free(p);
}
void operator delete(void* p, std::align_val_t) noexcept {
    std::free(p);
}
void operator delete(void* p, std::size_t, std::align_val_t) noexcept {
    std::free(p);
}

namespace {

using namespace hearth;

TEST(SteadyState, DecodingDoesNotAllocate) {
    for (const char* name : {"llama-F32", "llama-Q4_0", "llama-Q6_K", "gemma3-F32", "qwen3moe-F32"}) {
        for (const kernels::Isa isa : kernels::availableIsas()) {
            SCOPED_TRACE(std::string(name) + " " + std::string(kernels::isaName(isa)));
            auto running = test::RunningModel::open(test::golden(std::string(name) + ".gguf"), isa);
            ASSERT_TRUE(running);
            model::Model& model = *(*running)->model;
            ASSERT_TRUE(model.reserve(256, 64));
            auto cache = (*running)->cache(256);
            ASSERT_TRUE(cache);
            // Scratch memory grows with the context: visit its end once, then go back.
            ASSERT_TRUE((*running)->logits(*cache, test::longGoldenPrompt(255), 64));
            std::vector<float> logits(model.config().vocabulary);
            const std::int32_t token = 300;
            const model::BatchItem item{.cache = &*cache, .tokens = {&token, 1}};
            ASSERT_TRUE(model.forward({&item, 1}, logits.data()));
            cache->clear();
            const std::uint64_t before = g_allocations;
            for (int i = 0; i < 100; ++i)
                ASSERT_TRUE(model.forward({&item, 1}, logits.data()));
            EXPECT_EQ(g_allocations - before, 0U);
        }
    }
}

} // namespace
