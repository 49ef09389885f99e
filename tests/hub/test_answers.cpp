#include <gtest/gtest.h>

#include "engine/hub/answers.h"
#include "engine/hub/queue_file.h"
#include "engine/hub/transfer/ledger.h"

namespace {

using namespace hearth::hub;

const std::string kHash(64, 'b'), kBlob(40, 'c');

const std::string kModels =
    R"([{"id":"o/a-8B-GGUF","downloads":12,"likes":3,"gated":"manual","tags":["gguf","license:mit"],
    "lastModified":"2026-01-02T03:04:05.000Z"},{"id":"bad name/../x"},{"modelId":"o/b"}])";
const std::string kModel =
    R"({"id":"o/a","sha":")" + kBlob + R"(","cardData":{"license":"apache-2.0"},"gated":false})";
const std::string kTree =
    R"([{"type":"directory","path":"d"},{"type":"file","path":"d/a.gguf","size":5,"oid":")" + kBlob +
    R"(","lfs":{"oid":")" + kHash + R"(","size":5000000000,"pointerSize":135}},
    {"type":"file","path":"README.md","size":7,"oid":")" +
    kBlob + R"("},{"type":"file","path":"../evil","size":1,"oid":""}])";
const std::string kScopeModels =
    R"({"success":true,"data":{"models":[{"id":"o/c","license":"mit","downloads":5}],"total_count":41}})";
const std::string kScopeFiles =
    R"({"Code":200,"Success":true,"Data":{"Files":[{"Name":"a.gguf","Path":"a.gguf","Type":"blob","Size":9,"Sha256":")" +
    kHash + R"("},{"Name":"d","Path":"d","Type":"tree","Size":0,"Sha256":""}]}})";
const std::string kRevisions =
    R"({"Code":200,"Success":true,"Data":{"RevisionMap":{"Branches":[{"Revision":"master"},{"Revision":"../x"}],"Tags":[{"Revision":"v1"}]}}})";

TEST(Answers, HuggingFace) {
    const auto models = parseModels(kModels);
    ASSERT_TRUE(models);
    ASSERT_EQ(models->models.size(), 2u) << "a name that cannot be right is left out";
    EXPECT_EQ(models->models[0].repository, "o/a-8B-GGUF");
    EXPECT_EQ(models->models[0].licence, "mit");
    EXPECT_TRUE(models->models[0].gated);
    EXPECT_EQ(models->models[0].downloads, 12u);
    EXPECT_EQ(models->models[1].repository, "o/b");
    const auto model = parseModel(kModel);
    ASSERT_TRUE(model);
    EXPECT_EQ(model->commit, kBlob);
    EXPECT_EQ(model->licence, "apache-2.0");
    EXPECT_FALSE(model->gated);
    const auto tree = parseTree(kTree);
    ASSERT_TRUE(tree);
    ASSERT_EQ(tree->files.size(), 2u);
    EXPECT_EQ(tree->leftOut, 1u);
    EXPECT_EQ(tree->files[0].sha256, kHash);
    EXPECT_EQ(tree->files[0].size, 5'000'000'000u);
    EXPECT_EQ(tree->files[1].gitSha1, kBlob);
}

TEST(Answers, ModelScope) {
    const auto models = parseScopeModels(kScopeModels);
    ASSERT_TRUE(models);
    EXPECT_EQ(models->models.at(0).licence, "mit");
    EXPECT_EQ(models->total, 41u);
    const auto files = parseScopeFiles(kScopeFiles);
    ASSERT_TRUE(files);
    ASSERT_EQ(files->files.size(), 1u);
    EXPECT_EQ(files->files[0].sha256, kHash);
    EXPECT_EQ(*parseScopeRevisions(kRevisions), (std::vector<std::string>{"master", "v1"}));
    EXPECT_FALSE(parseScopeFiles(R"({"Code":10010205001,"Success":false,"Data":{"Files":[]}})"));
}

TEST(Answers, WhatIsNoAnswer) {
    const std::string deep = std::string(100, '[') + std::string(100, ']');
    for (const auto& bad : {std::string(), std::string("null"), std::string("42"), std::string("\"x\""),
                            std::string("<html>"), std::string("{"), std::string("\xef\xbb\xbf[]x"),
                            std::string("[\xff]"), deep, std::string("[1e999"), std::string("NaN")}) {
        EXPECT_EQ(parseModels(bad).error().code, "hub.bad_answer") << bad;
        EXPECT_EQ(parseModel(bad).error().code, "hub.bad_answer") << bad;
        EXPECT_EQ(parseTree(bad).error().code, "hub.bad_answer") << bad;
        EXPECT_EQ(parseScopeModels(bad).error().code, "hub.bad_answer") << bad;
        EXPECT_EQ(parseScopeFiles(bad).error().code, "hub.bad_answer") << bad;
        EXPECT_EQ(parseScopeRevisions(bad).error().code, "hub.bad_answer") << bad;
    }
    EXPECT_EQ(parseTree(R"([{"type":"file","size":1}])").error().code, "hub.bad_answer");
    EXPECT_EQ(parseTree(R"([{"path":"A.gguf"},{"path":"a.gguf"}])").error().code, "hub.name_collision");
    // Fields of other kinds are as if they were not there.
    const auto odd = parseTree(
        R"([{"path":"a","size":-5,"oid":7,"lfs":"x"},{"path":"b","size":1.5,"lfs":{"oid":"zz","size":"1"}}])");
    ASSERT_TRUE(odd);
    EXPECT_FALSE(odd->files[0].size);
    EXPECT_FALSE(odd->files[1].size);
    EXPECT_TRUE(odd->files[1].sha256.empty());
}

TEST(Answers, TruncatedAtEveryByte) {
    for (const auto& text : {kModels, kModel, kTree, kScopeModels, kScopeFiles, kRevisions})
        for (std::size_t i = 0; i < text.size(); ++i) {
            const std::string part = text.substr(0, i);
            EXPECT_FALSE(parseModels(part));
            EXPECT_FALSE(parseModel(part));
            EXPECT_FALSE(parseTree(part));
            EXPECT_FALSE(parseScopeModels(part));
            EXPECT_FALSE(parseScopeFiles(part));
            EXPECT_FALSE(parseScopeRevisions(part));
        }
}

std::string ledgerText() {
    return R"({"hearth_part":1,"endpoint":"https://h","repository":"o/a","revision":"main","file":"a.gguf","size":10000,"sha256":")" +
           kHash + R"(","git_sha1":"","chunk_bytes":4096})" + "\np 0 100\np 0 2000\nc 0 " + kHash +
           "\ne tag https://h:443\np 2 7\nd 0\nc 1 " + kHash + "\n";
}

