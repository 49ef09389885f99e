// Whole files: plans by mix, rule and budget; what is written, copied, refused; stopping; importance
// matrices.

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/gguf_writer.h"
#include "engine/format/gguf/synthetic_model.h"
#include "engine/optimize/quantize/importance.h"
#include "engine/optimize/quantize/quantize.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using namespace hearth::optimize;

class QuantizeFile : public testing::Test {
protected:
    std::filesystem::path path(const std::string& name) const { return m_folder.path() / name; }

    /// A small model of 256-element rows in F16.
    std::filesystem::path source(const std::string& mix = "F16") {
        const auto file = path("source-" + mix + ".gguf");
        const auto written = format::writeSyntheticModel(*format::findSyntheticShape("tiny"), mix, file);
        EXPECT_TRUE(written) << written.error().message();
        return file;
    }
    Result<QuantizePlan> plan(const std::filesystem::path& file, const PlanRequest& request) {
        HEARTH_TRY(const auto opened, format::GgufFile::open(file));
        return planQuantization(opened, request);
    }
    static DType typeIn(const QuantizePlan& plan, const std::string& name) {
        for (const auto& tensor : plan.tensors)
            if (tensor.name == name)
                return tensor.to;
        ADD_FAILURE() << name << " is not there";
        return DType::F64;
    }
    std::size_t filesInFolder() const {
        std::size_t count = 0;
        for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(m_folder.path()))
            ++count;
        return count;
    }

    test::TemporaryFolder m_folder;
    ThreadPool m_pool{2};
};

TEST_F(QuantizeFile, WritesThePlannedTypesAndKeepsTheRest) {
    const auto in = source();
    for (const char* mix : {"Q4_K_M", "Q8_0", "Q2_K", "IQ4_XS", "F32", "BF16"}) {
        SCOPED_TRACE(mix);
        auto wanted = plan(in, {.mix = mix});
        ASSERT_TRUE(wanted) << wanted.error().message();
        wanted->modelName = "own name";
        const auto out = path(std::string(mix) + ".gguf");
        std::uint64_t last = 0, total = 0;
        const auto report = quantizeFile(in, out, *wanted, nullptr, m_pool, {}, [&](const Progress& p) {
            EXPECT_EQ(p.phase, "quantize");
            EXPECT_GE(p.done, last);
            last = p.done;
            total = p.total;
        });
        ASSERT_TRUE(report) << report.error().message();
        EXPECT_EQ(last, total);
        const auto before = format::GgufFile::open(in), after = format::GgufFile::open(out);
        ASSERT_TRUE(before && after);
        ASSERT_EQ(after->tensors().size(), before->tensors().size());
        EXPECT_EQ(report->bytesAfter, after->fileBytes());
        EXPECT_EQ(report->bytesBefore, before->fileBytes());
        EXPECT_NEAR(report->bitsPerWeight(), wanted->bitsPerWeight(), 1e-9);
        for (std::size_t i = 0; i < wanted->tensors.size(); ++i) {
            const auto& tensor = after->tensors()[i];
            EXPECT_EQ(tensor.name, wanted->tensors[i].name);
            EXPECT_EQ(tensor.type, wanted->tensors[i].to) << tensor.name;
            EXPECT_EQ(tensor.shape, before->tensors()[i].shape);
            EXPECT_LT(report->tensors[i].weightError, 0.2) << tensor.name;
            EXPECT_EQ(report->tensors[i].weightError == 0, tensor.type == DType::F32) << tensor.name;
        }
        EXPECT_EQ(after->getString("general.name"), "own name");
        EXPECT_EQ(after->getString("general.architecture"), "llama");
        EXPECT_EQ(after->getUint("general.quantization_version"), 2U);
        EXPECT_EQ(after->getUint("general.file_type"), wanted->fileType);
        EXPECT_EQ(after->metadata().size(), before->metadata().size());
    }
}

