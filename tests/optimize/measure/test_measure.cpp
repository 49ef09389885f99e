// Perplexity and divergence against the float64 reference logits of the golden models, calibration against
// sums made by hand, and what quantising does to a real small model.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "engine/format/gguf/gguf_file.h"
#include "engine/optimize/measure/calibrate.h"
#include "engine/optimize/measure/evaluate.h"
#include "engine/optimize/quantize/quantize.h"
#include "engine/runtime/loaded_model.h"
#include "engine/runtime/session.h"
#include "tests/model/edited_model.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using namespace hearth::optimize;

constexpr std::size_t kVocabulary = 320;

const std::vector<text::TokenId> kPrompt{1,   262, 278, 301, 305, 290, 268, 300,
                                         259, 317, 2,   1,   5,   319, 271, 311};

class Measure : public testing::Test {
protected:
    std::shared_ptr<runtime::LoadedModel> load(const std::filesystem::path& path) {
        auto model = runtime::LoadedModel::load(path, m_pool, {.checkMemory = false});
        EXPECT_TRUE(model) << model.error().message();
        return model ? *model : nullptr;
    }
    static EvaluationText promptText() {
        EvaluationText text;
        text.tokens = kPrompt;
        text.context = kPrompt.size();
        text.vocabulary = kVocabulary;
        return text;
    }
    test::TemporaryFolder m_folder;
    ThreadPool m_pool{2};
};

/// Log probabilities of row `row` of reference logits, in double.
std::vector<double> logProbabilities(const std::vector<float>& logits, std::size_t row) {
    std::vector<double> out(logits.begin() + std::ptrdiff_t(row * kVocabulary),
                            logits.begin() + std::ptrdiff_t((row + 1) * kVocabulary));
    double sum = 0;
    for (const double value : out)
        sum += std::exp(value);
    for (double& value : out)
        value -= std::log(sum);
    return out;
}

TEST_F(Measure, PerplexityIsThatOfTheReferenceLogits) {
    for (const char* name : {"llama-F32", "qwen3-F32", "gemma2-F32", "qwen3moe-F32"}) {
        SCOPED_TRACE(name);
        const auto logits = test::readFloats(test::golden(std::string(name) + ".logits.f32"));
        double sum = 0;
        for (std::size_t i = 8; i < 15; ++i)
            sum -= logProbabilities(logits, i)[std::size_t(kPrompt[i + 1])];
        const auto model = load(test::golden(std::string(name) + ".gguf"));
        ASSERT_TRUE(model);
        const auto measured = evaluate(*model, promptText());
        ASSERT_TRUE(measured) << measured.error().message();
        EXPECT_EQ(measured->tokens, 7U);
        EXPECT_NEAR(std::log(measured->perplexity), sum / 7, 1e-3);
    }
}

TEST_F(Measure, DivergenceIsThatOfTheReferenceLogits) {
    // Both models' divergence from float64 logits of each, computed here term by term.
    const auto a = test::readFloats(test::golden("llama-F16.logits.f32")),
               b = test::readFloats(test::golden("llama-Q2_K.logits.f32"));
    double sum = 0, largest = 0, same = 0;
    for (std::size_t row = 8; row < 15; ++row) {
        const auto p = logProbabilities(a, row), q = logProbabilities(b, row);
        double kl = 0;
        for (std::size_t i = 0; i < kVocabulary; ++i)
            kl += std::exp(p[i]) * (p[i] - q[i]);
        sum += kl;
        largest = std::max(largest, kl);
        same += std::max_element(p.begin(), p.end()) - p.begin() ==
                std::max_element(q.begin(), q.end()) - q.begin();
    }
    const auto reference = load(test::golden("llama-F16.gguf")),
               coarse = load(test::golden("llama-Q2_K.gguf"));
    ASSERT_TRUE(reference && coarse);
    const auto recorded = ReferencePredictions::record(*reference, promptText(), m_folder.path());
    ASSERT_TRUE(recorded) << recorded.error().message();
    EXPECT_TRUE(std::filesystem::is_empty(m_folder.path())) << "the file has no name";
    const auto measured = evaluate(*coarse, promptText(), &*recorded);
    ASSERT_TRUE(measured && measured->divergence);
    EXPECT_NEAR(measured->divergence->mean, sum / 7, 0.02 * sum / 7 + 1e-4);
    EXPECT_NEAR(measured->divergence->max, largest, 0.02 * largest + 1e-3);
    EXPECT_NEAR(measured->divergence->sameTop, same / 7, 1e-9);
    EXPECT_LE(measured->divergence->median, measured->divergence->p99);
    EXPECT_LE(measured->divergence->p99, measured->divergence->max);
    EXPECT_GT(measured->divergence->rmsDeltaP, 0);

    const auto itself = evaluate(*reference, promptText(), &*recorded);
    ASSERT_TRUE(itself && itself->divergence);
    EXPECT_LT(itself->divergence->max, 1e-6);
    EXPECT_EQ(itself->divergence->sameTop, 1);
    EXPECT_NEAR(itself->perplexity, recorded->evaluation().perplexity, 1e-9);

    auto other = promptText();
    other.tokens[3] = 4;
    const auto mismatch = evaluate(*coarse, other, &*recorded);
    ASSERT_FALSE(mismatch);
    EXPECT_EQ(mismatch.error().code, "measure.different_text");
}

