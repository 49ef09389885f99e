#include <map>
#include <regex>
#include <set>

#include <gmock/gmock.h>

#include "engine/hardware/report/report.h"
#include "engine/hardware/report/svg_plot.h"
#include "tests/hardware/report/sample_report.h"
#include "tests/support/test_data.h"

namespace hearth::hardware {
namespace {

using test::sampleReport;
using testing::HasSubstr;
using testing::Not;

TEST(ReportJson, HasTheMembersThatScriptsRelyOn) {
    const auto& report = sampleReport();
    EXPECT_EQ(report.at("schema"), "hearth.hardware-report");
    EXPECT_EQ(report.at("schema_version"), kReportSchemaVersion);
    EXPECT_EQ(report.at("cpu").at("model"), "Testor <9000> & Co");
    EXPECT_EQ(report.at("cpu").at("cores"), 8);
    EXPECT_EQ(report.at("memory").at("total_bytes"), std::uint64_t{32} << 30);
    EXPECT_EQ(report.at("memory").at("available_bytes"), std::uint64_t{24} << 30);
    EXPECT_DOUBLE_EQ(report.at("measured").at("read_bandwidth_gbps").get<double>(), 20);
    EXPECT_EQ(report.at("disks").size(), 1U);
    EXPECT_EQ(report.at("gpus").size(), 1U);
    EXPECT_EQ(report.at("os").at("name"), "Debian GNU/Linux");
    const auto& item = report.at("environment").at(0);
    for (const char* name : {"name", "version", "verdict", "advice"})
        EXPECT_TRUE(item.contains(name)) << name;
    for (const auto& fit : report.at("fit"))
        for (const char* name : {"model", "quantisation", "memory_bytes", "decode_tps", "prefill_tps",
                                 "verdict", "reason", "memory_terms"})
            ASSERT_TRUE(fit.contains(name)) << name;
    EXPECT_FALSE(report.at("recommendations").empty());
    EXPECT_FALSE(report.at("upgrades").empty());
    EXPECT_EQ(report.at("since_last").at("changes").at(0).at("figure"), "read_bandwidth");
    // Withheld: not even named.
    EXPECT_THAT(report.dump(), Not(HasSubstr("serial")));
    EXPECT_THAT(report.dump(), Not(HasSubstr("host_name")));
}

/// Names of all members, without those of arguments and reasons, which are names of other things.
void collectMembers(const nlohmann::ordered_json& json, std::set<std::string>& names) {
    if (json.is_array())
        for (const auto& item : json)
            collectMembers(item, names);
    if (!json.is_object())
        return;
    for (const auto& [name, value] : json.items()) {
        names.insert(name);
        if (name != "unknown" && name != "args" && !name.ends_with("_args"))
            collectMembers(value, names);
    }
}

TEST(ReportJson, EveryMemberIsDocumented) {
    ReportContent content = test::sampleContent();
    Measurement& m = *content.measurement;
    m.downloadBytesPerSecond = 1e7;
    m.kernels[0].packBytesPerSecond = 1e9;
    m.conditions = {"performance", 0.5, 0.1, 0.1, 50.0, 60.0, 3000.0, 2900.0, std::uint64_t{1}};
    content.profile.cpu.caches = {{}};
    content.profile.accelerators = {{}};
    content.profile.network = {{}};
    for (GpuInfo& gpu : content.profile.gpus)
        gpu.uuid = std::string("GPU-1");
    for (DiskInfo& disk : content.profile.disks)
        disk.serial = std::string("S1");
    content.profile.network[0].mac = std::string("00:11:22:33:44:55");
    content.profile.os.hostName = content.profile.os.userName = std::string("somebody");
    FitRow& row = content.matrix.front();
    row.gpu.emplace();
    row.prediction.downloadSeconds = 1;
    row.prediction.correction.runs = 3;
    std::set<std::string> names;
    collectMembers(reportJson(content), names);
    for (const char* name : {"gpu_estimate", "mac", "uuid", "pack_gbps", "throttle_events", "accepted_drafts",
                             "largest_quantisation", "download_seconds", "load_seconds"})
        EXPECT_TRUE(names.contains(name)) << name << " should be among what is looked for";
    const std::string text =
        test::readText(std::filesystem::path(HEARTH_SOURCE_DIR) / "docs/hardware-report.md");
    for (const std::string& name : names)
        EXPECT_TRUE(text.find("`" + name + "`") != std::string::npos ||
                    text.find("`" + name + "[]`") != std::string::npos)
            << name;
}

TEST(ReportJson, ReadsItsOwnAndRefusesOthers) {
    EXPECT_EQ(parseReport(sampleReport().dump()).value(), sampleReport());
    for (const char* text :
         {"", "{", "[]", "{}", R"({"schema":"other"})", R"({"schema":"hearth.hardware-report"})"})
        EXPECT_EQ(parseReport(text).error().code, "report.malformed") << text;
    auto newer = sampleReport();
    newer["schema_version"] = 2;
    const auto refused = parseReport(newer.dump());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "report.unsupported_version");
    EXPECT_EQ(refused.error().arg("found"), "2");
}

/// label → exact value of every mark of the plots.
std::map<std::string, std::string> marksOf(const std::string& html, std::size_t plot) {
    std::size_t at = 0;
    for (std::size_t i = 0; i <= plot; ++i)
        at = html.find("<svg", at) + 1;
    const std::string svg = html.substr(at, html.find("</svg>", at) - at);
    std::map<std::string, std::string> marks;
    const std::regex mark("data-label=\"([^\"]*)\" data-value=\"([^\"]*)\"");
    for (std::sregex_iterator it(svg.begin(), svg.end(), mark), end; it != end; ++it)
        marks[(*it)[1]] = (*it)[2];
    return marks;
}

TEST(HtmlReport, PlotsHaveTheFiguresOfTheJson) {
    const std::string html = htmlReport(sampleReport(), Language::English);
    const auto& measured = sampleReport().at("measured");
    const auto threads = marksOf(html, 0), caches = marksOf(html, 1), decode = marksOf(html, 2),
               prefill = marksOf(html, 3);
    ASSERT_EQ(threads.size(), measured.at("bandwidth").size());
    for (const auto& point : measured.at("bandwidth"))
        EXPECT_EQ(threads.at(point.at("threads").dump()), point.at("gbps").dump());
    EXPECT_EQ(caches.size(), 3U);
    EXPECT_EQ(caches.at("32 KiB"), "151.25");
    ASSERT_EQ(decode.size(), measured.at("kernels").size());
    for (const auto& kernel : measured.at("kernels")) {
        EXPECT_EQ(decode.at(kernel.at("type")), kernel.at("decode_gbps").dump());
        EXPECT_EQ(prefill.at(kernel.at("type")), kernel.at("prefill_gops").dump());
    }
    EXPECT_EQ(decode.at("Q4_K"), "17.625");
}

TEST(HtmlReport, IsOneFileThatLoadsNothingAndRunsNothing) {
    for (const Language language : {Language::English, Language::Chinese}) {
        const std::string html = htmlReport(sampleReport(), language);
        EXPECT_THAT(html, Not(HasSubstr("<script")));
        EXPECT_THAT(html, Not(HasSubstr("<img")));
        EXPECT_THAT(html, Not(HasSubstr("<link")));
        EXPECT_THAT(html, Not(HasSubstr("src=")));
        EXPECT_THAT(html, HasSubstr("Testor &lt;9000&gt; &amp; Co"));
        EXPECT_THAT(html, Not(HasSubstr("<9000>")));
    }
    EXPECT_THAT(htmlReport(sampleReport(), Language::English), HasSubstr("What would help"));
    EXPECT_THAT(htmlReport(sampleReport(), Language::Chinese), HasSubstr("升级建议"));
    EXPECT_THAT(htmlReport(sampleReport(), Language::Chinese),
                HasSubstr("需要时可安装：sudo apt install git"));
}

TEST(HtmlReport, AnyJsonGivesAPage) {
    const auto& whole = sampleReport();
    for (const auto& [name, value] : whole.items())
        for (const nlohmann::ordered_json& odd :
             {nlohmann::ordered_json(), nlohmann::ordered_json(7),
              nlohmann::ordered_json::array({1, "x", nullptr}),
              nlohmann::ordered_json{{"kernels", 3}, {"model", {1, 2}}}}) {
            auto report = whole;
            report[name] = odd;
            EXPECT_THAT(htmlReport(report, Language::Chinese), HasSubstr("</html>")) << name;
            EXPECT_FALSE(markdownReport(report, Language::English).empty()) << name;
        }
}

TEST(MarkdownReport, HasTheTables) {
    const std::string text = markdownReport(sampleReport(), Language::English);
    EXPECT_THAT(text, HasSubstr("# Hardware report"));
    EXPECT_THAT(text, HasSubstr("| Q4\\_K | generic | 8 | 17.6 | 211 |"));
    EXPECT_THAT(text, HasSubstr("| 2026-11-20T10:00:00Z | Real Model Q4\\_0 | 10.2 | 9.8 |"));
}

TEST(Compare, TwoReportsBesideEachOther) {
    auto other = sampleReport();
    other["memory"]["total_bytes"] = std::uint64_t{64} << 30;
    other["measured"]["kernels"][0]["decode_gbps"] = 35.25;
    std::map<std::string, ReportDifference> figures;
    for (const ReportDifference& difference : compareReports(sampleReport(), other))
        figures[difference.figure] = difference;
    EXPECT_EQ(figures.at("memory.total_bytes").a, "32.0 GiB");
    EXPECT_EQ(figures.at("memory.total_bytes").b, "64.0 GiB");
    EXPECT_DOUBLE_EQ(figures.at("memory.total_bytes").ratio.value(), 2);
    EXPECT_DOUBLE_EQ(figures.at("decode.Q4_K").ratio.value(), 2);
    EXPECT_DOUBLE_EQ(figures.at("prefill.Q4_K").ratio.value(), 1);
    EXPECT_FALSE(figures.at("cpu.model").ratio);
    EXPECT_TRUE(compareReports(nlohmann::ordered_json::object(), nlohmann::ordered_json::object()).empty());
}

TEST(SvgPlot, EscapesAndSurvivesOddValues) {
    EXPECT_EQ(escaped("a<b>&\"\x01\xff"
                      "中"),
              "a&lt;b&gt;&amp;&quot;中");
    EXPECT_EQ(escaped("\xe4\xb8"), "");
    for (const auto& draw : {barPlot, linePlot}) {
        EXPECT_THAT(draw({"t", "u", {}}), HasSubstr("</svg>"));
        EXPECT_THAT(draw({"t", "u", {{"x", 0, "0"}}}), Not(HasSubstr("nan")));
    }
}

TEST(Report, DisksSayWhatTheyAreFor) {
    auto report = sampleReport();
    report["disks"][0]["roles"] = {"models", "models 2", "data"};
    EXPECT_THAT(markdownReport(report, Language::English),
                HasSubstr("| models, models 2, chats and settings |"));
    EXPECT_THAT(markdownReport(report, Language::Chinese), HasSubstr("| 模型、模型 2、对话与设置 |"));
    // Of several disks it is told which one became slower.
    report["since_last"]["changes"] = {{{"figure", "disk.models 2.random"}, {"ratio", 0.5}}};
    EXPECT_THAT(markdownReport(report, Language::English), HasSubstr("| Disk, random (models 2) | -50 % |"));
    EXPECT_THAT(markdownReport(report, Language::Chinese), HasSubstr("| 磁盘随机读取（模型 2） | -50 % |"));
}

TEST(Report, LongDocumentsAreRecommendedWithTheMemoryOfALongContext) {
    std::size_t count = 0;
    for (const auto& [purpose, row] : test::sampleContent().recommendations) {
        if (purpose != Purpose::LongDocuments) {
            EXPECT_LT(row.prediction.context, kLongContext) << purposeName(purpose);
            continue;
        }
        ++count;
        EXPECT_EQ(row.prediction.context, kLongContext) << row.entry->name;
        EXPECT_LE(row.prediction.memoryBytes, std::uint64_t{24} << 30) << row.entry->name;
    }
    EXPECT_GT(count, 0U);
    // The same in what people read.
    EXPECT_THAT(markdownReport(sampleReport(), Language::English), HasSubstr(" | 32768 | "));
}

TEST(Report, UnsupportedKindsSayWhyTheyAreNotRun) {
    const std::string english = markdownReport(test::sampleReport(), Language::English);
    EXPECT_THAT(english, HasSubstr("not supported"));
    EXPECT_THAT(markdownReport(test::sampleReport(), Language::Chinese), HasSubstr("不支持"));
}

TEST(Report, TheArithmeticIsInBothLanguages) {
    EXPECT_THAT(markdownReport(test::sampleReport(), Language::English), HasSubstr(" layers × "));
    const std::string chinese = markdownReport(test::sampleReport(), Language::Chinese);
    EXPECT_THAT(chinese, HasSubstr(" 层 × "));
    EXPECT_THAT(chinese, HasSubstr("个参数 × "));
    EXPECT_THAT(chinese, Not(HasSubstr(" parameters × ")));
    EXPECT_THAT(chinese, Not(HasSubstr(" layers × ")));
}

TEST(Report, GraphicsCardsAreEstimatedAndSaidSo) {
    HardwareProfile profile;
    EXPECT_FALSE(offloadHere(test::sampleContent().matrix.front().prediction, profile));
    GpuInfo card;
    card.name = "Picturo 24";
    card.kind = GpuInfo::Kind::Discrete;
    card.memoryBytes = std::uint64_t{24'000'000'000};
    profile.gpus = {card};
    const Prediction& p = test::sampleContent().recommendations.front().second.prediction;
    const auto usual = offloadHere(p, profile);
    ASSERT_TRUE(usual);
    EXPECT_EQ(usual->gpu, "Picturo 24");
    EXPECT_GT(usual->share, 0.5);
    EXPECT_GT(usual->decodeTps, p.decodeTps);
    profile.gpus[0].memoryBandwidth = 50e9; // told by the driver, slower than usual
    EXPECT_LT(offloadHere(p, profile)->decodeTps, usual->decodeTps);
    EXPECT_FALSE(toJson(*usual)["measured"].get<bool>());
    // Two cards share the weights.
    profile.gpus.push_back(card);
    EXPECT_EQ(offloadHere(p, profile)->gpu, "Picturo 24 + Picturo 24");
    // A software device is no card.
    profile.gpus = {card};
    profile.gpus[0].kind = GpuInfo::Kind::Software;
    EXPECT_FALSE(offloadHere(p, profile));
}

} // namespace
} // namespace hearth::hardware
