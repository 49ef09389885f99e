#include "engine/optimize/train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>

#include "engine/base/available_memory.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/optimize/quantize/quantize.h"
#include "engine/optimize/train/checkpoint.h"
#include "engine/optimize/train/export_model.h"
#include "engine/optimize/train/tokenizer_training.h"
#include "engine/optimize/train/topics.h"
#include "engine/optimize/train/transformer.h"

namespace hearth::optimize {

namespace {

using Clock = std::chrono::steady_clock;
double since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

std::filesystem::path beside(const Recipe& recipe, const std::string& ending) {
    return recipe.output.parent_path() / (recipe.output.stem().string() + ending);
}

/// The data of a run, tokenised; its tokeniser.
struct Corpus {
    std::unique_ptr<const text::Tokenizer> tokenizer;
    std::vector<TokenisedExample> training, validation;
    std::vector<std::pair<std::filesystem::path, BadLine>> badLines;
};

Result<ReadExamples> readSource(const DataSource& source, std::uint64_t seed) {
    switch (source.kind) {
    case DataSource::Kind::Chat:
        return readChatJsonl(source.path);
    case DataSource::Kind::Text:
        return readPlainText(source.path);
    case DataSource::Kind::Topics:
        break;
    }
    HEARTH_TRY(const auto topics, readTopics(source.path));
    return ReadExamples{topicExamples(topics, source.variants, seed), {}};
}

Result<std::vector<Example>> readData(const Recipe& recipe, Corpus& corpus) {
    std::vector<Example> all;
    for (const DataSource& source : recipe.data) {
        HEARTH_TRY(ReadExamples read, readSource(source, recipe.seed));
        for (const BadLine& bad : read.badLines)
            corpus.badLines.emplace_back(source.path, bad);
        for (Example& example : read.examples) {
            example.validation |= source.heldOut;
            if (!recipe.systemPrompt.empty() && !example.turns.empty() && example.turns[0].role != "system")
                example.turns.insert(example.turns.begin(), {"system", recipe.systemPrompt});
            all.push_back(std::move(example));
        }
    }
    if (std::all_of(all.begin(), all.end(), [](const Example& e) { return e.validation; }))
        return fail("dataset.empty", "every example is held out; nothing is left to learn from");
    return all;
}

Result<Corpus> prepareCorpus(const Recipe& recipe, bool resume) {
    Corpus corpus;
    HEARTH_TRY(const std::vector<Example> examples, readData(recipe, corpus));
    if (!resume || !std::filesystem::exists(tokenizerPath(recipe))) {
        std::vector<std::string> texts;
        for (const Example& example : examples) {
            if (example.validation)
                continue;
            if (example.turns.empty())
                texts.push_back(example.text);
            for (const auto& turn : example.turns)
                texts.push_back(turn.content);
        }
        HEARTH_TRY(const auto vocabulary, trainTokenizer(texts, recipe.vocabulary, recipe.characterCoverage));
        HEARTH_CHECK(writeTokenizer(tokenizerPath(recipe), vocabulary,
                                    {recipe.name, std::string(text::defaultChatTemplate())}));
    }
    HEARTH_TRY(const auto file, format::GgufFile::open(tokenizerPath(recipe)));
    HEARTH_TRY(corpus.tokenizer, text::Tokenizer::fromGguf(file));
    HEARTH_TRY(const auto chatTemplate, text::ChatTemplate::parse(text::defaultChatTemplate()));
    std::vector<Example> training, validation;
    for (const Example& example : examples)
        (example.validation ? validation : training).push_back(example);
    HEARTH_TRY(corpus.training, tokenise(training, *corpus.tokenizer, chatTemplate, recipe.shape.context));
    HEARTH_TRY(corpus.validation,
               tokenise(validation, *corpus.tokenizer, chatTemplate, recipe.shape.context));
    if (corpus.training.empty())
        return fail("dataset.empty", "no example has two tokens or more");
    return corpus;
}

Result<void> checkMemory(const TrainShape& shape, const Recipe& recipe, std::size_t parameters) {
    const std::uint64_t activations =
        recipe.shards * Transformer::activationBytes(shape, recipe.shardTokens, recipe.recompute);
    // Parameters, two moments, and a gradient buffer per shard.
    const std::uint64_t weights = parameters * sizeof(float) * (3 + recipe.shards);
    const std::uint64_t available = availableMemory().value_or(0); // 0 = unknown
    if (available != 0 && activations + weights > available)
        return tl::unexpected<Error>(Error{
            "memory.not_enough", "training needs " + std::to_string((activations + weights) >> 20) +
                                     " MiB (" + std::to_string(activations >> 20) +
                                     " of it for activations), " + std::to_string(available >> 20) +
                                     " MiB are available; lower train.shard_tokens or set train.recompute"}
                                         .with("needed_bytes", std::to_string(activations + weights))
                                         .with("available_bytes", std::to_string(available)));
    return {};
}

/// The running state: parameters, optimiser, one transformer and gradient buffer per shard.
class Run {
public:
    Run(const Recipe& recipe, const TrainShape& shape, Corpus corpus, ThreadPool& pool, const TrainSink& sink)
        : m_recipe(recipe), m_layout(shape), m_corpus(std::move(corpus)), m_pool(pool), m_sink(sink),
          m_packer(m_corpus.training, recipe.shardTokens, recipe.seed),
          m_optimiser(m_layout, recipe.optimiser) {
        m_state.recipeHash = recipe.hash;
        m_state.parameters.resize(m_layout.size());
        initialise(m_layout, recipe.seed, m_state.parameters.data());
        for (std::size_t i = 0; i < recipe.shards; ++i) {
            m_transformers.push_back(
                std::make_unique<Transformer>(m_layout, recipe.shardTokens, recipe.recompute));
            m_gradients.emplace_back(m_layout.size());
        }
    }

