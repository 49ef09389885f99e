#include <thread>

#include <gmock/gmock.h>

#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/synthetic_model.h"
#include "engine/hardware/online/hub_model.h"
#include "engine/hub/remote_header.h"
#include "engine/optimize/convert/split.h"
#include "tests/hub/hub_bench.h"

namespace hearth::hardware {
namespace {

using test::Fault;

Fault fault(Fault::Kind kind, int status = 0, qint64 at = 0) {
    Fault out;
    out.kind = kind;
    out.status = status;
    out.at = at;
    return out;
}

TEST(HubAddress, PagesAndFilesOfBothHubsAreRead) {
    struct Case {
        const char *text, *repository, *revision, *file;
        hub::HubKind kind;
    };
    for (const Case& c :
         {Case{"https://huggingface.co/Qwen/Qwen3-8B-GGUF/blob/main/Qwen3-8B-Q4_K_M.gguf",
               "Qwen/Qwen3-8B-GGUF", "main", "Qwen3-8B-Q4_K_M.gguf", hub::HubKind::HuggingFace},
          Case{"https://hf-mirror.com/a/b/resolve/v1.0/deep/er/x.GGUF?download=true", "a/b", "v1.0",
               "deep/er/x.GGUF", hub::HubKind::HuggingFace},
          Case{"https://www.modelscope.cn/models/Qwen/X/file/view/master/x.gguf?status=2", "Qwen/X", "master",
               "x.gguf", hub::HubKind::ModelScope},
          Case{"https://www.modelscope.cn/models/Qwen/X/resolve/master/x.gguf", "Qwen/X", "master", "x.gguf",
               hub::HubKind::ModelScope}}) {
        const auto address = parseHubAddress(c.text);
        ASSERT_TRUE(address) << c.text << address.error().message();
        EXPECT_EQ(address->repository, c.repository);
        EXPECT_EQ(address->revision, c.revision);
        EXPECT_EQ(address->file, c.file);
        EXPECT_EQ(address->endpoint.kind, c.kind);
    }
    for (const char* bad :
         {"", "model.gguf", "huggingface.co/a/b/blob/main/x.gguf", "https://huggingface.co",
          "https://huggingface.co/a/b", "https://huggingface.co/a/b/blob/main/x.bin",
          "https://huggingface.co/a/b/tree/main/x.gguf", "https://u:p@huggingface.co/a/b/blob/main/x.gguf",
          "https://huggingface.co/a/b/blob/x.gguf"})
        EXPECT_EQ(parseHubAddress(bad).error().code, "predict.bad_address") << bad;
    EXPECT_EQ(parseHubAddress("http://example.org/a/b/blob/main/x.gguf").error().code,
              "hub.insecure_endpoint");
}

class HubModel : public testing::Test {
protected:
    HubModel() {
        test::needQt();
        hub.emplace();
        http = test::optionsFor(*hub);
    }
    void add(const std::string& file, const QByteArray& bytes) {
        test::LocalHub::Repository content;
        content.files[file] = bytes;
        hub->add("owner/model", std::move(content));
    }
    [[nodiscard]] std::string address(const std::string& file) const {
        return hub->url().toString().toStdString() + "/owner/model/resolve/main/" + file;
    }
    std::optional<test::LocalHub> hub;
    hub::HttpOptions http;
    test::TemporaryFolder folder;
};

TEST_F(HubModel, TheShapeIsThatOfTheWholeFileAndItsHeaderIsEnough) {
    const auto path = folder.path() / "tiny.gguf";
    ASSERT_TRUE(format::writeSyntheticModel(*format::findSyntheticShape("tiny"), "Q8_0", path));
    add("tiny.gguf", QByteArray::fromStdString(test::readText(path)));
    const auto here = shapeOf(format::GgufFile::open(path).value());
    const auto there = hubModelShape(address("tiny.gguf"), http);
    ASSERT_TRUE(here && there) << there.error().message();
    EXPECT_EQ(there->id, "tiny");
    EXPECT_EQ(there->quantisation, here->quantisation);
    EXPECT_EQ(there->fileBytes, here->fileBytes);
    EXPECT_EQ(parametersOf(*there), parametersOf(*here));
    EXPECT_EQ(there->weights.size(), here->weights.size());
    EXPECT_LE(hub->bytesSent(), (1U << 20) + 20'000U); // the first range, and what says where it is
}

TEST_F(HubModel, OfAnyPartOfASetTheShapeIsThatOfTheWhole) {
    const auto path = folder.path() / "tiny.gguf";
    ASSERT_TRUE(format::writeSyntheticModel(*format::findSyntheticShape("tiny"), "Q8_0", path));
    const auto parts = optimize::splitFile(path, folder.path() / "set", 300'000);
    ASSERT_TRUE(parts) << parts.error().message();
    ASSERT_GE(parts->size(), 3U);
    test::LocalHub::Repository content;
    std::uint64_t bytes = 0;
    for (const auto& part : *parts) {
        const QByteArray text = QByteArray::fromStdString(test::readText(part));
        bytes += static_cast<std::uint64_t>(text.size());
        content.files[part.filename().string()] = text;
    }
    content.files["renamed.gguf"] = content.files[parts->front().filename().string()];
    hub->add("owner/model", content);
    const auto whole = shapeOf(format::GgufFile::open(path).value());
    ASSERT_TRUE(whole);
    for (const auto& asked : {parts->front(), parts->back()}) {
        const auto there = hubModelShape(address(asked.filename().string()), http);
        ASSERT_TRUE(there) << there.error().message();
        EXPECT_EQ(parametersOf(*there), parametersOf(*whole));
        EXPECT_EQ(there->weights.size(), whole->weights.size());
        EXPECT_EQ(there->config.tiedEmbeddings, whole->config.tiedEmbeddings);
        EXPECT_EQ(there->fileBytes, bytes);
    }
    EXPECT_EQ(hubModelShape(address("renamed.gguf"), http).error().code, "predict.split_on_hub");
    content.files.erase((*parts)[1].filename().string());
    hub->add("owner/other", content);
    EXPECT_EQ(hubModelShape(hub->url().toString().toStdString() + "/owner/other/resolve/main/" +
                                parts->front().filename().string(),
                            http)
                  .error()
                  .code,
              "hub.file_not_found");
}

/// A part that is nothing but a header of about `bytes`.
QByteArray partOf(std::uint32_t number, std::uint32_t count, qsizetype bytes) {
    QByteArray out("GGUF");
    const auto put = [&out](auto value) {
        out.append(reinterpret_cast<const char*>(&value), static_cast<qsizetype>(sizeof value));
    };
    const auto text = [&](const QByteArray& words) {
        put(static_cast<std::uint64_t>(words.size()));
        out.append(words);
    };
    put(std::uint32_t{3});
    put(std::uint64_t{0}); // tensors
    put(std::uint64_t{3}); // entries
    for (const auto& [key, value] : {std::pair("split.no", number - 1), std::pair("split.count", count)}) {
        text(key);
        put(std::uint32_t{4}); // an unsigned number of 32 bits
        put(value);
    }
    text("padding");
    put(std::uint32_t{8}); // a string
    text(QByteArray(bytes, 'x'));
    return out;
}

TEST_F(HubModel, HeadersOfASetMayBeAsLongTogetherAsOne) {
    constexpr qsizetype kLong = 40 << 20;
    test::LocalHub::Repository content;
    content.files["m-00001-of-00002.gguf"] = partOf(1, 2, kLong);
    content.files["m-00002-of-00002.gguf"] = partOf(2, 2, kLong);
    hub->add("owner/model", content);
    EXPECT_EQ(hubModelShape(address("m-00001-of-00002.gguf"), http).error().code, "hub.header_too_long");
    EXPECT_LE(hub->bytesSent(), hub::RemoteHeader::kLongest + (1U << 20));
    // What fits is read, and its parts must belong together.
    content.files["m-00002-of-00002.gguf"] = partOf(2, 3, 1000);
    hub->add("owner/model", content);
    EXPECT_EQ(hubModelShape(address("m-00001-of-00002.gguf"), http).error().code, "gguf.shard_mismatch");
}

TEST_F(HubModel, TooManyPartsAreNotAskedFor) {
    add("m-00001-of-00600.gguf", partOf(1, 600, 10));
    const auto refused = hubModelShape(address("m-00001-of-00600.gguf"), http);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "hub.header_too_long");
    EXPECT_THAT(refused.error().detail, testing::HasSubstr("600 parts"));
}

TEST_F(HubModel, StopsBetweenParts) {
    test::LocalHub::Repository content;
    content.files["m-00001-of-00002.gguf"] = partOf(1, 2, 10);
    content.files["m-00002-of-00002.gguf"] = partOf(2, 2, 10);
    hub->add("owner/model", std::move(content));
    std::stop_source stop;
    hub->setFaults([&stop](const test::HubRequest& request) {
        if (!request.isBytes() || !request.path.contains(QStringLiteral("00002-of")))
            return Fault();
        stop.request_stop();
        return fault(Fault::Stall);
    });
    EXPECT_EQ(hubModelShape(address("m-00001-of-00002.gguf"), http, stop.get_token()).error().code,
              kCancelled);
}

TEST_F(HubModel, WhatIsNoModelIsNamed) {
    add("text.gguf", QByteArray("no model at all, just text of some length"));
    EXPECT_EQ(hubModelShape(address("text.gguf"), http).error().code, "gguf.bad_magic");
    EXPECT_EQ(hubModelShape(address("absent.gguf"), http).error().code, "hub.file_not_found");
    EXPECT_EQ(hubModelShape("https://huggingface.co/x", http).error().code, "predict.bad_address");
    hub->setFaults([](const test::HubRequest&) { return fault(Fault::Status, 429); });
    EXPECT_EQ(hubModelShape(address("text.gguf"), http).error().code, "hub.busy");
}

TEST_F(HubModel, StopsWhenAsked) {
    add("tiny.gguf", test::someBytes(4096));
    hub->setFaults([](const test::HubRequest&) { return fault(Fault::Stall); });
    std::stop_source stop;
    std::jthread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        stop.request_stop();
    });
    EXPECT_EQ(hubModelShape(address("tiny.gguf"), http, stop.get_token()).error().code, kCancelled);
}

} // namespace
} // namespace hearth::hardware
