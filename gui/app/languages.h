#pragma once

#include <memory>
#include <vector>

#include <QObject>
#include <QString>

#include "engine/workbench/settings.h"

class QTranslator;

namespace hearth::gui {

/// The interface's language: loads the compiled-in translations of Hearth and of Qt's own dialogs and swaps
/// them while the program runs; every widget then gets a LanguageChange event. GUI thread.
class Languages : public QObject {
    Q_OBJECT
public:
    explicit Languages(QObject* parent = nullptr);
    ~Languages() override;

    void apply(workbench::Language language);
    /// The language in force: "en" or "zh_CN".
    [[nodiscard]] const QString& current() const { return m_current; }

    /// What "as the system" means on this desktop: the first of its interface languages that Hearth speaks.
    [[nodiscard]] static QString systemLanguage(const QStringList& uiLanguages);

private:
    std::vector<std::unique_ptr<QTranslator>> m_installed;
    QString m_current;
};

} // namespace hearth::gui
