#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/hardware/report/report.h"

namespace hearth::hardware {

/// Reading and wording of a report, shared by the formats. A report may come from anywhere: what is missing
/// or of another kind is empty. Inside of report/ and pdf/.
using Json = nlohmann::ordered_json;

/// The member at a path like {"cpu", "model"}; null when there is none.
[[nodiscard]] const Json& at(const Json& json, std::initializer_list<const char*> path);
/// Numbers and texts as people read them; "" for null.
[[nodiscard]] std::string plain(const Json& value);
[[nodiscard]] double numberOf(const Json& value);
[[nodiscard]] std::string gib(const Json& bytes); ///< "15.6 GiB"
[[nodiscard]] std::string fixed(double value, int digits);
[[nodiscard]] std::string seconds(const Json& value, Language language);

struct Wording {
    Language language;
    /// One of two texts.
    [[nodiscard]] std::string operator()(const char* english, const char* chinese) const {
        return language == Language::Chinese ? chinese : english;
    }
    [[nodiscard]] std::string verdict(const std::string& name) const; ///< of fits and of the environment
    [[nodiscard]] std::string reason(const Json& fit) const;
    [[nodiscard]] std::string cause(const Json& cause) const;
    [[nodiscard]] std::string purpose(const std::string& name) const;
    [[nodiscard]] std::string role(const std::string& name) const; ///< of a folder on a disk
    [[nodiscard]] std::string upgrade(const Json& upgrade) const;
    [[nodiscard]] std::string advice(const Json& item) const; ///< of an environment item
    [[nodiscard]] std::string term(const std::string& name) const;
    [[nodiscard]] std::string formula(const Json& term) const;
    [[nodiscard]] std::string figure(const std::string& name) const; ///< of a change
};

/// A table: a heading, column titles, rows of cells. Numbers are right-aligned.
struct ReportTable {
    std::string title, note;
    std::vector<std::string> columns;
    struct Cell {
        std::string text;
        bool number = false;
        std::string colour = {}; ///< of the background, "#rrggbb"; empty = none
    };
    std::vector<std::vector<Cell>> rows;
};

/// A report as what every format shows, in its order.
struct ReportView {
    std::string title, subtitle, footer;
    struct Section {
        ReportTable table;
        std::vector<std::string> plots; ///< SVG
    };
    std::vector<Section> sections;
};
[[nodiscard]] ReportView viewOf(const Json& report, Language language);

/// The body of an HTML page, without plots: <img src="plot:N" …> stands for plot N of all sections together.
struct HtmlBody {
    std::string html;
    std::vector<std::string> plots;
};
[[nodiscard]] HtmlBody htmlBody(const ReportView& view);

} // namespace hearth::hardware
