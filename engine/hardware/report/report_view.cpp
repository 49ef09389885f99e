#include "engine/hardware/report/report_view.h"
#include "engine/base/rate_text.h"

#include <algorithm>
#include <map>

#include "engine/hardware/report/svg_plot.h"

namespace hearth::hardware {

namespace {

using Cell = ReportTable::Cell;
using Row = std::vector<Cell>;

constexpr const char* kGreen = "#dcead2";
constexpr const char* kYellow = "#f6e7c1";
constexpr const char* kRed = "#efd6cf";
constexpr const char* kGrey = "#e9e6e1";

std::string colourOf(const std::string& verdict) {
    if (verdict == "comfortable" || verdict == "fine")
        return kGreen;
    if (verdict == "tight" || verdict == "old")
        return kYellow;
    if (verdict == "does_not_fit" || verdict == "mismatched" || verdict == "broken")
        return kRed;
    return {};
}

/// Builds the sections one after the other.
class Builder {
public:
    Builder(const Json& report, Language language) : m_report(report), t{language} {}

    ReportView build() {
        ReportView view;
        view.title = t("Hardware report", "硬件报告");
        view.subtitle = plain(at(m_report, {"cpu", "model"})) + " · " +
                        gib(at(m_report, {"memory", "total_bytes"})) + " · " + plain(at(m_report, {"time"}));
        view.footer = plain(at(m_report, {"program"})) + " · " + t("machine ", "设备标识 ") +
                      plain(at(m_report, {"fingerprint"})) + " · " + t("schema version ", "格式版本 ") +
                      plain(at(m_report, {"schema_version"}));
        m_view = &view;
        machine();
        devices();
        bandwidth();
        kernels();
        changes();
        recommendations();
        arithmetic();
        matrix();
        upgrades();
        environment();
        runs();
        return view;
    }

private:
    const Json& list(std::initializer_list<const char*> path) const {
        static const Json kEmpty = Json::array();
        const Json& found = at(m_report, path);
        return found.is_array() ? found : kEmpty;
    }
    /// Sections without rows and plots are left out.
    void add(ReportTable table, std::vector<std::string> plots = {}) {
        if (!table.rows.empty() || !plots.empty())
            m_view->sections.push_back({std::move(table), std::move(plots)});
    }
    std::string languageOr(const std::string& text) const {
        return text.empty() ? t("unknown", "未知") : text;
    }

    void machine() {
        ReportTable table{t("This machine", "本机"), {}, {}, {}};
        const auto row = [&](const std::string& name, const std::string& value) {
            table.rows.push_back({{name}, {languageOr(value)}});
        };
        row(t("Processor", "处理器"), plain(at(m_report, {"cpu", "model"})));
        row(t("Cores", "核心"), plain(at(m_report, {"cpu", "cores"})) + t(" cores, ", " 核，") +
                                    plain(at(m_report, {"cpu", "threads"})) +
                                    t(" threads, usable ", " 线程，可用 ") +
                                    plain(at(m_report, {"cpu", "usable_cores"})));
        std::string sets;
        for (const Json& set : list({"cpu", "instruction_sets"}))
            sets += (sets.empty() ? "" : ", ") + plain(set);
        row(t("Instruction sets", "指令集"), sets);
        row(t("Kernels", "计算内核"), plain(at(m_report, {"measured", "isa"})));
        row(t("Memory", "内存"), gib(at(m_report, {"memory", "total_bytes"})) + t(", free ", "，空闲 ") +
                                     gib(at(m_report, {"memory", "available_bytes"})));
        row(t("Read bandwidth, all threads", "读取带宽（全部线程）"),
            plain(at(m_report, {"measured", "read_bandwidth_gbps"})) + " GB/s");
        row(t("System", "操作系统"), plain(at(m_report, {"os", "name"})) + " " +
                                         plain(at(m_report, {"os", "version"})) + ", " +
                                         plain(at(m_report, {"os", "kernel"})));
        if (const std::string end = plain(at(m_report, {"os", "support_end"})); !end.empty())
            row(t("Security updates until", "安全更新截止"), end);
        if (const std::string vm = plain(at(m_report, {"os", "virtual_machine"})); !vm.empty())
            row(t("Virtual machine", "虚拟机"), vm);
        if (const std::string container = plain(at(m_report, {"os", "container"})); !container.empty())
            row(t("Container", "容器"), container);
        for (const Json& link : list({"network"}))
            if (const double bits = numberOf(at(link, {"bits_per_second"})); bits > 0)
                row(t("Network ", "网络 ") + plain(at(link, {"name"})), fixed(bits / 1e6, 0) + " Mbit/s");
        if (const double download = numberOf(at(m_report, {"measured", "download_bytes_per_second"}));
            download > 0)
            row(t("Download, measured", "下载（实测）"), fixed(download / 1e6, 1) + " MB/s");
        add(std::move(table));
    }