TEST(LedgerFile, LinesAddUp) {
    const auto content = Ledger::parse(ledgerText());
    ASSERT_TRUE(content);
    EXPECT_EQ(content->chunks.size(), 3u);
    EXPECT_FALSE(content->chunks[0].whole);
    EXPECT_EQ(content->chunks[0].bytes, 0u);
    EXPECT_TRUE(content->chunks[1].whole);
    EXPECT_EQ(content->chunks[2].bytes, 7u);
    EXPECT_EQ(content->servedTag, "tag");
    EXPECT_EQ(content->servedBy, "https://h:443");
}

TEST(LedgerFile, TruncatedAtEveryByteKnowsLessButNothingWrong) {
    const std::string text = ledgerText();
    const auto first = text.find('\n');
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto content = Ledger::parse(text.substr(0, i));
        EXPECT_EQ(content.has_value(), i > first) << i;
        if (content) {
            for (const auto& chunk : content->chunks)
                EXPECT_LE(chunk.bytes, 4096u);
        }
    }
}

TEST(LedgerFile, LinesThatMakeNoSenseEndIt) {
    const std::string head = ledgerText().substr(0, ledgerText().find('\n') + 1);
    for (const char* bad : {"p 3 1\n", "p 0 4097\n", "p 2 1809\n", "p -1 1\n", "c 0 abc\n", "x\n", "\n",
                            "p\n", "p 0\n", "e tag\n", "d 9\n", "c 18446744073709551616 a\n"}) {
        const auto content = Ledger::parse(head + bad + "p 1 5\n");
        ASSERT_TRUE(content) << bad;
        EXPECT_EQ(content->chunks[1].bytes, 0u) << bad;
    }
    for (const char* bad : {"{}\n", "[]\n", "\n", "{\"hearth_part\":2}\n", "not json\n"})
        EXPECT_FALSE(Ledger::parse(bad)) << bad;
    std::string huge = ledgerText();
    huge.replace(huge.find("10000"), 5, "18446744073709551615");
    EXPECT_FALSE(Ledger::parse(huge)) << "no list of chunks of that length";
}

TEST(QueueFile, ComesBackAsItWas) {
    Download download;
    download.id = 7;
    download.endpoint = *parseEndpoint("https://hub.example");
    download.repository = "o/a";
    download.revision = "main";
    download.file = "d/a-Q4_0.gguf";
    download.target = "/models/o/a/d/a-Q4_0.gguf";
    download.sha256 = kHash;
    download.size = 123;
    download.bytesDone = 45;
    download.licence = "mit";
    download.state = DownloadState::Failed;
    download.problem = hearth::Error{"hub.busy", "wait", std::nullopt, {{"seconds", "5"}}};
    download.owner = "3";
    const RememberedPart part{"/models/o/a/m-00001-of-00002.gguf", kHash, 77, 1'700'000'000'000'000'001};
    const std::string text = queueText({{download}, 8, {part}});
    const auto back = parseQueue(text);
    ASSERT_TRUE(back) << back.error().message();
    ASSERT_EQ(back->downloads.size(), 1u);
    EXPECT_EQ(back->nextId, 8u);
    EXPECT_EQ(back->downloads[0].target, download.target);
    EXPECT_EQ(back->downloads[0].owner, "3");
    ASSERT_EQ(back->remembered.size(), 1u);
    EXPECT_EQ(back->remembered[0].path, part.path);
    EXPECT_EQ(back->remembered[0].sha256, part.sha256);
    EXPECT_EQ(back->remembered[0].bytes, part.bytes);
    EXPECT_EQ(back->remembered[0].modifiedNs, part.modifiedNs);
    EXPECT_EQ(back->downloads[0].state, DownloadState::Failed);
    EXPECT_EQ(back->downloads[0].problem->arg("seconds"), "5");
    EXPECT_EQ(back->downloads[0].endpoint.url, download.endpoint.url);
    for (std::size_t i = 0; i + 1 < text.size(); ++i)
        EXPECT_EQ(parseQueue(text.substr(0, i)).error().code, "hub.queue_damaged") << i;
    EXPECT_FALSE(parseQueue(std::string(100'000, '[')));
    EXPECT_FALSE(parseQueue(R"({"version":1,"downloads":[{"id":1}]})"));
    EXPECT_FALSE(parseQueue(R"({"version":2,"downloads":[]})"));
    EXPECT_TRUE(parseQueue(R"({"version":1,"downloads":[]})")) << "of a version before there were parts";
    EXPECT_FALSE(parseQueue(R"({"version":1,"downloads":[],"remembered":{}})"));
    EXPECT_FALSE(parseQueue(R"({"version":1,"downloads":[],"remembered":[{"path":"/a","sha256":"x"}]})"));
}

} // namespace
