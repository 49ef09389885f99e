#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/security/privacy/processing_record.h"

namespace hearth::security {

/// The same words twice; `language` chooses.
struct Words {
    const char *english, *chinese;
    [[nodiscard]] const char* in(RecordLanguage language) const {
        return language == RecordLanguage::Chinese ? chinese : english;
    }
};

/// Writes headings, paragraphs and tables in either format.
class DocumentWriter {
public:
    DocumentWriter(RecordFormat format, RecordLanguage language, const std::string& title)
        : m_html(format == RecordFormat::Html) {
        if (m_html)
            m_text =
                std::string("<!DOCTYPE html>\n<html lang=\"") +
                (language == RecordLanguage::Chinese ? "zh-CN" : "en") +
                "\">\n<head><meta charset=\"utf-8\"><title>" + escape(title) +
                "</title><style>body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
                "table{border-collapse:collapse;width:100%}td,th{border:1px solid;padding:.3em .6em;"
                "text-align:left;vertical-align:top}</style></head>\n<body>\n";
        heading(1, title);
    }
    void heading(int level, const std::string& text) {
        const std::string number = std::to_string(level);
        m_text += m_html
                      ? "<h" + number + ">" + escape(text) + "</h" + number + ">\n"
                      : std::string(std::exchange(m_first, false) ? "" : "\n") +
                            std::string(static_cast<std::size_t>(level), '#') + " " + escape(text) + "\n\n";
    }
    void paragraph(const std::string& text) {
        m_text += m_html ? "<p>" + escape(text) + "</p>\n" : escape(text) + "\n\n";
    }
    void table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) {
        if (m_html)
            m_text += "<table>\n";
        row(head, true);
        if (!m_html) {
            m_text += "|";
            for (std::size_t i = 0; i < head.size(); ++i)
                m_text += " --- |";
            m_text += "\n";
        }
        for (const auto& each : rows)
            row(each, false);
        m_text += m_html ? "</table>\n" : "\n";
    }
    /// What was written so far, for a document that is written piece by piece.
    std::string piece() { return std::exchange(m_text, {}); }
    /// The rest.
    std::string take() {
        if (m_html)
            m_text += "</body>\n</html>\n";
        return piece();
    }

private:
    void row(const std::vector<std::string>& cells, bool head) {
        m_text += m_html ? "<tr>" : "|";
        for (const std::string& cell : cells)
            m_text += m_html ? std::string(head ? "<th>" : "<td>") + escape(cell) + (head ? "</th>" : "</td>")
                             : " " + escape(cell) + " |";
        m_text += m_html ? "</tr>\n" : "\n";
    }
    /// Nothing that a person typed becomes markup.
    std::string escape(std::string_view text) const {
        std::string out;
        for (const char c : text) {
            if (c == '\n' || c == '\r')
                out += ' ';
            else if (m_html && c == '&')
                out += "&amp;";
            else if (m_html && c == '<')
                out += "&lt;";
            else if (m_html && c == '>')
                out += "&gt;";
            else if (m_html && c == '"')
                out += "&quot;";
            else if (!m_html && std::string_view("\\`*_{}[]<>#|!").find(c) != std::string_view::npos)
                (out += '\\') += c;
            else
                out += c;
        }
        return out;
    }
    bool m_html, m_first = true;
    std::string m_text;
};

/// How long a rule keeps something.
[[nodiscard]] inline std::string keptFor(const std::optional<int>& count, RecordLanguage language) {
    const bool chinese = language == RecordLanguage::Chinese;
    if (!count)
        return chinese ? "直到被手动删除" : "until somebody deletes it";
    return std::to_string(*count) + (chinese ? " 天" : " days");
}

} // namespace hearth::security
