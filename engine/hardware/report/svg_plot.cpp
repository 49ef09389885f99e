#include "engine/hardware/report/svg_plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace hearth::hardware {

namespace {

constexpr double kWidth = 640, kTop = 34, kLabel = 110, kBar = 20, kGap = 8, kValue = 70;
constexpr double kLineHeight = 220, kMargin = 46;
constexpr const char* kInk = "#3a3631";
constexpr const char* kFaint = "#b9b2a7";
constexpr const char* kFire = "#c8602a";
constexpr const char* kFonts = "Inter, 'Noto Sans', 'Noto Sans CJK SC', sans-serif";

std::string number(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f", value);
    return text.data();
}

/// As people read it: three digits.
std::string shown(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    return text.data();
}

std::string textAt(double x, double y, const std::string& text, const char* anchor, int size = 12,
                   const char* colour = kInk) {
    return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" font-family=\"" + kFonts +
           "\" font-size=\"" + std::to_string(size) + "\" fill=\"" + colour + "\" text-anchor=\"" + anchor +
           "\">" + escaped(text) + "</text>";
}

std::string begin(const Plot& plot, double height) {
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(kWidth) + "\" height=\"" +
           number(height) + "\" viewBox=\"0 0 " + number(kWidth) + " " + number(height) + "\">" +
           textAt(0, 16, plot.title + " (" + plot.unit + ")", "start", 14);
}

double largest(const Plot& plot) {
    double most = 0;
    for (const PlotPoint& point : plot.points)
        most = std::max(most, std::isfinite(point.value) ? point.value : 0);
    return most > 0 ? most : 1;
}

std::string dataOf(const PlotPoint& point) {
    return " data-label=\"" + escaped(point.label) + "\" data-value=\"" + escaped(point.exact) + "\"";
}

} // namespace

std::string escaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        const std::size_t length = c < 0x80                ? 1
                                   : c >= 0xC2 && c < 0xE0 ? 2
                                   : c >= 0xE0 && c < 0xF0 ? 3
                                   : c >= 0xF0 && c < 0xF5 ? 4
                                                           : 0;
        bool whole = length > 0 && i + length <= text.size();
        for (std::size_t k = 1; whole && k < length; ++k)
            whole = (static_cast<unsigned char>(text[i + k]) & 0xC0U) == 0x80;
        if (!whole) {
            ++i;
            continue;
        }
        if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '&')
            out += "&amp;";
        else if (c == '"')
            out += "&quot;";
        else if (c >= 0x20 || c == '\n')
            out.append(text.substr(i, length));
        i += length;
    }
    return out;
}

std::string barPlot(const Plot& plot) {
    const double height = kTop + static_cast<double>(plot.points.size()) * (kBar + kGap);
    const double scale = (kWidth - kLabel - kValue) / largest(plot);
    std::string out = begin(plot, height);
    double y = kTop;
    for (const PlotPoint& point : plot.points) {
        const double length = std::max(1.0, point.value * scale);
        out += textAt(kLabel - 8, y + 14, point.label, "end");
        out += "<rect x=\"" + number(kLabel) + "\" y=\"" + number(y) + "\" width=\"" + number(length) +
               "\" height=\"" + number(kBar) + "\" fill=\"" + kFire + "\"" + dataOf(point) + "/>";
        out += textAt(kLabel + length + 6, y + 14, shown(point.value), "start");
        y += kBar + kGap;
    }
    return out + "</svg>";
}

std::string linePlot(const Plot& plot) {
    const double bottom = kTop + kLineHeight, height = bottom + 30;
    const double most = largest(plot);
    const double step =
        plot.points.size() > 1 ? (kWidth - 2 * kMargin) / static_cast<double>(plot.points.size() - 1) : 0;
    std::string out = begin(plot, height), line, marks;
    for (int quarter = 0; quarter <= 4; ++quarter) {
        const double y = bottom - kLineHeight * 0.9 * quarter / 4;
        out += "<line x1=\"" + number(kMargin) + "\" y1=\"" + number(y) + "\" x2=\"" +
               number(kWidth - kMargin / 2) + "\" y2=\"" + number(y) + "\" stroke=\"" + kFaint +
               "\" stroke-width=\"0.6\"/>";
        out += textAt(kMargin - 6, y + 4, shown(most * quarter / 4), "end", 10);
    }
    const std::size_t every = std::max<std::size_t>(1, (plot.points.size() + 9) / 10);
    for (std::size_t i = 0; i < plot.points.size(); ++i) {
        const PlotPoint& point = plot.points[i];
        const double x = kMargin + step * static_cast<double>(i);
        const double y = bottom - kLineHeight * 0.9 * std::max(0.0, point.value) / most;
        line += (line.empty() ? "" : " ") + number(x) + "," + number(y);
        marks += "<circle cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"3\" fill=\"" + kFire + "\"" +
                 dataOf(point) + "/>";
        if (i % every == 0)
            marks += textAt(x, bottom + 18, point.label, "middle", 10);
    }
    out += "<polyline points=\"" + line + "\" fill=\"none\" stroke=\"" + kFire + "\" stroke-width=\"2\"/>";
    return out + marks + "</svg>";
}

} // namespace hearth::hardware
