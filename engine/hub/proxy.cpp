#include "engine/hub/proxy.h"

#include "engine/hub/http.h"

namespace hearth::hub {

Result<void> checkProxy(const ProxySetting& proxy) {
    if (proxy.mode == ProxySetting::Mode::System || proxy.mode == ProxySetting::Mode::None)
        return {};
    const bool good = !proxy.host.empty() && proxy.host.size() <= 253 &&
                      proxy.host.find_first_of("/@ \t\r\n") == std::string::npos && proxy.port > 0 &&
                      proxy.port < 65536;
    if (good)
        return {};
    return fail("hub.bad_proxy", "a proxy needs a host and a port from 1 to 65535");
}

void applyProxy(HttpOptions& options, const ProxySetting& proxy) {
    if (proxy.mode == ProxySetting::Mode::System || !checkProxy(proxy)) {
        options.proxy.reset();
        return;
    }
    QNetworkProxy out(QNetworkProxy::NoProxy);
    if (proxy.mode != ProxySetting::Mode::None) {
        out.setType(proxy.mode == ProxySetting::Mode::Http ? QNetworkProxy::HttpProxy
                                                           : QNetworkProxy::Socks5Proxy);
        out.setHostName(QString::fromStdString(proxy.host));
        out.setPort(static_cast<quint16>(proxy.port));
        out.setUser(QString::fromStdString(proxy.user));
        out.setPassword(QString::fromStdString(proxy.password));
    }
    options.proxy = out;
}

} // namespace hearth::hub
