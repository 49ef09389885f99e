#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/optimize/train/random.h"
#include "engine/optimize/train/transformer.h"
#include "tests/support/test_data.h"

namespace hearth::optimize {
namespace {

/// The whole gradient against PyTorch's autograd (float64), when Debian's python3-torch is installed.
TEST(TrainTransformer, GradientsMatchPyTorch) {
    if (std::system("/usr/bin/python3 -c 'import torch' >/dev/null 2>&1") != 0)
        GTEST_SKIP() << "python3-torch is not installed";
    TrainShape shape;
    shape.vocabulary = 50;
    shape.dim = 32;
    shape.layers = 3;
    shape.heads = 4;
    shape.kvHeads = 2;
    shape.headDim = 8;
    shape.feedForward = 48;
    shape.context = 16;
    shape.tied = false;
    const ParameterLayout layout(shape);
    std::vector<float> parameters(layout.size()), gradients(layout.size());
    Random random(9);
    for (const auto& view : layout.views())
        for (std::size_t i = 0; i < view.size(); ++i)
            parameters[view.offset + i] = view.decays ? 0.2F * random.normal() : 1 + 0.1F * random.normal();

    nlohmann::json json{{"shape",
                         {{"layers", shape.layers},
                          {"heads", shape.heads},
                          {"kv_heads", shape.kvHeads},
                          {"head_dim", shape.headDim},
                          {"eps", shape.normEpsilon},
                          {"rope_base", shape.ropeBase}}}};
    for (const auto& view : layout.views())
        json["parameters"].push_back(
            {{"name", view.name}, {"rows", view.rows}, {"cols", view.cols}, {"offset", view.offset}});
    Batch batch;
    for (const std::size_t length : {16U, 9U}) {
        batch.sequenceStarts.push_back(batch.tokens.size());
        nlohmann::json tokens, targets;
        for (std::size_t i = 0; i < length; ++i) {
            batch.tokens.push_back(static_cast<std::int32_t>(random.below(shape.vocabulary)));
            batch.targets.push_back(i % 4 == 0 ? -1
                                               : static_cast<std::int32_t>(random.below(shape.vocabulary)));
            tokens.push_back(batch.tokens.back());
            targets.push_back(batch.targets.back());
        }
        json["sequences"].push_back({{"tokens", tokens}, {"targets", targets}});
    }
    const auto folder = std::filesystem::temp_directory_path() / "hearth-pytorch-gradients";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "case.json") << json;
    std::ofstream(folder / "case.parameters", std::ios::binary)
        .write(reinterpret_cast<const char*>(parameters.data()),
               static_cast<std::streamsize>(parameters.size() * sizeof(float)));
    const std::string command = "/usr/bin/python3 '" HEARTH_TEST_DATA
                                "/../optimize/train/reference_gradients.py' '" +
                                (folder / "case.json").string() + "' > '" + (folder / "loss").string() + "'";
    ASSERT_EQ(std::system(command.c_str()), 0);

    const double loss =
        Transformer(layout, 25, false).forwardBackward(parameters.data(), batch, 1, gradients.data());
    EXPECT_NEAR(loss, std::stod(test::readText(folder / "loss")), 1e-3);
    const std::string bytes = test::readText(folder / "case.gradients");
    ASSERT_EQ(bytes.size(), gradients.size() * sizeof(double));
    std::vector<double> want(gradients.size());
    std::copy_n(bytes.data(), bytes.size(), reinterpret_cast<char*>(want.data()));
    for (const auto& view : layout.views()) {
        double error = 0, power = 0;
        for (std::size_t i = view.offset; i < view.offset + view.size(); ++i) {
            error += std::pow(static_cast<double>(gradients[i]) - want[i], 2);
            power += want[i] * want[i];
        }
        EXPECT_LT(error, 1e-10 * power) << view.name;
    }
    std::filesystem::remove_all(folder);
}

} // namespace
} // namespace hearth::optimize
