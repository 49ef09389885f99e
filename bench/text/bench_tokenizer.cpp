// Speed of encoding, decoding and loading. HEARTH_BENCH_VOCABULARY names a GGUF file whose vocabulary is
// measured; without it a small made-up one is, which shows changes but not what a real model gives.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/gguf_writer.h"
#include "engine/text/tokenizer/byte_alphabet.h"
#include "engine/text/tokenizer/tokenizer.h"

namespace {

using hearth::format::GgufFile;
using hearth::format::GgufWriter;
using hearth::text::TokenId;
using hearth::text::Tokenizer;

/// A byte-level vocabulary of `size` tokens: the letters, then pairs of earlier tokens.
std::filesystem::path writeVocabulary(std::size_t size) {
    std::vector<std::string> tokens, merges;
    for (unsigned byte = 0; byte < 256; ++byte) {
        tokens.emplace_back();
        hearth::text::appendLetters(tokens.back(), std::string(1, static_cast<char>(byte)));
    }
    for (std::size_t i = 0; tokens.size() < size; ++i) {
        const std::string left = tokens[i / 200 % tokens.size()], right = tokens[64 + i % 200];
        if (left.size() + right.size() > 24)
            continue;
        merges.push_back(left + ' ' + right);
        tokens.push_back(left + right);
    }
    GgufWriter writer;
    writer.setString("general.architecture", "llama");
    writer.setString("tokenizer.ggml.model", "gpt2");
    writer.setString("tokenizer.ggml.pre", "llama-bpe");
    writer.setStrings("tokenizer.ggml.tokens", std::vector<std::string_view>(tokens.begin(), tokens.end()));
    writer.setStrings("tokenizer.ggml.merges", std::vector<std::string_view>(merges.begin(), merges.end()));
    auto path = std::filesystem::temp_directory_path() / "hearth-bench-vocabulary.gguf";
    if (!writer.begin(path) || !writer.commit())
        std::exit(1);
    return path;
}

const GgufFile& file() {
    static const GgufFile opened = [] {
        const char* given = std::getenv("HEARTH_BENCH_VOCABULARY");
        auto result = GgufFile::open(given ? std::filesystem::path(given) : writeVocabulary(150'000));
        if (!result)
            std::exit(1);
        return std::move(*result);
    }();
    return opened;
}

const Tokenizer& tokenizer() {
    static const auto made = Tokenizer::fromGguf(file());
    if (!made)
        std::exit(1);
    return **made;
}

/// About a megabyte of prose and code with a natural share of repeated words.
std::string sampleText() {
    static const char* const kParts[] = {
        "The quick brown fox jumps over the lazy dog, and then it rests. ",
        "Running a large language model on one's own machine keeps private conversations private.\n",
        "int main(int argc, char** argv) {\n    return argc > 1 ? run(argv[1]) : usage();\n}\n",
        "在自己的电脑上运行大型语言模型，聊天内容不会离开本机。",
        "Größe, café, naïve; 3.14159, 2024-05-17, 1,000,000. "};
    std::string text;
    for (std::size_t i = 0; text.size() < (std::size_t{1} << 20); ++i) {
        text += kParts[i * 7 % std::size(kParts)];
        text += "word" + std::to_string(i * 2654435761u % 100003) + ' ';
    }
    return text;
}

void load(benchmark::State& state) {
    for (auto _ : state)
        benchmark::DoNotOptimize(Tokenizer::fromGguf(file()));
    state.counters["tokens"] = double(tokenizer().vocabularySize());
}

void encodeProse(benchmark::State& state) {
    const std::string text = sampleText();
    for (auto _ : state)
        benchmark::DoNotOptimize(tokenizer().encode(text, Tokenizer::Specials::Plain));
    state.SetBytesProcessed(std::int64_t(text.size()) * state.iterations());
}

void encodeMessage(benchmark::State& state) {
    const std::string text = sampleText().substr(0, 400);
    for (auto _ : state)
        benchmark::DoNotOptimize(tokenizer().encode(text, Tokenizer::Specials::Plain));
    state.SetBytesProcessed(std::int64_t(text.size()) * state.iterations());
}

void encodeOneWord(benchmark::State& state) {
    const std::string text(std::size_t(state.range(0)), 'a');
    for (auto _ : state)
        benchmark::DoNotOptimize(tokenizer().encode(text, Tokenizer::Specials::Plain));
    state.SetBytesProcessed(std::int64_t(text.size()) * state.iterations());
}

void decodeProse(benchmark::State& state) {
    const auto ids = *tokenizer().encode(sampleText(), Tokenizer::Specials::Plain);
    for (auto _ : state)
        benchmark::DoNotOptimize(tokenizer().decode(ids));
    state.SetItemsProcessed(std::int64_t(ids.size()) * state.iterations());
}

BENCHMARK(load)->Unit(benchmark::kMillisecond);
BENCHMARK(encodeProse)->Unit(benchmark::kMillisecond);
BENCHMARK(encodeMessage)->Unit(benchmark::kMicrosecond);
BENCHMARK(encodeOneWord)->Range(1 << 10, 1 << 20)->Unit(benchmark::kMillisecond);
BENCHMARK(decodeProse)->Unit(benchmark::kMillisecond);

} // namespace
