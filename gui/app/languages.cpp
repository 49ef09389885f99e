#include "gui/app/languages.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>
#include <QtDebug>

namespace hearth::gui {

Languages::Languages(QObject* parent) : QObject(parent) {}

Languages::~Languages() = default;

QString Languages::systemLanguage(const QStringList& uiLanguages) {
    for (const QString& name : uiLanguages) {
        switch (QLocale(name).language()) {
        case QLocale::Chinese:
            return QStringLiteral("zh_CN");
        case QLocale::English:
            return QStringLiteral("en");
        default:
            break;
        }
    }
    return QStringLiteral("en");
}

void Languages::apply(workbench::Language language) {
    QString wanted = QStringLiteral("en");
    switch (language) {
    case workbench::Language::System:
        wanted = systemLanguage(QLocale::system().uiLanguages());
        break;
    case workbench::Language::SimplifiedChinese:
        wanted = QStringLiteral("zh_CN");
        break;
    case workbench::Language::English:
        break;
    }
    if (wanted == m_current)
        return;
    m_current = wanted;
    QLocale::setDefault(QLocale(wanted));

    for (const auto& translator : m_installed)
        QCoreApplication::removeTranslator(translator.get());
    m_installed.clear();
    // Qt's own words first: the translator installed last is asked first.
    for (const QString& catalogue : {QStringLiteral("qtbase_"), QStringLiteral("hearth_")}) {
        auto translator = std::make_unique<QTranslator>();
        const bool ours = catalogue == QLatin1String("hearth_");
        const bool loaded = translator->load(QStringLiteral(":/i18n/") + catalogue + wanted) ||
                            (!ours && translator->load(catalogue + wanted,
                                                       QLibraryInfo::path(QLibraryInfo::TranslationsPath)));
        if (loaded) {
            QCoreApplication::installTranslator(translator.get());
            m_installed.push_back(std::move(translator));
        } else if (ours) {
            qWarning("no translation for %s", qUtf8Printable(wanted));
        }
    }
}

} // namespace hearth::gui
