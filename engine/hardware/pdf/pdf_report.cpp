#include "engine/hardware/pdf/pdf_report.h"

#include <array>
#include <memory>

#include <QtCore/QBuffer>
#include <QtGui/QAbstractTextDocumentLayout>
#include <QtGui/QFont>
#include <QtGui/QGuiApplication>
#include <QtGui/QPainter>
#include <QtGui/QPdfWriter>
#include <QtGui/QTextDocument>

#include "engine/hardware/pdf/plot_object.h"
#include "engine/hardware/report/report_view.h"

namespace hearth::hardware {

namespace {

/// Points at 96 dots to the inch, the unit that the plots and font sizes below are meant in.
constexpr int kResolution = 96;
constexpr double kMarginMillimetres = 15, kFooterHeight = 24;

constexpr const char* kStyle = "body { color: #2a2723; } h1 { font-size: 16pt; } h2 { font-size: 11pt; }"
                               "td, th { font-size: 7.5pt; } p { font-size: 8pt; color: #6b645a; }";

/// An application for this call, where the program has none.
class Application {
public:
    Application() {
        if (QCoreApplication::instance())
            return;
        const bool chosen = qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
        if (!chosen)
            qputenv("QT_QPA_PLATFORM", "offscreen");
        m_own = std::make_unique<QGuiApplication>(m_count, m_arguments.data());
        if (!chosen)
            qunsetenv("QT_QPA_PLATFORM");
    }
    /// Fonts need a QGuiApplication; a program that made a plain one cannot have both.
    [[nodiscard]] static bool usable() {
        return qobject_cast<QGuiApplication*>(QCoreApplication::instance());
    }

private:
    char m_name[7] = "hearth";
    std::array<char*, 2> m_arguments{m_name, nullptr};
    int m_count = 1;
    std::unique_ptr<QGuiApplication> m_own;
};

/// Page after page, with its number below.
void print(QTextDocument& document, QPdfWriter& writer, const QString& footer) {
    QPainter painter(&writer);
    const QSizeF page = document.pageSize();
    const int pages = document.pageCount();
    for (int i = 0; i < pages; ++i) {
        if (i > 0)
            writer.newPage();
        painter.save();
        painter.translate(0, -i * page.height());
        const QRectF part(0, i * page.height(), page.width(), page.height());
        QAbstractTextDocumentLayout::PaintContext context;
        context.clip = part;
        context.palette.setColor(QPalette::Text, Qt::black);
        painter.setClipRect(part);
        document.documentLayout()->draw(&painter, context);
        painter.restore();
        painter.setFont(document.defaultFont());
        painter.drawText(QRectF(0, page.height(), page.width(), kFooterHeight),
                         Qt::AlignRight | Qt::AlignBottom, footer.arg(i + 1).arg(pages));
    }
}

} // namespace

Result<std::string> pdfReport(const Json& report, Language language) {
    const Application application;
    if (!Application::usable())
        return fail("report.pdf_failed", "this program cannot use fonts");
    const ReportView view = viewOf(report, language);
    HtmlBody body = htmlBody(view);

    QBuffer buffer;
    if (!buffer.open(QIODevice::WriteOnly))
        return fail("report.pdf_failed", "no memory for the file");
    QPdfWriter writer(&buffer);
    writer.setResolution(kResolution);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(
        QMarginsF(kMarginMillimetres, kMarginMillimetres, kMarginMillimetres, kMarginMillimetres),
        QPageLayout::Millimeter);
    writer.setTitle(QString::fromStdString(view.title));
    writer.setCreator(QStringLiteral("Hearth"));

    PlotObject plots(std::move(body.plots));
    QTextDocument document;
    // Fonts that draw some characters by their neighbours (Inter does) would leave gaps when the text is
    // copied.
    QFont font;
    font.setFamilies({QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans"),
                      QStringLiteral("Liberation Sans"), QStringLiteral("Noto Sans CJK SC")});
    font.setStyleStrategy(QFont::PreferNoShaping);
    font.setPointSizeF(8);
    document.setDefaultFont(font);
    document.documentLayout()->registerHandler(QTextFormat::ImageObject, &plots);
    document.documentLayout()->setPaintDevice(&writer);
    document.setDocumentMargin(0);
    document.setDefaultStyleSheet(QString::fromLatin1(kStyle));
    document.setPageSize(QSizeF(writer.width(), writer.height() - kFooterHeight));
    document.setHtml(QString::fromStdString("<body>" + body.html + "</body>"));
    print(document, writer,
          language == Language::Chinese ? QStringLiteral("第 %1 页，共 %2 页")
                                        : QStringLiteral("Page %1 of %2"));
    buffer.close();
    if (buffer.data().size() < 100 || !buffer.data().startsWith("%PDF"))
        return fail("report.pdf_failed", "the PDF could not be written");
    return buffer.data().toStdString();
}

} // namespace hearth::hardware
