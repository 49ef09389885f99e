#include "engine/hub/endpoint_test.h"

#include <algorithm>

#include "engine/hub/client_parts.h"
#include "engine/hub/model_names.h"

namespace hearth::hub {

namespace {

constexpr std::uint64_t kSample = std::uint64_t{16} << 20;
constexpr std::chrono::milliseconds kLongest{4'000};
constexpr std::size_t kModelsTried = 3;

struct Test {
    std::shared_ptr<HubClient> client;
    std::shared_ptr<Clock> clock;
    std::function<void(Result<EndpointSpeed>)> done;
    EndpointSpeed speed;
    std::vector<ModelSummary> models;
    std::shared_ptr<Chain> chain = std::make_shared<Chain>();
    Pending pending;

    Test(std::shared_ptr<HubClient> client_, std::shared_ptr<Clock> clock_,
         std::function<void(Result<EndpointSpeed>)> done_)
        : client(std::move(client_)), clock(std::move(clock_)), done(std::move(done_)) {}
};

void readSample(const std::shared_ptr<Test>& test, const ResolvedFile& file) {
    HttpRequest request;
    request.url = file.url;
    request.endpoint = test->client->endpoint().url;
    request.fields.emplace_back("Range", "bytes=0-" + QByteArray::number(static_cast<qulonglong>(
                                                          std::min(kSample, *file.file.size) - 1)));
    HttpCall* call = test->client->http().start(std::move(request));
    test->chain->call = call;
    struct Count {
        std::chrono::milliseconds begin{0};
        std::uint64_t bytes = 0;
        bool ended = false;
    };
    auto count = std::make_shared<Count>();
    const auto finish = [test, count] {
        if (std::exchange(count->ended, true))
            return;
        const auto passed = std::max<std::int64_t>(1, (test->clock->now() - count->begin).count());
        test->speed.bytesPerSecond = 1000.0 * static_cast<double>(count->bytes) / static_cast<double>(passed);
        test->done(test->speed);
    };
    call->onHead = [test, count](const HttpHead&) { count->begin = test->clock->now(); };
    call->onData = [call, test, count, finish] {
        count->bytes += static_cast<std::uint64_t>(call->read(kSample).size());
        if (count->bytes < kSample && test->clock->now() - count->begin < kLongest)
            return;
        call->cancel();
        finish();
    };
    call->onEnd = [call, test, count, finish](std::optional<Error> error) {
        count->bytes += static_cast<std::uint64_t>(call->read(kSample).size());
        if (error && count->bytes == 0)
            return test->done(tl::unexpected<Error>(std::move(*error)));
        finish();
    };
    // A server that says nothing at all ends the test, too.
    test->clock->after(2 * kLongest, call, [call, finish] {
        call->cancel();
        finish();
    });
}

void tryModel(const std::shared_ptr<Test>& test, std::size_t index) {
    if (index >= std::min(test->models.size(), kModelsTried))
        return test->done(test->speed);
    test->pending =
        test->client->content(test->models[index].repository, {}, [test, index](Result<RepoContent> content) {
            if (!content)
                return tryModel(test, index + 1);
            const RepoFile* largest = nullptr;
            for (const auto& file : content->files)
                if (isGguf(file.path) && file.size && *file.size > 0 &&
                    (!largest || *file.size > *largest->size))
                    largest = &file;
            if (!largest)
                return tryModel(test, index + 1);
            test->pending = test->client->resolve(test->models[index].repository, content->revision,
                                                  largest->path, [test, index](Result<ResolvedFile> file) {
                                                      if (!file)
                                                          return tryModel(test, index + 1);
                                                      readSample(test, *file);
                                                  });
        });
}

} // namespace

Pending testEndpoint(std::shared_ptr<HubClient> client, std::shared_ptr<Clock> clock,
                     std::function<void(Result<EndpointSpeed>)> done) {
    auto test = std::make_shared<Test>(std::move(client), std::move(clock), std::move(done));
    SearchQuery query;
    query.pageSize = 5;
    const auto begin = test->clock->now();
    test->pending = test->client->search(query, {}, [test, begin](Result<SearchPage> page) {
        if (!page)
            return test->done(tl::unexpected<Error>(std::move(page.error())));
        test->speed.answer = test->clock->now() - begin;
        test->models = std::move(page->models);
        tryModel(test, 0);
    });
    return Pending([test] {
        test->pending.cancel();
        Chain::pending(test->chain).cancel();
    });
}

} // namespace hearth::hub