    [[nodiscard]] const ParameterLayout& layout() const { return m_layout; }

    Result<void> resumeFromCheckpoint() {
        if (!std::filesystem::exists(checkpointPath(m_recipe)))
            return {};
        HEARTH_TRY(m_state, Checkpoint::read(checkpointPath(m_recipe), m_recipe.hash, m_layout.size()));
        m_optimiser.firstMoment().swap(m_state.firstMoment);
        m_optimiser.secondMoment().swap(m_state.secondMoment);
        return {};
    }

    Result<TrainOutcome> go(std::stop_token stop) {
        const auto start = Clock::now();
        const double before = m_state.seconds;
        TrainEvent prepared = event(TrainEvent::Kind::Prepared);
        prepared.text = std::to_string(m_corpus.training.size()) + " examples to learn, " +
                        std::to_string(m_corpus.validation.size()) + " held out, " +
                        std::to_string(m_layout.size()) + " parameters";
        prepared.badLines = m_corpus.badLines;
        report(prepared);
        const std::uint64_t first = m_state.step;
        std::uint64_t tokens = 0;
        while (m_state.step < m_recipe.steps) {
            if (stop.stop_requested()) {
                HEARTH_CHECK(save());
                return fail(kCancelled,
                            "stopped after step " + std::to_string(m_state.step) + "; --resume goes on");
            }
            HEARTH_TRY(const StepResult step, oneStep());
            tokens += step.tokens;
            m_state.seconds = before + since(start);
            const double rate = static_cast<double>(tokens) / since(start);
            TrainEvent done = event(TrainEvent::Kind::Step);
            done.loss = step.loss;
            done.learningRate =
                static_cast<double>(learningRateAt(m_recipe.optimiser, m_state.step - 1, m_recipe.steps));
            done.gradientNorm = step.norm;
            done.tokensPerSecond = rate;
            done.etaSeconds = since(start) / static_cast<double>(m_state.step - first) *
                              static_cast<double>(m_recipe.steps - m_state.step);
            report(done);
            HEARTH_CHECK(periodic());
        }
        HEARTH_CHECK(save());
        return finish(tokens);
    }

private:
    struct StepResult {
        double loss, norm;
        std::uint64_t tokens;
    };

    [[nodiscard]] TrainEvent event(TrainEvent::Kind kind) const {
        TrainEvent out;
        out.kind = kind;
        out.step = m_state.step;
        out.steps = m_recipe.steps;
        return out;
    }

    void report(const TrainEvent& what) {
        if (m_sink)
            m_sink(what);
    }