    void devices() {
        ReportTable disks{t("Disks", "磁盘"),
                          {},
                          {t("Use", "用途"), t("Kind", "类型"), t("File system", "文件系统"),
                           t("Free", "空闲"), t("Sequential read", "顺序读取"), t("Random read", "随机读取")},
                          {}};
        for (const Json& disk : list({"disks"})) {
            std::string roles, sequential, random;
            for (const Json& role : at(disk, {"roles"})) {
                roles += (roles.empty() ? "" : t(", ", "、")) + t.role(plain(role));
                for (const Json& rate : list({"measured", "disks"}))
                    if (at(rate, {"role"}) == role) {
                        sequential = fixed(1e3 * numberOf(at(rate, {"sequential_gbps"})), 0) + " MB/s";
                        random = fixed(1e3 * numberOf(at(rate, {"random_gbps"})), 1) + " MB/s";
                    }
            }
            disks.rows.push_back({{roles},
                                  {plain(at(disk, {"kind"}))},
                                  {plain(at(disk, {"filesystem"}))},
                                  {gib(at(disk, {"free_bytes"})), true},
                                  {sequential, true},
                                  {random, true}});
        }
        add(std::move(disks));
        ReportTable gpus{t("Graphics cards and accelerators", "显卡与加速器"),
                         {},
                         {t("Name", "名称"), t("Kind", "类型"), t("Memory", "显存"), t("Driver", "驱动")},
                         {}};
        for (const Json& gpu : list({"gpus"}))
            gpus.rows.push_back({{plain(at(gpu, {"name"}))},
                                 {plain(at(gpu, {"kind"}))},
                                 {gib(at(gpu, {"memory_bytes"})), true},
                                 {plain(at(gpu, {"driver"})) + " " + plain(at(gpu, {"driver_version"}))}});
        for (const Json& other : list({"accelerators"}))
            gpus.rows.push_back({{plain(at(other, {"name"}))},
                                 {plain(at(other, {"kind"}))},
                                 {""},
                                 {plain(at(other, {"driver"}))}});
        add(std::move(gpus));
    }

    Plot plotOf(const std::string& title, const char* unit, const Json& items, const char* label,
                const char* value) const {
        Plot plot{title, unit, {}};
        for (const Json& item : items)
            if (at(item, {value}).is_number())
                plot.points.push_back(
                    {plain(at(item, {label})), numberOf(at(item, {value})), at(item, {value}).dump()});
        return plot;
    }

    void bandwidth() {
        std::vector<std::string> plots;
        Plot threads = plotOf(t("Memory read bandwidth by threads", "内存读取带宽（按线程数）"), "GB/s",
                              list({"measured", "bandwidth"}), "threads", "gbps");
        if (!threads.points.empty())
            plots.push_back(barPlot(threads));
        Plot caches = plotOf(t("Reading by working set, one thread", "不同工作集的读取速度（单线程）"),
                             "GB/s", list({"measured", "caches"}), "working_set_bytes", "gbps");
        for (PlotPoint& point : caches.points) {
            const double bytes = std::strtod(point.label.c_str(), nullptr);
            point.label =
                bytes >= (1U << 20) ? fixed(bytes / (1U << 20), 0) + " MiB" : fixed(bytes / 1024, 0) + " KiB";
        }
        if (!caches.points.empty())
            plots.push_back(linePlot(caches));
        add({t("Memory and caches", "内存与缓存"), {}, {}, {}}, std::move(plots));
    }

    void kernels() {
        ReportTable table{t("Kernels", "计算内核"),
                          t("Generation reads every weight once per token: gigabytes of weights a second. "
                            "Prompts are calculated 512 tokens at a time: operations a second.",
                            "生成时每个词元读取全部权重一次：以每秒千兆字节计。提示词以 512 "
                            "个词元为一批计算：以每秒运算次数计。"),
                          {t("Type", "类型"), t("Set", "指令集"), t("Threads", "线程"),
                           t("Generation, GB/s", "生成（GB/s）"), t("Prompt, Gop/s", "提示词（Gop/s）")},
                          {}};
        Json own = Json::array();
        for (const Json& item : list({"measured", "kernels"})) {
            table.rows.push_back({{plain(at(item, {"type"}))},
                                  {plain(at(item, {"isa"}))},
                                  {plain(at(item, {"threads"})), true},
                                  {plain(at(item, {"decode_gbps"})), true},
                                  {plain(at(item, {"prefill_gops"})), true}});
            if (at(item, {"isa"}) == at(m_report, {"measured", "isa"}))
                own.push_back(item);
        }
        std::vector<std::string> plots;
        if (!own.empty()) {
            plots.push_back(barPlot(plotOf(t("Generation by weight type", "各权重类型的生成速度"), "GB/s",
                                           own, "type", "decode_gbps")));
            plots.push_back(barPlot(plotOf(t("Prompts by weight type", "各权重类型的提示词速度"), "Gop/s",
                                           own, "type", "prefill_gops")));
        }
        add(std::move(table), std::move(plots));
    }

