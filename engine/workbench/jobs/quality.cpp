#include "engine/workbench/jobs/quality.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "engine/base/json_fields.h"

namespace hearth::workbench {

namespace {

using nlohmann::ordered_json;

std::optional<double> number(const ordered_json& object, const char* key) {
    const auto it = object.find(key);
    return it != object.end() && it->is_number() ? std::optional(it->get<double>()) : std::nullopt;
}

} // namespace

std::string toJson(const VersionQuality& quality) {
    ordered_json out = ordered_json::object();
    const auto put = [&](const char* key, const std::optional<double>& value) {
        if (value && std::isfinite(*value))
            out[key] = *value;
    };
    put("perplexity", quality.perplexity);
    put("perplexity_error", quality.perplexityError);
    if (const auto& d = quality.divergence)
        out["divergence"] = {{"mean", d->mean}, {"median", d->median},    {"p99", d->p99},
                             {"max", d->max},   {"same_top", d->sameTop}, {"rms_delta_p", d->rmsDeltaP}};
    if (quality.reference)
        out["reference"] = quality.reference;
    if (!quality.text.empty()) {
        out["text"] = quality.text;
        out["context"] = quality.context;
        out["tokens"] = quality.tokens;
    }
    put("tokens_per_second", quality.tokensPerSecond);
    if (quality.memoryBytes) {
        out["memory_bytes"] = quality.memoryBytes;
        out["memory_context"] = quality.memoryContext;
    }
    if (quality.bitsPerWeight > 0)
        out["bits_per_weight"] = quality.bitsPerWeight;
    if (!quality.tensors.empty()) {
        auto& list = out["tensors"] = ordered_json::array();
        for (const auto& tensor : quality.tensors)
            list.push_back(
                {{"name", tensor.name}, {"from", tensor.from}, {"to", tensor.to}, {"error", tensor.error}});
    }
    return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

VersionQuality versionQualityFrom(const std::string& json) {
    const auto object = ordered_json::parse(json, nullptr, false);
    VersionQuality out;
    if (!object.is_object())
        return out;
    out.perplexity = number(object, "perplexity");
    out.perplexityError = number(object, "perplexity_error");
    if (const auto it = object.find("divergence"); it != object.end() && it->is_object()) {
        out.divergence = VersionQuality::Divergence{};
        out.divergence->mean = number(*it, "mean").value_or(0);
        out.divergence->median = number(*it, "median").value_or(0);
        out.divergence->p99 = number(*it, "p99").value_or(0);
        out.divergence->max = number(*it, "max").value_or(0);
        out.divergence->sameTop = number(*it, "same_top").value_or(0);
        out.divergence->rmsDeltaP = number(*it, "rms_delta_p").value_or(0);
    }
    out.reference = static_cast<std::int64_t>(countAt(object, "reference"));
    out.text = textAt(object, "text");
    out.context = countAt(object, "context");
    out.tokens = countAt(object, "tokens");
    out.tokensPerSecond = number(object, "tokens_per_second");
    out.memoryBytes = countAt(object, "memory_bytes");
    out.memoryContext = countAt(object, "memory_context");
    out.bitsPerWeight = number(object, "bits_per_weight").value_or(0);
    if (const auto it = object.find("tensors"); it != object.end() && it->is_array())
        for (const auto& tensor : *it)
            if (tensor.is_object())
                out.tensors.push_back({textAt(tensor, "name"), textAt(tensor, "from"), textAt(tensor, "to"),
                                       number(tensor, "error").value_or(0)});
    return out;
}

} // namespace hearth::workbench
