#include "engine/hub/endpoint.h"

#include <cstdlib>

#include <QtNetwork/QHostAddress>

namespace hearth::hub {

Endpoint huggingFace() {
    return {HubKind::HuggingFace, QStringLiteral("Hugging Face"),
            QUrl(QStringLiteral("https://huggingface.co"))};
}

Endpoint modelScope() {
    return {HubKind::ModelScope, QStringLiteral("ModelScope"),
            QUrl(QStringLiteral("https://www.modelscope.cn"))};
}

std::vector<Endpoint> usualEndpoints() {
    Endpoint first = huggingFace();
    if (const char* other = std::getenv("HF_ENDPOINT"); other && *other)
        if (auto endpoint = parseEndpoint(other))
            first = std::move(*endpoint);
    return {first, modelScope()};
}

Result<Endpoint> parseEndpoint(std::string_view text) {
    QString url = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).trimmed();
    const auto bad = [&](const char* code, const char* why) {
        return tl::unexpected<Error>(
            Error{code, url.left(200).toStdString() + " " + why}.with("url", url.left(200).toStdString()));
    };
    if (!url.contains(QLatin1String("://")))
        url.prepend(QLatin1String("https://"));
    while (url.endsWith(u'/'))
        url.chop(1);
    QUrl parsed(url, QUrl::StrictMode);
    const QString scheme = parsed.scheme();
    if (url.size() > 500 || !parsed.isValid() || parsed.host().isEmpty() ||
        (scheme != QLatin1String("https") && scheme != QLatin1String("http")) ||
        !parsed.userInfo().isEmpty() || parsed.hasQuery() || parsed.hasFragment() || parsed.port() == 0)
        return bad("hub.bad_endpoint", "is not the address of a hub");
    if (scheme == QLatin1String("http") && !isPrivateName(parsed.host()))
        return bad("hub.insecure_endpoint", "is not encrypted (https)");
    Endpoint endpoint;
    const QString host = parsed.host().toLower();
    endpoint.kind = host == QLatin1String("modelscope.cn") || host.endsWith(QLatin1String(".modelscope.cn"))
                        ? HubKind::ModelScope
                        : HubKind::HuggingFace;
    endpoint.name = parsed.host();
    for (const Endpoint& known : {huggingFace(), modelScope()})
        if (known.url == parsed)
            endpoint.name = known.name;
    endpoint.url = parsed;
    return endpoint;
}

QString originOf(const QUrl& url) {
    const int port = url.port(url.scheme() == QLatin1String("https") ? 443 : 80);
    return url.scheme().toLower() + QLatin1String("://") + url.host().toLower() + QLatin1Char(':') +
           QString::number(port);
}

bool isPrivateAddress(const QHostAddress& address) {
    if (address.isNull())
        return true;
    QHostAddress plain = address;
    bool isV4 = false;
    const quint32 v4 = address.toIPv4Address(&isV4); // also of ::ffff:a.b.c.d
    if (isV4)
        plain = QHostAddress(v4);
    if (plain.isLoopback() || plain.isLinkLocal() || plain.isMulticast() || plain.isBroadcast() ||
        plain.isUniqueLocalUnicast() || plain.isSiteLocal())
        return true;
    static const QList<QPair<QHostAddress, int>> kRanges{
        QHostAddress::parseSubnet(QStringLiteral("0.0.0.0/8")),
        QHostAddress::parseSubnet(QStringLiteral("10.0.0.0/8")),
        QHostAddress::parseSubnet(QStringLiteral("100.64.0.0/10")),
        QHostAddress::parseSubnet(QStringLiteral("127.0.0.0/8")),
        QHostAddress::parseSubnet(QStringLiteral("169.254.0.0/16")),
        QHostAddress::parseSubnet(QStringLiteral("172.16.0.0/12")),
        QHostAddress::parseSubnet(QStringLiteral("192.168.0.0/16")),
        QHostAddress::parseSubnet(QStringLiteral("198.18.0.0/15")),
        QHostAddress::parseSubnet(QStringLiteral("224.0.0.0/3")),
        QHostAddress::parseSubnet(QStringLiteral("::/96")),        // unspecified, loopback, old IPv4 inside
        QHostAddress::parseSubnet(QStringLiteral("64:ff9b::/96")), // translated: leads to any IPv4 address
        QHostAddress::parseSubnet(QStringLiteral("fc00::/7")),
        QHostAddress::parseSubnet(QStringLiteral("fe80::/10")),
        QHostAddress::parseSubnet(QStringLiteral("ff00::/8"))};
    for (const auto& range : kRanges)
        if (plain.protocol() == range.first.protocol() && plain.isInSubnet(range))
            return true;
    return false;
}

bool isThisMachine(const QString& host) {
    const QString lower = host.toLower();
    return lower == QLatin1String("localhost") || lower.endsWith(QLatin1String(".localhost")) ||
           QHostAddress(lower).isLoopback();
}

bool isPrivateName(const QString& host) {
    const QString lower = host.toLower();
    const QHostAddress address(lower);
    if (!address.isNull())
        return isPrivateAddress(address);
    return isThisMachine(lower) || !lower.contains(u'.') || lower.endsWith(QLatin1String(".local")) ||
           lower.endsWith(QLatin1String(".lan")) || lower.endsWith(QLatin1String(".internal")) ||
           lower.endsWith(QLatin1String(".home.arpa"));
}

} // namespace hearth::hub
