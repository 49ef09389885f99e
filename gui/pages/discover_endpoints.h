#pragma once

#include <functional>
#include <map>

#include <QVBoxLayout>
#include <QWidget>

#include "gui/bridge/hub_bridge.h"
#include "gui/theme/theme.h"

class QLineEdit;

namespace hearth::gui {

class Button;
class Card;
class ComboBox;
class ErrorBox;
class NumberField;
class ReadingColumn;
class SectionHeader;
class SettingRow;
class TextLabel;

/// Which hubs there are, in which order they are asked, their tokens, how fast they are; proxy and speed
/// limit.
class DiscoverEndpoints : public QWidget {
    Q_OBJECT
public:
    DiscoverEndpoints(Theme& theme, HubBridge& bridge, QWidget* parent = nullptr);

    /// Who may not set what is the whole machine's still has tokens of their own.
    void setRights(bool maySet, std::function<void(std::function<void()>)> guard);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeHubs();
    QWidget* makeNetwork();
    void showHubs();
    void addHub();
    void change(std::function<void(workbench::HubSettings&)> edit); ///< through the guard
    void askToken(const QString& url);
    void applyNetwork();
    void showNetwork();
    void retranslate();

    Theme& m_theme;
    HubBridge& m_bridge;
    std::function<void(std::function<void()>)> m_guard;
    bool m_maySet = true;
    ErrorBox* m_problem;
    SectionHeader *m_hubsTitle, *m_networkTitle;
    QVBoxLayout* m_rows;
    QLineEdit *m_address, *m_proxyHost, *m_proxyUser, *m_proxyPassword;
    Button *m_add, *m_test;
    ErrorBox* m_addError;
    ComboBox *m_proxy, *m_limit;
    NumberField* m_proxyPort;
    SettingRow *m_proxyRow, *m_hostRow, *m_portRow, *m_userRow, *m_passwordRow, *m_limitRow;
    std::map<QString, QString> m_speeds; ///< what the last test said, by address
};

} // namespace hearth::gui
