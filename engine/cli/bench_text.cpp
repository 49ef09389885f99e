#include <array>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "engine/cli/bench_run.h"
#include "engine/cli/error_text.h"
#include "engine/cli/model_facts.h"

namespace hearth::cli {

namespace {

std::string number(double value, int digits) {
    std::array<char, 64> out{};
    std::snprintf(out.data(), out.size(), "%.*f", digits, value);
    return out.data();
}

std::string percent(double share) {
    return share > 0 ? number(100 * share, 0) + " %" : std::string();
}

double promptOperations(const BenchResult& result, const BenchPlan& plan) {
    return result.pp.mean * result.operationsPerPromptToken(plan);
}
double decodeBytes(const BenchResult& result, const BenchPlan& plan) {
    return result.tg.mean * result.bytesPerAnswerToken(plan);
}

/// What stands in one line beside the model.
struct Row {
    std::string test;
    Speed speed;
    std::string rate, ofLimit;
};

std::string line(const BenchResult& result, const Row& row) {
    const std::string name = result.facts.family + " " + result.facts.quantisation;
    const std::string speed = number(row.speed.mean, 2) + " ± " + number(row.speed.sd, 2);
    std::array<char, 256> out{};
    // "±" has two bytes and one column.
    std::snprintf(out.data(), out.size(),
                  "| %-22.22s | %10s | %8s | %-7s | %7zu | %-14s | %18s | %11s | %8s |\n", name.c_str(),
                  bytesText(result.facts.fileBytes).c_str(), countText(result.facts.parameters).c_str(),
                  result.isa.c_str(), result.threads, row.test.c_str(), speed.c_str(), row.rate.c_str(),
                  row.ofLimit.c_str());
    return out.data();
}

} // namespace

std::string benchTable(const BenchResult& result, const BenchPlan& plan, bool header) {
    std::string out;
    if (header)
        out = "| model                  |       size |   params | isa     | threads | test           |       "
              "tokens/s |        rate | of limit |\n"
              "| ---------------------- | ---------: | -------: | ------- | ------: | -------------- | "
              "----------------: | ----------: | -------: |\n";
    const std::string depth = plan.depth ? " @ d" + std::to_string(plan.depth) : "";
    const std::string sequences = plan.sequences > 1 ? " x" + std::to_string(plan.sequences) : "";
    if (plan.pp > 0)
        out += line(result, {"pp" + std::to_string(plan.pp) + depth, result.pp,
                             number(promptOperations(result, plan) / 1e12, 3) + " Top/s",
                             percent(result.pp.ofLimit)});
    if (plan.tg > 0)
        out +=
            line(result, {"tg" + std::to_string(plan.tg) + sequences + depth, result.tg,
                          number(decodeBytes(result, plan) / 1e9, 2) + " GB/s", percent(result.tg.ofLimit)});
    return out;
}

std::string benchJson(const BenchResult& result, const BenchPlan& plan, const std::string& kv) {
    const auto speed = [](const Speed& s) {
        return nlohmann::ordered_json{{"mean", s.mean}, {"sd", s.sd}, {"of_limit", s.ofLimit}};
    };
    nlohmann::ordered_json out;
    out["model"] = result.file;
    out["name"] = result.facts.name;
    out["architecture"] = result.facts.family;
    out["quantisation"] = result.facts.quantisation;
    out["size_bytes"] = result.facts.fileBytes;
    out["weight_bytes"] = result.weightBytes;
    out["bytes_per_token"] = result.bytesPerToken;
    out["operations_per_token"] = result.operationsPerToken;
    out["parameters"] = result.facts.parameters;
    out["threads"] = result.threads;
    out["isa"] = result.isa;
    out["kv"] = kv;
    out["pp"] = plan.pp;
    out["tg"] = plan.tg;
    out["depth"] = plan.depth;
    out["batch"] = plan.batch;
    out["sequences"] = plan.sequences;
    out["repetitions"] = plan.repetitions;
    out["pp_tps"] = speed(result.pp);
    out["tg_tps"] = speed(result.tg);
    out["pp_tops"] = promptOperations(result, plan) / 1e12;
    out["tg_gbps"] = decodeBytes(result, plan) / 1e9;
    out["limits"] = {{"read_gbps", result.limits.readBytesPerSecond / 1e9},
                     {"integer_tops", result.limits.integerOperationsPerSecond / 1e12},
                     {"float_tops", result.limits.floatOperationsPerSecond / 1e12},
                     {"bfloat16_tops", result.limits.bfloat16OperationsPerSecond / 1e12}};
    return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace hearth::cli
