#include "engine/cli/hub/pull_progress.h"

#include <algorithm>

#include "engine/cli/error_text.h"
#include "engine/cli/sizes.h"

namespace hearth::cli {

namespace {

constexpr std::size_t kBar = 24, kLeastForBar = 90;

std::string bar(double share) {
    const auto filled = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * kBar);
    std::string out = "[" + std::string(filled, '=');
    if (filled < kBar)
        out += ">" + std::string(kBar - filled - 1, ' ');
    return out + "]";
}

} // namespace

std::string waitingText(const hub::TransferStatus& status) {
    if (status.phase != hub::TransferPhase::Waiting)
        return {};
    std::string out = "waiting";
    if (status.problem)
        out += " (" + status.problem->detail + ")";
    return out + ", again in " + durationText(static_cast<double>(status.wait.count()) / 1000);
}

std::string progressText(const hub::DownloadView& view, std::size_t columns) {
    const auto& file = view.download.file;
    std::string name = file.substr(file.rfind('/') + 1);
    if (!view.transfer)
        return name;
    const auto& now = *view.transfer;
    const double share =
        now.bytesTotal ? static_cast<double>(now.bytesDone) / static_cast<double>(now.bytesTotal) : 0.0;
    const std::string percent = std::to_string(static_cast<int>(100 * share)) + " %";
    std::string line = name + "  ";
    switch (now.phase) {
    case hub::TransferPhase::Resolving:
        return line + "asking " + now.endpoint.toStdString();
    case hub::TransferPhase::Waiting:
        return line + percent + ", " + waitingText(now);
    case hub::TransferPhase::Verifying:
        return line + "verifying " + percent;
    case hub::TransferPhase::Comparing:
        line += "comparing with a second copy ";
        break;
    case hub::TransferPhase::Receiving:
        break;
    }
    line += percent + " ";
    if (columns >= kLeastForBar)
        line += bar(share) + " ";
    line += bytesText(now.bytesDone) + " of " + bytesText(now.bytesTotal);
    if (now.bytesPerSecond > 0)
        line += ", " + bytesText(static_cast<std::uint64_t>(now.bytesPerSecond)) + "/s";
    else
        line += ", nothing comes";
    if (now.remaining)
        line += ", " + durationText(static_cast<double>(now.remaining->count())) + " left";
    return line;
}

} // namespace hearth::cli
