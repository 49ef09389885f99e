#include <gmock/gmock.h>

#include "engine/base/thread_pool.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/synthetic_model.h"
#include "engine/hardware/predict/footprint.h"
#include "engine/hardware/predict/model_shape.h"
#include "engine/model/kv_cache.h"
#include "engine/model/model.h"
#include "engine/runtime/loaded_model.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace hearth::hardware {
namespace {

std::uint64_t amount(const std::vector<Term>& terms, std::string_view name) {
    for (const Term& term : terms)
        if (term.name == name)
            return static_cast<std::uint64_t>(term.amount);
    ADD_FAILURE() << "no term " << name;
    return 0;
}

/// What was predicted from the header against what loading then took, byte by byte.
void expectAgreement(const std::filesystem::path& path, std::size_t context, kernels::KvType kvType) {
    SCOPED_TRACE(path.filename().string() + " context " + std::to_string(context));
    const auto file = format::GgufFile::open(path);
    ASSERT_TRUE(file) << file.error().message();
    const auto shape = shapeOf(*file);
    ASSERT_TRUE(shape) << shape.error().message();
    ThreadPool pool(2);
    const auto isa = kernels::chooseIsa();
    ASSERT_TRUE(isa);
    Footprint footprint(*isa, pool);

    runtime::LoadOptions options;
    options.contextTokens = context;
    options.kvType = kvType;
    const auto loaded = runtime::LoadedModel::load(path, pool, options);
    ASSERT_TRUE(loaded) << loaded.error().message();
    const std::size_t positions = (*loaded)->options().contextTokens;
    const auto terms = footprint.terms(*shape, positions, kvType);
    ASSERT_TRUE(terms) << terms.error().message();
    const auto cache = model::KvCache::create((*loaded)->config(), {positions, kvType, runtime::kMaxBatch});
    ASSERT_TRUE(cache);
    EXPECT_EQ(amount(*terms, "weights"), (*loaded)->model().weightBytes());
    EXPECT_EQ(amount(*terms, "kv_cache"), cache->bytes());
    EXPECT_EQ(amount(*terms, "buffers"), (*loaded)->memory().buffers);
    EXPECT_EQ(amount(*terms, "scratch"), (*loaded)->compute().scratchBytes());
}

TEST(Footprint, AgreesWithLoadingForEveryMix) {
    const test::TemporaryFolder folder;
    for (const char* mix :
         {"F32", "F16", "BF16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "Q4_0", "Q3_K_M", "Q2_K", "IQ4_XS"}) {
        const auto path = folder.path() / (std::string(mix) + ".gguf");
        ASSERT_TRUE(format::writeSyntheticModel(*format::findSyntheticShape("tiny"), mix, path));
        expectAgreement(path, 0, kernels::KvType::F16);
        expectAgreement(path, 100, kernels::KvType::Q8_0);
    }
}

TEST(Footprint, AgreesWithLoadingForEveryFamily) {
    for (const char* family : {"llama", "qwen2", "qwen3", "qwen3moe", "gemma2", "gemma3", "phi3"}) {
        const auto path = test::golden(std::string(family) + "-F32.gguf");
        expectAgreement(path, 0, kernels::KvType::F16);
        expectAgreement(path, 64, kernels::KvType::Q8_0);
    }
}

/// The weights that a mix gives a shape are those that a file of the mix has.
TEST(Footprint, QuantisedShapeIsThatOfTheFile) {
    const test::TemporaryFolder folder;
    const auto* synthetic = format::findSyntheticShape("tiny");
    const auto whole = folder.path() / "f32.gguf";
    ASSERT_TRUE(format::writeSyntheticModel(*synthetic, "F32", whole));
    const auto f32 = format::GgufFile::open(whole);
    ASSERT_TRUE(f32);
    const auto shape = shapeOf(*f32);
    ASSERT_TRUE(shape);
    for (const char* mix : {"Q8_0", "Q5_K_M", "Q4_K_M", "Q3_K_M", "Q2_K"}) {
        const auto path = folder.path() / (std::string(mix) + ".gguf");
        ASSERT_TRUE(format::writeSyntheticModel(*synthetic, mix, path));
        const auto file = format::GgufFile::open(path);
        ASSERT_TRUE(file);
        const auto real = shapeOf(*file), planned = quantised(*shape, mix);
        ASSERT_TRUE(real && planned);
        EXPECT_EQ(real->quantisation, mix);
        EXPECT_EQ(parametersOf(*real), parametersOf(*planned)) << mix;
        // A file has its vocabulary besides.
        EXPECT_NEAR(double(fileBytesOf(*planned)), double(fileBytesOf(*real)), 40e3) << mix;
        std::uint64_t realBytes = 0, plannedBytes = 0;
        for (const auto& group : real->weights)
            realBytes += bytesFor(group.type, group.elements()).value();
        for (const auto& group : planned->weights)
            plannedBytes += bytesFor(group.type, group.elements()).value();
        EXPECT_EQ(realBytes, plannedBytes) << mix;
    }
    EXPECT_EQ(quantised(*shape, "Q9").error().code, "predict.unknown_type");
}

} // namespace
} // namespace hearth::hardware
