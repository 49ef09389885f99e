#include <array>
#include <cmath>
#include <cstdio>

#include "engine/base/rate_text.h"
#include "engine/hardware/report/report_view.h"

namespace hearth::hardware {

namespace {

std::string arg(const Json& item, const char* args, const char* name) {
    return plain(at(item, {args, name}));
}

std::string gibText(const std::string& bytes) {
    return fixed(std::strtod(bytes.c_str(), nullptr) / (1U << 30), 1) + " GiB";
}

/// The Chinese sentence of an environment advice; {name} stands for an argument.
constexpr std::array kAdvice = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"install", "需要时可安装：{command}"},
    {"install_needed", "Hearth 在本机可以用到它。请安装：{command}"},
    {"install_download", "需要时可安装：{url}"},
    {"update", "版本 {version} 可用，建议升级到 {wanted} 或更新版本：{command}"},
    {"update_download", "版本 {version} 可用，建议升级到 {wanted} 或更新版本：{url}"},
    {"daemon_not_running", "程序已安装，但其服务没有响应：{command}"},
    {"daemon_permission", "服务拒绝了当前账户。请加入相应用户组后重新登录：{command}"},
    {"does_not_answer", "程序未在限定时间内响应。请在终端中运行查看原因：{command}"},
    {"fails", "程序运行出错。请在终端中运行查看原因：{command}"},
    {"os_unsupported", "安全更新已于 {date} 终止。请升级到受支持的版本。"},
    {"vulkan_no_device", "Vulkan 加载器已安装，但没有对应的驱动：{command}"},
    {"vulkan_software_only", "Vulkan 只找到软件设备。请为显卡安装驱动：{command}"},
    {"driver_not_loaded", "显卡存在，但驱动未加载。请重启计算机；若无效，请重新安装驱动：{command}"},
    {"driver_mismatch", "内存中的驱动与其库版本不一致（更新后常见）。请重启计算机。"},
    {"cuda_newer_than_driver",
     "CUDA {cuda} 需要更新的驱动：当前驱动最高支持 CUDA {supported}。请更新驱动：{command}"},
    {"other_architecture", "请安装 64 位系统：32 位程序放不下较大的模型。"},
});

/// The Chinese of a formula (predict/formula.h).
constexpr std::array kFormulas = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"weights_bits", "{parameters} 个参数 × {bits} 位 ÷ 8"},
    {"kv_layers", "{layers} 层 × {heads} 头 × {cell} 字节 × {positions} 个位置"},
    {"kv_windowed", "{layers} 层 × {heads} 头 × {cell} 字节 × {positions} 个位置 + {windowed_layers} 层 × "
                    "{heads} 头 × {cell} 字节 × {windowed_positions} 个位置"},
    {"buffers", "每步 {rows} 行、{positions} 个位置的旋转表、{tokens} 个词元的 logits"},
    {"scratch", "量化后的输入与 {threads} 个线程的工作区"},
    {"tokens_bytes", "{tokens} 个词元 × {bytes} 字节"},
    {"stream", "{gigabytes} GB，速度 {rate} GB/s"},
    {"cells_bytes", "{cells} 个单元，每个 {bytes} 字节"},
    {"forks", "{count} × {micros} 微秒"},
    {"elements", "{count} 个元素"},
    {"tokens_time", "{tokens} 个词元 × {millis} 毫秒"},
    {"cells_products", "{cells} 个单元 × {products} 次乘法"},
    {"last_logits", "最后一个词元的 logits"},
});

/// Every {name} replaced by the member of that name.
std::string filledWith(std::string text, const Json& args) {
    if (args.is_object())
        for (const auto& [name, value] : args.items()) {
            const std::string place = "{" + name + "}", shown = plain(value);
            for (std::size_t at = 0; (at = text.find(place, at)) != std::string::npos; at += shown.size())
                text.replace(at, place.size(), shown);
        }
    return text;
}

} // namespace

