#include "engine/optimize/convert/convert.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "engine/format/gguf/gguf_writer.h"
#include "engine/format/gguf/quant_mix.h"
#include "engine/format/safetensors/safetensors_file.h"
#include "engine/optimize/convert/architecture.h"
#include "engine/optimize/convert/hf_tokenizer.h"
#include "engine/optimize/convert/json_file.h"
#include "engine/optimize/quantize/file_mark.h"
#include "engine/optimize/quantize/quantize.h"
#include "engine/optimize/quantize/resumable_output.h"
#include "engine/tensor/dequantize.h"

namespace hearth::optimize {

namespace {

using format::SafeTensor;
using format::SafetensorsFile;

constexpr std::size_t kPieceElements = std::size_t{1} << 20;
constexpr std::uint32_t kQuantizationVersion = 2;

tl::unexpected<Error> about(const char* code, std::string_view tensor, const std::string& why) {
    return tl::unexpected<Error>(
        Error{code, std::string(tensor) + " " + why}.with("tensor", std::string(tensor)));
}

/// A matrix of the folder.
struct Source {
    const SafetensorsFile* file = nullptr;
    const SafeTensor* tensor = nullptr;
};

/// A tensor of the GGUF file: one source, or one for every expert; or values of the configuration.
struct Target {
    std::string name;
    std::vector<std::uint64_t> shape; ///< as GGUF orders it
    DType type = DType::F32;
    std::vector<Source> sources;
    std::span<const float> values; ///< instead of sources
    std::uint64_t pairHead = 0; ///< rows of this many are reordered from halves to neighbouring pairs; 0 = no
    bool plusOne = false;

    [[nodiscard]] std::uint64_t cols() const { return shape.front(); }
    [[nodiscard]] std::uint64_t rowsOfSource() const { return shape.size() > 1 ? shape[1] : 1; }
};

/// Row of the source that becomes row `row`: the two halves of a head alternate.
std::uint64_t sourceRow(std::uint64_t row, std::uint64_t head) {
    if (head == 0)
        return row;
    const std::uint64_t within = row % head;
    return row - within + within % 2 * (head / 2) + within / 2;
}

/// One conversion from the first look at the folder to the last byte.
class Conversion {
public:
    Conversion(std::filesystem::path folder, const ConvertOptions& options, ThreadPool& pool,
               std::stop_token stop, const ProgressSink& progress)
        : m_folder(std::move(folder)), m_options(options), m_pool(pool), m_stop(std::move(stop)),
          m_progress(progress) {}

    Result<ConvertReport> run(const std::filesystem::path& target) {
        std::error_code ignored;
        if (!std::filesystem::is_directory(m_folder, ignored))
            return fail("convert.not_a_folder", m_folder.string() + " is no folder");
        const DType type = m_options.type;
        if (type != DType::F32 && type != DType::F16 && type != DType::BF16 && type != DType::Q8_0)
            return tl::unexpected<Error>(Error{"convert.unsupported_type",
                                               "convert to F32, F16, BF16 or Q8_0, and quantise afterwards"}
                                             .with("type", std::string(traitsOf(type).name)));
        HEARTH_TRY(const auto config, readJsonFile(m_folder / "config.json", "convert.json"));
        HEARTH_TRY(m_architecture, Architecture::read(config));
        HEARTH_CHECK(openFiles());
        HEARTH_CHECK(placeTensors());
        HEARTH_CHECK(arrange());
        HEARTH_TRY(const auto tokenizer, readTokenizer(m_folder, m_architecture.vocabulary));
        m_report.tokenizer = tokenizer.model + " (" + tokenizer.pre + ")";
        m_report.hasTemplate = !tokenizer.chatTemplate.empty();
        HEARTH_CHECK(describe(tokenizer));
        HEARTH_CHECK(checkSpace(target));
        HEARTH_CHECK(begin(target));
        for (std::size_t i = 0; i < m_targets.size(); ++i) {
            if (i < m_report.resumedTensors) {
                skip(m_targets[i]);
                continue;
            }
            HEARTH_CHECK(writeTensor(m_targets[i]));
            if (m_resumable)
                HEARTH_CHECK(m_resumable->tensorDone());
        }
        HEARTH_CHECK(m_resumable ? m_resumable->commit() : m_writer.commit());
        m_report.bytes = std::filesystem::file_size(target, ignored);
        return std::move(m_report);
    }

private:
    Result<void> openFiles();
    Result<void> placeTensors();
    Result<void> arrange();
    Result<void> shapeOf(Target& target) const;
    Result<void> describe(const TokenizerTables& tokenizer);
    Result<void> checkSpace(const std::filesystem::path& target) const;
    Result<void> begin(const std::filesystem::path& target);
    void skip(const Target& target);
    Result<void> append(std::span<const std::byte> bytes) {
        return m_resumable ? m_resumable->append(bytes) : m_writer.append(bytes);
    }
    Result<void> writeTensor(const Target& target);
    Result<void> writeRows(const Target& target, const Source& source);
    Result<void> convertRows(const Target& target, const Source& source, std::uint64_t first,
                             std::size_t begin, std::size_t end, std::span<std::byte> out) const;
    Result<void> writeVector(const Target& target);

