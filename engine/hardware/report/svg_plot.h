#pragma once

#include <string>
#include <vector>

namespace hearth::hardware {

/// Small plots as SVG 1.1 without styles, so that browsers and Qt's renderer draw them alike. Each value
/// stands beside its mark, and exactly in its attribute data-value. Inside of report/ and its tests.
struct PlotPoint {
    std::string label;
    double value = 0;
    std::string exact; ///< the value as the JSON report writes it
};

struct Plot {
    std::string title, unit;
    std::vector<PlotPoint> points;
};

[[nodiscard]] std::string barPlot(const Plot& plot);
/// Points in equal steps along the axis, joined by a line.
[[nodiscard]] std::string linePlot(const Plot& plot);

/// "<" and the like as entities; bytes that are not UTF-8 and control characters are left out.
[[nodiscard]] std::string escaped(std::string_view text);

} // namespace hearth::hardware
