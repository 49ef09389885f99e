#include "engine/hub/directory.h"

namespace hearth::hub {

HubDirectory::HubDirectory(HttpClient& http, std::vector<Endpoint> endpoints)
    : m_http(http), m_endpoints(std::move(endpoints)) {}

void HubDirectory::setEndpoints(std::vector<Endpoint> endpoints) {
    m_endpoints = std::move(endpoints); // clients stay: something may still be under way
}

std::shared_ptr<HubClient> HubDirectory::client(const Endpoint& endpoint) {
    for (const auto& client : m_clients)
        if (client->endpoint() == endpoint)
            return client;
    m_clients.push_back(makeClient(m_http, endpoint));
    return m_clients.back();
}

std::vector<TransferSource> HubDirectory::sources(const Endpoint& first, const std::string& repository,
                                                  const std::string& revision) {
    std::vector<TransferSource> out{{client(first), repository, revision}};
    for (const auto& endpoint : m_endpoints)
        if (endpoint.url != first.url)
            out.push_back(
                {client(endpoint), repository, endpoint.kind == first.kind ? revision : std::string()});
    return out;
}

} // namespace hearth::hub
