#include "gui/pages/hardware_words.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include "gui/theme/human.h"

namespace hearth::gui::hardware_words {

using namespace hearth::hardware;

namespace {

/// A class only because the translation tools take a sentence's context from the class around it.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(hearth::gui::HardwareWords)
public:
    struct Sentence {
        const char *code, *text; ///< {name} stands for an argument
    };

    static constexpr Sentence kAdvice[]{
        {"install", QT_TR_NOOP("Install it if you want to use it: {command}")},
        {"install_needed", QT_TR_NOOP("Hearth can use it on this machine. Install it: {command}")},
        {"install_download", QT_TR_NOOP("Install it if you want to use it: {url}")},
        {"update", QT_TR_NOOP("Version {version} works, but {wanted} or newer is advised: {command}")},
        {"update_download", QT_TR_NOOP("Version {version} works, but {wanted} or newer is advised: {url}")},
        {"driver_not_loaded",
         QT_TR_NOOP(
             "The card is there, but its driver is not loaded. Restart the computer; if that does not help, "
             "install the driver again: {command}")},
        {"driver_mismatch",
         QT_TR_NOOP("The driver in memory does not answer its library, as happens after an update. "
                    "Restart the computer.")},
        {"cuda_newer_than_driver",
         QT_TR_NOOP("CUDA {cuda} needs a newer driver: this one supports CUDA up to "
                    "{supported}. Update the driver: {command}")},
        {"vulkan_software_only",
         QT_TR_NOOP("Vulkan finds only a software device. For the graphics card install its "
                    "driver: {command}")},
        {"vulkan_no_device", QT_TR_NOOP("The Vulkan loader is there, but no driver for it: {command}")},
        {"daemon_not_running",
         QT_TR_NOOP("The program is there, but its service does not answer: {command}")},
        {"daemon_permission",
         QT_TR_NOOP("The service refuses this account. Join its group and sign in again: {command}")},
        {"does_not_answer",
         QT_TR_NOOP("The program did not answer in time. Run it in a terminal to see why: {command}")},
        {"fails", QT_TR_NOOP("The program ends with an error. Run it in a terminal to see why: {command}")},
        {"os_unsupported", QT_TR_NOOP("Security updates ended on {date}. Upgrade to a supported release.")},
        {"other_architecture",
         QT_TR_NOOP("Install a 64-bit system: 32-bit programs cannot hold larger models.")},
    };
    static constexpr Sentence kCauses[]{
        {"governor", QT_TR_NOOP("The processor's power mode was {before} and is {after} now.")},
        {"load", QT_TR_NOOP("Other programs were busy at the same time.")},
        {"stolen",
         QT_TR_NOOP("Other virtual machines on the same computer took {percent} % of the processor.")},
        {"heat", QT_TR_NOOP("The processor got hot and slowed itself down.")},
        {"clock", QT_TR_NOOP("The processor ran at {after} MHz instead of {before} MHz.")},
        {"instruction_set", QT_TR_NOOP("Another instruction set was in use: {after} instead of {before}.")},
        {"threads", QT_TR_NOOP("{after} threads were in use instead of {before}.")},
        {"unknown",
         QT_TR_NOOP("No cause could be seen: power mode, load, clock and temperature are as before.")},
    };
    static constexpr Sentence kReasons[]{
        {"memory_short",
         QT_TR_NOOP("It needs {needed_bytes} of memory; this machine has {available_bytes}.")},
        {"memory_total_only",
         QT_TR_NOOP("It needs {needed_bytes} of memory; {available_bytes} are free now. It fits when "
                    "other programs are closed.")},
        {"memory_unknown",
         QT_TR_NOOP("It needs {needed_bytes} of memory; how much this machine has could not be told.")},
        {"memory_little_left", QT_TR_NOOP("It takes {percent} % of the free memory.")},
        {"slow_reading", QT_TR_NOOP("It writes {tps} tokens a second, slower than people read.")},
        {"slow_prompt", QT_TR_NOOP("The first word of an answer takes {seconds} seconds.")},
        {"family_unsupported", QT_TR_NOOP("Hearth does not run models of the kind {family} yet.")},
        {"enough", QT_TR_NOOP("It takes {percent} % of the free memory and writes {tps} tokens a second.")},
    };
    static constexpr Sentence kTerms[]{
        {"weights", QT_TR_NOOP("Weights")},          {"kv_cache", QT_TR_NOOP("Context")},
        {"buffers", QT_TR_NOOP("Buffers")},          {"scratch", QT_TR_NOOP("Working memory")},
        {"tokenizer", QT_TR_NOOP("Vocabulary")},     {"attention", QT_TR_NOOP("Looking back")},
        {"forks", QT_TR_NOOP("Starting threads")},   {"elements", QT_TR_NOOP("Small operations")},
        {"output", QT_TR_NOOP("Choosing the word")},
    };
    static constexpr Sentence kUpgrades[]{
        {"memory", QT_TR_NOOP("Memory of {bytes}")},
        {"bandwidth", QT_TR_NOOP("Memory that reads {gbps} GB/s")},
        {"ssd", QT_TR_NOOP("A disk that reads {gbps} GB/s")},
        {"gpu", QT_TR_NOOP("A graphics card with {bytes}")},
    };
    static constexpr Sentence kPhases[]{
        {"measure.memory", QT_TR_NOOP("Reading memory with one to all cores")},
        {"measure.caches", QT_TR_NOOP("Reading working sets of different sizes")},
        {"measure.kernels", QT_TR_NOOP("Computing with weights of each type")},
        {"measure.attention", QT_TR_NOOP("Looking back over a long context")},
        {"measure.disk", QT_TR_NOOP("Reading from the disk")},
        {"measure.download", QT_TR_NOOP("Downloading for a few seconds; nothing is kept")},
    };