TEST_F(QuantizeFile, SameFileForAnyNumberOfThreads) {
    const auto in = source();
    const auto wanted = plan(in, {.mix = "Q4_K_M"});
    ASSERT_TRUE(wanted);
    ThreadPool one(1);
    ASSERT_TRUE(quantizeFile(in, path("a.gguf"), *wanted, nullptr, one));
    ASSERT_TRUE(quantizeFile(in, path("b.gguf"), *wanted, nullptr, m_pool));
    EXPECT_EQ(test::readText(path("a.gguf")), test::readText(path("b.gguf")));
}

TEST_F(QuantizeFile, RulesComeBeforeTheMix) {
    const auto in = source();
    const auto mixed =
        plan(in, {.mix = "Q4_K_M", .rules = {{"attn_[qk]\\.weight", DType::Q8_0}, {"attn_", DType::Q5_K}}});
    ASSERT_TRUE(mixed) << mixed.error().message();
    EXPECT_EQ(typeIn(*mixed, "blk.0.attn_q.weight"), DType::Q8_0);
    EXPECT_EQ(typeIn(*mixed, "blk.1.attn_k.weight"), DType::Q8_0);
    EXPECT_EQ(typeIn(*mixed, "blk.0.attn_output.weight"), DType::Q5_K);
    EXPECT_EQ(typeIn(*mixed, "blk.0.attn_norm.weight"), DType::F32) << "vectors never change";
    EXPECT_EQ(typeIn(*mixed, "output.weight"), DType::Q6_K);
    const auto code = [&](const PlanRequest& request) {
        const auto result = plan(in, request);
        return result ? std::string("ok") : result.error().code;
    };
    EXPECT_EQ(code({.mix = "q4_k"}), "ok");
    EXPECT_EQ(code({.mix = "Q9_K"}), "quantize.unknown_mix");
    EXPECT_EQ(code({.mix = "Q8_0", .rules = {{"[", DType::Q8_0}}}), "quantize.bad_expression");
    EXPECT_EQ(code({.mix = "Q8_0", .rules = {{"attn", DType::I8}}}), "quantize.unsupported_type");
    EXPECT_EQ(code({.mix = "Q8_0", .rules = {{"nowhere", DType::Q4_0}}}), "quantize.rule_unused");
}

TEST_F(QuantizeFile, RowsThatAreNoWholeBlocksGetTheNearestType) {
    const auto golden = plan(test::golden("qwen2-F32.gguf"), {.mix = "Q4_K_M"});
    ASSERT_TRUE(golden);
    for (const auto& tensor : golden->tensors)
        EXPECT_EQ(tensor.shape[0] % traitsOf(tensor.to).blockSize, 0U) << tensor.name;
    const auto report =
        quantizeFile(test::golden("qwen2-F32.gguf"), path("o.gguf"), *golden, nullptr, m_pool);
    ASSERT_TRUE(report) << report.error().message();
}

TEST_F(QuantizeFile, RefusesWhatWouldLose) {
    const auto in = source();
    const auto wanted = plan(in, {.mix = "Q4_0"});
    ASSERT_TRUE(wanted);
    const std::string before = test::readText(in);
    const auto same = quantizeFile(in, in, *wanted, nullptr, m_pool);
    ASSERT_FALSE(same);
    EXPECT_EQ(same.error().code, "quantize.same_file");
    std::filesystem::create_symlink(in, path("link.gguf"));
    const auto linked = quantizeFile(in, path("link.gguf"), *wanted, nullptr, m_pool);
    ASSERT_FALSE(linked);
    EXPECT_EQ(linked.error().code, "quantize.same_file");
    EXPECT_EQ(test::readText(in), before);

    ASSERT_TRUE(quantizeFile(in, path("q4.gguf"), *wanted, nullptr, m_pool));
    auto again = plan(path("q4.gguf"), {.mix = "Q2_K"});
    ASSERT_TRUE(again);
    const auto lossy = quantizeFile(path("q4.gguf"), path("q2.gguf"), *again, nullptr, m_pool);
    ASSERT_FALSE(lossy);
    EXPECT_EQ(lossy.error().code, "quantize.lossy_source");
    EXPECT_EQ(lossy.error().arg("type"), "Q4_0");
    again->allowLossySource = true;
    EXPECT_TRUE(quantizeFile(path("q4.gguf"), path("q2.gguf"), *again, nullptr, m_pool));

    const auto other = quantizeFile(path("q4.gguf"), path("x.gguf"), *wanted, nullptr, m_pool);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, "quantize.bad_plan");
    const auto nowhere = quantizeFile(in, path("no/such/folder.gguf"), *wanted, nullptr, m_pool);
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, "file.unwritable");
}

