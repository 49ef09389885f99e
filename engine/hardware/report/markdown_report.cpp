#include "engine/hardware/report/report_view.h"
#include "engine/hardware/report/svg_plot.h"

namespace hearth::hardware {

namespace {

/// Nothing in a text may begin a cell, a tag, a link or emphasis.
std::string cellText(const std::string& text) {
    std::string out;
    for (const char c : escaped(text)) {
        if (c == '|' || c == '\\' || c == '*' || c == '_' || c == '`' || c == '[' || c == ']')
            out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return out;
}

} // namespace

std::string markdownReport(const Json& report, Language language) {
    const ReportView view = viewOf(report, language);
    std::string out = "# " + cellText(view.title) + "\n\n" + cellText(view.subtitle) + "\n";
    for (const ReportView::Section& section : view.sections) {
        const ReportTable& table = section.table;
        out += "\n## " + cellText(table.title) + "\n\n";
        if (!table.note.empty())
            out += cellText(table.note) + "\n\n";
        if (table.rows.empty())
            continue;
        const std::size_t columns = table.rows.front().size();
        const auto line = [&](const auto& textAt) {
            out += "|";
            for (std::size_t i = 0; i < columns; ++i)
                out += " " + textAt(i) + " |";
            out += "\n";
        };
        line([&](std::size_t i) {
            return i < table.columns.size() ? cellText(table.columns[i]) : std::string(" ");
        });
        line([&](std::size_t i) { return std::string(table.rows.front()[i].number ? "---:" : "---"); });
        for (const auto& row : table.rows)
            line([&](std::size_t i) { return i < row.size() ? cellText(row[i].text) : std::string(" "); });
    }
    return out + "\n" + cellText(view.footer) + "\n";
}

} // namespace hearth::hardware
