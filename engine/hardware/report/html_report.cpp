#include "engine/hardware/report/report_view.h"
#include "engine/hardware/report/svg_plot.h"

namespace hearth::hardware {

namespace {

constexpr const char* kStyle = R"(
:root { color-scheme: light; }
body { font: 14px/1.5 Inter, "Noto Sans", "Noto Sans CJK SC", sans-serif; color: #2a2723; background: #fff;
       max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .4rem; }
table { border-collapse: collapse; width: 100%; } th, td { padding: .25rem .5rem; text-align: left;
       border-bottom: 1px solid #e4ded4; vertical-align: top; }
th { font-weight: 600; border-bottom-color: #b9b2a7; } td[align=right], th[align=right] { text-align: right;
       font-variant-numeric: tabular-nums; }
figure { margin: .8rem 0; break-inside: avoid; } svg { max-width: 100%; height: auto; }
.note, .footer { color: #6b645a; } .footer { margin-top: 2.5rem; font-size: .85rem; }
@media print { body { margin: 0; max-width: none; font-size: 10.5px; } h2 { break-after: avoid; }
       tr { break-inside: avoid; } thead { display: table-header-group; }
       * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
@page { margin: 15mm; }
)";

void writeTable(std::string& out, const ReportTable& table) {
    if (table.rows.empty())
        return;
    // Attributes beside styles: Qt's documents understand only these.
    out += "<table width=\"100%\" cellspacing=\"0\" cellpadding=\"4\">";
    if (!table.columns.empty()) {
        out += "<thead><tr>";
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const bool number = i < table.rows.front().size() && table.rows.front()[i].number;
            out += std::string("<th align=\"") + (number ? "right" : "left") + "\">" +
                   escaped(table.columns[i]) + "</th>";
        }
        out += "</tr></thead>";
    }
    out += "<tbody>";
    for (const auto& row : table.rows) {
        out += "<tr>";
        for (const ReportTable::Cell& cell : row) {
            out += std::string("<td align=\"") + (cell.number ? "right" : "left") + "\"";
            if (!cell.colour.empty())
                out += " bgcolor=\"" + cell.colour + "\"";
            out += ">" + escaped(cell.text) + "</td>";
        }
        out += "</tr>";
    }
    out += "</tbody></table>\n";
}

} // namespace

HtmlBody htmlBody(const ReportView& view) {
    HtmlBody body;
    std::string& out = body.html;
    out += "<h1>" + escaped(view.title) + "</h1>\n<p class=\"note\">" + escaped(view.subtitle) + "</p>\n";
    for (const ReportView::Section& section : view.sections) {
        out += "<h2>" + escaped(section.table.title) + "</h2>\n";
        if (!section.table.note.empty())
            out += "<p class=\"note\">" + escaped(section.table.note) + "</p>\n";
        for (const std::string& plot : section.plots) {
            out += "<figure><img src=\"plot:" + std::to_string(body.plots.size()) + "\"></figure>\n";
            body.plots.push_back(plot);
        }
        writeTable(out, section.table);
    }
    out += "<p class=\"footer\">" + escaped(view.footer) + "</p>\n";
    return body;
}

std::string htmlReport(const Json& report, Language language) {
    const ReportView view = viewOf(report, language);
    HtmlBody body = htmlBody(view);
    for (std::size_t i = 0; i < body.plots.size(); ++i) {
        const std::string image = "<img src=\"plot:" + std::to_string(i) + "\">";
        body.html.replace(body.html.find(image), image.size(), body.plots[i]);
    }
    return std::string("<!doctype html>\n<html lang=\"") + (language == Language::Chinese ? "zh-CN" : "en") +
           "\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
           "'unsafe-inline'\">\n<title>" +
           escaped(view.title) + "</title>\n<style>" + kStyle + "</style>\n</head>\n<body>\n" + body.html +
           "</body>\n</html>\n";
}

} // namespace hearth::hardware
