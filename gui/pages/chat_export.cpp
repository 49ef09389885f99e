#include "gui/pages/chat_export.h"

#include <filesystem>
#include <span>
#include <utility>

#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>

#include "engine/base/atomic_file.h"

namespace hearth::gui {

namespace {

struct ChatExport {
    Q_DECLARE_TR_FUNCTIONS(hearth::gui::ChatExport)
};

struct Kind {
    const char* suffix;
    store::ExportFormat format;
    const char* words;
};

constexpr Kind kKinds[] = {
    {"md", store::ExportFormat::Markdown,
     QT_TRANSLATE_NOOP("hearth::gui::ChatExport", "Markdown, what is on screen (*.md)")},
    {"txt", store::ExportFormat::PlainText,
     QT_TRANSLATE_NOOP("hearth::gui::ChatExport", "Plain text, what is on screen (*.txt)")},
    {"json", store::ExportFormat::Json,
     QT_TRANSLATE_NOOP("hearth::gui::ChatExport", "JSON, everything with all versions (*.json)")},
};

const Kind& kindOf(const QString& suffix) {
    for (const Kind& kind : kKinds)
        if (suffix.compare(QLatin1String(kind.suffix), Qt::CaseInsensitive) == 0)
            return kind;
    return kKinds[0];
}

} // namespace

void askWhereToExport(QWidget* parent, std::function<void(const QString&, store::ExportFormat)> chosen) {
    QStringList filters;
    for (const Kind& kind : kKinds)
        filters << ChatExport::tr(kind.words);
    auto* dialog = new QFileDialog(parent, ChatExport::tr("Export this chat"));
    dialog->setObjectName(QStringLiteral("exportDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(QString::fromLatin1(kKinds[0].suffix));
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog, filters](const QString& filter) {
        const auto at = std::clamp<qsizetype>(filters.indexOf(filter), 0, std::ssize(kKinds) - 1);
        dialog->setDefaultSuffix(QString::fromLatin1(kKinds[at].suffix));
    });
    QObject::connect(dialog, &QFileDialog::fileSelected, parent,
                     [dialog, chosen = std::move(chosen)](const QString& file) {
                         const QString suffix = QFileInfo(file).suffix();
                         const Kind* kind = &kindOf(suffix);
                         if (suffix.compare(QLatin1String(kind->suffix), Qt::CaseInsensitive) != 0)
                             kind = &kindOf(dialog->defaultSuffix());
                         chosen(file, kind->format);
                     });
    dialog->open();
}

void exportChat(HistoryBridge& history, QObject* context, store::RowId conversation, const QString& file,
                store::ExportFormat format, std::function<void(const Result<void>&)> done) {
    history.request(
        context,
        [file, format, conversation](workbench::ChatHistory& chats) -> Result<void> {
            HEARTH_TRY(auto out, AtomicFile::create(std::filesystem::path(file.toStdU16String())));
            HEARTH_CHECK(
                store::exportConversations(chats.store(), conversation, format, [&](std::string_view text) {
                    return out.write(std::as_bytes(std::span(text)));
                }));
            return out.commit();
        },
        [done = std::move(done)](const Result<void>& written) { done(written); });
}

} // namespace hearth::gui
