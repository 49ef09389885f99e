#include <gtest/gtest.h>

#include "engine/hub/headers.h"

namespace {

using namespace hearth::hub;
using namespace std::chrono_literals;

TEST(Headers, ContentRange) {
    EXPECT_EQ(parseContentRange("bytes 0-99/1234"), (ContentRange{0, 99, 1234}));
    EXPECT_EQ(parseContentRange(" Bytes 5-5/6 "), (ContentRange{5, 5, 6}));
    EXPECT_EQ(parseContentRange("bytes 0-99/*"), (ContentRange{0, 99, std::nullopt}));
    for (const char* bad :
         {"", "bytes", "bytes ", "bytes */100", "bytes 5-4/10", "bytes 0-10/10", "bytes 0-9", "bytes 0-/10",
          "bytes -5/10", "bytes 0-9/x", "items 0-9/10", "bytes 0-99999999999999999999/*", "bytes +0-9/10",
          "bytes 0 - 9/10", "bytes 0-9/1/0"})
        EXPECT_FALSE(parseContentRange(bad)) << bad;
}

TEST(Headers, Link) {
    EXPECT_EQ(nextLink("<https://h/api?cursor=a,b>; rel=\"next\""), "https://h/api?cursor=a,b");
    EXPECT_EQ(nextLink("<https://h/1>; rel=\"prev\", <https://h/3>; title=\"a, b; c\"; rel=next"),
              "https://h/3");
    for (const char* bad :
         {"", "<https://h>", "https://h; rel=next", "<https://h; rel=next", "<>; rel=next",
          "<https://h>; rel=\"prev\"", "<https://h>; rel", "<https://h>; rel=\"prev\"; rel=\"next\""})
        EXPECT_FALSE(nextLink(bad)) << bad;
}

TEST(Headers, RateLimitAndRetryAfter) {
    EXPECT_EQ(parseRateLimit("\"api\";r=0;t=55"), (RateLimit{0, 55s}));
    EXPECT_EQ(parseRateLimit("\"a;r=9\";r=12;t=3, \"b\";r=0;t=9"), (RateLimit{12, 3s}));
    EXPECT_EQ(parseRateLimit("\"api\";r=0;t=99999999999")->reset, 24h) << "nobody waits for years";
    for (const char* bad :
         {"", "\"api\"", "\"api\";r=0", "r=a;t=1", "\"api\";r=-1;t=5", "\"api\";r=0;t=99999999999999999999"})
        EXPECT_FALSE(parseRateLimit(bad)) << bad;
    const auto now = *parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count(), 784111777);
    EXPECT_EQ(parseRetryAfter("120", now), 120s);
    EXPECT_EQ(parseRetryAfter("Sun, 06 Nov 1994 08:50:07 GMT", now), 30s);
    EXPECT_EQ(parseRetryAfter("Sun, 06 Nov 1994 08:49:07 GMT", now), 0s) << "a time that is over";
    EXPECT_EQ(parseRetryAfter("Sun, 06 Nov 2094 08:49:07 GMT", now), 24h);
    for (const char* bad :
         {"", "soon", "-1", "1.5", "Sun, 06 Nov 1994 08:49:37", "Sunday, 06-Nov-94 08:49:37 GMT",
          "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT"})
        EXPECT_FALSE(parseRetryAfter(bad, now)) << bad;
}

TEST(Headers, TagsAndHashes) {
    EXPECT_EQ(entityTag("\"abc\""), "abc");
    EXPECT_EQ(entityTag("W/\"abc\""), "abc");
    EXPECT_EQ(entityTag("abc"), "abc");
    EXPECT_EQ(entityTag("\"a b\""), "");
    EXPECT_EQ(entityTag("\"a\nb\""), "");
    EXPECT_EQ(entityTag(std::string(300, 'a')), "");
    EXPECT_EQ(asSha256(std::string(64, 'A')), std::string(64, 'a'));
    EXPECT_FALSE(asSha256(std::string(63, 'a')));
    EXPECT_FALSE(asSha256(std::string(63, 'a') + "g"));
    EXPECT_TRUE(asGitSha1(std::string(40, '0')));
}

/// Every beginning of a good value is either good or refused, and never read beyond.
TEST(Headers, Truncated) {
    for (const std::string_view text : {"bytes 10-99/1234", "<https://h/a>; rel=\"next\", <b>; rel=prev",
                                        "\"api\";r=0;t=55", "Sun, 06 Nov 1994 08:49:37 GMT", "W/\"abc\""})
        for (std::size_t i = 0; i <= text.size(); ++i) {
            const std::string part(text.substr(0, i));
            (void)parseContentRange(part);
            (void)nextLink(part);
            (void)parseRateLimit(part);
            (void)parseRetryAfter(part, {});
            EXPECT_LE(entityTag(part).size(), part.size());
        }
}

} // namespace
