// The safetensors reader: a valid file, the same cut at every byte, and thirty bad inputs.

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>

#include "engine/format/safetensors/safetensors_file.h"
#include "tests/support/temporary_folder.h"

namespace {

using hearth::format::SafetensorsFile;

std::string file(const std::string& header, std::size_t dataBytes) {
    const std::uint64_t length = header.size();
    std::string out(8, '\0');
    std::memcpy(out.data(), &length, 8);
    return out + header + std::string(dataBytes, '\x3f');
}

std::span<const std::byte> bytesOf(const std::string& text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

std::string codeOf(const std::string& content) {
    const auto parsed = SafetensorsFile::parse(bytesOf(content));
    if (parsed)
        return "ok";
    EXPECT_TRUE(parsed.error().offset && *parsed.error().offset <= content.size())
        << parsed.error().message();
    const std::string code = parsed.error().code;
    return code.substr(code.find('.') + 1);
}

const std::string kValid =
    R"({"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[2,3],"data_offsets":[8,20]},)"
    R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}   )";

TEST(Safetensors, ReadsWhatIsThere) {
    const std::string content = file(kValid, 20);
    const auto parsed = SafetensorsFile::parse(bytesOf(content));
    ASSERT_TRUE(parsed) << parsed.error().message();
    ASSERT_EQ(parsed->tensors().size(), 2U);
    EXPECT_EQ(parsed->tensors()[0].name, "a") << "by offset";
    const auto* b = parsed->find("b");
    ASSERT_TRUE(b);
    EXPECT_EQ(b->type, hearth::DType::BF16);
    EXPECT_EQ(b->shape, (std::vector<std::uint64_t>{2, 3}));
    EXPECT_EQ(parsed->data(*b).size(), 12U);
    EXPECT_EQ(parsed->data(*b).data(), bytesOf(content).data() + 8 + kValid.size() + 8);
    EXPECT_EQ(parsed->metadata().at("format"), "pt");
    EXPECT_EQ(parsed->find("c"), nullptr);
    EXPECT_EQ(codeOf(file("{}", 0)), "ok");
    EXPECT_EQ(codeOf(file(R"({"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})", 4)), "ok")
        << "a scalar";
}

TEST(Safetensors, CutAtEveryByteIsRefused) {
    const std::string content = file(kValid, 20);
    for (std::size_t size = 0; size < content.size(); ++size)
        EXPECT_EQ(codeOf(content.substr(0, size)), "truncated") << size;
    // The header itself cut, with the length field telling so.
    for (std::size_t size = 1; size + 4 < kValid.size(); ++size)
        EXPECT_NE(codeOf(file(kValid.substr(0, size), 20)), "ok") << size;
}

TEST(Safetensors, BadInputsAreNamed) {
    const auto one = [](const std::string& entry, std::size_t data = 8) {
        return file("{\"a\":" + entry + "}", data);
    };
    const std::string good = R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})";
    std::string many = "{";
    for (int i = 0; i < 300'000; ++i)
        many += (i ? ",\"" : "\"") + std::to_string(i) + R"(":{"dtype":"I8","shape":[1],"data_offsets":[)" +
                std::to_string(i) + "," + std::to_string(i + 1) + "]}";
    many += "}";
    std::string overlong(8, '\xff'), huge = overlong;
    const std::uint64_t large = 200'000'000;
    std::memcpy(huge.data(), &large, 8);
    const std::pair<const char*, std::pair<std::string, const char*>> cases[] = {
        {"empty", {"", "truncated"}},
        {"seven bytes", {"1234567", "truncated"}},
        {"header of zero", {file("", 0), "empty_header"}},
        {"header longer than the file", {file(kValid, 20).substr(0, 40), "truncated"}},
        {"header above 100 MB", {huge, "header_too_large"}},
        {"header of 2^64-1", {overlong, "header_too_large"}},
        {"no brace", {file("[]", 0), "no_header"}},
        {"bad UTF-8", {file("{\"\xff\xfe\":1}", 0), "bad_utf8"}},
        {"broken JSON", {file("{\"a\":", 0), "bad_json"}},
        {"deep JSON", {one(R"({"dtype":"F32","shape":)" + std::string(100'000, '[')), "too_deep"}},
        {"deep objects", {one(R"({"dtype":{"x":{}}})"), "bad_entry"}},
        {"trailing junk", {file("{} x", 0), "bad_json"}},
        {"duplicate tensor", {file("{\"a\":" + good + ",\"a\":" + good + "}", 8), "duplicate_tensor"}},
        {"duplicate field",
         {one(R"({"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]})"), "duplicate_field"}},
        {"metadata not a string", {file(R"({"__metadata__":{"a":1}})", 0), "bad_metadata"}},
        {"metadata not an object", {file(R"({"__metadata__":"a"})", 0), "bad_metadata"}},
        {"unknown dtype", {one(R"({"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]})"), "unknown_type"}},
        {"no shape", {one(R"({"dtype":"F32","data_offsets":[0,8]})"), "bad_entry"}},
        {"no offsets", {one(R"({"dtype":"F32","shape":[2]})"), "bad_entry"}},
        {"three offsets", {one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,4,8]})"), "bad_entry"}},
        {"one offset", {one(R"({"dtype":"F32","shape":[2],"data_offsets":[8]})"), "bad_entry"}},
        {"begin after end", {one(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})"), "bad_offsets"}},
        {"negative offset", {one(R"({"dtype":"F32","shape":[2],"data_offsets":[-8,0]})"), "bad_entry"}},
        {"float offset", {one(R"({"dtype":"F32","shape":[2],"data_offsets":[0.0,8]})"), "bad_entry"}},
        {"shape wraps",
         {one(R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]})"), "size_overflow"}},
        {"bytes wrap",
         {one(R"({"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,8]})"), "size_overflow"}},
        {"size mismatch", {one(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})"), "size_mismatch"}},
        {"overlap",
         {file("{\"a\":" + good + R"(,"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})", 12),
          "overlap"}},
        {"hole",
         {file("{\"a\":" + good + R"(,"b":{"dtype":"F32","shape":[2],"data_offsets":[12,20]}})", 20),
          "hole"}},
        {"tail bytes", {one(good, 9), "tail_bytes"}},
        {"past the end", {one(good, 7), "truncated"}},
        {"zero-size reuse", {one(R"({"dtype":"F32","shape":[0],"data_offsets":[0,0]})"), "zero_dimension"}},
        {"a million tensors", {file(many, 300'000), "too_many_tensors"}},
        {"a zip of pickles", {std::string("PK\x03\x04") + std::string(100, 'x'), "pickle"}},
        {"a bare pickle", {std::string("\x80\x02}q\x00", 5) + std::string(100, 'x'), "pickle"}},
        {"tensor of a string", {one("\"F32\""), "bad_entry"}},
        {"null", {one("null"), "bad_entry"}},
    };
    for (const auto& [name, input] : cases)
        EXPECT_EQ(codeOf(input.first), input.second) << name;
}

TEST(Safetensors, ErrorsOfAFileNameIt) {
    const hearth::test::TemporaryFolder folder;
    const auto path = folder.path() / "model.safetensors";
    std::ofstream(path, std::ios::binary) << "PK\x03\x04 and so on";
    const auto opened = SafetensorsFile::open(path);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, "safetensors.pickle");
    EXPECT_EQ(opened.error().arg("path"), path.string());
    EXPECT_EQ(SafetensorsFile::open(folder.path() / "none").error().code, "file.not_found");
}

} // namespace
