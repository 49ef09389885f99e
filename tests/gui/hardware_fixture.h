#pragma once

#include <atomic>
#include <memory>

#include <QAbstractButton>
#include <QTemporaryDir>

#include "gui/bridge/hardware_bridge.h"
#include "gui/pages/hardware_page.h"
#include "gui/theme/theme.h"
#include "tests/gui/patience.h"
#include "tests/gui/visible_text.h"

class QTableView;

namespace hearth::gui {

using test::allText;

/// Answers of the small machine of these tests.
[[nodiscard]] hardware::HardwareProfile laptop();
[[nodiscard]] hardware::Measurement sampleMeasurement(double bandwidth);

/// A hardware page over a machine, measurements and networks that are made up. Base of the page's tests.
class HardwareFixture : public QObject {
    Q_OBJECT

protected Q_SLOTS: // called around every test, and by tests that open the page again
    void init();
    void cleanup();

protected:
    void open();
    /// 20 GB free, and a host name for reports that may hold it.
    void useRoomyMachine();
    void openMeasured();
    void measureOnce();
    [[nodiscard]] QAbstractButton* button(const char* name) const;
    /// An ErrorBox is on the page.
    [[nodiscard]] bool anErrorIsShown() const;

    Theme m_theme;
    std::unique_ptr<QTemporaryDir> m_folder;
    HardwareServices m_services;
    std::atomic<bool> m_hold{false};       ///< measuring goes on until this is false
    std::atomic<double> m_bandwidth{40e9}; ///< of the next measurement
    std::unique_ptr<HardwareBridge> m_bridge;
    std::unique_ptr<HardwarePage> m_page;
};

} // namespace hearth::gui
