#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <QtCore/QString>
#include <QtCore/QUrl>

#include "engine/base/error.h"

class QHostAddress;

namespace hearth::hub {

enum class HubKind { HuggingFace, ModelScope };

/// A place that serves models. `url` is scheme, host, port and perhaps a path, without a slash at its end.
struct Endpoint {
    HubKind kind = HubKind::HuggingFace;
    QString name; ///< for people; the host when they gave none
    QUrl url;

    [[nodiscard]] bool operator==(const Endpoint&) const = default;
};

[[nodiscard]] Endpoint huggingFace();
[[nodiscard]] Endpoint modelScope();
/// huggingface.co (or what HF_ENDPOINT names), then ModelScope. A bad HF_ENDPOINT gives the usual one.
[[nodiscard]] std::vector<Endpoint> usualEndpoints();

/// Reads what a person wrote ("hf-mirror.com", "https://hub.example/base"). Hosts of modelscope.cn speak
/// ModelScope's language, all others Hugging Face's. Plain http only to this machine or the local network.
/// Errors: hub.bad_endpoint, hub.insecure_endpoint (both arg url).
[[nodiscard]] Result<Endpoint> parseEndpoint(std::string_view text);

/// "https://host:443", in lower case; what a token is bound to.
[[nodiscard]] QString originOf(const QUrl& url);

/// Whether packets to it stay on this machine or network: loopback, link-local, private and shared ranges,
/// multicast, unspecified; also as IPv4 inside IPv6.
[[nodiscard]] bool isPrivateAddress(const QHostAddress& address);
/// The same for a host as it is written, without asking anybody: addresses, "localhost", ".local" names.
[[nodiscard]] bool isPrivateName(const QString& host);
[[nodiscard]] bool isThisMachine(const QString& host);

} // namespace hearth::hub
