#include "engine/optimize/convert/split.h"

#include <algorithm>

#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/gguf_split.h"
#include "engine/format/gguf/gguf_writer.h"

namespace hearth::optimize {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{4} << 20;
constexpr std::size_t kMaxParts = 9999;

/// Copies tensors from one file to a writer, with progress over all that the job copies.
struct Copy {
    const format::GgufFile& source;
    std::string_view phase;
    std::stop_token stop;
    const ProgressSink& progress;
    std::uint64_t done = 0, total = 0;

    Result<void> run(format::GgufWriter& writer, std::span<const format::GgufTensor> tensors) {
        for (const auto& tensor : tensors) {
            auto bytes = source.tensorData(tensor);
            while (!bytes.empty()) {
                if (stop.stop_requested())
                    return fail(kCancelled, "copying was cancelled");
                const auto piece = bytes.first(std::min(bytes.size(), kPieceBytes));
                HEARTH_CHECK(writer.append(piece));
                bytes = bytes.subspan(piece.size());
                done += piece.size();
                if (progress)
                    progress({phase, done, total});
            }
            source.mapOf(tensor).dontNeed(static_cast<std::size_t>(tensor.offset),
                                          static_cast<std::size_t>(tensor.bytes));
        }
        return {};
    }
};

std::uint64_t dataBytes(std::span<const format::GgufTensor> tensors) {
    std::uint64_t sum = 0;
    for (const auto& tensor : tensors)
        sum += tensor.bytes;
    return sum;
}

/// Consecutive tensors, as many as fit.
std::vector<std::span<const format::GgufTensor>> partition(std::span<const format::GgufTensor> tensors,
                                                           std::uint64_t maxBytes) {
    std::vector<std::span<const format::GgufTensor>> parts;
    for (std::size_t begin = 0; begin < tensors.size();) {
        std::size_t end = begin + 1;
        std::uint64_t bytes = tensors[begin].bytes;
        while (end < tensors.size() && tensors[end].bytes <= maxBytes &&
               bytes <= maxBytes - tensors[end].bytes)
            bytes += tensors[end++].bytes;
        parts.push_back(tensors.subspan(begin, end - begin));
        begin = end;
    }
    return parts;
}

Result<void> writePart(Copy& copy, const std::filesystem::path& path, std::size_t index, std::size_t count,
                       std::span<const format::GgufTensor> tensors) {
    format::GgufWriter writer;
    if (index == 0)
        writer.copyMetadata(copy.source);
    writer.setUint16("split.no", static_cast<std::uint16_t>(index));
    writer.setUint16("split.count", static_cast<std::uint16_t>(count));
    writer.setInt("split.tensors.count", static_cast<std::int32_t>(copy.source.tensors().size()));
    for (const auto& tensor : tensors)
        HEARTH_CHECK(writer.addTensor(tensor.name, tensor.type, tensor.shape));
    HEARTH_CHECK(writer.begin(path));
    HEARTH_CHECK(copy.run(writer, tensors));
    return writer.commit();
}

} // namespace

Result<std::vector<std::filesystem::path>> splitFile(const std::filesystem::path& source,
                                                     const std::filesystem::path& prefix,
                                                     std::uint64_t maxBytes, std::stop_token stop,
                                                     const ProgressSink& progress) {
    HEARTH_TRY(const auto file, format::GgufFile::open(source));
    const auto parts = partition(file.tensors(), maxBytes);
    if (parts.size() < 2)
        return fail("split.one_part", "everything fits into one part");
    if (parts.size() > kMaxParts)
        return fail("split.too_many_parts", std::to_string(parts.size()) + " parts; choose a larger size");
    Copy copy{file, "split", std::move(stop), progress, 0, dataBytes(file.tensors())};
    const format::SplitName name{prefix.string(), 1, static_cast<std::uint32_t>(parts.size())};
    std::vector<std::filesystem::path> written;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto path = format::splitPath(name, static_cast<std::uint32_t>(i + 1));
        if (auto done = writePart(copy, path, i, parts.size(), parts[i]); !done) {
            std::error_code ignored;
            for (const auto& earlier : written)
                std::filesystem::remove(earlier, ignored);
            return tl::unexpected(std::move(done).error());
        }
        written.push_back(std::move(path));
    }
    return written;
}

Result<void> mergeFile(const std::filesystem::path& anyPart, const std::filesystem::path& target,
                       std::stop_token stop, const ProgressSink& progress) {
    HEARTH_TRY(const auto file, format::GgufFile::open(anyPart));
    std::error_code ignored;
    for (const auto& path : file.paths())
        if (std::filesystem::equivalent(path, target, ignored))
            return tl::unexpected<Error>(
                Error{"split.same_file", target.string() + " is a file that is read"}.with("path",
                                                                                           target.string()));
    format::GgufWriter writer;
    writer.copyMetadata(file);
    for (const auto& tensor : file.tensors())
        HEARTH_CHECK(writer.addTensor(tensor.name, tensor.type, tensor.shape));
    HEARTH_CHECK(writer.begin(target));
    Copy copy{file, "merge", std::move(stop), progress, 0, dataBytes(file.tensors())};
    HEARTH_CHECK(copy.run(writer, file.tensors()));
    return writer.commit();
}

} // namespace hearth::optimize