const Json& at(const Json& json, std::initializer_list<const char*> path) {
    static const Json kNull;
    const Json* here = &json;
    for (const char* name : path) {
        const auto it = here->is_object() ? here->find(name) : here->end();
        if (!here->is_object() || it == here->end())
            return kNull;
        here = &*it;
    }
    return *here;
}

std::string plain(const Json& value) {
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_number_integer() || value.is_boolean())
        return value.dump();
    if (value.is_number()) {
        const double number = value.get<double>();
        return fixed(number, std::abs(number) >= 100 ? 0 : std::abs(number) >= 10 ? 1 : 2);
    }
    return {};
}

double numberOf(const Json& value) {
    return value.is_number() ? value.get<double>() : 0;
}

std::string fixed(double value, int digits) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return text.data();
}

std::string gib(const Json& bytes) {
    if (!bytes.is_number())
        return {};
    const double value = bytes.get<double>();
    return value >= (1U << 30) ? fixed(value / (1U << 30), 1) + " GiB"
                               : fixed(value / (1U << 20), 0) + " MiB";
}

std::string seconds(const Json& value, Language language) {
    if (!value.is_number())
        return {};
    const double s = value.get<double>();
    return fixed(s, s >= 10 ? 0 : 1) + (language == Language::Chinese ? " 秒" : " s");
}

std::string Wording::verdict(const std::string& name) const {
    const Wording& t = *this;
    if (name == "comfortable")
        return t("comfortable", "宽裕");
    if (name == "tight")
        return t("tight", "勉强");
    if (name == "does_not_fit")
        return t("does not fit", "放不下");
    if (name == "fine")
        return t("fine", "正常");
    if (name == "old")
        return t("old", "过旧");
    if (name == "missing")
        return t("missing", "缺失");
    if (name == "mismatched")
        return t("mismatched", "不匹配");
    if (name == "broken")
        return t("broken", "损坏");
    return t("unknown", "未知");
}

std::string Wording::reason(const Json& fit) const {
    if (language == Language::English)
        return plain(at(fit, {"reason"}));
    const std::string code = plain(at(fit, {"reason_code"}));
    const auto a = [&](const char* name) { return arg(fit, "reason_args", name); };
    if (code == "memory_short")
        return "需要 " + gibText(a("needed_bytes")) + " 内存，本机有 " + gibText(a("available_bytes")) + "。";
    if (code == "memory_total_only")
        return "需要 " + gibText(a("needed_bytes")) + " 内存，当前空闲 " + gibText(a("available_bytes")) +
               "。关闭其他程序后可以放下。";
    if (code == "memory_unknown")
        return "需要 " + gibText(a("needed_bytes")) + " 内存，无法得知本机有多少。";
    if (code == "memory_little_left")
        return "占用空闲内存的 " + a("percent") + "%。";
    if (code == "slow_reading")
        return "每秒生成 " + rateText(std::strtod(a("tps").c_str(), nullptr)) + " 个词元，慢于阅读速度。";
    if (code == "slow_prompt")
        return "回答的第一个词需要等待 " + a("seconds") + " 秒。";
    if (code == "family_unsupported")
        return "本引擎不支持 " + a("family") + " 架构的模型。";
    if (code == "enough")
        return "占用空闲内存的 " + a("percent") + "%，每秒生成 " +
               rateText(std::strtod(a("tps").c_str(), nullptr)) + " 个词元。";
    return plain(at(fit, {"reason"}));
}

std::string Wording::cause(const Json& cause) const {
    if (language == Language::English)
        return plain(at(cause, {"text"}));
    const std::string code = plain(at(cause, {"code"}));
    const auto a = [&](const char* name) { return arg(cause, "args", name); };
    if (code == "governor")
        return "处理器调频策略由“" + a("before") + "”变为“" + a("after") + "”。";
    if (code == "load")
        return "测量期间其他程序占用了 " + a("other_percent") + "% 的处理器时间。";
    if (code == "stolen")
        return "其他虚拟机占用了 " + a("percent") + "% 的处理器时间。";
    if (code == "heat")
        return "处理器过热（" + a("celsius") + " °C，降速 " + a("events") + " 次）。";
    if (code == "clock")
        return "处理器频率由 " + a("before") + " MHz 变为 " + a("after") + " MHz。";
    if (code == "instruction_set")
        return "所用指令集由 " + a("before") + " 变为 " + a("after") + "。";
    if (code == "threads")
        return "线程数由 " + a("before") + " 减为 " + a("after") + "。";
    return "系统报告的信息无法解释这一变化。";
}

