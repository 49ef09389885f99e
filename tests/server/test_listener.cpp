// Connections by themselves: handlers that forget to answer, clients that do not read, bodies of every size.

#include <array>
#include <atomic>
#include <cstdio>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/server/listener.h"
#include "tests/server/running_server.h"

namespace hearth::test {
namespace {

using server::Exchange;
using server::HttpLimits;
using server::Response;
using ExchangePtr = std::shared_ptr<Exchange>;

/// A handler made of functions.
struct Handler final : server::HttpHandler {
    std::function<void(ExchangePtr)> head = [](const ExchangePtr& exchange) { exchange->readBody(); };
    std::function<void(ExchangePtr, std::string)> body;
    std::atomic<int> broken{0};
    void onHead(ExchangePtr exchange) override { head(std::move(exchange)); }
    void onBody(ExchangePtr exchange, std::string text) override {
        body(std::move(exchange), std::move(text));
    }
    Response onBroken(int status, const std::string&) override {
        ++broken;
        Response out;
        out.status = status;
        out.body = "{}";
        return out;
    }
};

class Connections : public testing::Test {
protected:
    std::unique_ptr<server::Listener> listen(HttpLimits limits = {}) {
        server::ListenOptions options;
        options.limits = limits;
        auto opened = server::Listener::open(options, m_handler);
        EXPECT_TRUE(opened) << opened.error().message();
        (*opened)->start();
        return std::move(*opened);
    }
    Handler m_handler;
};

const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_F(Connections, AnAnswerThatIsForgottenIs500) {
    m_handler.head = [](const ExchangePtr&) {};
    const auto listener = listen();
    RawClient client(listener->port());
    for (int i = 0; i < 3; ++i) { // and the connection goes on
        client.send(kGet);
        EXPECT_EQ(client.receive().status, 500);
    }
}

TEST_F(Connections, AnswersComeFromAnyThreadAndOnlyOnce) {
    std::vector<std::thread> threads;
    m_handler.head = [&](const ExchangePtr& exchange) {
        threads.emplace_back([exchange] {
            Response one, two;
            one.body = "one";
            two.body = "two";
            exchange->respond(one);
            exchange->respond(two);
            exchange->send("nothing was begun");
            exchange->endStream();
        });
    };
    const auto listener = listen();
    RawClient client(listener->port());
    for (int i = 0; i < 20; ++i) {
        client.send(kGet);
        ASSERT_EQ(client.receive().body, "one");
    }
    listener->stop();
    for (std::thread& thread : threads)
        thread.join();
}

TEST_F(Connections, AClientThatDoesNotReadIsLetGo) {
    std::atomic<bool> gone{false};
    std::thread worker;
    m_handler.head = [&](const ExchangePtr& exchange) {
        worker = std::thread([&gone, exchange] {
            exchange->beginStream({});
            const std::string piece(1 << 16, 'x');
            const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
            while (!exchange->gone().stop_requested() && std::chrono::steady_clock::now() < until) {
                exchange->send(piece);
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            gone = exchange->gone().stop_requested();
        });
    };
    const auto listener = listen();
    RawClient client(listener->port());
    client.send(kGet);
    EXPECT_TRUE(client.waitFor("HTTP/1.1 200"));
    while (listener->connections() > 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    listener->stop();
    worker.join();
    EXPECT_TRUE(gone);
    EXPECT_TRUE(client.ends());
}

TEST_F(Connections, BodiesUpToTheLimit) {
    m_handler.body = [](const ExchangePtr& exchange, const std::string& text) {
        Response out;
        out.body = std::to_string(text.size());
        exchange->respond(out);
    };
    HttpLimits limits;
    limits.bodyBytes = 100'000;
    const auto listener = listen(limits);
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{99'999}, limits.bodyBytes}) {
        RawClient whole(listener->port()), chunked(listener->port());
        const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
        whole.send(head + "Content-Length: " + std::to_string(size) + "\r\n\r\n" + std::string(size, 'a'));
        EXPECT_EQ(whole.receive().body, std::to_string(size));
        std::string chunks;
        for (std::size_t left = size; left > 0;) {
            const std::size_t one = std::min<std::size_t>(left, 0x1000);
            std::array<char, 16> length{};
            std::snprintf(length.data(), length.size(), "%zx\r\n", one);
            chunks += length.data() + std::string(one, 'b') + "\r\n";
            left -= one;
        }
        chunked.send(head + "Transfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n");
        EXPECT_EQ(chunked.receive().body, std::to_string(size));
    }
    RawClient large(listener->port());
    std::string chunks;
    for (int i = 0; i < 30; ++i)
        chunks += "1000\r\n" + std::string(0x1000, 'c') + "\r\n";
    large.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n");
    EXPECT_EQ(large.receive().status, 413);
    EXPECT_TRUE(large.ends());
}

TEST_F(Connections, WhoIsIdleIsLetGoAndTheNextComesIn) {
    m_handler.head = [](const ExchangePtr& exchange) { exchange->respond({}); };
    HttpLimits limits;
    limits.connections = 2;
    limits.idle = std::chrono::milliseconds(300);
    const auto listener = listen(limits);
    RawClient one(listener->port()), two(listener->port()), three(listener->port());
    one.send(kGet);
    two.send(kGet);
    EXPECT_EQ(one.receive().status, 200);
    EXPECT_EQ(two.receive().status, 200);
    three.send(kGet);
    EXPECT_EQ(three.receive().status, 200) << "when one of the others has been let go";
    EXPECT_TRUE(one.ends());
    EXPECT_LE(listener->connections(), 2U);
}

TEST_F(Connections, TheEndWaitsForNobodyLong) {
    std::vector<ExchangePtr> kept;
    std::atomic<bool> came{false};
    m_handler.head = [&](const ExchangePtr& exchange) {
        kept.push_back(exchange);
        came = true;
    };
    auto listener = listen();
    RawClient client(listener->port());
    client.send(kGet);
    while (!came)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const auto begin = std::chrono::steady_clock::now();
    listener->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(15));
    for (const ExchangePtr& exchange : kept) {
        EXPECT_TRUE(exchange->gone().stop_requested());
        exchange->respond({}); // too late, and harmless
    }
    kept.clear();
    EXPECT_TRUE(client.ends());
}

} // namespace
} // namespace hearth::test
