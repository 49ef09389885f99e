#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "engine/hub/clock.h"
#include "engine/hub/hub_client.h"

namespace hearth::hub {

/// How well a hub can be reached from here.
struct EndpointSpeed {
    std::chrono::milliseconds answer{0}; ///< of a search
    double bytesPerSecond = 0;           ///< of a file; 0 = it had none to try
};

/// Asks the hub for its most loaded models and reads the beginning of a file of one of them: at most 16 MiB
/// or four seconds. Answers in the client's thread. Errors: those of HubClient.
Pending testEndpoint(std::shared_ptr<HubClient> client, std::shared_ptr<Clock> clock,
                     std::function<void(Result<EndpointSpeed>)> done);

} // namespace hearth::hub
