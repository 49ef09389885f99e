#pragma once

#include <string>

#include "engine/hub/download_queue.h"

namespace hearth::cli {

/// One line about a download: "model.gguf  42 % [=======>      ] 1.2 GiB of 2.9 GiB, 34.1 MiB/s, 0:51 left".
/// No time is promised while nothing comes. Pure functions.
[[nodiscard]] std::string progressText(const hub::DownloadView& view, std::size_t columns);
/// "waiting for huggingface.co (status 503), again in 0:16"; empty when it does not wait.
[[nodiscard]] std::string waitingText(const hub::TransferStatus& status);

} // namespace hearth::cli
