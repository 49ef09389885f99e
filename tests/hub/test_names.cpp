#include <gtest/gtest.h>

#include "engine/hub/endpoint.h"
#include "engine/hub/hub_client.h"
#include "engine/hub/model_names.h"
#include "engine/hub/names.h"

#include <QtNetwork/QHostAddress>

namespace {

using namespace hearth::hub;

TEST(Names, RepositoriesAndRevisions) {
    for (const char* good : {"owner/name", "gpt2", "a-b_c.d/E.1"})
        EXPECT_TRUE(checkRepository(good)) << good;
    for (const char* bad : {"", "/", "a/", "/b", "a/b/c", "../b", "a/..", "a/.hidden", "a b/c", "a/b?c",
                            "a/b#c", "a/b%2f", "a\\b", "a/b\n", "a/x..y", "模型/b"})
        EXPECT_EQ(checkRepository(bad).error().code, "hub.bad_repository") << bad;
    for (const char* good : {"main", "refs/pr/1", "v1.0", "0123456789abcdef0123456789abcdef01234567"})
        EXPECT_TRUE(checkRevision(good)) << good;
    for (const char* bad : {"", "..", "a/../b", "/a", "a/", "a//b", "a b", "a?b", ".a"})
        EXPECT_FALSE(checkRevision(bad)) << bad;
}

TEST(Names, PathsStayBelowTheirFolder) {
    for (const char* good :
         {"a.gguf", "dir/b.gguf", "Q4_K_M/model-00001-of-00002.gguf", "模型.gguf", "a b.gguf", "...gguf"})
        EXPECT_TRUE(safePath(good)) << good;
    for (const char* bad : {"", "/etc/passwd", "../a", "a/../../b", "a/./b", "a//b", "a/", "C:\\a", "c:a",
                            "a\\..\\b", "a\nb", "a\x7f", "a\xc2\x85", "a\xff",
                            "a\xe2\x80\xae"
                            "fugg.b",
                            "x.gguf.part", "x.gguf.part.log", ".", ".."})
        EXPECT_EQ(safePath(bad).error().code, "hub.unsafe_name") << bad;
    EXPECT_FALSE(safePath(std::string("a\0b", 3)));
    EXPECT_FALSE(safePath(std::string(201, 'a')));
    EXPECT_FALSE(safePath(std::string(1100, 'a')));
    EXPECT_EQ(*placeOf("/m", "o/n", "d/f.gguf"), "/m/o/n/d/f.gguf");
    EXPECT_FALSE(placeOf("/m", "../n", "f"));
    const std::vector<std::string> fine{"a.gguf", "b.gguf"}, twins{"Model.gguf", "model.gguf"},
        accents{"\xc3\xa9", "e\xcc\x81"};
    EXPECT_FALSE(collision(fine));
    EXPECT_TRUE(collision(twins));
    EXPECT_TRUE(collision(accents)) << "one name in two spellings of Unicode";
}

TEST(Names, WhatModelNamesTell) {
    EXPECT_EQ(quantisationOf("qwen3-8b-q4_k_m.gguf"), "Q4_K_M");
    EXPECT_EQ(quantisationOf("Model.Q8_0.gguf"), "Q8_0");
    EXPECT_EQ(quantisationOf("Model-UD-Q4_K_XL-00001-of-00003.gguf"), "Q4_K_XL");
    EXPECT_EQ(quantisationOf("BF16/Model-00001-of-00003.gguf"), "BF16");
    EXPECT_EQ(quantisationOf("model-f16.gguf"), "F16");
    EXPECT_EQ(quantisationOf("model-Q4_K.gguf"), "Q4_K");
    EXPECT_EQ(quantisationOf("model.gguf"), "");
    EXPECT_EQ(quantisationOf(""), "");
    EXPECT_EQ(*parametersOf("Qwen/Qwen3-8B-GGUF"), 8e9);
    EXPECT_EQ(*parametersOf("x/SmolLM2-360M-Instruct"), 360e6);
    EXPECT_EQ(*parametersOf("x/Qwen2.5-0.5B"), 0.5e9);
    EXPECT_EQ(*parametersOf("x/Mixtral-8x7B-v0.1"), 56e9);
    EXPECT_EQ(*parametersOf("x/Qwen3-30B-A3B"), 30e9);
    EXPECT_FALSE(parametersOf("x/phi-2"));
    EXPECT_EQ(familyOf("bartowski/Llama-3.2-1B"), "llama");
    EXPECT_EQ(familyOf("x/DeepSeek-R1-Distill-Qwen-7B"), "deepseek");
    EXPECT_EQ(familyOf("x/dolphin-2"), "") << "not phi";
    const auto part = partOf("d/m-00002-of-00005.gguf");
    ASSERT_TRUE(part);
    EXPECT_EQ(part->stem, "d/m");
    EXPECT_EQ(part->part, 2u);
    EXPECT_EQ(part->parts, 5u);
    for (const char* none : {"m.gguf", "m-00006-of-00005.gguf", "m-00000-of-00005.gguf",
                             "m-0001-of-00005.gguf", "-00001-of-00002.gguf"})
        EXPECT_FALSE(partOf(none)) << none;
}

TEST(Names, PartsOfASet) {
    const auto file = [](const char* path) { return RepoFile{path, 1, "", ""}; };
    const std::vector<RepoFile> files{file("m-Q8_0-00002-of-00002.gguf"), file("m-Q8_0-00001-of-00002.gguf"),
                                      file("m-Q4_0.gguf"), file("mmproj-Q4_0.gguf"),
                                      file("b-Q6_K-00001-of-00002.gguf")};
    const auto chosen = fileOfQuantisation(files, "q8_0");
    ASSERT_TRUE(chosen);
    const auto all = withItsParts(files, *chosen);
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 2u);
    EXPECT_EQ((*all)[0].path, "m-Q8_0-00001-of-00002.gguf");
    EXPECT_EQ(fileOfQuantisation(files, "Q4_0")->path, "m-Q4_0.gguf");
    EXPECT_EQ(withItsParts(files, files[4]).error().code, "hub.missing_part");
    const auto none = fileOfQuantisation(files, "Q2_K");
    EXPECT_EQ(none.error().code, "hub.no_such_quantisation");
    EXPECT_EQ(none.error().arg("available"), "Q4_0, Q6_K, Q8_0");
}

