#include "engine/optimize/train/recipe.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "engine/format/gguf/quant_mix.h"

namespace hearth::optimize {

using nlohmann::json;

namespace {

std::uint64_t fnv1a(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    return hash;
}

/// Reads the members of one JSON object with ranges; remembers the first error and the keys it was asked for.
class Section {
public:
    Section(const json& object, std::string prefix) : m_object(object), m_prefix(std::move(prefix)) {}

    template <class Number>
    void number(const char* key, Number& out, double minimum, double maximum) {
        m_known.emplace_back(key);
        const auto it = m_object.find(key);
        if (it == m_object.end())
            return;
        const bool whole = std::is_integral_v<Number>;
        if (!it->is_number() || (whole && !it->is_number_integer())) {
            bad(key, *it, minimum, maximum);
            return;
        }
        const double value = it->template get<double>();
        if (!(value >= minimum && value <= maximum)) {
            bad(key, *it, minimum, maximum);
            return;
        }
        out = static_cast<Number>(value);
    }
    template <class Value>
    void plain(const char* key, Value& out, bool required = false) {
        m_known.emplace_back(key);
        const auto it = m_object.find(key);
        if (it == m_object.end()) {
            if (required && !m_error)
                m_error = Error{"recipe.missing_key", "\"" + m_prefix + key + "\" is missing"}.with(
                    "key", m_prefix + key);
            return;
        }
        try {
            out = it->template get<Value>();
        } catch (const json::exception&) {
            bad(key, *it, 0, 0);
        }
    }
    [[nodiscard]] const json* object(const char* key) {
        m_known.emplace_back(key);
        const auto it = m_object.find(key);
        if (it == m_object.end())
            return nullptr;
        if (!it->is_object()) {
            bad(key, *it, 0, 0);
            return nullptr;
        }
        return &*it;
    }
    [[nodiscard]] Result<void> finish() {
        if (m_error)
            return tl::unexpected<Error>(*m_error);
        for (const auto& [key, value] : m_object.items())
            if (std::find(m_known.begin(), m_known.end(), key) == m_known.end())
                return tl::unexpected<Error>(
                    Error{"recipe.unknown_key", "unknown key \"" + m_prefix + key + "\""}.with(
                        "key", m_prefix + key));
        return {};
    }

private:
    void bad(const char* key, const json& value, double minimum, double maximum) {
        if (m_error)
            return;
        const auto show = [](double v) { return json(v).dump(); };
        const std::string range =
            minimum < maximum ? ", allowed is " + show(minimum) + " to " + show(maximum) : " (wrong type)";
        m_error = Error{"recipe.bad_value", "\"" + m_prefix + key + "\" is " + value.dump() + range}
                      .with("key", m_prefix + key)
                      .with("value", value.dump())
                      .with("minimum", show(minimum))
                      .with("maximum", show(maximum));
    }
    const json& m_object;
    std::string m_prefix;
    std::vector<std::string> m_known;
    std::optional<Error> m_error;
};

Result<void> readModel(const json& object, TrainShape& shape) {
    Section s(object, "model.");
    s.number("dim", shape.dim, 8, 8192);
    s.number("layers", shape.layers, 1, 256);
    s.number("heads", shape.heads, 1, 256);
    s.number("kv_heads", shape.kvHeads, 1, 256);
    s.number("feed_forward", shape.feedForward, 8, 65536);
    s.number("context", shape.context, 8, 65536);
    s.number("rope_base", shape.ropeBase, 1, 1e9);
    s.number("norm_epsilon", shape.normEpsilon, 1e-8, 1e-2);
    s.plain("tied", shape.tied);
    HEARTH_CHECK(s.finish());
    if (shape.heads == 0 || shape.dim % shape.heads != 0 || shape.dim / shape.heads % 2 != 0 ||
        shape.kvHeads == 0 || shape.heads % shape.kvHeads != 0)
        return tl::unexpected<Error>(
            Error{"recipe.bad_value",
                  "model.dim must be an even multiple of model.heads, and model.heads a multiple "
                  "of model.kv_heads"}
                .with("key", "model.heads"));
    shape.headDim = shape.dim / shape.heads;
    return {};
}

Result<void> readOptimiser(const json& object, Recipe& recipe) {
    Section s(object, "train.");
    auto& o = recipe.optimiser;
    s.number("steps", recipe.steps, 1, 1e9);
    s.number("seed", recipe.seed, 0, 9e15);
    s.number("shards", recipe.shards, 1, 64);
    s.number("shard_tokens", recipe.shardTokens, 8, 1 << 20);
    s.number("accumulation", recipe.accumulation, 1, 1024);
    s.number("learning_rate", o.learningRate, 1e-8, 1);
    s.number("minimum_rate_ratio", o.minimumRatio, 0, 1);
    s.number("warmup_steps", o.warmupSteps, 0, 1e9);
    s.number("beta1", o.beta1, 0, 0.99999);
    s.number("beta2", o.beta2, 0, 0.999999);
    s.number("epsilon", o.epsilon, 1e-12, 1e-2);
    s.number("weight_decay", o.weightDecay, 0, 10);
    s.number("clip_norm", o.clipNorm, 0, 1e6);
    s.number("checkpoint_every", recipe.checkpointEvery, 1, 1e9);
    s.number("evaluate_every", recipe.evaluateEvery, 1, 1e9);
    s.number("sample_every", recipe.sampleEvery, 0, 1e9);
    s.plain("sample_prompts", recipe.samplePrompts);
    s.plain("recompute", recipe.recompute);
    return s.finish();
}

Result<void> readData(const json& entries, Recipe& recipe) {
    for (const auto& entry : entries) {
        if (!entry.is_object())
            return fail("recipe.bad_value",
                        "every entry of \"data\" is an object with \"type\" and \"path\"");
        Section s(entry, "data[].");
        std::string kind, path;
        DataSource source;
        s.plain("type", kind, true);
        s.plain("path", path, true);
        s.plain("held_out", source.heldOut);
        s.number("variants", source.variants.count, 0, 1000);
        s.number("variant_answer_tokens", source.variants.answerTokens, 0, 1 << 20);
        HEARTH_CHECK(s.finish());
        if (kind != "chat" && kind != "text" && kind != "topics")
            return tl::unexpected<Error>(
                Error{"recipe.bad_value",
                      "data[].type is \"" + kind + "\"; allowed are \"chat\", \"text\" and \"topics\""}
                    .with("key", "data[].type")
                    .with("value", kind));
        source.kind = kind == "chat"   ? DataSource::Kind::Chat
                      : kind == "text" ? DataSource::Kind::Text
                                       : DataSource::Kind::Topics;
        source.path = recipe.folder / path;
        recipe.data.push_back(std::move(source));
    }
    return {};
}

} // namespace

Result<Recipe> Recipe::read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return fail("recipe.unreadable", "cannot read " + path.string());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const json root = json::parse(text, nullptr, false, true);
    if (root.is_discarded() || !root.is_object())
        return fail("recipe.bad_json", path.string() + " is not a JSON object");
    Recipe recipe;
    recipe.folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    recipe.hash = std::to_string(fnv1a(text));
    Section s(root, "");
    std::string output;
    std::vector<std::string> types;
    json data = json::array();
    s.plain("name", recipe.name, true);
    s.plain("output", output, true);
    s.plain("export", types);
    s.plain("system_prompt", recipe.systemPrompt);
    s.plain("data", data, true);
    if (const json* model = s.object("model"))
        HEARTH_CHECK(readModel(*model, recipe.shape));
    if (const json* tokenizer = s.object("tokenizer")) {
        Section t(*tokenizer, "tokenizer.");
        t.number("vocabulary", recipe.vocabulary, 300, 200000);
        t.number("character_coverage", recipe.characterCoverage, 0.5, 1);
        HEARTH_CHECK(t.finish());
    }
    if (const json* train = s.object("train"))
        HEARTH_CHECK(readOptimiser(*train, recipe));
    HEARTH_CHECK(s.finish());
    if (recipe.shape.dim == 0 || recipe.shape.layers == 0)
        return tl::unexpected<Error>(
            Error{"recipe.missing_key", "\"model\" must give the shape"}.with("key", "model"));
    if (!data.is_array() || data.empty())
        return tl::unexpected<Error>(
            Error{"recipe.missing_key", "\"data\" must name a file"}.with("key", "data"));
    HEARTH_CHECK(readData(data, recipe));
    if (recipe.shardTokens < recipe.shape.context)
        return tl::unexpected<Error>(
            Error{"recipe.bad_value", "train.shard_tokens must be at least model.context"}.with(
                "key", "train.shard_tokens"));
    for (const std::string& name : types) {
        const auto* mix = format::findMix(name);
        if (!mix)
            return tl::unexpected<Error>(
                Error{"recipe.bad_value",
                      "export type \"" + name + "\" is not known; F16, Q8_0 and Q4_K_M are examples"}
                    .with("key", "export")
                    .with("value", name));
        recipe.exportMixes.emplace_back(mix->name);
    }
    recipe.output = recipe.folder / output;
    return recipe;
}

} // namespace hearth::optimize