TEST_F(Measure, AnotherTokeniserOfTheSameSizeIsRefused) {
    const auto source = test::golden("llama-F16.gguf"), other = m_folder.path() / "other.gguf";
    ASSERT_TRUE(test::writeWithPiece(source, other, 300, "another"));
    const auto reference = load(source), model = load(other);
    ASSERT_TRUE(reference && model);
    const auto recorded = ReferencePredictions::record(*reference, promptText(), m_folder.path());
    ASSERT_TRUE(recorded) << recorded.error().message();
    const auto refused = evaluate(*model, promptText(), &*recorded);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "measure.different_tokenizer");
    EXPECT_EQ(refused.error().arg("part"), "pieces");
    EXPECT_EQ(refused.error().arg("token"), "300");
    EXPECT_TRUE(evaluate(*model, promptText())) << "alone it can be measured";
    // Known from the files, before anything is computed.
    EXPECT_TRUE(checkComparable(source, test::golden("llama-Q2_K.gguf")));
    EXPECT_EQ(checkComparable(source, other).error().code, "measure.different_tokenizer");
    EXPECT_EQ(checkComparable(source, m_folder.path() / "none").error().code, "file.not_found");
}

TEST_F(Measure, TextsAreCutAsTheFieldCutsThem) {
    const auto model = load(test::golden("llama-F32.gguf"));
    ASSERT_TRUE(model);
    std::string words;
    for (int i = 0; i < 200; ++i)
        words += "the rain was in the town ";
    const auto text = EvaluationText::prepare(*model, words, {.context = 64, .maxChunks = 3});
    ASSERT_TRUE(text) << text.error().message();
    EXPECT_EQ(text->chunks(), 3U);
    EXPECT_EQ(text->tokens.size(), 192U);
    EXPECT_EQ(text->scored(), 3 * 31U);
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_EQ(text->chunk(i)[0], 1) << "every chunk begins with BOS";
    const auto brief = EvaluationText::prepare(*model, "the rain was", {});
    ASSERT_TRUE(brief);
    EXPECT_EQ(brief->chunks(), 1U);
    const auto none = EvaluationText::prepare(*model, "", {});
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, "measure.text_too_short");
    const auto tiny = EvaluationText::prepare(*model, words, {.context = 3});
    ASSERT_FALSE(tiny);
    EXPECT_EQ(tiny.error().code, "measure.bad_context");

    std::stop_source stop;
    stop.request_stop();
    const auto stopped = evaluate(*model, *text, nullptr, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, kCancelled);
    const auto unfinished = ReferencePredictions::record(*model, *text, m_folder.path(), stop.get_token());
    ASSERT_FALSE(unfinished);
    EXPECT_TRUE(std::filesystem::is_empty(m_folder.path()));
}

TEST_F(Measure, CalibrationSeesEveryMatrix) {
    for (const char* name : {"llama-F32", "phi3-F32", "gemma3-F32", "qwen3moe-F32", "llama-moe-F32"}) {
        SCOPED_TRACE(name);
        const auto path = test::golden(std::string(name) + ".gguf");
        const auto model = load(path);
        const auto file = format::GgufFile::open(path);
        ASSERT_TRUE(model && file);
        const auto matrix = gatherImportance(*model, promptText());
        ASSERT_TRUE(matrix) << matrix.error().message();
        EXPECT_EQ(matrix->chunks, 1U);
        const bool tied = file->findTensor("output.weight") == nullptr;
        for (const auto& tensor : file->tensors()) {
            if (tensor.shape.size() < 2)
                continue;
            const auto it = matrix->entries.find(tensor.name);
            if (tensor.name == "token_embd.weight" && !tied) {
                EXPECT_EQ(it, matrix->entries.end()) << "rows of it are looked up, not multiplied";
                continue;
            }
            ASSERT_NE(it, matrix->entries.end()) << tensor.name;
            EXPECT_EQ(it->second.cols, tensor.shape[0]) << tensor.name;
            const std::size_t matrices = tensor.shape.size() > 2 ? tensor.shape[2] : 1;
            ASSERT_EQ(it->second.counts.size(), matrices) << tensor.name;
            EXPECT_EQ(it->second.sums.size(), matrices * tensor.shape[0]);
            float seen = 0;
            for (const float count : it->second.counts)
                seen += count;
            const auto used = static_cast<float>(matrices > 1 ? model->config().expertsUsed : 1);
            EXPECT_EQ(seen, used * 16) << tensor.name;
        }
    }
}