    std::filesystem::path m_folder;
    const ConvertOptions& m_options;
    ThreadPool& m_pool;
    std::stop_token m_stop;
    const ProgressSink& m_progress;
    Architecture m_architecture;
    std::vector<SafetensorsFile> m_files;
    WorkMark m_work; ///< of the files; the header is added
    std::map<std::string, std::vector<Source>, std::less<>> m_places;
    std::vector<Target> m_targets;
    format::GgufWriter m_writer;
    std::optional<ResumableOutput> m_resumable; ///< in place of the writer's own file
    ConvertReport m_report;
    std::uint64_t m_done = 0, m_total = 0;
    std::vector<std::byte> m_out;
};

/// Names of the weight files, from the index or from the folder.
Result<std::set<std::string>> weightFiles(const std::filesystem::path& folder) {
    std::set<std::string> names;
    std::error_code error;
    const auto index = folder / "model.safetensors.index.json";
    if (std::filesystem::exists(index, error)) {
        HEARTH_TRY(const auto parsed, readJsonFile(index, "convert.json"));
        const auto map = parsed.is_object() ? parsed.find("weight_map") : parsed.end();
        const auto bad = [&] {
            return tl::unexpected<Error>(
                Error{"convert.bad_config", index.filename().string() + ": weight_map"}
                    .with("file", index.filename().string())
                    .with("key", "weight_map"));
        };
        if (!parsed.is_object() || map == parsed.end() || !map->is_object())
            return bad();
        for (const auto& [tensor, name] : map->items()) {
            // Only files of this folder: a name from a stranger is no path.
            if (!name.is_string() || name.get_ref<const std::string&>().find('/') != std::string::npos ||
                !name.get_ref<const std::string&>().ends_with(".safetensors"))
                return bad();
            names.insert(name.get<std::string>());
        }
        for (const auto& name : names)
            if (!std::filesystem::exists(folder / name, error))
                return tl::unexpected<Error>(
                    Error{"safetensors.missing_shard", name + " is not in the folder"}.with("path", name));
        return names;
    }
    bool pickles = false;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const auto extension = entry.path().extension();
        if (extension == ".safetensors")
            names.insert(entry.path().filename().string());
        pickles = pickles || extension == ".bin" || extension == ".pt" || extension == ".pth" ||
                  extension == ".pkl";
    }
    if (names.empty() && pickles)
        return fail("convert.pickle",
                    "the weights are Python pickles; loading one can run any program, so they are refused");
    if (names.empty())
        return fail("convert.no_weights", folder.string() + " holds no safetensors file");
    return names;
}

Result<void> Conversion::openFiles() {
    HEARTH_TRY(const auto names, weightFiles(m_folder));
    for (const auto& name : names) {
        HEARTH_TRY(auto file, SafetensorsFile::open(m_folder / name));
        m_work.add(markOf(m_folder / name));
        m_files.push_back(std::move(file));
    }
    return {};
}

Result<void> Conversion::placeTensors() {
    for (const auto& file : m_files)
        for (const SafeTensor& tensor : file.tensors()) {
            const auto place = placeOf(tensor.name, m_architecture);
            if (!place)
                return about("convert.unknown_tensor", tensor.name, "is no tensor of this architecture");
            if (place->otherPart)
                m_report.leftOut.push_back(tensor.name);
            if (place->otherPart || place->ignored)
                continue;
            if (tensor.type != DType::F32 && tensor.type != DType::F16 && tensor.type != DType::BF16)
                return about("convert.unsupported_type", tensor.name,
                             "is of type " + std::string(traitsOf(tensor.type).name));
            auto& sources = m_places[place->name];
            sources.resize(
                std::max<std::size_t>(sources.size(), place->stacked ? m_architecture.experts : 1));
            Source& slot = sources[place->expert];
            if (slot.tensor)
                return about("convert.duplicate_tensor", tensor.name, "is there twice");
            slot = {&file, &tensor};
            m_total += tensor.bytes;
        }
    return {};
}

Result<void> Conversion::shapeOf(Target& target) const {
    const auto& first = target.sources.front();
    for (const Source& source : target.sources)
        if (!source.tensor)
            return about("convert.missing_tensor", target.name, "is missing for an expert");
        else if (source.tensor->shape != first.tensor->shape)
            return about("convert.bad_shape", source.tensor->name, "has another shape than its fellows");
    const auto& shape = first.tensor->shape;
    if (shape.empty() || shape.size() > 2 || (target.sources.size() > 1 && shape.size() != 2))
        return about("convert.bad_shape", first.tensor->name, "is neither a vector nor a matrix");
    target.shape.assign(shape.rbegin(), shape.rend());
    if (target.sources.size() > 1)
        target.shape.push_back(target.sources.size());
    return {};
}

Result<void> Conversion::arrange() {
    std::vector<std::string> order = requiredTensors(m_architecture);
    for (const auto& name : order)
        if (!m_places.contains(name))
            return about("convert.missing_tensor", name, "is missing");
    const std::set<std::string> required(order.begin(), order.end());
    for (const auto& [name, sources] : m_places)
        if (!required.contains(name))
            order.push_back(name);
    for (const auto& name : order) {
        Target target;
        target.name = name;
        target.sources = m_places.at(name);
        HEARTH_CHECK(shapeOf(target));
        const bool isQ = name.find(".attn_q.") != std::string::npos,
                   isK = name.find(".attn_k.") != std::string::npos;
        if (m_architecture.interleavedRope && (isQ || isK)) {
            const std::uint64_t rows =
                std::uint64_t{isQ ? m_architecture.heads : m_architecture.kvHeads} * m_architecture.headDim;
            if (target.shape.back() != rows)
                return about("convert.bad_shape", name, "has not " + std::to_string(rows) + " rows");
            target.pairHead = m_architecture.headDim;
        }
        const bool vector = target.shape.size() == 1;
        target.plusOne = vector && m_architecture.normPlusOne;
        const bool router = name.find("ffn_gate_inp") != std::string::npos;
        target.type = vector || router ? DType::F32 : format::fittingType(m_options.type, target.cols());
        m_targets.push_back(std::move(target));
    }
    m_architecture.vocabulary = static_cast<std::uint32_t>(m_targets.front().shape.back());
    for (const auto& [name, values] : m_architecture.extra) {
        Target target;
        target.name = name;
        target.shape = {values.size()};
        target.values = values;
        m_targets.push_back(std::move(target));
    }
    return {};
}

Result<void> Conversion::describe(const TokenizerTables& tokenizer) {
    m_report.architecture = m_architecture.name;
    std::error_code ignored;
    const auto whole = std::filesystem::weakly_canonical(m_folder, ignored);
    m_writer.setString("general.architecture", m_architecture.name);
    m_writer.setString("general.type", "model");
    m_writer.setString("general.name", m_options.name.empty() ? whole.filename().string() : m_options.name);
    const auto* mix = format::findMix(traitsOf(m_options.type).name);
    m_writer.setUint("general.file_type", mix ? mix->fileType : 0);
    m_writer.setUint("general.quantization_version", kQuantizationVersion);
    m_architecture.writeTo(m_writer);
    tokenizer.writeTo(m_writer);
    for (const Target& target : m_targets) {
        HEARTH_CHECK(m_writer.addTensor(target.name, target.type, target.shape));
        std::uint64_t elements = 1;
        for (const std::uint64_t extent : target.shape)
            elements *= extent;
        m_report.parameters += elements;
        ++m_report.tensors;
    }
    return {};
}

Result<void> Conversion::checkSpace(const std::filesystem::path& target) const {
    std::error_code error;
    const auto folder = target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
    const auto space = std::filesystem::space(folder, error);
    std::uint64_t needed = m_writer.dataBytes();
    if (m_options.unfinished == Unfinished::Keep) // what is there already needs no more room
        needed -= std::min(needed, unfinishedBytes(target));
    if (error || space.available >= needed)
        return {};
    return tl::unexpected<Error>(Error{"file.disk_full", target.string() + " needs " +
                                                             std::to_string(needed) + " bytes, and " +
                                                             std::to_string(space.available) + " are free"}
                                     .with("path", target.string())
                                     .with("needed_bytes", std::to_string(needed))
                                     .with("available_bytes", std::to_string(space.available)));
}

Result<void> Conversion::begin(const std::filesystem::path& target) {
    if (m_options.unfinished == Unfinished::Discard)
        return m_writer.begin(target);
    HEARTH_TRY(const std::string header, m_writer.header());
    m_work.add(header);
    HEARTH_TRY(m_resumable, ResumableOutput::open(target, m_work.name("convert"), header));
    m_report.resumedTensors = std::min(m_resumable->done().size(), m_targets.size());
    return {};
}

/// One that an interrupted run has written.
void Conversion::skip(const Target& target) {
    for (const Source& source : target.sources)
        m_done += source.tensor->bytes;
    if (m_progress)
        m_progress({"convert", m_done, m_total});
}

Result<void> Conversion::convertRows(const Target& target, const Source& source, std::uint64_t first,
                                     std::size_t begin, std::size_t end, std::span<std::byte> out) const {
    const auto cols = static_cast<std::size_t>(target.cols());
    const auto fromBytes = static_cast<std::size_t>(bytesFor(source.tensor->type, cols).value_or(0));
    const auto toBytes = static_cast<std::size_t>(bytesFor(target.type, cols).value_or(0));
    const auto data = source.file->data(*source.tensor);
    std::vector<float> values(cols);
    for (std::size_t i = begin; i < end; ++i) {
        const auto row = static_cast<std::size_t>(sourceRow(first + i, target.pairHead));
        dequantizeRow(source.tensor->type, data.subspan(row * fromBytes, fromBytes), values);
        HEARTH_CHECK(quantizeRows(target.type, values, cols, {}, out.subspan(i * toBytes, toBytes)));
    }
    return {};
}

Result<void> Conversion::writeRows(const Target& target, const Source& source) {
    const std::uint64_t cols = target.cols(), rows = target.rowsOfSource();
    const std::uint64_t pieceRows = std::max<std::uint64_t>(1, kPieceElements / cols);
    const std::uint64_t rowBytes = bytesFor(target.type, cols).value_or(0);
    const auto grain = static_cast<std::size_t>(std::max<std::uint64_t>(1, 65'536 / cols));
    for (std::uint64_t first = 0; first < rows; first += pieceRows) {
        if (m_stop.stop_requested())
            return fail(kCancelled, "converting was cancelled");
        const auto count = static_cast<std::size_t>(std::min(pieceRows, rows - first));
        m_out.resize(count * static_cast<std::size_t>(rowBytes));
        std::mutex mutex;
        std::optional<Error> failure;
        m_pool.forEach(count, grain, [&](std::size_t begin, std::size_t end) {
            if (auto done = convertRows(target, source, first, begin, end, m_out); !done) {
                const std::scoped_lock lock(mutex);
                failure = std::move(done).error();
            }
        });
        if (failure) {
            failure->detail = source.tensor->name + ": " + failure->detail;
            return tl::unexpected(std::move(*failure).with("tensor", source.tensor->name));
        }
        HEARTH_CHECK(append(m_out));
        m_done += source.tensor->bytes / rows * count;
        if (m_progress)
            m_progress({"convert", m_done, m_total});
    }
    const auto& map = source.file->map();
    map.dontNeed(static_cast<std::size_t>(source.tensor->offset),
                 static_cast<std::size_t>(source.tensor->bytes));
    return {};
}

/// Vectors are small: as a whole, with what they need done to their values.
Result<void> Conversion::writeVector(const Target& target) {
    std::vector<float> values(target.values.begin(), target.values.end());
    if (!target.sources.empty()) {
        const Source& source = target.sources.front();
        std::vector<float> read(static_cast<std::size_t>(target.cols()));
        dequantizeRow(source.tensor->type, source.file->data(*source.tensor), read);
        values.resize(read.size());
        for (std::size_t i = 0; i < read.size(); ++i)
            values[i] = read[static_cast<std::size_t>(sourceRow(i, target.pairHead))] +
                        (target.plusOne ? 1.0F : 0.0F);
        m_done += source.tensor->bytes;
    }
    return append(std::as_bytes(std::span(values)));
}

Result<void> Conversion::writeTensor(const Target& target) {
    if (target.shape.size() == 1)
        return writeVector(target);
    for (const Source& source : target.sources)
        HEARTH_CHECK(writeRows(target, source));
    return {};
}

} // namespace

Result<ConvertReport> convertFolder(const std::filesystem::path& folder, const std::filesystem::path& target,
                                    const ConvertOptions& options, ThreadPool& pool, std::stop_token stop,
                                    const ProgressSink& progress) {
    const auto start = std::chrono::steady_clock::now();
    HEARTH_TRY(auto report, Conversion(folder, options, pool, std::move(stop), progress).run(target));
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return report;
}

} // namespace hearth::optimize