TEST_F(QuantizeFile, AStopLeavesNothingBehind) {
    const auto in = source();
    const auto wanted = plan(in, {.mix = "Q4_K_M"});
    ASSERT_TRUE(wanted);
    std::stop_source stop;
    const auto result = quantizeFile(in, path("out.gguf"), *wanted, nullptr, m_pool, stop.get_token(),
                                     [&](const Progress&) { stop.request_stop(); });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, kCancelled);
    EXPECT_EQ(filesInFolder(), 1U);
}

TEST_F(QuantizeFile, ANumberThatIsNoneIsNamedWithItsTensor) {
    format::GgufWriter writer;
    writer.setString("general.architecture", "llama");
    const std::uint64_t shape[]{32, 2};
    ASSERT_TRUE(writer.addTensor("blk.0.attn_q.weight", DType::F32, shape));
    ASSERT_TRUE(writer.begin(path("nan.gguf")));
    std::vector<float> values(64, 1.0F);
    values[40] = std::numeric_limits<float>::quiet_NaN();
    ASSERT_TRUE(writer.append(std::as_bytes(std::span(values))));
    ASSERT_TRUE(writer.commit());
    const auto wanted = plan(path("nan.gguf"), {.mix = "Q4_0"});
    ASSERT_TRUE(wanted);
    const auto result = quantizeFile(path("nan.gguf"), path("out.gguf"), *wanted, nullptr, m_pool);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "quantize.not_finite");
    EXPECT_EQ(result.error().arg("tensor"), "blk.0.attn_q.weight");
    EXPECT_EQ(filesInFolder(), 1U);
}

