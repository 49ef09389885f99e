#include "engine/hardware/report/report_view.h"

namespace hearth::hardware {

namespace {

/// Figures that two machines are compared by; numbers with their unit.
struct Figure {
    const char* name;
    std::initializer_list<const char*> path;
    enum class Kind { Text, Bytes, Gbps, Count } kind;
};
const Figure kFigures[] = {
    {"cpu.model", {"cpu", "model"}, Figure::Kind::Text},
    {"cpu.cores", {"cpu", "cores"}, Figure::Kind::Count},
    {"cpu.usable_cores", {"cpu", "usable_cores"}, Figure::Kind::Count},
    {"memory.total_bytes", {"memory", "total_bytes"}, Figure::Kind::Bytes},
    {"memory.available_bytes", {"memory", "available_bytes"}, Figure::Kind::Bytes},
    {"os.name", {"os", "name"}, Figure::Kind::Text},
    {"measured.isa", {"measured", "isa"}, Figure::Kind::Text},
    {"measured.read_bandwidth_gbps", {"measured", "read_bandwidth_gbps"}, Figure::Kind::Gbps},
};

std::string textOf(const Json& value, Figure::Kind kind) {
    if (value.is_null())
        return {};
    if (kind == Figure::Kind::Bytes)
        return gib(value);
    if (kind == Figure::Kind::Gbps)
        return plain(value) + " GB/s";
    return plain(value);
}

std::optional<double> ratioOf(const Json& a, const Json& b) {
    if (!a.is_number() || !b.is_number() || a.get<double>() <= 0)
        return std::nullopt;
    return b.get<double>() / a.get<double>();
}

const Json* kernelOf(const Json& report, const std::string& type) {
    const Json& kernels = at(report, {"measured", "kernels"});
    if (kernels.is_array())
        for (const Json& item : kernels)
            if (plain(at(item, {"type"})) == type && at(item, {"isa"}) == at(report, {"measured", "isa"}))
                return &item;
    return nullptr;
}

/// Rows of the matrix that are comfortable, of models that both reports judge.
std::size_t comfortable(const Json& report) {
    std::size_t count = 0;
    const Json& fit = at(report, {"fit"});
    if (fit.is_array())
        for (const Json& row : fit)
            count += plain(at(row, {"verdict"})) == "comfortable";
    return count;
}

double diskSpeed(const Json& report) {
    const Json& disks = at(report, {"measured", "disks"});
    if (disks.is_array())
        for (const Json& disk : disks)
            if (plain(at(disk, {"role"})) == "models")
                return numberOf(at(disk, {"sequential_gbps"}));
    return 0;
}

} // namespace

std::vector<ReportDifference> compareReports(const Json& a, const Json& b) {
    std::vector<ReportDifference> out;
    for (const Figure& figure : kFigures) {
        const Json &left = at(a, figure.path), &right = at(b, figure.path);
        if (!left.is_null() || !right.is_null())
            out.push_back(
                {figure.name, textOf(left, figure.kind), textOf(right, figure.kind), ratioOf(left, right)});
    }
    const double diskHere = diskSpeed(a), diskThere = diskSpeed(b);
    if (diskHere > 0 && diskThere > 0)
        out.push_back({"disk.models.sequential", fixed(diskHere, 2) + " GB/s", fixed(diskThere, 2) + " GB/s",
                       diskThere / diskHere});
    if (at(a, {"fit"}).is_array() && at(b, {"fit"}).is_array()) {
        const std::size_t here = comfortable(a), there = comfortable(b);
        out.push_back({"fit.comfortable", std::to_string(here), std::to_string(there),
                       here > 0 ? std::optional(static_cast<double>(there) / static_cast<double>(here))
                                : std::nullopt});
    }
    const Json& kernels = at(a, {"measured", "kernels"});
    if (!kernels.is_array())
        return out;
    for (const Json& item : kernels) {
        const std::string type = plain(at(item, {"type"}));
        const Json *left = kernelOf(a, type), *right = kernelOf(b, type);
        if (left != &item || !right)
            continue;
        for (const auto& [figure, member, unit] : {std::tuple{"decode.", "decode_gbps", " GB/s"},
                                                   std::tuple{"prefill.", "prefill_gops", " Gop/s"}}) {
            const Json &x = at(*left, {member}), &y = at(*right, {member});
            out.push_back({figure + type, plain(x) + unit, plain(y) + unit, ratioOf(x, y)});
        }
    }
    return out;
}

} // namespace hearth::hardware
