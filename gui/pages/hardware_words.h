#pragma once

#include <QString>

#include "engine/hardware/measure/measurement_history.h"
#include "engine/hardware/predict/advise.h"
#include "engine/hardware/probe/profile.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

/// The words of the hardware page, in the language in force. Names of products stay as they are.
namespace hardware_words {

[[nodiscard]] QString unknown(hardware::Unknown reason); ///< "unknown: not readable for this account"
[[nodiscard]] QString diskKind(hardware::DiskInfo::Kind kind);
[[nodiscard]] QString role(const std::string& role); ///< of a folder: "models", "data"
[[nodiscard]] QString linkKind(hardware::NetworkLink::Kind kind);
[[nodiscard]] QString gpuKind(hardware::GpuInfo::Kind kind);
[[nodiscard]] QString container(const std::string& name);
[[nodiscard]] QString virtualMachine(const std::string& name);

struct VerdictWords {
    QString text;
    Chip::Kind kind;
};
/// "Fine", "Old", …; what is missing and not needed is "Optional", and no fault.
[[nodiscard]] VerdictWords verdict(const hardware::EnvironmentItem& item);
/// What to do; "" = nothing.
[[nodiscard]] QString advice(const std::optional<hardware::Advice>& advice);
[[nodiscard]] QString osFamily(hardware::OsFamily family);

[[nodiscard]] QString purpose(hardware::Purpose purpose);
[[nodiscard]] QString fit(hardware::Fit fit);
[[nodiscard]] QString reason(const hardware::Reason& reason);
[[nodiscard]] QString term(const std::string& name); ///< of a Term
[[nodiscard]] QString formula(const hardware::Term& term);
[[nodiscard]] QString upgrade(const hardware::Upgrade& upgrade);

[[nodiscard]] QString measurePhase(const QString& phase);     ///< of measure.h
[[nodiscard]] QString figure(const std::string& figure);      ///< of a Change or a ReportDifference
[[nodiscard]] QString change(const hardware::Change& change); ///< "Memory bandwidth: 50 % slower"
[[nodiscard]] QString localTime(const std::string& utc);      ///< as the person's system writes it
[[nodiscard]] QString timeAgo(const std::string& utc);        ///< "3 minutes ago"; the date after a day
[[nodiscard]] QString cause(const hardware::Cause& cause);

[[nodiscard]] QString gigabytesPerSecond(double bytesPerSecond); ///< "47.8 GB/s"
[[nodiscard]] QString operationsPerSecond(double operations);    ///< "312 GOPS", "1.24 TOPS"
/// "48 KB", "32 MB": caches are named in powers of two.
[[nodiscard]] QString cacheSize(double bytes);
[[nodiscard]] QString decimal(double value);       ///< three significant figures
[[nodiscard]] QString kernelSet(kernels::Isa isa); ///< what kernels are built for: "AVX-512", "none"
[[nodiscard]] QString
instructionSets(const hardware::CpuInfo& cpu); ///< the best of those that speed up answers

} // namespace hardware_words

} // namespace hearth::gui
