#include <thread>

#include "engine/hardware/online/download_speed.h"
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

class Download : public testing::Test {
protected:
    Download() {
        test::needQt();
        hub.emplace();
        test::LocalHub::Repository content;
        content.files["large.bin"] = test::someBytes(8 << 20);
        content.files["small.bin"] = test::someBytes(10'000);
        hub->add("owner/model", std::move(content));
        options.http = test::optionsFor(*hub);
    }
    [[nodiscard]] std::string address(const std::string& file) const {
        return hub->url().toString().toStdString() + "/owner/model/resolve/main/" + file;
    }
    Result<double> measure(const std::string& file) { return measureDownload(address(file), options, {}); }

    std::optional<test::LocalHub> hub;
    DownloadOptions options;
};

TEST_F(Download, SpeedIsBytesOverTime) {
    double last = 0;
    const auto speed = measureDownload(address("large.bin"), options, {}, [&](const Progress& progress) {
        EXPECT_EQ(progress.phase, "measure.download");
        last = static_cast<double>(progress.done);
    });
    ASSERT_TRUE(speed) << speed.error().message();
    EXPECT_GT(*speed, 1e6);
    EXPECT_GT(last, 0);
}

TEST_F(Download, NoMoreIsFetchedThanAllowed) {
    options.mostBytes = 2'000'000;
    const auto speed = measure("large.bin");
    ASSERT_TRUE(speed) << speed.error().message();
    EXPECT_LT(hub->bytesSent(), 2'200'000U);
    // Also from a server that ignores the range.
    hub->setFaults([](const test::HubRequest& request) {
        return request.isBytes() ? fault(Fault::IgnoreRange) : Fault{};
    });
    EXPECT_TRUE(measure("large.bin"));
}

TEST_F(Download, ASlowLineIsMeasuredForTheTimeAllowedOnly) {
    hub->setFaults([](const test::HubRequest& request) {
        return request.isBytes() ? fault(Fault::Slow, 0, 200'000) : Fault{};
    });
    options.mostSeconds = 1;
    const auto begin = std::chrono::steady_clock::now();
    const auto speed = measure("large.bin");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
    // Slower than a megabyte in that second tells nothing.
    EXPECT_TRUE(speed || speed.error().code == "download.too_short");
}

TEST_F(Download, WhatCannotBeMeasuredIsNamed) {
    EXPECT_EQ(measure("small.bin").error().code, "download.too_short");
    EXPECT_EQ(measure("small.bin").error().arg("bytes"), "10000");
    EXPECT_EQ(measure("absent.bin").error().code, "hub.file_not_found");
    EXPECT_EQ(measureDownload("http://example.org/file", options).error().code, "hub.insecure_endpoint");
    for (const char* bad : {"", "ftp://example.org/file", "https://", "not an address"})
        EXPECT_FALSE(measureDownload(bad, options)) << bad;
    hub->setFaults([](const test::HubRequest&) { return fault(Fault::Status, 503); });
    EXPECT_EQ(measure("large.bin").error().code, "hub.server_error");
    const std::string gone = address("large.bin");
    hub.reset();
    EXPECT_EQ(measureDownload(gone, options).error().code, "hub.connection_refused");
}

TEST_F(Download, StopsWhenAsked) {
    hub->setFaults([](const test::HubRequest& request) {
        return request.isBytes() ? fault(Fault::Stall, 0, 1000) : Fault{};
    });
    std::stop_source stop;
    std::jthread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        stop.request_stop();
    });
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(measureDownload(address("large.bin"), options, stop.get_token()).error().code, kCancelled);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
}

} // namespace
} // namespace hearth::hardware