    Result<StepResult> oneStep() {
        const std::size_t parts = m_recipe.shards * m_recipe.accumulation;
        std::vector<Batch> batches;
        std::size_t lossTokens = 0;
        std::uint64_t tokens = 0;
        for (std::size_t i = 0; i < parts; ++i) {
            batches.push_back(m_packer.batch(m_state.step * parts + i));
            lossTokens += batches.back().lossTokens();
            tokens += batches.back().tokens.size();
        }
        const float weight = 1.0F / static_cast<float>(std::max<std::size_t>(1, lossTokens));
        std::vector<double> losses(m_recipe.shards);
        m_pool.forEach(m_recipe.shards, 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t shard = begin; shard < end; ++shard) {
                std::fill(m_gradients[shard].begin(), m_gradients[shard].end(), 0.0F);
                for (std::size_t i = shard; i < parts; i += m_recipe.shards)
                    losses[shard] += m_transformers[shard]->forwardBackward(
                        m_state.parameters.data(), batches[i], weight, m_gradients[shard].data());
            }
        });
        reduceGradients();
        double loss = 0;
        for (const double part : losses)
            loss += part;
        loss /= static_cast<double>(std::max<std::size_t>(1, lossTokens));
        const double norm = std::isfinite(loss)
                                ? m_optimiser.update(m_pool, m_state.step, m_recipe.steps,
                                                     m_state.parameters.data(), m_gradients[0].data())
                                : loss;
        if (!std::isfinite(norm))
            return tl::unexpected<Error>(Error{
                "train.loss_not_finite",
                "the loss became " + std::to_string(loss) + " at step " + std::to_string(m_state.step + 1) +
                    "; the last checkpoint is kept. A lower learning rate or a longer warm-up helps"}
                                             .with("step", std::to_string(m_state.step + 1)));
        ++m_state.step;
        m_state.lossCurve.push_back(static_cast<float>(loss));
        return StepResult{loss, norm, tokens};
    }

    /// Sums the shards' gradients into the first, in the order of the shards.
    void reduceGradients() {
        constexpr std::size_t kGrain = 1 << 16;
        m_pool.forEach(m_layout.size(), kGrain, [&](std::size_t begin, std::size_t end) {
            for (std::size_t shard = 1; shard < m_gradients.size(); ++shard)
                ops::add(m_gradients[0].data() + begin, m_gradients[shard].data() + begin, end - begin);
        });
    }

    Result<void> periodic() {
        if (m_state.step % m_recipe.evaluateEvery == 0 && !m_corpus.validation.empty())
            reportEvaluation();
        if (m_recipe.sampleEvery != 0 && m_state.step % m_recipe.sampleEvery == 0)
            for (const std::string& prompt : m_recipe.samplePrompts) {
                TrainEvent sampled = event(TrainEvent::Kind::Sample);
                HEARTH_TRY(sampled.text, sample(prompt));
                report(sampled);
            }
        if (m_state.step % m_recipe.checkpointEvery == 0 && m_state.step < m_recipe.steps) {
            HEARTH_CHECK(save());
            report(event(TrainEvent::Kind::Checkpoint));
        }
        return {};
    }

    void reportEvaluation() {
        TrainEvent evaluated = event(TrainEvent::Kind::Evaluated);
        evaluated.loss = validationLoss();
        report(evaluated);
    }

    double validationLoss() {
        double total = 0;
        std::size_t count = 0;
        Packer packer(m_corpus.validation, m_recipe.shardTokens, 0);
        const std::uint64_t batches = packer.batchesPerEpoch();
        for (std::uint64_t i = 0; i < batches; ++i) {
            const Batch& batch = packer.batch(i);
            total += m_transformers[0]->loss(m_state.parameters.data(), batch);
            count += batch.lossTokens();
        }
        return count ? total / static_cast<double>(count) : 0;
    }

