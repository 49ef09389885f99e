#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/gguf_writer.h"
#include "engine/optimize/quantize/file_mark.h"
#include "engine/optimize/quantize/importance.h"
#include "engine/optimize/quantize/quantize.h"
#include "engine/optimize/quantize/resumable_output.h"
#include "engine/optimize/quantize/write_behind.h"
#include "engine/tensor/dequantize.h"

namespace hearth::optimize {

namespace {

// A piece stays in the caches of the threads that share it, and a stop waits for one at most.
constexpr std::size_t kPieceElements = std::size_t{1} << 20;
constexpr std::size_t kPieceBytes = std::size_t{4} << 20;
constexpr std::uint32_t kQuantizationVersion = 2; // of the block layouts, as the GGUF specification counts

struct Job {
    const format::GgufFile& source;
    const ImportanceMatrix* importance;
    ThreadPool& pool;
    std::stop_token stop;
    const ProgressSink& progress;
    format::GgufWriter writer{};
    std::optional<ResumableOutput> resumable{}; ///< in place of the writer's own file
    std::uint64_t done = 0, total = 0;
    std::vector<std::byte> out{};
    std::vector<double> errors{}, powers{};
    WriteBehind behind{}; ///< last: its thread ends before what it writes with

    Result<void> write(std::span<const std::byte> bytes) {
        return resumable ? resumable->append(bytes) : writer.append(bytes);
    }
    /// Of the mapped source.
    Result<void> append(std::span<const std::byte> bytes) {
        return behind.add([this, bytes] { return write(bytes); });
    }
    /// What lies in `out`, in whose place another buffer comes.
    Result<void> appendOut() {
        auto piece = std::make_shared<std::vector<std::byte>>(std::exchange(out, behind.buffer()));
        return behind.add([this, piece] {
            auto written = write(*piece);
            behind.giveBack(std::move(*piece));
            return written;
        });
    }
    Result<void> advance(std::uint64_t bytes) {
        done += bytes;
        if (progress)
            progress({"quantize", done, total});
        if (stop.stop_requested())
            return fail(kCancelled, "quantising was cancelled");
        return {};
    }
};

Error named(Error error, const std::string& tensor) {
    error.detail = tensor + ": " + error.detail;
    return std::move(error).with("tensor", tensor);
}

Result<void> copyTensor(Job& job, const format::GgufTensor& tensor) {
    auto bytes = job.source.tensorData(tensor);
    while (!bytes.empty()) {
        const auto piece = bytes.first(std::min(bytes.size(), kPieceBytes));
        HEARTH_CHECK(job.append(piece));
        bytes = bytes.subspan(piece.size());
        HEARTH_CHECK(job.advance(piece.size()));
    }
    return {};
}

/// One thread's buffers for one row.
struct RowBuffers {
    std::vector<float> values, back, importance;
    std::optional<std::uint64_t> matrix; ///< whose importance is there
    std::span<const float> columns;
};

/// Rows [begin, end) of a tensor, of which `first` is the first of the piece in job.out.
Result<void> quantizePiece(Job& job, const PlannedTensor& plan, std::span<const std::byte> data,
                           std::uint64_t first, std::uint64_t begin, std::uint64_t end) {
    const auto cols = static_cast<std::size_t>(plan.shape[0]);
    const auto fromBytes = static_cast<std::size_t>(bytesFor(plan.from, cols).value_or(0));
    const auto toBytes = static_cast<std::size_t>(bytesFor(plan.to, cols).value_or(0));
    RowBuffers buffers;
    buffers.values.resize(cols);
    buffers.back.resize(cols);
    for (std::uint64_t row = begin; row < end; ++row) {
        const std::uint64_t matrix = plan.shape.size() > 2 ? row / plan.shape[1] : 0;
        if (job.importance && buffers.matrix != matrix) {
            buffers.columns =
                job.importance->columns(plan.name, static_cast<std::size_t>(matrix), buffers.importance);
            buffers.matrix = matrix;
        }
        dequantizeRow(plan.from, data.subspan(static_cast<std::size_t>(row) * fromBytes, fromBytes),
                      buffers.values);
        const auto place = static_cast<std::size_t>(row - first);
        const auto target = std::span(job.out).subspan(place * toBytes, toBytes);
        HEARTH_CHECK(quantizeRows(plan.to, buffers.values, cols, buffers.columns, target));
        dequantizeRow(plan.to, target, buffers.back);
        double error = 0, power = 0;
        for (std::size_t i = 0; i < cols; ++i) {
            const double x = double(buffers.values[i]), d = double(buffers.back[i]) - x;
            error += d * d;
            power += x * x;
        }
        job.errors[place] = error;
        job.powers[place] = power;
    }
    return {};
}

/// Returns the weight error.
Result<double> quantizeTensor(Job& job, const PlannedTensor& plan, const format::GgufTensor& tensor) {
    const auto data = job.source.tensorData(tensor);
    const std::uint64_t rows = plan.rows(), cols = plan.shape[0];
    const std::uint64_t pieceRows = std::max<std::uint64_t>(1, kPieceElements / cols);
    const std::uint64_t rowBytes = bytesFor(plan.to, cols).value_or(0);
    // Small enough that threads end together, large enough that handing out costs nothing.
    const auto grain = static_cast<std::size_t>(std::max<std::uint64_t>(1, 16'384 / cols));
    double error = 0, power = 0;
    for (std::uint64_t first = 0; first < rows; first += pieceRows) {
        const auto count = static_cast<std::size_t>(std::min(pieceRows, rows - first));
        job.out.resize(count * static_cast<std::size_t>(rowBytes));
        job.errors.resize(count);
        job.powers.resize(count);
        std::mutex mutex;
        std::optional<Error> failure;
        job.pool.forEach(count, grain, [&](std::size_t begin, std::size_t end) {
            if (auto done = quantizePiece(job, plan, data, first, first + begin, first + end); !done) {
                const std::scoped_lock lock(mutex);
                failure = std::move(done).error();
            }
        });
        if (failure)
            return tl::unexpected(named(std::move(*failure), plan.name));
        for (std::size_t i = 0; i < count; ++i) {
            error += job.errors[i];
            power += job.powers[i];
        }
        HEARTH_CHECK(job.appendOut());
        HEARTH_CHECK(job.advance(count * (data.size() / rows)));
    }
    return power > 0 ? error / power : 0;
}

/// What can be refused before a byte is written.
Result<void> checkPlan(const format::GgufFile& source, const QuantizePlan& plan,
                       const ImportanceMatrix* importance) {
    const auto tensors = source.tensors();
    if (tensors.size() != plan.tensors.size())
        return fail("quantize.bad_plan", "the plan was made for another file");
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const PlannedTensor& planned = plan.tensors[i];
        if (planned.name != tensors[i].name || planned.shape != tensors[i].shape ||
            planned.from != tensors[i].type || (planned.to != planned.from && !canQuantize(planned.to)))
            return fail("quantize.bad_plan", "the plan was made for another file: " + planned.name);
        if (planned.to != planned.from && isLowBit(planned.from) && isLowBit(planned.to) &&
            !plan.allowLossySource)
            return tl::unexpected<Error>(
                Error{"quantize.lossy_source",
                      planned.name + " is already " + std::string(traitsOf(planned.from).name) +
                          "; quantising it again loses more than starting from the original"}
                    .with("tensor", planned.name)
                    .with("type", std::string(traitsOf(planned.from).name)));
        if (importance)
            HEARTH_CHECK(importance->check(planned.name, static_cast<std::size_t>(planned.shape[0]),
                                           static_cast<std::size_t>(planned.matrices())));
    }
    return {};
}

Result<void> checkTarget(const format::GgufFile& source, const std::filesystem::path& target,
                         std::uint64_t needed) {
    std::error_code error;
    for (const auto& path : source.paths())
        if (std::filesystem::equivalent(path, target, error))
            return tl::unexpected<Error>(
                Error{"quantize.same_file", target.string() + " is the file that is read"}.with(
                    "path", target.string()));
    const auto folder = target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
    const auto space = std::filesystem::space(folder, error);
    if (!error && space.available < needed)
        return tl::unexpected<Error>(
            Error{"file.disk_full", target.string() + " needs " + std::to_string(needed) + " bytes, and " +
                                        std::to_string(space.available) + " are free"}
                .with("path", target.string())
                .with("needed_bytes", std::to_string(needed))
                .with("available_bytes", std::to_string(space.available)));
    return {};
}

Result<void> describe(format::GgufWriter& writer, const format::GgufFile& source, const QuantizePlan& plan,
                      const ImportanceMatrix* importance) {
    if (const auto architecture = source.getString("general.architecture"))
        writer.setString("general.architecture", *architecture);
    if (plan.modelName)
        writer.setString("general.name", *plan.modelName);
    writer.setUint("general.file_type", plan.fileType);
    writer.setUint("general.quantization_version", kQuantizationVersion);
    if (importance) {
        writer.setString("quantize.imatrix.file", importance->file);
        if (!importance->datasets.empty())
            writer.setString("quantize.imatrix.dataset", importance->datasets.front());
        writer.setUint("quantize.imatrix.entries_count",
                       static_cast<std::uint32_t>(importance->entries.size()));
        writer.setUint("quantize.imatrix.chunks_count", importance->chunks);
    }
    writer.copyMetadata(source);
    for (const PlannedTensor& tensor : plan.tensors)
        HEARTH_CHECK(writer.addTensor(tensor.name, tensor.to, tensor.shape));
    return {};
}

/// Tells this piece of work from any other: what is written (the header), from what, and with which weights
/// of the error.
std::string workName(const format::GgufFile& source, const std::string& header,
                     const ImportanceMatrix* importance) {
    WorkMark mark;
    mark.add(header);
    for (const auto& path : source.paths())
        mark.add(markOf(path));
    if (importance)
        for (const auto& [name, entry] : importance->entries) {
            mark.add(name);
            mark.add(std::as_bytes(std::span(entry.sums)));
            mark.add(std::as_bytes(std::span(entry.counts)));
        }
    return mark.name("quantize");
}

void readAhead(const format::GgufFile& file, std::size_t index) {
    if (index >= file.tensors().size())
        return;
    const auto& tensor = file.tensors()[index];
    file.mapOf(tensor).willNeed(static_cast<std::size_t>(tensor.offset),
                                static_cast<std::size_t>(tensor.bytes));
}

} // namespace

double QuantizeReport::bitsPerWeight() const {
    std::uint64_t bytes = 0;
    for (const Tensor& tensor : tensors)
        bytes += tensor.bytes;
    return parameters ? 8.0 * static_cast<double>(bytes) / static_cast<double>(parameters) : 0;
}

Result<QuantizeReport> quantizeFile(const std::filesystem::path& source, const std::filesystem::path& target,
                                    const QuantizePlan& plan, const ImportanceMatrix* importance,
                                    ThreadPool& pool, std::stop_token stop, const ProgressSink& progress,
                                    Unfinished unfinished) {
    const auto start = std::chrono::steady_clock::now();
    HEARTH_TRY(const auto file, format::GgufFile::open(source));
    HEARTH_CHECK(checkPlan(file, plan, importance));
    Job job{file, importance, pool, std::move(stop), progress};
    QuantizeReport report;
    std::uint64_t sourceData = 0;
    for (const auto& tensor : file.tensors()) {
        sourceData += tensor.bytes;
        report.parameters += tensor.elements;
    }
    job.total = sourceData;
    report.bytesBefore = file.fileBytes();
    HEARTH_CHECK(describe(job.writer, file, plan, importance));
    // The header is about as long as the source's.
    std::uint64_t needed = job.writer.dataBytes() + (report.bytesBefore - sourceData);
    if (unfinished == Unfinished::Keep) // what is there already needs no more room
        needed -= std::min(needed, unfinishedBytes(target));
    HEARTH_CHECK(checkTarget(file, target, needed));
    if (unfinished == Unfinished::Keep) {
        HEARTH_TRY(const std::string header, job.writer.header());
        HEARTH_TRY(job.resumable, ResumableOutput::open(target, workName(file, header, importance), header));
        report.resumedTensors = std::min(job.resumable->done().size(), plan.tensors.size());
    } else {
        HEARTH_CHECK(job.writer.begin(target));
    }
    for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
        const PlannedTensor& planned = plan.tensors[i];
        const auto& tensor = file.tensors()[i];
        if (i < report.resumedTensors) {
            report.tensors.push_back(
                {planned.name, planned.from, planned.to, planned.bytes, job.resumable->done()[i]});
            HEARTH_CHECK(job.advance(tensor.bytes));
            continue;
        }
        const MappedFile& map = file.mapOf(tensor);
        if (i == report.resumedTensors)
            readAhead(file, i);
        readAhead(file, i + 1); // comes from the disk while this one is computed
        double error = 0;
        if (planned.to == planned.from) {
            HEARTH_CHECK(copyTensor(job, tensor));
        } else {
            HEARTH_TRY(error, quantizeTensor(job, planned, tensor));
        }
        report.tensors.push_back({planned.name, planned.from, planned.to, planned.bytes, error});
        report.bytesRead += tensor.bytes;
        report.bytesWritten += planned.bytes;
        HEARTH_CHECK(job.behind.add([&job, &map, &tensor, error]() -> Result<void> {
            map.dontNeed(static_cast<std::size_t>(tensor.offset), static_cast<std::size_t>(tensor.bytes));
            return job.resumable ? job.resumable->tensorDone(error) : Result<void>();
        }));
    }
    HEARTH_CHECK(job.behind.finish());
    HEARTH_CHECK(job.resumable ? job.resumable->commit() : job.writer.commit());
    std::error_code ignored;
    report.bytesAfter = std::filesystem::file_size(target, ignored);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return report;
}

} // namespace hearth::optimize