    static constexpr Sentence kFormulas[]{
        {"weights_bits", QT_TR_NOOP("{parameters} parameters × {bits} bits ÷ 8")},
        {"kv_layers", QT_TR_NOOP("{layers} layers × {heads} heads × {cell} bytes × {positions} positions")},
        {"kv_windowed",
         QT_TR_NOOP("{layers} layers × {heads} heads × {cell} bytes × {positions} positions + "
                    "{windowed_layers} layers × {heads} heads × {cell} bytes × {windowed_positions} "
                    "positions")},
        {"buffers", QT_TR_NOOP("{rows} rows of a step, rotary tables of {positions} positions, logits of "
                               "{tokens} tokens")},
        {"scratch", QT_TR_NOOP("quantised inputs, and work space of {threads} threads")},
        {"tokens_bytes", QT_TR_NOOP("{tokens} tokens × {bytes} bytes")},
        {"stream", QT_TR_NOOP("{gigabytes} GB at {rate} GB/s")},
        {"cells_bytes", QT_TR_NOOP("{cells} cells of {bytes} bytes")},
        {"forks", QT_TR_NOOP("{count} × {micros} µs")},
        {"elements", QT_TR_NOOP("{count} elements")},
        {"tokens_time", QT_TR_NOOP("{tokens} tokens × {millis} ms")},
        {"cells_products", QT_TR_NOOP("{cells} cells × {products} products")},
        {"last_logits", QT_TR_NOOP("logits of the last token")},
    };
    static constexpr Sentence kFigures[]{
        {"cpu.model", QT_TR_NOOP("Processor")},
        {"cpu.cores", QT_TR_NOOP("Cores")},
        {"cpu.usable_cores", QT_TR_NOOP("Usable cores")},
        {"memory.total_bytes", QT_TR_NOOP("Memory")},
        {"memory.available_bytes", QT_TR_NOOP("Free memory")},
        {"os.name", QT_TR_NOOP("System")},
        {"measured.isa", QT_TR_NOOP("Instruction set of the kernels")},
        {"measured.read_bandwidth_gbps", QT_TR_NOOP("Memory bandwidth")},
        {"fit.comfortable", QT_TR_NOOP("Models and quantisations that fit comfortably")},
        {"download", QT_TR_NOOP("Download")},
    };

