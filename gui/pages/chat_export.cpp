#include "gui/pages/chat_export.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>

#include "engine/security/privacy/chat_files.h"

namespace hearth::gui {

namespace {

struct ChatExport {
    Q_DECLARE_TR_FUNCTIONS(hearth::gui::ChatExport)
};

struct Kind {
    const char* suffix;
    store::ExportFormat format;
    const char* words;
    bool sealed = false;
};

constexpr Kind kKinds[] = {
    {"md", store::ExportFormat::Markdown,
     QT_TRANSLATE_NOOP("hearth::gui::ChatExport", "Markdown, what is on screen (*.md)")},
    {"txt", store::ExportFormat::PlainText,
     QT_TRANSLATE_NOOP("hearth::gui::ChatExport", "Plain text, what is on screen (*.txt)")},
    {"json", store::ExportFormat::Json,
     QT_TRANSLATE_NOOP("hearth::gui::ChatExport", "JSON, everything with all versions (*.json)")},
    {"sealed", store::ExportFormat::Json,
     QT_TRANSLATE_NOOP("hearth::gui::ChatExport", "Sealed with a password, everything (*.sealed)"), true},
};

const Kind& kindOf(const QString& suffix) {
    for (const Kind& kind : kKinds)
        if (suffix.compare(QLatin1String(kind.suffix), Qt::CaseInsensitive) == 0)
            return kind;
    return kKinds[0];
}

} // namespace

void askWhereToExport(QWidget* parent, bool sealedFirst, std::function<void(const ChatFile&)> chosen) {
    std::vector<const Kind*> kinds;
    for (const Kind& kind : kKinds)
        kinds.push_back(&kind);
    if (sealedFirst)
        std::stable_partition(kinds.begin(), kinds.end(), [](const Kind* kind) { return kind->sealed; });
    QStringList filters;
    for (const Kind* kind : kinds)
        filters << ChatExport::tr(kind->words);
    auto* dialog = new QFileDialog(parent, ChatExport::tr("Export this chat"), QDir::homePath());
    dialog->setObjectName(QStringLiteral("exportDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(QString::fromLatin1(kinds.front()->suffix));
    QObject::connect(
        dialog, &QFileDialog::filterSelected, dialog, [dialog, filters, kinds](const QString& filter) {
            const auto at = std::clamp<qsizetype>(filters.indexOf(filter), 0, std::ssize(kinds) - 1);
            dialog->setDefaultSuffix(QString::fromLatin1(kinds[static_cast<std::size_t>(at)]->suffix));
        });
    QObject::connect(dialog, &QFileDialog::fileSelected, parent,
                     [dialog, chosen = std::move(chosen)](const QString& file) {
                         const QString suffix = QFileInfo(file).suffix();
                         const Kind* kind = &kindOf(suffix);
                         if (suffix.compare(QLatin1String(kind->suffix), Qt::CaseInsensitive) != 0)
                             kind = &kindOf(dialog->defaultSuffix());
                         chosen({file, kind->format, kind->sealed});
                     });
    dialog->open();
}

void exportChat(HistoryBridge& history, QObject* context, store::RowId conversation, const ChatFile& file,
                std::shared_ptr<security::SecureBytes> password,
                std::function<void(const Result<void>&)> done) {
    history.request(
        context,
        [file, password = std::move(password), conversation](workbench::ChatHistory& chats) -> Result<void> {
            if (file.sealed && !password)
                return fail("crypto.needs_password", "a sealed file is written with a password");
            return security::exportChats(chats.store(), conversation, file.format,
                                         std::filesystem::path(file.path.toStdU16String()),
                                         file.sealed ? password.get() : nullptr);
        },
        [done = std::move(done)](const Result<void>& written) { done(written); });
}

void askWhatToImport(QWidget* parent, std::function<void(const QString&)> chosen) {
    auto* dialog = new QFileDialog(parent, ChatExport::tr("Import chats"), QDir::homePath());
    dialog->setObjectName(QStringLiteral("importDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters(
        {ChatExport::tr("Exported chats (*.json *.sealed)"), ChatExport::tr("All files (*)")});
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, std::move(chosen));
    dialog->open();
}

void importChats(HistoryBridge& history, QObject* context, const QString& path,
                 std::shared_ptr<security::SecureBytes> password,
                 std::function<void(const Result<std::vector<store::RowId>>&)> done) {
    history.request(
        context,
        [file = std::filesystem::path(path.toStdU16String()),
         password = std::move(password)](workbench::ChatHistory& chats) {
            return security::importChats(chats.store(), file, password.get());
        },
        [done = std::move(done)](const Result<std::vector<store::RowId>>& ids) { done(ids); });
}

} // namespace hearth::gui