    /// A greedy answer to a prompt, at most 64 tokens.
    Result<std::string> sample(const std::string& prompt) {
        HEARTH_TRY(const auto chatTemplate, text::ChatTemplate::parse(text::defaultChatTemplate()));
        Example example;
        if (!m_recipe.systemPrompt.empty())
            example.turns.push_back({"system", m_recipe.systemPrompt});
        example.turns.push_back({"user", prompt});
        example.turns.push_back({"assistant", ""});
        HEARTH_TRY(const auto tokens, tokenise(std::span(&example, 1), *m_corpus.tokenizer, chatTemplate,
                                               m_layout.shape().context));
        if (tokens.empty())
            return prompt;
        const auto answerBegin = std::find(tokens[0].answer.begin(), tokens[0].answer.end(), true);
        std::vector<std::int32_t> ids(tokens[0].tokens.begin(),
                                      tokens[0].tokens.begin() + (answerBegin - tokens[0].answer.begin()));
        const std::size_t promptTokens = ids.size();
        while (ids.size() < std::min(promptTokens + 64, m_layout.shape().context)) {
            const auto logits = m_transformers[0]->lastLogits(m_state.parameters.data(), ids);
            const auto best =
                static_cast<std::int32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
            if (m_corpus.tokenizer->endsGeneration(best))
                break;
            ids.push_back(best);
        }
        return prompt + " → " + m_corpus.tokenizer->decode(std::span(ids).subspan(promptTokens));
    }

    Result<void> save() {
        m_state.firstMoment = m_optimiser.firstMoment();
        m_state.secondMoment = m_optimiser.secondMoment();
        return m_state.write(checkpointPath(m_recipe));
    }

    Result<TrainOutcome> finish(std::uint64_t tokens) {
        TrainOutcome out{m_layout.size(),
                         tokens,
                         m_state.step,
                         m_state.seconds,
                         m_state.lossCurve.empty() ? 0 : double(m_state.lossCurve.back()),
                         validationLoss(),
                         m_state.lossCurve,
                         {}};
        HEARTH_CHECK(write(m_recipe.output, DType::F32));
        out.files.push_back(m_recipe.output);
        for (const std::string& mix : m_recipe.exportMixes) {
            out.files.push_back(beside(m_recipe, "-" + mix + ".gguf"));
            HEARTH_CHECK(writeMix(out.files.back(), mix));
        }
        return out;
    }

    Result<void> write(const std::filesystem::path& path, DType type) {
        return writeModel(path, tokenizerPath(m_recipe), m_layout, m_state.parameters.data(), type,
                          {m_recipe.name, std::string(text::defaultChatTemplate())});
    }

    /// F16 and Q8_0 come from the weights themselves, the finer arts from the F32 file.
    Result<void> writeMix(const std::filesystem::path& path, const std::string& mix) {
        for (const DType simple : {DType::F32, DType::F16, DType::Q8_0})
            if (mix == traitsOf(simple).name)
                return write(path, simple);
        HEARTH_TRY(const auto source, format::GgufFile::open(m_recipe.output));
        HEARTH_TRY(const auto plan, planQuantization(source, {.mix = mix}));
        HEARTH_TRY([[maybe_unused]] const auto report,
                   quantizeFile(m_recipe.output, path, plan, nullptr, m_pool));
        return {};
    }

    const Recipe& m_recipe;
    ParameterLayout m_layout;
    Corpus m_corpus;
    ThreadPool& m_pool;
    const TrainSink& m_sink;
    Packer m_packer;
    AdamW m_optimiser;
    Checkpoint m_state;
    std::vector<std::unique_ptr<Transformer>> m_transformers;
    std::vector<std::vector<float>> m_gradients;
};

} // namespace

std::filesystem::path checkpointPath(const Recipe& recipe) {
    return beside(recipe, ".checkpoint");
}

std::filesystem::path tokenizerPath(const Recipe& recipe) {
    return beside(recipe, ".tokenizer.gguf");
}

Result<TrainOutcome> train(const Recipe& recipe, bool resume, ThreadPool& pool, std::stop_token stop,
                           const TrainSink& sink) {
    std::error_code ignored;
    std::filesystem::create_directories(recipe.output.parent_path(), ignored);
    HEARTH_TRY(Corpus corpus, prepareCorpus(recipe, resume));
    TrainShape shape = recipe.shape;
    shape.vocabulary = corpus.tokenizer->vocabularySize();
    HEARTH_CHECK(checkMemory(shape, recipe, ParameterLayout(shape).size()));
    Run run(recipe, shape, std::move(corpus), pool, sink);
    if (resume)
        HEARTH_CHECK(run.resumeFromCheckpoint());
    return run.go(stop);
}

} // namespace hearth::optimize
