#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>
#include <QWidget>

#include "gui/bridge/library_bridge.h"
#include "gui/pages/models_page.h"
#include "gui/widgets/feedback.h"
#include "tests/gui/patience.h"
#include "tests/support/test_data.h"

namespace hearth::test {

namespace fs = std::filesystem;
using gui::LibraryBridge;
using gui::LibraryServices;
using gui::ModelsPage;
using gui::Theme;
using gui::ToastHost;

/// The page of models in a window, over a library of its own that is empty at first.
class ModelsBench {
protected:
    static constexpr int kLong = 60'000; ///< ms; a loaded machine is slow

    void start() {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_DATA_HOME", m_folder->filePath(QStringLiteral("xdg")).toUtf8());
        fs::create_directories(path("xdg"));
        m_services = {};
        m_services.files = {path("jobs.db"), path("library.db"), path("jobs")};
        m_services.library.folder = path("models");
        m_services.threads = 2;
        m_services.machine = [] {
            return std::pair(hearth::hardware::Measurement{},
                             hearth::hardware::MemoryRoom{4'000'000'000, 8'000'000'000});
        };
        m_services.foreign = [this] { return m_foreign; };
        m_services.volumes = [this](const std::vector<fs::path>&) {
            workbench::Volume volume;
            volume.root = path("");
            volume.folder = path("models");
            volume.totalBytes = 1'000'000'000;
            volume.freeBytes = 400'000'000;
            volume.speed = 2;
            return std::vector{volume};
        };
        m_foreign.clear();
        m_prepare = {};
        m_window = std::make_unique<QWidget>();
        m_window->resize(1280, 860);
        m_toasts = new ToastHost(m_theme, m_window.get());
    }
    void end() {
        m_page = nullptr;
        m_window.reset();
        m_bridge.reset();
        m_toasts = nullptr;
    }

    fs::path path(const char* name) const { return fs::path(m_folder->path().toStdString()) / name; }
    QString text(const char* name) const { return QString::fromStdString(path(name).string()); }
    QString put(const char* model, const char* name) const {
        fs::create_directories(path(name).parent_path());
        fs::copy_file(hearth::test::golden(model), path(name));
        return text(name);
    }
    void open() {
        m_bridge = std::make_unique<LibraryBridge>(m_services);
        if (m_prepare)
            m_prepare(*m_bridge);
        m_page = new ModelsPage(m_theme, *m_bridge, *m_toasts, m_window.get());
        m_page->resize(m_window->size());
        m_page->show();
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void drop(const QStringList& files) {
        auto* data = new QMimeData;
        QList<QUrl> urls;
        for (const QString& file : files)
            urls << QUrl::fromLocalFile(file);
        data->setUrls(urls);
        QDragEnterEvent enter(QPoint(50, 200), Qt::CopyAction, data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_page, &enter);
        QDropEvent event(QPointF(50, 200), Qt::CopyAction, data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_page, &event);
        delete data;
    }
    qint64 version(std::size_t index) const { return m_bridge->models().front().versions[index].id; }
    template <class W>
    W* find(const char* name) const {
        auto* found = m_page->findChild<W*>(QLatin1String(name));
        if (!found)
            qFatal("%s is not there", name);
        return found;
    }
    /// Pictures for looking at, where the environment says so.
    void grab(const char* name) const {
        if (const QByteArray folder = qgetenv("HEARTH_PICTURES"); !folder.isEmpty())
            m_window->grab().save(QString::fromUtf8(folder) + QLatin1Char('/') + QLatin1String(name) +
                                  QStringLiteral(".png"));
    }

    Theme m_theme;
    std::unique_ptr<QTemporaryDir> m_folder;
    LibraryServices m_services;
    std::vector<workbench::ForeignFolder> m_foreign;
    std::function<void(LibraryBridge&)> m_prepare; ///< before the page is made
    std::unique_ptr<QWidget> m_window;
    ToastHost* m_toasts = nullptr; ///< of m_window
    std::unique_ptr<LibraryBridge> m_bridge;
    ModelsPage* m_page = nullptr;
};

} // namespace hearth::test
