#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "engine/format/gguf/gguf_file.h"
#include "tests/format/gguf/gguf_builder.h"
#include "tests/support/temporary_folder.h"

namespace {

using hearth::format::GgufFile;
using hearth::test::GgufBuilder;

constexpr std::uint32_t kF32 = 0, kQ4_0 = 2, kI8 = 24;
constexpr std::uint64_t kHuge = ~std::uint64_t{0};

struct BadInput {
    const char* name;
    GgufBuilder bytes;
    std::string code;
    std::uint64_t offset; ///< of the offending field
};

void PrintTo(const BadInput& input, std::ostream* out) {
    *out << input.name;
}

GgufBuilder b() {
    return {};
}

// Offsets: the header takes 24 bytes; an entry 8 + key + 4; a tensor 8 + name + 4 + 8 per dimension + 4 + 8.
std::vector<BadInput> badInputs() {
    std::vector<BadInput> all;
    const auto add = [&](const char* name, GgufBuilder bytes, const char* code, std::uint64_t offset) {
        all.push_back({name, std::move(bytes), code, offset});
    };
    const auto oneTensor = [](std::vector<std::uint64_t> shape, std::uint32_t type, std::uint64_t offset) {
        return b().header(1, 0).tensor("t", shape, type, offset).pad().zeros(64);
    };
    add("empty", b(), "file.empty", 0);
    add("magic_only", b().raw("GGUF"), "gguf.truncated", 4);
    add("bad_magic", b().raw("GGML").u32(3).u64(0).u64(0), "gguf.bad_magic", 0);
    add("version_0", b().header(0, 0, 0), "gguf.unsupported_version", 4);
    add("version_1", b().header(0, 0, 1), "gguf.unsupported_version", 4);
    add("version_99", b().header(0, 0, 99), "gguf.unsupported_version", 4);
    add("big_endian_version", b().raw("GGUF").u32(0x03000000).u64(0).u64(0), "gguf.big_endian", 4);
    add("big_endian_magic", b().raw("FUGG").u32(0x03000000).u64(0).u64(0), "gguf.big_endian", 0);
    add("truncated_header", b().raw("GGUF").u32(3).u64(0).u32(0), "gguf.truncated", 16);
    add("metadata_count_2_63", b().header(0, std::uint64_t{1} << 63), "gguf.count_too_large", 16);
    add("tensor_count_minus_1", b().header(kHuge, 0).zeros(100), "gguf.count_too_large", 8);
    add("key_length_2_64_minus_1", b().header(0, 1).u64(kHuge).zeros(64), "gguf.string_past_end", 24);
    add("key_not_utf8", b().header(0, 1).uintEntry("a\xC3\x28", 1), "gguf.bad_utf8_key", 24);
    add("key_overlong_utf8", b().header(0, 1).uintEntry("\xC0\x80", 1), "gguf.bad_utf8_key", 24);
    add("key_surrogate", b().header(0, 1).uintEntry("\xED\xA0\x80", 1), "gguf.bad_utf8_key", 24);
    add("duplicate_key", b().header(0, 2).uintEntry("k", 1).uintEntry("k", 2), "gguf.duplicate_key", 41);
    add("unknown_value_type", b().header(0, 1).entry("k", 13).zeros(8), "gguf.unknown_value_type", 33);
    add("unknown_element_type", b().header(0, 1).entry("k", 9).u32(77).u64(1).zeros(8),
        "gguf.unknown_value_type", 37);
    add("nested_array", b().header(0, 1).entry("k", 9).u32(9).u64(1).zeros(16), "gguf.nested_array", 37);
    add("array_count_2_60", b().header(0, 1).entry("k", 9).u32(4).u64(std::uint64_t{1} << 60).zeros(16),
        "gguf.count_too_large", 41);
    add("string_past_end", b().header(0, 1).entry("k", 8).u64(1000).raw("abc"), "gguf.string_past_end", 37);
    add("string_of_array_past_end",
        b().header(0, 1).entry("k", 9).u32(8).u64(2).text("abcdefgh").u64(50).raw("x"),
        "gguf.string_past_end", 65);
    add("too_much_metadata", b().header(0, 1).entry("k", 9).u32(0).u64((1U << 24) + 1).zeros((1U << 24) + 1),
        "gguf.metadata_too_large", 41);
    add("bool_of_2", b().header(0, 1).entry("k", 7).raw("\x02"), "gguf.bad_bool", 37);
    add("bool_of_2_in_array", b().header(0, 1).entry("k", 9).u32(7).u64(2).raw("\x01\x02"), "gguf.bad_bool",
        50);
    add("alignment_0", b().header(0, 1).uintEntry("general.alignment", 0), "gguf.bad_alignment", 53);
    add("alignment_3", b().header(0, 1).uintEntry("general.alignment", 3), "gguf.bad_alignment", 53);
    add("alignment_not_u32", b().header(0, 1).entry("general.alignment", 10).u64(32),
        "gguf.bad_alignment_type", 49);
    add("five_dimensions", oneTensor({1, 1, 1, 1, 1}, kF32, 0), "gguf.too_many_dimensions", 33);
    add("negative_dimension", oneTensor({4, kHuge}, kF32, 0), "gguf.negative_dimension", 45);
    add("zero_dimension", oneTensor({4, 0}, kF32, 0), "gguf.zero_dimension", 45);
    add("product_wraps", oneTensor({std::uint64_t{1} << 32, std::uint64_t{1} << 32}, kI8, 0),
        "gguf.size_overflow", 45);
    add("bytes_wrap", oneTensor({std::uint64_t{1} << 62}, kF32, 0), "gguf.size_overflow", 37);
    add("sum_wraps", oneTensor({8}, kF32, kHuge - 31), "gguf.offset_overflow", 49);
    add("padding_wraps", oneTensor({(std::uint64_t{1} << 63) - 1, 2}, kI8, 0), "gguf.padding_overflow", 57);
    add("unknown_tensor_type", oneTensor({32}, 4, 0), "gguf.unknown_tensor_type", 45);
    add("partial_block", oneTensor({33}, kQ4_0, 0), "gguf.partial_block", 37);
    add("misaligned_offset", oneTensor({4}, kF32, 4), "gguf.misaligned_offset", 49);
    add("offset_past_end", oneTensor({4}, kF32, 4096), "gguf.offset_past_end", 49);
    add("size_past_end", oneTensor({1000}, kF32, 0), "gguf.offset_past_end", 49);
    add("name_not_utf8", b().header(1, 0).tensor("\xFF", {4}, kF32, 0).pad().zeros(64), "gguf.bad_utf8_name",
        24);
    add("overlap", b().header(2, 0).tensor("a", {32}, kF32, 0).tensor("b", {8}, kF32, 96).pad().zeros(256),
        "gguf.overlap", 82);
    add("same_bytes", b().header(2, 0).tensor("a", {8}, kF32, 0).tensor("b", {8}, kF32, 0).pad().zeros(256),
        "gguf.overlap", 82);
    add("duplicate_tensor",
        b().header(2, 0).tensor("a", {8}, kF32, 0).tensor("a", {8}, kF32, 32).pad().zeros(256),
        "gguf.duplicate_tensor", 57);
    return all;
}

class BadGguf : public testing::TestWithParam<BadInput> {};

TEST_P(BadGguf, IsRefusedWithItsName) {
    const auto file = GgufFile::parse(GetParam().bytes.span());
    ASSERT_FALSE(file.has_value());
    EXPECT_EQ(file.error().code, GetParam().code) << file.error().message();
    ASSERT_TRUE(file.error().offset.has_value());
    EXPECT_EQ(*file.error().offset, GetParam().offset) << file.error().message();
}

TEST_P(BadGguf, IsRefusedFromDiskToo) {
    const hearth::test::TemporaryFolder folder;
    const auto path = folder.path() / "bad.gguf";
    std::ofstream(path, std::ios::binary) << GetParam().bytes.bytes();
    const auto file = GgufFile::open(path);
    ASSERT_FALSE(file.has_value());
    EXPECT_EQ(file.error().code, GetParam().code);
    EXPECT_THAT(file.error().detail, testing::HasSubstr("bad.gguf"));
    EXPECT_EQ(file.error().arg("path"), path.string());
}

INSTANTIATE_TEST_SUITE_P(All, BadGguf, testing::ValuesIn(badInputs()),
                         [](const auto& p) { return std::string(p.param.name); });

TEST(BadGgufErrors, NameTensorAndType) {
    const auto bytes = b().header(1, 0).tensor("blk.0.ffn_up.weight", {32}, 31, 0).pad().zeros(64);
    const auto file = GgufFile::parse(bytes.span());
    ASSERT_FALSE(file.has_value());
    EXPECT_EQ(file.error().arg("tensor"), "blk.0.ffn_up.weight");
    EXPECT_EQ(file.error().arg("type"), "31");
    EXPECT_THAT(file.error().detail,
                testing::AllOf(testing::HasSubstr("blk.0.ffn_up.weight"), testing::HasSubstr("31")));
}

TEST(BadGgufErrors, GiveTheNumbersOfAnIncompleteFile) {
    const auto bytes = b().header(1, 0).tensor("t", {1000}, kF32, 0).pad().zeros(64);
    const auto file = GgufFile::parse(bytes.span());
    ASSERT_FALSE(file.has_value());
    EXPECT_EQ(file.error().arg("needed_bytes"), std::to_string(64 + 4000));
    EXPECT_EQ(file.error().arg("file_bytes"), "128");
}

TEST(BadGgufErrors, AbsentFileAndFolder) {
    EXPECT_EQ(GgufFile::open("/nonexistent/model.gguf").error().code, "file.not_found");
    EXPECT_EQ(GgufFile::open("/").error().code, "file.not_regular");
}

} // namespace