    template <std::size_t N>
    static QString of(const Sentence (&table)[N], std::string_view code) {
        for (const Sentence& one : table)
            if (code == one.code)
                return tr(one.text);
        return {};
    }
};

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

/// Numbers of bytes and of tokens a second as people read them; the rest as it is.
std::vector<std::pair<std::string, std::string>>
readable(std::vector<std::pair<std::string, std::string>> args) {
    for (auto& [key, value] : args)
        if (key.ends_with("bytes"))
            value = humanBytes(text(value).toULongLong()).toStdString();
        else if (key == "tps")
            value = humanRate(text(value).toDouble()).toStdString();
    return args;
}

/// Long whole numbers in groups of three.
std::vector<std::pair<std::string, std::string>>
grouped(std::vector<std::pair<std::string, std::string>> args) {
    for (auto& [key, value] : args)
        if (value.size() > 4 && value.find_first_not_of("0123456789") == std::string::npos)
            value = humanCount(text(value).toULongLong()).toStdString();
    return args;
}

/// One pass, so that a value with braces in it stays as it is.
QString filled(const QString& sentence, const std::vector<std::pair<std::string, std::string>>& args) {
    QString out;
    for (qsizetype at = 0; at < sentence.size();) {
        const qsizetype open = sentence.indexOf(QLatin1Char('{'), at),
                        close = sentence.indexOf(QLatin1Char('}'), open);
        if (open < 0 || close < 0)
            return out + sentence.mid(at);
        out += sentence.mid(at, open - at);
        const std::string name = sentence.mid(open + 1, close - open - 1).toStdString();
        for (const auto& [key, value] : args)
            if (key == name)
                out += text(value);
        at = close + 1;
    }
    return out;
}

} // namespace

QString unknown(Unknown reason) {
    switch (reason) {
    case Unknown::NotReported:
        return Words::tr("unknown: the system does not say");
    case Unknown::Absent:
        return Words::tr("unknown: nothing here tells");
    case Unknown::Unreadable:
        return Words::tr("unknown: not readable for this account");
    case Unknown::Malformed:
        return Words::tr("unknown: the system's answer makes no sense");
    case Unknown::NotApplicable:
        return Words::tr("none");
    case Unknown::Withheld:
        return Words::tr("left out");
    case Unknown::LibraryMissing:
        return Words::tr("unknown: the vendor's library is not installed");
    case Unknown::DriverFailed:
        return Words::tr("unknown: the driver does not answer");
    case Unknown::TimedOut:
        return Words::tr("unknown: no answer in time");
    }
    return {};
}

QString diskKind(DiskInfo::Kind kind) {
    switch (kind) {
    case DiskInfo::Kind::Nvme:
        return QStringLiteral("NVMe");
    case DiskInfo::Kind::SolidState:
        return QStringLiteral("SSD");
    case DiskInfo::Kind::HardDisk:
        return Words::tr("Hard disk");
    case DiskInfo::Kind::Card:
        return Words::tr("Memory card");
    case DiskInfo::Kind::Virtual:
        return Words::tr("Virtual disk");
    case DiskInfo::Kind::Network:
        return Words::tr("Network drive");
    case DiskInfo::Kind::Memory:
        return Words::tr("In memory");
    case DiskInfo::Kind::Unknown:
        break;
    }
    return Words::tr("Disk");
}

QString role(const std::string& role) {
    if (role == "models")
        return Words::tr("models");
    constexpr std::string_view kFurther = "models ";
    if (role.starts_with(kFurther))
        return Words::tr("models (folder %1)").arg(text(role.substr(kFurther.size())));
    return role == "data" ? Words::tr("chats and settings") : text(role);
}

QString linkKind(NetworkLink::Kind kind) {
    switch (kind) {
    case NetworkLink::Kind::Wired:
        return Words::tr("wired");
    case NetworkLink::Kind::Wireless:
        return Words::tr("wireless");
    case NetworkLink::Kind::Virtual:
        break;
    }
    return Words::tr("virtual");
}

QString gpuKind(GpuInfo::Kind kind) {
    switch (kind) {
    case GpuInfo::Kind::Discrete:
        return Words::tr("graphics card");
    case GpuInfo::Kind::Integrated:
        return Words::tr("in the processor");
    case GpuInfo::Kind::Virtual:
        return Words::tr("virtual display");
    case GpuInfo::Kind::Software:
        return Words::tr("software, not a GPU");
    case GpuInfo::Kind::Unknown:
        break;
    }
    return Words::tr("of unknown kind");
}

QString container(const std::string& name) {
    return Words::tr("container (%1)").arg(text(name));
}

QString virtualMachine(const std::string& name) {
    return name == "other" ? Words::tr("virtual machine") : Words::tr("virtual machine (%1)").arg(text(name));
}