    void changes() {
        ReportTable table{t("Since the last measurement", "与上次测量相比"),
                          {},
                          {t("Figure", "项目"), t("Change", "变化")},
                          {}};
        for (const Json& change : list({"since_last", "changes"}))
            table.rows.push_back({{t.figure(plain(at(change, {"figure"})))},
                                  {fixed(100 * (numberOf(at(change, {"ratio"})) - 1), 0) + " %", true}});
        for (const Json& cause : list({"since_last", "causes"}))
            table.note += (table.note.empty() ? "" : " ") + t.cause(cause);
        add(std::move(table));
    }

    void recommendations() {
        ReportTable table{t("Recommended here", "推荐在本机运行"),
                          {},
                          {t("For", "用途"), t("Model", "模型"), t("Quantisation", "量化"),
                           t("Context", "上下文"), t("Memory", "内存"), t("Tokens/s", "词元/秒"),
                           t("Licence", "许可证")},
                          {}};
        bool cards = false;
        for (const Json& item : list({"recommendations"}))
            cards = cards || at(item, {"gpu_estimate"}).is_object();
        if (cards)
            table.columns.push_back(
                t("With the graphics card, estimated, not measured", "使用显卡（估算，未实测）"));
        for (const Json& item : list({"recommendations"})) {
            table.rows.push_back({{t.purpose(plain(at(item, {"purpose"})))},
                                  {plain(at(item, {"name"}))},
                                  {plain(at(item, {"quantisation"}))},
                                  {plain(at(item, {"context"})), true},
                                  {gib(at(item, {"memory_bytes"})), true},
                                  {rateText(numberOf(at(item, {"decode_tps"}))), true},
                                  {plain(at(item, {"licence"}))}});
            if (cards) {
                const double speed = numberOf(at(item, {"gpu_estimate", "decode_tps"}));
                table.rows.back().push_back({speed > 0 ? fixed(speed, 0) : "", true});
            }
        }
        add(std::move(table));
    }

    /// Behind the first recommendation; the JSON has it for every model.
    void arithmetic() {
        const Json& all = list({"recommendations"});
        if (all.empty())
            return;
        const Json& best = all.front();
        ReportTable table{t("How the figures come about", "数字从何而来"),
                          plain(at(best, {"name"})) + " " + plain(at(best, {"quantisation"})) +
                              t(", context ", "，上下文 ") + plain(at(best, {"context"})),
                          {t("What", "项目"), t("How", "算式"), t("Amount", "数量")},
                          {}};
        const auto milliseconds = [](const Json& value) { return fixed(1e3 * numberOf(value), 2) + " ms"; };
        const auto terms = [&](const char* member, const std::string& before, const auto& amount) {
            for (const Json& term : at(best, {member}).is_array() ? at(best, {member}) : Json::array())
                table.rows.push_back(
                    {{before + t.term(plain(at(term, {"name"})))}, {t.formula(term)}, {amount(term), true}});
        };
        terms("memory_terms", t("Memory: ", "内存："),
              [](const Json& term) { return gib(at(term, {"bytes"})); });
        terms("decode_terms", t("One token: ", "一个词元："),
              [&](const Json& term) { return milliseconds(at(term, {"seconds"})); });
        terms("prefill_terms", t("512 tokens of a prompt: ", "512 个提示词词元："),
              [&](const Json& term) { return milliseconds(at(term, {"seconds"})); });
        add(std::move(table));
    }

