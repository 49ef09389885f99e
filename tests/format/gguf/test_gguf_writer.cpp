#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/gguf_writer.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using hearth::DType;
using hearth::format::GgufFile;
using hearth::format::GgufWriter;

std::vector<std::byte> filled(std::size_t count, int value) {
    return std::vector<std::byte>(count, std::byte(value));
}

class Writer : public testing::Test {
protected:
    hearth::test::TemporaryFolder m_folder;
    std::filesystem::path m_path = m_folder.path() / "out.gguf";
};

TEST_F(Writer, RoundTripOfEveryKind) {
    GgufWriter writer;
    writer.setUint("u32", 5);
    writer.setUint64("u64", 1ULL << 40);
    writer.setInt("i32", -5);
    writer.setInt64("i64", -(1LL << 40));
    writer.setFloat("f32", 0.25F);
    writer.setDouble("f64", 0.1);
    writer.setBool("bool", true);
    writer.setString("string", "\xE4\xBD\xA0");
    const std::vector<std::string_view> texts{"a", "", "ccc"};
    writer.setStrings("strings", texts);
    writer.setUints("uints", std::vector<std::uint32_t>{1, 2});
    writer.setInts("ints", std::vector<std::int32_t>{-1, 2});
    writer.setFloats("floats", std::vector<float>{0.5F});
    writer.setBools("bools", {true, false});
    ASSERT_TRUE(writer.addTensor("a", DType::Q8_0, std::vector<std::uint64_t>{32, 3}).has_value());
    ASSERT_TRUE(writer.addTensor("b", DType::F32, std::vector<std::uint64_t>{5}).has_value());
    EXPECT_EQ(writer.dataBytes(), 128U + 32U);
    ASSERT_TRUE(writer.begin(m_path).has_value());
    // In pieces that respect no border.
    const auto a = filled(102, 7), b = filled(20, 9);
    std::vector<std::byte> all(a);
    all.insert(all.end(), b.begin(), b.end());
    for (std::size_t i = 0; i < all.size(); i += 11)
        ASSERT_TRUE(
            writer.append(std::span(all).subspan(i, std::min<std::size_t>(11, all.size() - i))).has_value());
    EXPECT_FALSE(std::filesystem::exists(m_path));
    ASSERT_TRUE(writer.commit().has_value());

    const auto file = GgufFile::open(m_path);
    ASSERT_TRUE(file.has_value()) << file.error().message();
    EXPECT_EQ(file->getUint("u32"), 5U);
    EXPECT_EQ(file->getUint("u64"), 1ULL << 40);
    EXPECT_EQ(std::get<std::int64_t>(*file->find("i32")), -5);
    EXPECT_EQ(std::get<std::int64_t>(*file->find("i64")), -(1LL << 40));
    EXPECT_EQ(file->getFloat("f32"), 0.25);
    EXPECT_EQ(file->getFloat("f64"), 0.1);
    EXPECT_EQ(file->getBool("bool"), true);
    EXPECT_EQ(file->getString("string"), "\xE4\xBD\xA0");
    EXPECT_EQ(std::get<std::vector<std::string_view>>(*file->getArray("strings")), texts);
    EXPECT_EQ(std::get<std::vector<bool>>(*file->getArray("bools")), (std::vector<bool>{true, false}));
    ASSERT_EQ(file->tensors().size(), 2U);
    EXPECT_THAT(file->tensorData(file->tensors()[0]), testing::ElementsAreArray(a));
    EXPECT_THAT(file->tensorData(file->tensors()[1]), testing::ElementsAreArray(b));
    EXPECT_EQ(file->tensors()[0].offset % 32, 0U);
    EXPECT_THAT(file->tensors()[0].shape, testing::ElementsAre(32, 3));
}