VerdictWords verdict(const EnvironmentItem& item) {
    switch (item.verdict) {
    case Verdict::Fine:
        return {Words::tr("Fine"), Chip::Kind::Good};
    case Verdict::Old:
        return {Words::tr("Old"), Chip::Kind::Caution};
    case Verdict::Missing:
        return item.needed ? VerdictWords{Words::tr("Missing"), Chip::Kind::Caution}
                           : VerdictWords{Words::tr("Optional"), Chip::Kind::Neutral};
    case Verdict::Mismatched:
        return {Words::tr("Does not match"), Chip::Kind::Bad};
    case Verdict::Broken:
        return {Words::tr("Does not work"), Chip::Kind::Bad};
    case Verdict::Unknown:
        break;
    }
    return {Words::tr("Unknown"), Chip::Kind::Neutral};
}

QString advice(const std::optional<Advice>& advice) {
    if (!advice)
        return {};
    const QString sentence = Words::of(Words::kAdvice, advice->code);
    return sentence.isEmpty() ? text(adviceText(*advice)) : filled(sentence, advice->args);
}

QString osFamily(OsFamily family) {
    switch (family) {
    case OsFamily::Debian:
        return QStringLiteral("Debian");
    case OsFamily::Ubuntu:
        return QStringLiteral("Ubuntu");
    case OsFamily::RedHat:
        return Words::tr("Red Hat family");
    case OsFamily::FreeBsd:
        return QStringLiteral("FreeBSD");
    case OsFamily::Windows:
        return QStringLiteral("Windows Server");
    case OsFamily::Other:
        break;
    }
    return Words::tr("another system");
}

QString purpose(Purpose purpose) {
    switch (purpose) {
    case Purpose::Chat:
        return Words::tr("Chat");
    case Purpose::Translation:
        return Words::tr("Translation");
    case Purpose::Classification:
        return Words::tr("Classification");
    case Purpose::Code:
        return Words::tr("Code");
    case Purpose::LongDocuments:
        break;
    }
    return Words::tr("Long documents");
}

QString fit(Fit fit) {
    switch (fit) {
    case Fit::Comfortable:
        return Words::tr("Comfortable");
    case Fit::Tight:
        return Words::tr("Tight");
    case Fit::DoesNotFit:
        break;
    }
    return Words::tr("Does not fit");
}

QString reason(const Reason& reason) {
    const QString sentence = Words::of(Words::kReasons, reason.code);
    return sentence.isEmpty() ? text(reasonText(reason)) : filled(sentence, readable(reason.args));
}

QString term(const std::string& name) {
    const QString word = Words::of(Words::kTerms, name);
    return word.isEmpty() ? text(name) : word;
}

QString formula(const Term& term) {
    const QString sentence = Words::of(Words::kFormulas, term.code);
    return sentence.isEmpty() ? text(term.formula) : filled(sentence, grouped(term.args));
}

QString upgrade(const Upgrade& upgrade) {
    // Memory is sold in powers of two and called by whole numbers, like graphics cards.
    auto args = upgrade.args;
    for (auto& [key, value] : args)
        if (key == "bytes") {
            constexpr std::uint64_t kGiB = std::uint64_t{1} << 30, kGB = 1'000'000'000;
            const std::uint64_t bytes = text(value).toULongLong();
            value = std::to_string(bytes % kGiB == 0 ? bytes / kGiB : (bytes + kGB / 2) / kGB) + " GB";
        }
    const QString sentence = Words::of(Words::kUpgrades, upgrade.code);
    return sentence.isEmpty() ? text(upgrade.code) : filled(sentence, args);
}

QString measurePhase(const QString& phase) {
    return Words::of(Words::kPhases, phase.toStdString());
}

QString figure(const std::string& figure) {
    const QString name = text(figure);
    if (const QString known = Words::of(Words::kFigures, figure); !known.isEmpty())
        return known;
    if (figure == "read_bandwidth")
        return Words::tr("Memory bandwidth");
    if (name.startsWith(QLatin1String("decode.")))
        return Words::tr("Answering with %1 weights").arg(name.mid(7));
    if (name.startsWith(QLatin1String("prefill.")))
        return Words::tr("Reading prompts with %1 weights").arg(name.mid(8));
    if (const auto end = name.lastIndexOf(u'.'); name.startsWith(QLatin1String("disk.")) && end > 5)
        return QStringLiteral("%1 (%2)").arg(name.endsWith(QLatin1String(".random"))
                                                 ? Words::tr("Disk, small pieces")
                                                 : Words::tr("Disk, whole files"),
                                             role(name.mid(5, end - 5).toStdString()));
    return name;
}

