#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/hub/hub_client.h"
#include "engine/hub/transfer/transfer.h"

namespace hearth::hub {

/// The endpoints that the person uses, in their order, with one client each. Confined to the thread of the
/// HttpClient, which outlives it.
class HubDirectory {
public:
    HubDirectory(HttpClient& http, std::vector<Endpoint> endpoints);

    void setEndpoints(std::vector<Endpoint> endpoints);
    [[nodiscard]] const std::vector<Endpoint>& endpoints() const { return m_endpoints; }
    /// Also of an endpoint that is not in the list (any more).
    [[nodiscard]] std::shared_ptr<HubClient> client(const Endpoint& endpoint);
    /// Where a file can come from: the endpoint that was chosen, then all others. A commit means the same to
    /// all hubs of one kind; to others, the content decides.
    [[nodiscard]] std::vector<TransferSource> sources(const Endpoint& first, const std::string& repository,
                                                      const std::string& revision);

private:
    HttpClient& m_http;
    std::vector<Endpoint> m_endpoints;
    std::vector<std::shared_ptr<HubClient>> m_clients;
};

} // namespace hearth::hub
