// Headers of model files that are not here.

#include "engine/hub/remote_header.h"
#include "tests/hub/hub_bench.h"

namespace {

using namespace hearth;
using namespace hearth::hub;
using namespace hearth::test;

using Header = std::shared_ptr<const RemoteHeader>;

QByteArray model(const char* name = "llama-Q4_0.gguf") {
    return QByteArray::fromStdString(readText(golden(name)));
}
std::span<const std::byte> view(const QByteArray& bytes) {
    return std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

Result<Header> fetch(HubBench& bench, HubKind kind = HubKind::HuggingFace) {
    return waitFor<Header>([&](auto done) {
        fetchRemoteHeader(*bench.client(kind), "owner/model", "", "model-Q4_0.gguf", done);
    });
}

TEST(RemoteHeader, IsThatOfTheFileAndCostsLittle) {
    const auto local = format::GgufFile::open(golden("llama-Q4_0.gguf"));
    ASSERT_TRUE(local);
    for (const auto kind : {HubKind::HuggingFace, HubKind::ModelScope})
        for (const bool blobs : {false, true}) {
            HubBench bench({.tls = false, .redirectToBlobs = blobs, .certificate = {}});
            // A long file behind a short header.
            bench.addFile(model() + QByteArray(8 << 20, '\0'));
            const auto header = fetch(bench, kind);
            ASSERT_TRUE(header) << header.error().message();
            const auto& gguf = (*header)->gguf();
            EXPECT_EQ(gguf.metadata().size(), local->metadata().size());
            ASSERT_EQ(gguf.tensors().size(), local->tensors().size());
            for (std::size_t i = 0; i < gguf.tensors().size(); ++i) {
                EXPECT_EQ(gguf.tensors()[i].name, local->tensors()[i].name);
                EXPECT_EQ(gguf.tensors()[i].bytes, local->tensors()[i].bytes);
            }
            EXPECT_EQ(gguf.getString("general.architecture"), local->getString("general.architecture"));
            EXPECT_LE(bench.hub.bytesSent(), (1u << 20) + 100'000) << "one range, and lists of files";
        }
}

TEST(RemoteHeader, LengthIsKnownExactlyWhenAllIsThere) {
    const QByteArray bytes = model();
    const auto length = headerLength(view(bytes));
    ASSERT_TRUE(length);
    ASSERT_GT(*length, 100u);
    for (std::uint64_t i = 0; i < *length; ++i)
        EXPECT_FALSE(headerLength(view(bytes).first(i))) << i;
    EXPECT_EQ(headerLength(view(bytes).first(*length)), length);
    EXPECT_EQ(RemoteHeader::make(view(bytes).first(*length - 1), static_cast<std::uint64_t>(bytes.size()))
                  .error()
                  .code,
              "hub.header_incomplete");
    EXPECT_TRUE(RemoteHeader::make(view(bytes).first(*length), static_cast<std::uint64_t>(bytes.size())));
    EXPECT_FALSE(RemoteHeader::make(view(bytes).first(*length), *length))
        << "weights lie outside of so short a file";
    EXPECT_FALSE(RemoteHeader::make(view(bytes).first(*length), UINT64_MAX));
}

TEST(RemoteHeader, WhatIsNoModel) {
    HubBench bench;
    bench.addFile(someBytes(5'000));
    EXPECT_EQ(fetch(bench).error().code, "gguf.bad_magic");
    // A header without an end: a count of entries that never come.
    QByteArray endless = model().left(16);
    endless.append(QByteArray::fromHex("ffffff7f00000000"));
    endless.append(QByteArray(70 << 20, '\0'));
    bench.addFile(endless);
    const auto result = fetch(bench);
    ASSERT_FALSE(result);
    EXPECT_LE(bench.hub.bytesSent(), std::uint64_t{100} << 20);
    bench.hub.remove("owner/model");
    EXPECT_EQ(fetch(bench).error().code, "hub.repository_not_found");
}

TEST(RemoteHeader, AServerWithoutRangesIsNotReadToTheEnd) {
    HubBench bench;
    bench.addFile(model() + QByteArray(30 << 20, '\0'));
    bench.hub.setFaults([](const HubRequest& request) {
        Fault fault;
        if (request.isBytes())
            fault.kind = Fault::IgnoreRange;
        return fault;
    });
    EXPECT_EQ(fetch(bench).error().code, "hub.no_ranges");
    EXPECT_LT(bench.hub.bytesSent(), std::uint64_t{25} << 20);
}

} // namespace