QString change(const Change& change) {
    const double ratio = change.ratio();
    return (ratio < 1 ? Words::tr("%1: %2 % slower") : Words::tr("%1: %2 % faster"))
        .arg(figure(change.figure))
        .arg(std::lround(std::abs(ratio - 1) * 100));
}

QString localTime(const std::string& utc) {
    const QDateTime time = QDateTime::fromString(text(utc), Qt::ISODate);
    return time.isValid() ? QLocale().toString(time.toLocalTime(), QLocale::ShortFormat) : text(utc);
}

QString timeAgo(const std::string& utc) {
    const QDateTime time = QDateTime::fromString(text(utc), Qt::ISODate);
    const qint64 seconds = time.isValid() ? time.secsTo(QDateTime::currentDateTimeUtc()) : -1;
    if (seconds < 0 || seconds >= 24 * 60 * 60)
        return localTime(utc);
    if (seconds < 60)
        return Words::tr("just now");
    if (seconds < 60 * 60)
        return Words::tr("%n minute(s) ago", nullptr, static_cast<int>(seconds / 60));
    return Words::tr("%n hour(s) ago", nullptr, static_cast<int>(seconds / 60 / 60));
}

QString cause(const Cause& cause) {
    const QString sentence = Words::of(Words::kCauses, cause.code);
    return sentence.isEmpty() ? text(causeText(cause)) : filled(sentence, cause.args);
}

QString decimal(double value) {
    if (!(value > 0) || !std::isfinite(value))
        return QStringLiteral("0");
    // A little more, so that 9.997 counts as the 10.0 that it is rounded to.
    const int digits = std::max(0, 2 - static_cast<int>(std::floor(std::log10(value * 1.0005))));
    return QLocale::c().toString(value, 'f', std::min(digits, 3));
}

QString cacheSize(double bytes) {
    constexpr double kKilo = 1024, kMega = kKilo * 1024, kGiga = kMega * 1024;
    return bytes >= kGiga   ? QString::number(bytes / kGiga) + QStringLiteral(" GB")
           : bytes >= kMega ? QString::number(bytes / kMega) + QStringLiteral(" MB")
                            : QString::number(bytes / kKilo) + QStringLiteral(" KB");
}

QString gigabytesPerSecond(double bytesPerSecond) {
    return bytesPerSecond >= 1e9 ? decimal(bytesPerSecond / 1e9) + QStringLiteral(" GB/s")
                                 : decimal(bytesPerSecond / 1e6) + QStringLiteral(" MB/s");
}

QString operationsPerSecond(double operations) {
    return operations >= 1e12 ? decimal(operations / 1e12) + QStringLiteral(" TOPS")
                              : decimal(operations / 1e9) + QStringLiteral(" GOPS");
}

QString kernelSet(kernels::Isa isa) {
    switch (isa) {
    case kernels::Isa::Avx2:
        return QStringLiteral("AVX2");
    case kernels::Isa::Avx512:
        return QStringLiteral("AVX-512");
    case kernels::Isa::Neon:
        return QStringLiteral("NEON");
    case kernels::Isa::Generic:
        break;
    }
    return Words::tr("none", "instruction set");
}

QString instructionSets(const CpuInfo& cpu) {
    // The strongest one stands for all that come with it.
    static constexpr std::pair<const char*, const char*> kShown[]{
        {"amxint8", "AMX"},     {"avx512vnni", "AVX-512 VNNI"},
        {"avx512f", "AVX-512"}, {"avxvnni", "AVX-VNNI"},
        {"avx2", "AVX2"},       {"avx", "AVX"},
        {"i8mm", "I8MM"},       {"sve", "SVE"},
        {"dotprod", "DOTPROD"}, {"neon", "NEON"},
    };
    for (const auto& [set, name] : kShown)
        if (std::find(cpu.instructionSets.begin(), cpu.instructionSets.end(), set) !=
            cpu.instructionSets.end())
            return QString::fromLatin1(name);
    return {};
}

} // namespace hearth::gui::hardware_words
