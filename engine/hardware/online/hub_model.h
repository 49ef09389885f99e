#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/hardware/predict/model_shape.h"
#include "engine/hub/endpoint.h"
#include "engine/hub/http.h"

namespace hearth::hardware {

/// A GGUF file on a hub.
struct HubAddress {
    hub::Endpoint endpoint;
    std::string repository, revision, file;
};

/// Whether a text names a place on the net and not a file here: it begins with http:// or https://.
[[nodiscard]] bool isWebAddress(std::string_view text);

/// Reads the address of a file's page or of its bytes, as a browser shows it:
///   https://huggingface.co/OWNER/NAME/blob|resolve/REVISION/FILE.gguf (any host that speaks this language)
///   https://www.modelscope.cn/models/OWNER/NAME/file/view/REVISION/FILE.gguf, …/resolve/REVISION/FILE.gguf
/// Errors: predict.bad_address (arg address), hub.bad_endpoint, hub.insecure_endpoint.
[[nodiscard]] Result<HubAddress> parseHubAddress(std::string_view text);

/// The shape of that file by its header alone, usually a few megabytes; of any part of a set by the headers
/// of all, which together may be as long as one (hub::RemoteHeader::kLongest). Blocks; never from the
/// window's thread. Errors: of parseHubAddress, hub.*, gguf.*, model.*, predict.split_on_hub (arg file: a
/// part of a set whose name does not tell the others'), base.cancelled.
[[nodiscard]] Result<ModelShape> hubModelShape(std::string_view text, const hub::HttpOptions& http = {},
                                               std::stop_token stop = {});

} // namespace hearth::hardware