    void matrix() {
        std::vector<std::string> models, quantisations;
        std::map<std::pair<std::string, std::string>, const Json*> cells;
        const auto note = [](std::vector<std::string>& names, const std::string& name) {
            if (std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(name);
        };
        for (const Json& fit : list({"fit"})) {
            const std::string model = plain(at(fit, {"name"})), type = plain(at(fit, {"quantisation"}));
            note(models, model);
            note(quantisations, type);
            cells[{model, type}] = &fit;
        }
        ReportTable table{
            t("What fits", "可运行的模型"),
            t("Memory in GiB, and tokens a second. Green: comfortable. Yellow: tight or slow. Red: "
              "does not fit. Grey: a kind of model that Hearth does not run yet.",
              "内存（GiB）与每秒词元数。绿色：宽裕；黄色：勉强或较慢；红色：放不下；灰色：Hearth "
              "尚不支持的模型种类。"),
            {t("Model", "模型")},
            {}};
        table.columns.insert(table.columns.end(), quantisations.begin(), quantisations.end());
        for (const std::string& model : models) {
            Row row{{model}};
            for (const std::string& type : quantisations) {
                const auto cell = cells.find({model, type});
                if (cell == cells.end()) {
                    row.push_back({""});
                    continue;
                }
                const Json& fit = *cell->second;
                const std::string verdict = plain(at(fit, {"verdict"}));
                if (plain(at(fit, {"reason_code"})) == "family_unsupported") {
                    row.push_back({t("not supported", "不支持"), true, kGrey});
                    continue;
                }
                std::string text = fixed(numberOf(at(fit, {"memory_bytes"})) / (1U << 30), 1);
                if (const double speed = numberOf(at(fit, {"decode_tps"}));
                    speed > 0 && verdict != "does_not_fit")
                    text += " · " + rateText(speed);
                row.push_back({std::move(text), true, colourOf(verdict)});
            }
            table.rows.push_back(std::move(row));
        }
        add(std::move(table));
    }

    void upgrades() {
        ReportTable table{t("What would help", "升级建议"),
                          plain(at(m_report, {"upgrades_for"})) +
                              t(". Estimated, not measured.", "。为估算值，未经测量。"),
                          {t("Change", "升级"), t("Generation", "生成速度"), t("Loading", "加载速度"),
                           t("Largest model that is comfortable", "可宽裕运行的最大模型")},
                          {}};
        const auto gain = [](const Json& factor) {
            const double value = numberOf(factor);
            return value > 1.005 ? "× " + fixed(value, 1) : std::string();
        };
        for (const Json& item : list({"upgrades"}))
            table.rows.push_back(
                {{t.upgrade(item)},
                 {gain(at(item, {"decode_gain"})), true},
                 {gain(at(item, {"load_gain"})), true},
                 {plain(at(item, {"largest_model"})) + " " + plain(at(item, {"largest_quantisation"}))}});
        add(std::move(table));
    }

    void environment() {
        ReportTable table{
            t("Environment", "软件环境"),
            {},
            {t("What", "项目"), t("Version", "版本"), t("Verdict", "结论"), t("What to do", "建议")},
            {}};
        for (const Json& item : list({"environment"})) {
            const std::string verdict = plain(at(item, {"verdict"}));
            table.rows.push_back({{plain(at(item, {"name"}))},
                                  {plain(at(item, {"version"}))},
                                  {t.verdict(verdict), false, colourOf(verdict)},
                                  {t.advice(item)}});
        }
        add(std::move(table));
    }

    void runs() {
        ReportTable table{t("Predicted and real", "预测与实际"),
                          {},
                          {t("Time", "时间"), t("Model", "模型"), t("Predicted, tokens/s", "预测（词元/秒）"),
                           t("Real, tokens/s", "实际（词元/秒）"), t("Real ÷ predicted", "实际 ÷ 预测"),
                           t("Prompt, predicted", "提示词预测"), t("Prompt, real", "提示词实际")},
                          {}};
        const auto orNothing = [](double value) { return value > 0 ? fixed(value, 1) : std::string(); };
        for (const Json& run : list({"runs"})) {
            const double predicted = numberOf(at(run, {"predicted_decode_tps"})),
                         real = numberOf(at(run, {"actual_decode_tps"}));
            table.rows.push_back({{plain(at(run, {"time"}))},
                                  {plain(at(run, {"model"})) + " " + plain(at(run, {"quantisation"}))},
                                  {rateText(predicted), true},
                                  {rateText(real), true},
                                  {predicted > 0 ? fixed(real / predicted, 2) : "", true},
                                  {orNothing(numberOf(at(run, {"predicted_prefill_tps"}))), true},
                                  {orNothing(numberOf(at(run, {"actual_prefill_tps"}))), true}});
        }
        if (const Json& correction = at(m_report, {"correction"}); correction.is_object())
            table.note = t("From them the predictions in this report were multiplied with ",
                           "本报告的预测据此乘以系数：") +
                         fixed(numberOf(at(correction, {"decode"})), 2) +
                         t(" (generation) and ", "（生成）、") +
                         fixed(numberOf(at(correction, {"prefill"})), 2) + t(" (prompts).", "（提示词）。");
        add(std::move(table));
    }

    const Json& m_report;
    Wording t;
    ReportView* m_view = nullptr;
};

} // namespace

ReportView viewOf(const Json& report, Language language) {
    return Builder(report, language).build();
}

} // namespace hearth::hardware
