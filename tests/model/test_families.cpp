// What the families read from a file beyond what the golden models exercise.

#include <cmath>

#include <gtest/gtest.h>

#include "tests/model/edited_model.h"
#include "tests/model/model_fixture.h"

namespace {

using namespace hearth;

/// The shape of an edited copy of a golden model.
Result<model::ModelConfig> shapeOf(const std::string& source,
                                   const std::function<void(format::GgufWriter&)>& metadata) {
    const test::TemporaryFile copy;
    HEARTH_CHECK(test::writeEdited(test::golden(source), copy.path(), {.metadata = metadata}));
    HEARTH_TRY(const auto file, format::GgufFile::open(copy.path()));
    return model::ModelConfig::fromGguf(file);
}

TEST(Families, QueriesOfTheLargestGemmasAreScaledByTheirWidth) {
    struct Case {
        const char* family;
        std::uint32_t layers;
        bool byWidth; ///< 1/√(dim/heads) in place of 1/√headDim
    };
    for (const Case& c : {Case{"gemma2", 46, true}, Case{"gemma2", 62, false}, Case{"gemma2", 42, false},
                          Case{"gemma3", 62, true}, Case{"gemma3", 46, false}, Case{"gemma3", 34, false}}) {
        SCOPED_TRACE(std::string(c.family) + " of " + std::to_string(c.layers) + " layers");
        const std::string prefix = std::string(c.family) + ".";
        const auto shape = shapeOf(std::string(c.family) + "-F32.gguf", [&](format::GgufWriter& writer) {
            writer.setUint(prefix + "block_count", c.layers);
            writer.setUint(prefix + "attention.key_length", 64);
            writer.setUint(prefix + "attention.value_length", 64);
        });
        ASSERT_TRUE(shape) << shape.error().message();
        const float width = static_cast<float>(shape->dim) / static_cast<float>(shape->heads);
        ASSERT_NE(width, 64.0F) << "the test would show nothing";
        EXPECT_FLOAT_EQ(shape->attentionScale, 1 / std::sqrt(c.byWidth ? width : 64.0F));
    }
}

} // namespace
