#pragma once

// The Discover page with a hub on this machine, for the tests of its parts.

#include <memory>

#include <QListView>
#include <QTemporaryDir>
#include <QTest>
#include <QTextEdit>

#include "gui/bridge/hub_bridge.h"
#include "gui/models/downloads_model.h"
#include "gui/pages/discover_page.h"
#include "gui/widgets/buttons.h"
#include "tests/gui/patience.h"
#include "tests/hub/local_hub.h"
#include "tests/support/test_data.h"

namespace hearth::test {

using namespace hearth::gui;

class DiscoverBench : public QObject {
protected:
    /// For init(): a hub with a small model and many others, and settings that name it.
    void prepare() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_hub = std::make_unique<LocalHub>();
        LocalHub::Repository small;
        small.files["Tiny-1B-Q4_0.gguf"] = bytesOf("llama-Q4_0.gguf");
        small.files["Tiny-1B-Q8_0.gguf"] = bytesOf("llama-Q8_0.gguf");
        small.files["README.md"] =
            "---\nlicense: mit\n---\n# Tiny\n\nA **small** model. ![logo](http://127.0.0.1:9/logo.png)";
        small.licence = "mit";
        small.downloads = 5000;
        m_hub->add("maker/Tiny-1B-GGUF", small);
        for (int i = 0; i < 40; ++i) {
            LocalHub::Repository other;
            other.files["m-Q4_0.gguf"] = "x";
            other.downloads = static_cast<std::uint64_t>(100 - i);
            m_hub->add("other/Model-" + std::to_string(i) + "-7B-GGUF", other);
        }
        // The endpoint is what the settings of this "installation" say.
        workbench::HubSettings settings;
        settings.hubs = {{{hub::HubKind::HuggingFace, QStringLiteral("127.0.0.1"), m_hub->url()}, ""}};
        settings.proxy.mode = hub::ProxySetting::Mode::None;
        const std::filesystem::path folder = m_folder->path().toStdString();
        QVERIFY(
            workbench::HubSettingsFile(folder / "hub.json", folder / "hub.key").save(settings).has_value());
        m_services = {};
        m_services.settingsFile = folder / "hub.json";
        m_services.keyFile = folder / "hub.key";
        m_services.queueFile = folder / "downloads.json";
        m_services.folder = folder / "models";
        m_services.transfer.chunkBytes = 4096;
        m_services.transfer.clock = hub::systemClock(20);
        m_services.machine = [] {
            return std::pair(hardware::Measurement(), hardware::MemoryRoom{8'000'000'000, 16'000'000'000});
        };
        m_services.arrived = [this](const hub::ArrivedFile& file) -> Result<void> {
            m_arrived = QString::fromStdString(file.path.string());
            return {};
        };
    }
    void clear() {
        m_page.reset();
        m_downloads.reset();
        m_bridge.reset();
        m_hub.reset();
    }

    void open(bool show = true) {
        m_bridge = std::make_unique<HubBridge>(m_services);
        m_bridge->startQueue();
        m_downloads = std::make_unique<DownloadsModel>(*m_bridge);
        m_page = std::make_unique<DiscoverPage>(m_theme, *m_bridge, *m_downloads);
        m_page->resize(1284, 860);
        if (show)
            m_page->show();
    }
    /// Waits for the list and picks its first model.
    void choose() {
        auto* list = view("results");
        QTRY_VERIFY(list->model()->rowCount() > 0);
        list->setCurrentIndex(list->model()->index(0, 0));
    }
    QStringList allButtons() {
        QStringList texts;
        for (const auto* one : m_page->findChildren<Button*>())
            texts << one->text();
        return texts;
    }
    QListView* view(const char* name) { return m_page->findChild<QListView*>(QLatin1String(name)); }
    Button* button(const char* name) { return m_page->findChild<Button*>(QLatin1String(name)); }
    QModelIndex row() { return view("downloads")->model()->index(0, 0); }
    hub::DownloadState state() {
        return static_cast<hub::DownloadState>(row().isValid() ? row().data(DownloadsModel::StateRole).toInt()
                                                               : -1);
    }
    QString cardText() {
        QString all;
        for (const auto* text : m_page->findChildren<QTextEdit*>())
            all += text->toPlainText();
        return all;
    }

    static QByteArray bytesOf(const char* name) { return QByteArray::fromStdString(readText(golden(name))); }

    Theme m_theme;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<LocalHub> m_hub;
    HubServices m_services;
    QString m_arrived;
    std::unique_ptr<HubBridge> m_bridge;
    std::unique_ptr<DownloadsModel> m_downloads;
    std::unique_ptr<DiscoverPage> m_page;
};

} // namespace hearth::test