TEST_F(QuantizeFile, BudgetIsKeptAndSpentWhereItGains) {
    const auto in = source();
    const auto file = format::GgufFile::open(in);
    ASSERT_TRUE(file);
    double previous = 1e9;
    for (const std::uint64_t budget : {700'000U, 900'000U, 1'200'000U}) {
        SCOPED_TRACE(budget);
        const auto wanted = planForBudget(*file, {.bytes = budget}, nullptr, m_pool);
        ASSERT_TRUE(wanted) << wanted.error().message();
        const auto out = path(std::to_string(budget) + ".gguf");
        const auto report = quantizeFile(in, out, *wanted, nullptr, m_pool);
        ASSERT_TRUE(report);
        EXPECT_LE(std::filesystem::file_size(out), budget);
        EXPECT_GE(std::filesystem::file_size(out), budget * 9 / 10) << "bytes left over";
        double error = 0;
        for (const auto& tensor : report->tensors)
            error += tensor.weightError;
        EXPECT_LT(error, previous);
        previous = error;
    }
    const auto fixed =
        planForBudget(*file, {.bytes = 900'000, .rules = {{"attn_q", DType::Q8_0}}}, nullptr, m_pool);
    ASSERT_TRUE(fixed);
    EXPECT_EQ(typeIn(*fixed, "blk.0.attn_q.weight"), DType::Q8_0);
    const auto small = planForBudget(*file, {.bytes = 100'000}, nullptr, m_pool);
    ASSERT_FALSE(small);
    EXPECT_EQ(small.error().code, "quantize.budget_too_small");
    EXPECT_GT(std::stoull(small.error().arg("needed_bytes")), 100'000U);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = planForBudget(*file, {.bytes = 900'000}, nullptr, m_pool, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, kCancelled);
}

TEST_F(QuantizeFile, ImportanceIsReadBackAndUsed) {
    const auto in = source();
    ImportanceMatrix matrix;
    auto& entry = matrix.entries["blk.0.ffn_down.weight"];
    entry.cols = 512;
    entry.sums.assign(512, 0.01F);
    for (std::size_t i = 0; i < 512; i += 16)
        entry.sums[i] = 50.0F;
    entry.counts = {100.0F};
    matrix.datasets = {"own text"};
    matrix.chunks = 4;
    matrix.chunkTokens = 512;
    ASSERT_TRUE(matrix.write(path("m.gguf")));
    const auto read = ImportanceMatrix::read(path("m.gguf"));
    ASSERT_TRUE(read) << read.error().message();
    ASSERT_EQ(read->entries.size(), 1U);
    EXPECT_EQ(read->entries.begin()->second.sums, entry.sums);
    EXPECT_EQ(read->datasets, matrix.datasets);
    EXPECT_EQ(read->chunks, 4U);
    EXPECT_EQ(read->file, "m.gguf");

    const auto wanted = plan(in, {.mix = "Q4_0"});
    ASSERT_TRUE(wanted);
    ASSERT_TRUE(quantizeFile(in, path("plain.gguf"), *wanted, nullptr, m_pool));
    ASSERT_TRUE(quantizeFile(in, path("weighted.gguf"), *wanted, &*read, m_pool));
    const auto a = format::GgufFile::open(path("plain.gguf")),
               b = format::GgufFile::open(path("weighted.gguf"));
    ASSERT_TRUE(a && b);
    EXPECT_EQ(b->getString("quantize.imatrix.dataset"), "own text");
    EXPECT_EQ(b->getUint("quantize.imatrix.entries_count"), 1U);
    for (const auto& tensor : a->tensors()) {
        const auto x = a->tensorData(tensor), y = b->tensorData(*b->findTensor(tensor.name));
        EXPECT_EQ(std::equal(x.begin(), x.end(), y.begin(), y.end()), tensor.name != "blk.0.ffn_down.weight")
            << tensor.name;
    }

    ImportanceMatrix foreign = *read;
    foreign.entries["blk.0.attn_q.weight"] = {128, std::vector<float>(128, 1.0F), {1.0F}};
    const auto mismatch = quantizeFile(in, path("x.gguf"), *wanted, &foreign, m_pool);
    ASSERT_FALSE(mismatch);
    EXPECT_EQ(mismatch.error().code, "quantize.importance_mismatch");
    EXPECT_EQ(mismatch.error().arg("tensor"), "blk.0.attn_q.weight");
}

TEST_F(QuantizeFile, WhatIsNoImportanceMatrixIsNamed) {
    const auto model = ImportanceMatrix::read(test::golden("llama-F32.gguf"));
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().code, "importance.not_a_matrix");
    const auto write = [&](float sum, std::uint64_t counts) {
        format::GgufWriter writer;
        writer.setString("general.type", "imatrix");
        const std::uint64_t sums[]{4, 1}, count[]{1, counts};
        EXPECT_TRUE(writer.addTensor("a.in_sum2", DType::F32, sums));
        EXPECT_TRUE(writer.addTensor("a.counts", DType::F32, count));
        EXPECT_TRUE(writer.begin(path("bad.gguf")));
        const std::vector<float> values(4, sum), ones(counts, 1.0F);
        EXPECT_TRUE(writer.append(std::as_bytes(std::span(values))));
        EXPECT_TRUE(writer.append(std::as_bytes(std::span(ones))));
        EXPECT_TRUE(writer.commit());
        const auto read = ImportanceMatrix::read(path("bad.gguf"));
        return read ? std::string("ok") : read.error().code;
    };
    EXPECT_EQ(write(1, 1), "ok");
    EXPECT_EQ(write(-1, 1), "importance.bad_entry");
    EXPECT_EQ(write(std::numeric_limits<float>::quiet_NaN(), 1), "importance.bad_entry");
    EXPECT_EQ(write(1, 2), "importance.bad_entry");
}

} // namespace