TEST(Endpoints, WhatPeopleWrite) {
    EXPECT_EQ(parseEndpoint("hf-mirror.com")->url, QUrl(QStringLiteral("https://hf-mirror.com")));
    EXPECT_EQ(parseEndpoint(" https://hub.example:8443/base/ ")->url.path(), QStringLiteral("/base"));
    EXPECT_EQ(parseEndpoint("www.modelscope.cn")->kind, HubKind::ModelScope);
    EXPECT_EQ(parseEndpoint("https://notmodelscope.cn.example")->kind, HubKind::HuggingFace);
    EXPECT_TRUE(parseEndpoint("http://127.0.0.1:8080"));
    EXPECT_TRUE(parseEndpoint("http://nas.local"));
    EXPECT_EQ(parseEndpoint("http://example.com").error().code, "hub.insecure_endpoint");
    for (const char* bad :
         {"", "ftp://a.example", "https://", "https://user:pw@a.example", "https://a.example?x=1",
          "https://a.example#x", "file:///etc", "https://a.example:0", "https://a b.example"})
        EXPECT_EQ(parseEndpoint(bad).error().code, "hub.bad_endpoint") << bad;
}

TEST(Endpoints, EnvironmentReplacesTheHost) {
    ::setenv("HF_ENDPOINT", "https://hf-mirror.com", 1);
    EXPECT_EQ(usualEndpoints().front().url.host(), QStringLiteral("hf-mirror.com"));
    ::setenv("HF_ENDPOINT", "http://example.com", 1);
    EXPECT_EQ(usualEndpoints().front().url.host(), QStringLiteral("huggingface.co"));
    ::unsetenv("HF_ENDPOINT");
}

TEST(Endpoints, PrivateAddresses) {
    for (const char* inside :
         {"127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1",
          "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1",
          "fd00::1", "ff02::1", "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::a00:1"})
        EXPECT_TRUE(isPrivateAddress(QHostAddress(QString::fromLatin1(inside)))) << inside;
    for (const char* outside :
         {"8.8.8.8", "172.32.0.1", "192.169.0.1", "100.128.0.1", "2001:4860:4860::8888", "::ffff:8.8.8.8"})
        EXPECT_FALSE(isPrivateAddress(QHostAddress(QString::fromLatin1(outside)))) << outside;
}

} // namespace
