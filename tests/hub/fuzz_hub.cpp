// Whatever a hub's server may send that is parsed: JSON of all kinds, header fields, headers of model files,
// and what a download wrote down about itself.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/hub/answers.h"
#include "engine/hub/headers.h"
#include "engine/hub/model_names.h"
#include "engine/hub/names.h"
#include "engine/hub/queue_file.h"
#include "engine/hub/remote_header.h"
#include "engine/hub/transfer/ledger.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hearth::hub;
    if (size == 0)
        return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    switch (data[0] % 8) {
    case 0:
        (void)parseModels(text).has_value();
        (void)parseModel(text).has_value();
        break;
    case 1:
        (void)parseTree(text).has_value();
        break;
    case 2:
        (void)parseScopeModels(text).has_value();
        (void)parseScopeFiles(text).has_value();
        (void)parseScopeRevisions(text).has_value();
        (void)parseScopeModel(text).has_value();
        break;
    case 3:
        (void)parseContentRange(text);
        (void)nextLink(text);
        (void)parseRateLimit(text);
        (void)parseRetryAfter(text, {});
        (void)entityTag(text);
        break;
    case 4:
        (void)Ledger::parse(text);
        break;
    case 5:
        (void)parseQueue(text).has_value();
        break;
    case 6:
        (void)quantisationOf(text);
        (void)parametersOf(text);
        (void)familyOf(text);
        (void)partOf(text);
        (void)safePath(text).has_value();
        (void)parseEndpoint(text).has_value();
        break;
    default: {
        const auto head = std::as_bytes(std::span(text.data(), text.size()));
        (void)headerLength(head);
        (void)RemoteHeader::make(head, text.size() + 4096).has_value();
        break;
    }
    }
    return 0;
}
