#include "engine/kernels/isa.h"

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "engine/kernels/compute.h"
#include "tests/kernels/kernel_sets.h"

namespace hearth::kernels {
namespace {

/// HEARTH_ISA for the length of a test.
class ChooseIsa : public testing::Test {
protected:
    void SetUp() override {
        if (const char* value = std::getenv("HEARTH_ISA"))
            m_before = value;
    }
    void TearDown() override {
        if (m_before.empty())
            unsetenv("HEARTH_ISA");
        else
            setenv("HEARTH_ISA", m_before.c_str(), 1);
    }
    static Result<Isa> choose(const char* value) {
        setenv("HEARTH_ISA", value, 1);
        return chooseIsa();
    }
    std::string m_before;
};

TEST_F(ChooseIsa, TakesTheBestByDefault) {
    EXPECT_EQ(availableIsas().front(), Isa::Generic);
    EXPECT_EQ(choose(""), availableIsas().back());
    unsetenv("HEARTH_ISA");
    EXPECT_EQ(chooseIsa(), availableIsas().back());
}

TEST_F(ChooseIsa, ForcedSetsReallyRunOrAreRefused) {
    const auto available = availableIsas();
    for (const Isa isa : {Isa::Generic, Isa::Avx2, Isa::Avx512, Isa::Neon}) {
        const std::string name(isaName(isa));
        const auto chosen = choose(name.c_str());
        if (std::find(available.begin(), available.end(), isa) != available.end()) {
            ASSERT_TRUE(chosen) << name;
            EXPECT_EQ(*chosen, isa);
            ThreadPool pool(1);
            EXPECT_EQ(Compute(*chosen, pool).isa(), isa);
        } else {
            ASSERT_FALSE(chosen) << name;
            EXPECT_EQ(chosen.error().code, "kernels.isa_unavailable");
            EXPECT_EQ(chosen.error().arg("isa"), name);
        }
    }
}

TEST_F(ChooseIsa, RefusesUnknownNames) {
    for (const char* name : {"sse9", "AVX2", "avx2 ", "avx"}) {
        const auto chosen = choose(name);
        ASSERT_FALSE(chosen) << name;
        EXPECT_EQ(chosen.error().code, "kernels.unknown_isa");
        EXPECT_EQ(chosen.error().arg("isa"), name);
    }
}

TEST(KernelSets, EmulationIsTestedOnX86) {
#if defined(HEARTH_KERNELS_X86) && !defined(HEARTH_KERNELS_EMULATED)
    GTEST_SKIP() << "built without SIMD Everywhere 0.7.4 or newer (libsimde-dev): AVX-512 and NEON are "
                    "tested only where "
                    "they are native";
#endif
    const auto& sets = test::kernelSets();
    EXPECT_TRUE(std::any_of(sets.begin(), sets.end(), [](const auto& set) { return test::executable(set); }));
}

} // namespace
} // namespace hearth::kernels
