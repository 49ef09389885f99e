// The meeting point of callers' threads and the engine thread.

#include <thread>

#include <gtest/gtest.h>

#include "engine/runtime/request_queue.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using namespace hearth::runtime;

class RequestQueues : public testing::Test {
protected:
    void SetUp() override {
        auto loaded = LoadedModel::load(test::golden("llama-F32.gguf"), m_pool);
        ASSERT_TRUE(loaded) << loaded.error().message();
        m_model = *loaded;
    }
    Result<Scheduler::RequestId> push(RequestQueue& queue, std::stop_token stop = {}) {
        Request request;
        request.prompt = {1};
        request.stop = std::move(stop);
        auto answer = AnswerStream::create(*m_model, request.params, request.prompt, std::nullopt);
        EXPECT_TRUE(answer);
        return queue.push(std::move(request), std::move(*answer));
    }
    ThreadPool m_pool{1};
    std::shared_ptr<LoadedModel> m_model;
};

TEST_F(RequestQueues, GiveInOrderAndCountWhoRuns) {
    RequestQueue queue(8);
    EXPECT_TRUE(queue.isIdle());
    EXPECT_EQ(queue.first(), nullptr);
    EXPECT_EQ(queue.takeFirst(), nullptr);
    EXPECT_EQ(queue.active(), 0U);
    const auto a = push(queue), b = push(queue);
    ASSERT_TRUE(a && b);
    EXPECT_EQ(queue.waiting(), 2U);
    ASSERT_NE(queue.first(), nullptr);
    EXPECT_EQ(queue.first()->id, *a);
    EXPECT_EQ(queue.takeFirst()->id, *a);
    EXPECT_EQ(queue.takeFirst()->id, *b);
    EXPECT_EQ(queue.waiting(), 0U);
    EXPECT_EQ(queue.active(), 2U);
    EXPECT_FALSE(queue.isIdle());
    queue.ended();
    queue.ended();
    EXPECT_TRUE(queue.isIdle());
}

TEST_F(RequestQueues, RefuseWhatIsTooMuch) {
    RequestQueue queue(1);
    ASSERT_TRUE(push(queue));
    const auto refused = push(queue);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "scheduler.queue_full");
    EXPECT_EQ(queue.waiting(), 1U);
}

TEST_F(RequestQueues, TakeOutWhatNobodyWants) {
    RequestQueue queue(8);
    std::stop_source stop;
    const auto kept = push(queue), cancelled = push(queue), stopped = push(queue, stop.get_token());
    ASSERT_TRUE(kept && cancelled && stopped);
    const auto running = queue.takeFirst();
    EXPECT_TRUE(queue.takeStopped().waiting.empty());
    stop.request_stop();
    queue.cancel(*cancelled);
    queue.cancel(*kept);
    const RequestQueue::Stopped out = queue.takeStopped();
    ASSERT_EQ(out.waiting.size(), 2U);
    EXPECT_EQ(out.waiting[0]->id, *cancelled);
    EXPECT_EQ(out.waiting[1]->id, *stopped);
    EXPECT_TRUE(out.has(*running)) << "it runs: its slot ends it";
    EXPECT_EQ(queue.waiting(), 0U);
    EXPECT_FALSE(queue.takeStopped().has(*running)) << "each id is told once";
}

TEST_F(RequestQueues, SleepUntilSomethingCame) {
    RequestQueue queue(8);
    std::jthread engine([&](const std::stop_token& stop) { queue.sleep(stop); });
    ASSERT_TRUE(push(queue));
    engine.join(); // returns
    RequestQueue empty(8);
    std::jthread idle([&](const std::stop_token& stop) { empty.sleep(stop); });
    idle.request_stop();
    idle.join();
    EXPECT_EQ(empty.waiting(), 0U);
}

} // namespace