std::string Wording::role(const std::string& name) const {
    constexpr std::string_view kModels = "models";
    if (name.starts_with(kModels))
        return (*this)("models", "模型") + name.substr(kModels.size());
    return name == "data" ? (*this)("chats and settings", "对话与设置") : name;
}

std::string Wording::purpose(const std::string& name) const {
    const Wording& t = *this;
    if (name == "chat")
        return t("Chat", "对话");
    if (name == "translation")
        return t("Translation", "翻译");
    if (name == "classification")
        return t("Classification", "分类");
    if (name == "code")
        return t("Code", "代码");
    if (name == "long_documents")
        return t("Long documents", "长文档");
    return name;
}

std::string Wording::upgrade(const Json& upgrade) const {
    const Wording& t = *this;
    std::string code = plain(at(upgrade, {"code"}));
    const auto a = [&](const char* name) { return arg(upgrade, "args", name); };
    if (code == "memory")
        return t("Memory of ", "内存增至 ") + gibText(a("bytes"));
    if (code == "bandwidth")
        return t("Memory that reads ", "内存读取带宽达到 ") + a("gbps") + " GB/s";
    if (code == "ssd")
        return t("A disk that reads ", "磁盘读取速度达到 ") + a("gbps") + " GB/s";
    if (code == "gpu")
        return t("A graphics card with ", "显卡显存 ") +
               fixed(std::strtod(a("bytes").c_str(), nullptr) / 1e9, 0) + " GB" + t(" and ", "，带宽 ") +
               a("gbps") + " GB/s";
    return code;
}

std::string Wording::advice(const Json& item) const {
    const std::string code = plain(at(item, {"advice_code"}));
    if (language == Language::Chinese)
        for (const auto& [known, sentence] : kAdvice)
            if (known == code)
                return filledWith(std::string(sentence), at(item, {"advice_args"}));
    return plain(at(item, {"advice"}));
}

std::string Wording::formula(const Json& term) const {
    const std::string code = plain(at(term, {"formula_code"}));
    if (language == Language::Chinese)
        for (const auto& [known, sentence] : kFormulas)
            if (known == code)
                return filledWith(std::string(sentence), at(term, {"formula_args"}));
    return plain(at(term, {"formula"}));
}

std::string Wording::figure(const std::string& name) const {
    const Wording& t = *this;
    if (name == "read_bandwidth")
        return t("Memory bandwidth", "内存带宽");
    if (name == "download")
        return t("Download", "下载");
    if (name.starts_with("decode."))
        return t("Generation, ", "生成，") + name.substr(7);
    if (name.starts_with("prefill."))
        return t("Prompts, ", "提示词，") + name.substr(8);
    if (const std::size_t end = name.rfind('.'); name.starts_with("disk.") && end > 5)
        return (name.ends_with(".random") ? t("Disk, random", "磁盘随机读取")
                                          : t("Disk, sequential", "磁盘顺序读取")) +
               t(" (", "（") + t.role(name.substr(5, end - 5)) + t(")", "）");
    return name;
}

std::string Wording::term(const std::string& name) const {
    const Wording& t = *this;
    if (name == "weights")
        return t("weights", "权重");
    if (name == "kv_cache")
        return t("KV cache", "KV 缓存");
    if (name == "buffers")
        return t("buffers", "缓冲区");
    if (name == "scratch")
        return t("work space", "工作区");
    if (name == "tokenizer")
        return t("tokeniser", "分词器");
    if (name == "attention")
        return t("attention", "注意力");
    if (name == "forks")
        return t("starting threads", "启动线程");
    if (name == "elements")
        return t("small operations", "逐元素运算");
    if (name == "output")
        return t("output", "输出");
    return name;
}

} // namespace hearth::hardware
