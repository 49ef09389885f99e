#include "gui/pages/discover_endpoints.h"

#include <algorithm>
#include <array>

#include <QDialog>
#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>

#include "gui/pages/dialog_parts.h"
#include "gui/pages/secret_field.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/error_text.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/layouts.h"
#include "gui/widgets/setting_row.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

namespace {

constexpr std::array<std::uint64_t, 7> kLimits{0,         500'000,    1'000'000, 2'000'000,
                                               5'000'000, 10'000'000, 50'000'000}; ///< bytes per second

constexpr int kDialogWidth = 460; ///< px at scale 1

} // namespace

DiscoverEndpoints::DiscoverEndpoints(Theme& theme, HubBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_problem(new ErrorBox(theme)) {
    auto* column = new ReadingColumn(theme);
    column->body()->addWidget(m_problem);
    column->body()->addWidget(makeHubs());
    column->body()->addWidget(makeNetwork());
    column->body()->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(column);
    m_problem->setDismissable(true);
    if (!bridge.problems().empty())
        m_problem->showError(bridge.problems().front());
    connect(&bridge, &HubBridge::settingsChanged, this, [this] {
        showHubs();
        showNetwork();
    });
    connect(&bridge, &HubBridge::settingsFailed, this,
            [this](const Error& error) { m_problem->showError(error); });
    connect(&bridge, &HubBridge::endpointTested, this,
            [this](const QString& url, const hub::EndpointSpeed& speed) {
                const auto milliseconds = speed.answer.count();
                QString text =
                    tr("answers after %1")
                        .arg(milliseconds < 1000 ? tr("%1 ms").arg(milliseconds)
                                                 : humanDuration(static_cast<double>(milliseconds) / 1000));
                if (speed.bytesPerSecond > 0)
                    text += QStringLiteral(" · ") +
                            tr("%1/s").arg(humanBytes(static_cast<std::uint64_t>(speed.bytesPerSecond)));
                m_speeds[url] = text;
                showHubs();
            });
    connect(&bridge, &HubBridge::endpointFailed, this, [this](const QString& url, const Error& error) {
        m_speeds[url] = errorText(error).title;
        showHubs();
    });
    retranslate();
}

QWidget* DiscoverEndpoints::makeHubs() {
    auto* card = new Card(m_theme);
    m_hubsTitle = new SectionHeader(m_theme);
    m_rows = new QVBoxLayout;
    m_address = new QLineEdit;
    m_address->setObjectName(QStringLiteral("address"));
    m_add = new Button(m_theme, ButtonKind::Plain);
    m_add->setObjectName(QStringLiteral("addHub"));
    m_add->setIconName(QStringLiteral("plus"));
    m_test = new Button(m_theme, ButtonKind::Primary);
    m_test->setObjectName(QStringLiteral("testHubs"));
    m_addError = new ErrorBox(m_theme);
    m_addError->setDismissable(true);
    card->body()->addWidget(m_hubsTitle);
    card->body()->addLayout(m_rows);
    card->body()->addWidget(new Divider(m_theme));
    auto* line = new QHBoxLayout;
    line->addWidget(m_address, 1);
    line->addWidget(m_add);
    line->addWidget(m_test);
    card->body()->addLayout(line);
    card->body()->addWidget(m_addError);
    connect(m_add, &QAbstractButton::clicked, this, &DiscoverEndpoints::addHub);
    connect(m_address, &QLineEdit::returnPressed, this, &DiscoverEndpoints::addHub);
    connect(m_test, &QAbstractButton::clicked, this, [this] {
        for (const auto& access : m_bridge.settings().hubs) {
            m_speeds[access.endpoint.url.toString()] = tr("measuring…");
            m_bridge.testEndpoint(access.endpoint);
        }
        showHubs();
    });
    return card;
}

QWidget* DiscoverEndpoints::makeNetwork() {
    auto* card = new Card(m_theme);
    m_networkTitle = new SectionHeader(m_theme);
    m_proxy = new ComboBox(m_theme);
    m_proxy->setObjectName(QStringLiteral("proxy"));
    m_proxyHost = new QLineEdit;
    m_proxyHost->setObjectName(QStringLiteral("proxyHost"));
    m_proxyPort = new NumberField(m_theme);
    m_proxyPort->setRange(1, 65535);
    m_proxyUser = new QLineEdit;
    m_proxyPassword = new QLineEdit;
    m_proxyPassword->setEchoMode(QLineEdit::Password);
    m_proxyPassword->setObjectName(QStringLiteral("proxyPassword"));
    m_limit = new ComboBox(m_theme);
    m_limit->setObjectName(QStringLiteral("limit"));
    m_proxyRow = new SettingRow(m_theme, m_proxy);
    m_hostRow = new SettingRow(m_theme, m_proxyHost);
    m_portRow = new SettingRow(m_theme, m_proxyPort);
    m_userRow = new SettingRow(m_theme, m_proxyUser);
    m_passwordRow = new SettingRow(m_theme, m_proxyPassword);
    m_limitRow = new SettingRow(m_theme, m_limit);
    card->body()->addWidget(m_networkTitle);
    for (SettingRow* row : {m_limitRow, m_proxyRow, m_hostRow, m_portRow, m_userRow, m_passwordRow})
        card->body()->addWidget(row);
    connect(m_proxy, &QComboBox::activated, this, &DiscoverEndpoints::applyNetwork);
    connect(m_limit, &QComboBox::activated, this, &DiscoverEndpoints::applyNetwork);
    for (QLineEdit* edit : {m_proxyHost, m_proxyUser, m_proxyPassword})
        connect(edit, &QLineEdit::editingFinished, this, &DiscoverEndpoints::applyNetwork);
    connect(m_proxyPort, &QSpinBox::editingFinished, this, &DiscoverEndpoints::applyNetwork);
    return card;
}

void DiscoverEndpoints::showHubs() {
    const FreshRows fresh(m_rows);
    const auto& hubs = m_bridge.settings().hubs;
    for (std::size_t i = 0; i < hubs.size(); ++i) {
        const auto& access = hubs[i];
        const QString url = access.endpoint.url.toString();
        auto* row = new QWidget;
        row->setObjectName(url);
        auto* line = new QHBoxLayout(row);
        line->setContentsMargins(0, m_theme.space(1), 0, m_theme.space(1));
        line->setSpacing(m_theme.space(2));
        auto* words = new QVBoxLayout;
        words->setSpacing(0);
        words->addWidget(new ElidedLabel(m_theme, TextRole::Strong, ColourRole::Text, access.endpoint.name));
        const auto speed = m_speeds.find(url);
        words->addWidget(
            new ElidedLabel(m_theme, TextRole::Small, ColourRole::Muted,
                            speed == m_speeds.end() ? url : url + QStringLiteral(" · ") + speed->second));
        line->addLayout(words, 1);
        auto* token = new Button(m_theme, ButtonKind::Plain,
                                 access.token.empty() ? tr("Add a token…") : tr("Change the token…"));
        token->setIconName(QStringLiteral("key"));
        token->setObjectName(QStringLiteral("hubToken"));
        line->addWidget(token);
        connect(token, &QAbstractButton::clicked, this, [this, url] { askToken(url); });
        using Hubs = std::vector<workbench::HubAccess>;
        const auto move = [this, url](std::function<void(Hubs&, Hubs::iterator)> edit) {
            change([url, edit = std::move(edit)](workbench::HubSettings& settings) {
                const auto place =
                    std::find_if(settings.hubs.begin(), settings.hubs.end(),
                                 [&](const auto& one) { return one.endpoint.url.toString() == url; });
                if (place != settings.hubs.end())
                    edit(settings.hubs, place);
            });
        };
        auto* up = new IconButton(m_theme, QStringLiteral("chevron-up"),
                                  tr("Ask %1 earlier").arg(access.endpoint.name));
        up->setEnabled(m_maySet && i > 0);
        up->setObjectName(QStringLiteral("hubUp"));
        line->addWidget(up);
        connect(up, &QAbstractButton::clicked, this, [move] {
            move([](Hubs& list, Hubs::iterator place) {
                if (place != list.begin())
                    std::iter_swap(place, place - 1);
            });
        });
        auto* away = new IconButton(m_theme, QStringLiteral("close"),
                                    tr("Take %1 off the list").arg(access.endpoint.name));
        away->setEnabled(m_maySet && hubs.size() > 1);
        away->setObjectName(QStringLiteral("hubAway"));
        line->addWidget(away);
        connect(away, &QAbstractButton::clicked, this,
                [move] { move([](Hubs& list, Hubs::iterator place) { list.erase(place); }); });
        m_rows->addWidget(row);
    }
}

void DiscoverEndpoints::addHub() {
    if (m_address->text().trimmed().isEmpty())
        return;
    auto endpoint = hub::parseEndpoint(m_address->text().toStdString());
    if (!endpoint) {
        m_addError->showError(endpoint.error());
        return;
    }
    m_addError->clear();
    m_address->clear();
    change([endpoint = *endpoint](workbench::HubSettings& settings) {
        const bool known = std::any_of(settings.hubs.begin(), settings.hubs.end(), [&](const auto& access) {
            return access.endpoint.url == endpoint.url;
        });
        if (!known)
            settings.hubs.push_back({endpoint, {}});
    });
}

void DiscoverEndpoints::setRights(bool maySet, std::function<void(std::function<void()>)> guard) {
    m_maySet = maySet;
    m_guard = std::move(guard);
    for (QWidget* one : std::initializer_list<QWidget*>{m_address, m_add, m_proxy, m_proxyHost, m_proxyPort,
                                                        m_proxyUser, m_limit})
        one->setEnabled(maySet);
    retranslate();
}

void DiscoverEndpoints::change(std::function<void(workbench::HubSettings&)> edit) {
    const auto act = [this, edit = std::move(edit)] { m_bridge.change(edit); };
    if (m_guard)
        m_guard(act);
    else
        act();
}

void DiscoverEndpoints::askToken(const QString& url) {
    auto* dialog = new QDialog(this);
    dialog->setObjectName(QStringLiteral("tokenDialog"));
    dialog->setWindowTitle(tr("Token"));
    auto* about = new TextLabel(
        m_theme, TextRole::Body, ColourRole::Muted,
        m_bridge.hasPersonalTokens()
            ? tr("It is kept encrypted, and only your password opens it.")
            : tr("It is kept encrypted with a key that lies beside it in Hearth's folder, readable by your "
                 "account of this computer only. With a profile, only your password would open it."));
    about->setWordWrap(true);
    auto* field = new SecretField(m_theme);
    field->setObjectName(QStringLiteral("token"));
    field->setName(tr("Token"));
    auto* save = new Button(m_theme, ButtonKind::Primary, tr("Save"));
    save->setObjectName(QStringLiteral("saveToken"));
    save->setDefault(true);
    auto* cancel = new Button(m_theme, ButtonKind::Plain, tr("Cancel"));
    auto* column = dressDialog(dialog, m_theme, kDialogWidth);
    column->addWidget(new SectionHeader(m_theme, tr("Your token for %1").arg(QUrl(url).host()),
                                        tr("It is sent to this address only. An empty one takes it away.")));
    column->addWidget(field);
    column->addWidget(about);
    column->addLayout(dialogButtons({cancel, save}));
    connect(cancel, &QAbstractButton::clicked, dialog, &QDialog::reject);
    connect(save, &QAbstractButton::clicked, this, [this, url, field, dialog] {
        const auto typed = field->take();
        dialog->accept();
        if (!typed) {
            m_problem->showError(typed.error());
            return;
        }
        const QString token =
            QString::fromUtf8(typed->text().data(), static_cast<qsizetype>(typed->text().size())).trimmed();
        m_bridge.change([url, token](workbench::HubSettings& settings) {
            for (auto& access : settings.hubs)
                if (access.endpoint.url.toString() == url)
                    access.token = token.toStdString();
        });
    });
    dialog->open();
}

void DiscoverEndpoints::applyNetwork() {
    hub::ProxySetting proxy;
    proxy.mode = static_cast<hub::ProxySetting::Mode>(std::max(0, m_proxy->currentIndex()));
    proxy.host = m_proxyHost->text().trimmed().toStdString();
    proxy.port = m_proxyPort->value();
    proxy.user = m_proxyUser->text().toStdString();
    proxy.password = m_proxyPassword->text().toStdString();
    const bool own =
        proxy.mode == hub::ProxySetting::Mode::Http || proxy.mode == hub::ProxySetting::Mode::Socks5;
    for (QWidget* row : {m_hostRow, m_portRow, m_userRow, m_passwordRow})
        row->setVisible(own);
    const auto before = m_bridge.settings();
    const std::uint64_t limit = m_limit->currentData().toULongLong();
    // A proxy that is still being typed is not in force yet.
    if (!hub::checkProxy(proxy))
        proxy = before.proxy;
    else if (!own)
        proxy = {proxy.mode, {}, 0, {}, {}};
    if (proxy == before.proxy && limit == before.bytesPerSecond)
        return; // only a field was left
    if (auto same = before.proxy; m_bridge.hasPersonalTokens() && limit == before.bytesPerSecond) {
        same.password = proxy.password;
        if (same == proxy) { // their own, which needs nobody's leave
            m_bridge.change([proxy](workbench::HubSettings& settings) { settings.proxy = proxy; });
            return;
        }
    }
    change([proxy, limit](workbench::HubSettings& settings) {
        settings.proxy = proxy;
        settings.bytesPerSecond = limit;
    });
}

void DiscoverEndpoints::showNetwork() {
    const auto& settings = m_bridge.settings();
    const auto& proxy = settings.proxy;
    const bool own =
        proxy.mode == hub::ProxySetting::Mode::Http || proxy.mode == hub::ProxySetting::Mode::Socks5;
    const QSignalBlocker quietProxy(m_proxy), quietLimit(m_limit), quietPort(m_proxyPort);
    // What the person types wins over what is in force.
    const bool typing = m_proxyHost->hasFocus() || m_proxyPort->hasFocus() || m_proxyUser->hasFocus() ||
                        m_proxyPassword->hasFocus();
    if (!typing && (own || m_proxy->currentIndex() < 2)) {
        m_proxy->setCurrentIndex(static_cast<int>(proxy.mode));
        m_proxyHost->setText(QString::fromStdString(proxy.host));
        m_proxyPort->setValue(proxy.port > 0 ? proxy.port : 8080);
        m_proxyUser->setText(QString::fromStdString(proxy.user));
        m_proxyPassword->setText(QString::fromStdString(proxy.password));
        for (QWidget* row : {m_hostRow, m_portRow, m_userRow, m_passwordRow})
            row->setVisible(own);
    }
    // As a token, a person's password of the proxy is their own.
    const bool personal = m_bridge.hasPersonalTokens();
    m_proxyPassword->setEnabled(m_maySet || personal);
    m_passwordRow->setTexts(tr("Password"),
                            personal ? tr("Your own; kept encrypted, and only your password opens it")
                                     : tr("Kept encrypted with a key of this installation"));
    int limit = m_limit->findData(QVariant::fromValue<qulonglong>(settings.bytesPerSecond));
    if (limit < 0) {
        m_limit->addItem(tr("%1/s").arg(humanBytes(settings.bytesPerSecond)),
                         QVariant::fromValue<qulonglong>(settings.bytesPerSecond));
        limit = m_limit->count() - 1;
    }
    m_limit->setCurrentIndex(limit);
}

void DiscoverEndpoints::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void DiscoverEndpoints::retranslate() {
    const QString about =
        tr("The first one is searched first. When a download fails there, the others are asked "
           "for the very same file, told by its hash.");
    m_hubsTitle->setTexts(tr("Hubs"), m_maySet ? about
                                               : about + u' ' +
                                                     tr("Only administrators change this list, the proxy and "
                                                        "the speed limit; tokens and the proxy's password "
                                                        "are your own."));
    m_address->setPlaceholderText(tr("Address of another hub, for example hf-mirror.com"));
    m_address->setAccessibleName(tr("Address of another hub"));
    m_add->setText(tr("Add"));
    m_test->setText(tr("Measure their speed"));
    m_networkTitle->setTexts(tr("Network"), {});
    const QSignalBlocker quietProxy(m_proxy), quietLimit(m_limit);
    const int proxy = std::max(0, m_proxy->currentIndex());
    m_proxy->clear();
    m_proxy->addItems({tr("As the system says"), tr("None"), tr("HTTP"), tr("SOCKS 5")});
    m_proxy->setCurrentIndex(proxy);
    m_limit->clear();
    for (const std::uint64_t limit : kLimits)
        m_limit->addItem(limit == 0 ? tr("No limit") : tr("%1/s").arg(humanBytes(limit)),
                         QVariant::fromValue<qulonglong>(limit));
    m_proxyRow->setTexts(tr("Proxy"), tr("For everything that Hearth asks of hubs"));
    m_hostRow->setTexts(tr("Proxy's address"));
    m_portRow->setTexts(tr("Port"));
    m_userRow->setTexts(tr("User name"), tr("Where the proxy wants one"));
    m_limitRow->setTexts(tr("Speed limit"), tr("Of all downloads together"));
    showHubs();
    showNetwork();
}

} // namespace hearth::gui
