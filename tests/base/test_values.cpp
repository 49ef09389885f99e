#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/ascii.h"
#include "engine/base/checked.h"
#include "engine/base/error.h"
#include "engine/base/log.h"
#include "engine/base/rate_text.h"

namespace {

using hearth::checkedAdd;
using hearth::checkedMul;
using hearth::checkedPad;
using hearth::lowerAscii;
using hearth::toHex;

constexpr std::uint64_t kMax = ~std::uint64_t{0};

TEST(Checked, AddAndMultiply) {
    EXPECT_EQ(checkedAdd<std::uint64_t>(2, 3), 5U);
    EXPECT_EQ(checkedAdd<std::uint64_t>(kMax, 0), kMax);
    EXPECT_EQ(checkedAdd<std::uint64_t>(kMax, 1), std::nullopt);
    EXPECT_EQ(checkedMul<std::uint64_t>(1ULL << 32, (1ULL << 32) - 1), (1ULL << 32) * ((1ULL << 32) - 1));
    EXPECT_EQ(checkedMul<std::uint64_t>(1ULL << 32, 1ULL << 32), std::nullopt);
    EXPECT_EQ(checkedMul<std::uint64_t>(0, kMax), 0U);
    EXPECT_EQ(checkedAdd<std::int32_t>(INT32_MAX, 1), std::nullopt);
    EXPECT_EQ(checkedAdd<std::int32_t>(INT32_MIN, -1), std::nullopt);
    EXPECT_EQ(checkedMul<std::int32_t>(INT32_MIN, -1), std::nullopt);
    EXPECT_EQ(checkedMul<std::int32_t>(-3, 4), -12);
    static_assert(checkedAdd<unsigned char>(200, 55) == 255 && !checkedAdd<unsigned char>(200, 56));
}

TEST(Checked, Pad) {
    EXPECT_EQ(checkedPad(0, 32), 0U);
    EXPECT_EQ(checkedPad(1, 32), 32U);
    EXPECT_EQ(checkedPad(32, 32), 32U);
    EXPECT_EQ(checkedPad(33, 32), 64U);
    EXPECT_EQ(checkedPad(7, 1), 7U);
    EXPECT_EQ(checkedPad(kMax - 31, 32), kMax - 31);
    EXPECT_EQ(checkedPad(kMax - 30, 32), std::nullopt);
    EXPECT_EQ(checkedPad(kMax, 2), std::nullopt);
}

TEST(Error, MessageAndArguments) {
    hearth::Error error{"gguf.truncated", "the file ends", 12};
    EXPECT_EQ(error.message(), "gguf.truncated: the file ends (at byte 12)");
    const auto full = std::move(error).with("needed_bytes", "4").with("path", "/a b");
    EXPECT_EQ(full.arg("needed_bytes"), "4");
    EXPECT_EQ(full.arg("path"), "/a b");
    EXPECT_EQ(full.arg("absent"), "");
    EXPECT_EQ((hearth::Error{"a.b", "c"}).message(), "a.b: c");
}

hearth::Result<int> half(int x) {
    if (x % 2 != 0)
        return hearth::fail("test.odd", std::to_string(x) + " is odd", 7);
    return x / 2;
}

hearth::Result<void> check(int x) {
    HEARTH_TRY([[maybe_unused]] const int h, half(x));
    return {};
}

hearth::Result<int> quarter(int x) {
    HEARTH_CHECK(check(x));
    HEARTH_TRY(const int h, half(x));
    HEARTH_TRY(const int q, half(h));
    return q;
}

TEST(Error, Propagates) {
    EXPECT_EQ(quarter(12).value(), 3);
    EXPECT_EQ(quarter(7).error().code, "test.odd");
    EXPECT_EQ(quarter(6).error().detail, "3 is odd");
    EXPECT_EQ(quarter(6).error().offset, 7U);
}

TEST(Ascii, HexadecimalAndLowerCase) {
    constexpr std::array bytes{std::byte{0}, std::byte{0x1f}, std::byte{0xa0}, std::byte{0xff}};
    EXPECT_EQ(toHex(bytes), "001fa0ff");
    EXPECT_EQ(toHex(std::span<const std::byte>()), "");
    EXPECT_EQ(lowerAscii("Host-NAME 09 \u00c4\u4e2d"), "host-name 09 \u00c4\u4e2d") << "other bytes stay";
}

TEST(RateText, HasNoMoreDigitsThanSaySomething) {
    const std::vector<std::pair<double, std::string>> cases{
        {0.0, "0.0"},   {0.52, "0.5"},    {99.94, "99.9"},     {99.96, "100"},
        {999.4, "999"}, {999.6, "1,000"}, {53193.9, "53,194"}, {1234567.8, "1,234,568"}};
    for (const auto& [rate, text] : cases)
        EXPECT_EQ(hearth::rateText(rate), text);
}

TEST(Log, GoesToTheSinkOrNowhere) {
    hearth::log(hearth::LogLevel::Error, "test", "dropped");
    std::vector<std::string> lines;
    hearth::setLogSink([&](hearth::LogLevel level, std::string_view area, std::string_view text) {
        lines.push_back(std::to_string(static_cast<int>(level)) + " " + std::string(area) + " " +
                        std::string(text));
    });
    hearth::log(hearth::LogLevel::Warning, "gguf", "text");
    hearth::setLogSink({});
    hearth::log(hearth::LogLevel::Warning, "gguf", "dropped");
    EXPECT_EQ(lines, std::vector<std::string>{"2 gguf text"});
}

} // namespace