/// A model copied through the writer is the same model.
TEST_F(Writer, CopiesAGoldenModel) {
    for (const char* name : {"llama-Q4_K.gguf", "qwen3moe-F32.gguf"}) {
        const auto source = GgufFile::open(hearth::test::golden(name));
        ASSERT_TRUE(source.has_value());
        GgufWriter writer;
        writer.copyMetadata(*source);
        for (const auto& tensor : source->tensors())
            ASSERT_TRUE(writer.addTensor(tensor.name, tensor.type, tensor.shape).has_value());
        ASSERT_TRUE(writer.begin(m_path).has_value());
        for (const auto& tensor : source->tensors())
            ASSERT_TRUE(writer.append(source->tensorData(tensor)).has_value());
        ASSERT_TRUE(writer.commit().has_value());

        const auto copy = GgufFile::open(m_path);
        ASSERT_TRUE(copy.has_value()) << copy.error().message();
        ASSERT_EQ(copy->metadata().size(), source->metadata().size());
        for (std::size_t i = 0; i < copy->metadata().size(); ++i) {
            EXPECT_EQ(copy->metadata()[i].first, source->metadata()[i].first);
            EXPECT_TRUE(copy->metadata()[i].second == source->metadata()[i].second)
                << copy->metadata()[i].first;
        }
        ASSERT_EQ(copy->tensors().size(), source->tensors().size());
        for (std::size_t i = 0; i < copy->tensors().size(); ++i)
            EXPECT_TRUE(std::ranges::equal(copy->tensorData(copy->tensors()[i]),
                                           source->tensorData(source->tensors()[i])));
        EXPECT_EQ(hearth::test::readText(m_path), hearth::test::readText(hearth::test::golden(name)))
            << "not the same bytes";
    }
}

TEST_F(Writer, RefusesWhatCannotBeRead) {
    GgufWriter writer;
    const auto code = [&](std::string_view name, DType type, std::vector<std::uint64_t> shape) {
        const auto result = writer.addTensor(name, type, shape);
        return result ? std::string("accepted") : result.error().code;
    };
    EXPECT_EQ(code("t", DType::Q4_K, {128}), "gguf.partial_block");
    EXPECT_EQ(code("t", DType::F32, {}), "gguf.too_many_dimensions");
    EXPECT_EQ(code("t", DType::F32, {1, 1, 1, 1, 1}), "gguf.too_many_dimensions");
    EXPECT_EQ(code("t", DType::F32, {0}), "gguf.zero_dimension");
    EXPECT_EQ(code("t", DType::F32, {1ULL << 40, 1ULL << 40}), "gguf.size_overflow");
    EXPECT_EQ(code("t", DType::F64, {1ULL << 62}), "gguf.size_overflow");
    EXPECT_EQ(code("t", DType::F32, {1}), "accepted");
    EXPECT_EQ(code("t", DType::F32, {1}), "gguf.duplicate_tensor");
    writer.setUint("k", 1);
    writer.setUint("k", 2);
    EXPECT_EQ(writer.begin(m_path).error().code, "gguf.duplicate_key");
}

TEST_F(Writer, CountsTheData) {
    GgufWriter writer;
    ASSERT_TRUE(writer.addTensor("t", DType::F32, std::vector<std::uint64_t>{4}).has_value());
    ASSERT_TRUE(writer.begin(m_path).has_value());
    ASSERT_TRUE(writer.append(filled(15, 0)).has_value());
    EXPECT_EQ(writer.commit().error().code, "gguf.wrong_data_size");
    EXPECT_EQ(writer.append(filled(2, 0)).error().code, "gguf.wrong_data_size");
    EXPECT_FALSE(std::filesystem::exists(m_path));
}

TEST_F(Writer, AnUnfinishedFileLeavesNothing) {
    {
        GgufWriter writer;
        ASSERT_TRUE(writer.addTensor("t", DType::F32, std::vector<std::uint64_t>{4}).has_value());
        ASSERT_TRUE(writer.begin(m_path).has_value());
    }
    EXPECT_TRUE(std::filesystem::is_empty(m_folder.path()));
    EXPECT_EQ(GgufWriter().begin(m_folder.path() / "no" / "folder.gguf").error().code, "file.unwritable");
}

} // namespace
