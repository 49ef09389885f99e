// Whatever a client may send that this project parses itself: paths, hosts, and the JSON of a request, which
// then has every value within its range.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/server/api_request.h"
#include "engine/server/routes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hearth::server;
    if (size == 0)
        return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    switch (data[0] % 4) {
    case 0:
    case 1: {
        const auto request = parseApiRequest(data[0] % 4 == 0 ? ApiKind::Chat : ApiKind::Completion, text);
        if (!request)
            return 0;
        hearth::runtime::GenerationParams params;
        request->applyTo(params);
        if (!params.sampling.validate() || request->answers < 1 || request->answers > ApiRequest::kMaxAnswers)
            std::abort();
        return 0;
    }
    case 2:
        (void)parseHost(text);
        (void)isOrigin(text);
        (void)HostGuard({"a.example"}, {}).allowsHost(text, "127.0.0.1");
        return 0;
    default: {
        RequestHead head;
        head.method = "GET";
        head.target = text;
        head.fields = {{"host", "localhost"}};
        head.local = "127.0.0.1";
        (void)route(head, HostGuard({}, {}));
        return 0;
    }
    }
}