TEST_F(Measure, CalibrationSumsTheSquaresOfTheInputs) {
    // The first layer's q sees normed embeddings: known without a forward pass.
    const auto path = test::golden("llama-F32.gguf");
    const auto model = load(path);
    const auto file = format::GgufFile::open(path);
    ASSERT_TRUE(model && file);
    const auto matrix = gatherImportance(*model, promptText());
    ASSERT_TRUE(matrix);
    const auto floats = [&](const char* name) {
        const auto bytes = file->tensorData(*file->findTensor(name));
        std::vector<float> out(bytes.size() / sizeof(float));
        std::memcpy(out.data(), bytes.data(), bytes.size());
        return out;
    };
    const auto embedding = floats("token_embd.weight"), norm = floats("blk.0.attn_norm.weight");
    const std::size_t dim = norm.size();
    std::vector<double> sums(dim, 0.0);
    for (const auto token : kPrompt) {
        const float* x = embedding.data() + std::size_t(token) * dim;
        double square = 0;
        for (std::size_t i = 0; i < dim; ++i)
            square += double(x[i]) * double(x[i]);
        const double scale = 1 / std::sqrt(square / double(dim) + 1e-5);
        for (std::size_t i = 0; i < dim; ++i)
            sums[i] += std::pow(double(x[i]) * scale * double(norm[i]), 2);
    }
    for (const char* name : {"blk.0.attn_q.weight", "blk.0.attn_k.weight", "blk.0.attn_v.weight"}) {
        const auto& entry = matrix->entries.find(name)->second;
        for (std::size_t i = 0; i < dim; ++i)
            ASSERT_NEAR(double(entry.sums[i]), sums[i], 1e-4 * sums[i] + 1e-5) << name << " column " << i;
    }
}

TEST_F(Measure, TheDefaultTextIsVariedAndLongEnough) {
    const auto text = defaultCalibrationText();
    EXPECT_GE(text.size(), 30U * 1024);
    EXPECT_EQ(std::string(text), test::readText(std::filesystem::path(HEARTH_TEST_DATA) /
                                                "../../resources/calibration/bilingual.txt"));
}

/// Text drawn from a model's own distribution, in chunks: on it, every change of the model's predictions
/// raises the perplexity by the divergence, so that both measures must agree.
Result<EvaluationText> drawnText(const std::shared_ptr<runtime::LoadedModel>& model, std::uint64_t seed,
                                 std::size_t stories, std::size_t length) {
    EvaluationText text;
    text.context = length;
    text.vocabulary = model->config().vocabulary;
    HEARTH_TRY(const auto session, runtime::Session::create(model));
    const std::vector<text::TokenId> begin{model->tokenizer().specials().bos.value_or(1)};
    while (text.tokens.size() < stories * length) {
        runtime::GenerationParams params;
        params.sampling = {.temperature = 1,
                           .topK = 0,
                           .topP = 1,
                           .minP = 0,
                           .dryBreakers = {},
                           .logitBias = {},
                           .seed = ++seed};
        params.maxTokens = static_cast<std::int64_t>(length);
        params.detectLoops = false;
        HEARTH_CHECK(session->complete(begin, params));
        const auto tokens = session->cachedTokens();
        text.tokens.insert(text.tokens.end(), tokens.begin(), tokens.end());
    }
    text.tokens.resize(stories * length);
    for (std::size_t i = 0; i < stories; ++i)
        text.tokens[i * length] = begin.front();
    return text;
}

/// A real, trained model: an importance matrix gained from some stories must serve others.
TEST_F(Measure, ImportanceLowersThePerplexityOfCoarseTypes) {
    const auto path = test::shared("stories260K/stories260K.gguf");
    HEARTH_SKIP_WITHOUT(path);
    const auto source = load(path);
    const auto file = format::GgufFile::open(path);
    ASSERT_TRUE(source && file);
    const auto calibration = drawnText(source, 1'000, 24, 96), text = drawnText(source, 2'000, 36, 96);
    ASSERT_TRUE(calibration && text) << text.error().message();
    const auto matrix = gatherImportance(*source, *calibration);
    const auto reference = ReferencePredictions::record(*source, *text, m_folder.path());
    ASSERT_TRUE(matrix && reference);
    double divergence[2]{}, perplexity[2]{};
    for (const char* mix : {"Q4_0", "Q4_1", "IQ4_NL", "Q5_0"}) {
        const auto plan = planQuantization(*file, {.mix = mix});
        ASSERT_TRUE(plan);
        for (const std::size_t with : {0U, 1U}) {
            const auto out = m_folder.path() / (std::string(mix) + (with ? "-i" : "") + ".gguf");
            ASSERT_TRUE(quantizeFile(path, out, *plan, with ? &*matrix : nullptr, m_pool));
            const auto version = load(out);
            ASSERT_TRUE(version);
            const auto measured = evaluate(*version, *text, &*reference);
            ASSERT_TRUE(measured && measured->divergence) << measured.error().message();
            divergence[with] += measured->divergence->mean;
            perplexity[with] += std::log(measured->perplexity / reference->evaluation().perplexity);
            std::printf("%-7s %s importance: divergence %.5f, perplexity %.4f (source %.4f)\n", mix,
                        with ? "with" : "without", measured->divergence->mean, measured->perplexity,
                        reference->evaluation().perplexity);
        }
    }
    EXPECT_LT(divergence[1], 0.95 * divergence[0]);
    EXPECT_LT(perplexity[1], perplexity[0]);
}

} // namespace
