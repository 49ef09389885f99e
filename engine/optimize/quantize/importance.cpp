#include "engine/optimize/quantize/importance.h"

#include <cmath>
#include <cstring>

#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/gguf_writer.h"

namespace hearth::optimize {

namespace {

constexpr std::string_view kSums = ".in_sum2", kCounts = ".counts";

tl::unexpected<Error> bad(std::string_view tensor, const std::string& why) {
    return tl::unexpected<Error>(
        Error{"importance.bad_entry", std::string(tensor) + " " + why}.with("tensor", std::string(tensor)));
}

/// A float32 tensor whose values are sums of squares or counts.
Result<std::vector<float>> readValues(const format::GgufFile& file, const format::GgufTensor& tensor) {
    if (tensor.type != DType::F32 || tensor.shape.size() > 2)
        return bad(tensor.name, "is no float32 matrix");
    const auto bytes = file.tensorData(tensor);
    std::vector<float> values(bytes.size() / sizeof(float));
    std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
    for (const float value : values)
        if (!std::isfinite(value) || value < 0)
            return bad(tensor.name, "holds a value that no sum of squares can be");
    return values;
}

std::uint32_t smallNumber(const format::GgufFile& file, std::string_view key) {
    return static_cast<std::uint32_t>(file.getUint(key).value_or(0));
}

} // namespace

Result<ImportanceMatrix> ImportanceMatrix::read(const std::filesystem::path& path) {
    HEARTH_TRY(const auto file, format::GgufFile::open(path));
    if (file.getString("general.type") != "imatrix")
        return tl::unexpected<Error>(
            Error{"importance.not_a_matrix", path.string() + " is a GGUF file, but no importance matrix"}
                .with("path", path.string()));
    ImportanceMatrix out;
    out.file = path.filename().string();
    out.chunks = smallNumber(file, "imatrix.chunk_count");
    out.chunkTokens = smallNumber(file, "imatrix.chunk_size");
    if (const auto* array = file.getArray("imatrix.datasets"))
        if (const auto* texts = std::get_if<std::vector<std::string_view>>(array))
            out.datasets.assign(texts->begin(), texts->end());
    for (const auto& tensor : file.tensors()) {
        if (!tensor.name.ends_with(kSums))
            continue;
        const std::string name(tensor.name.substr(0, tensor.name.size() - kSums.size()));
        const auto* counts = file.findTensor(name + std::string(kCounts));
        if (!counts)
            return bad(tensor.name, "has no counts");
        Entry entry;
        HEARTH_TRY(entry.sums, readValues(file, tensor));
        HEARTH_TRY(entry.counts, readValues(file, *counts));
        entry.cols = static_cast<std::size_t>(tensor.shape[0]);
        if (entry.sums.size() != entry.cols * entry.counts.size())
            return bad(tensor.name, "and its counts are of different lengths");
        out.entries.emplace(name, std::move(entry));
    }
    if (out.entries.empty())
        return bad(path.filename().string(), "names no weight matrix");
    return out;
}

Result<void> ImportanceMatrix::write(const std::filesystem::path& path) const {
    format::GgufWriter writer;
    writer.setString("general.type", "imatrix");
    const std::vector<std::string_view> texts(datasets.begin(), datasets.end());
    writer.setStrings("imatrix.datasets", texts);
    writer.setUint("imatrix.chunk_count", chunks);
    writer.setUint("imatrix.chunk_size", chunkTokens);
    for (const auto& [name, entry] : entries) {
        const std::uint64_t matrices = entry.counts.size();
        const std::uint64_t sums[]{entry.cols, matrices}, counts[]{1, matrices};
        HEARTH_CHECK(writer.addTensor(name + std::string(kSums), DType::F32, sums));
        HEARTH_CHECK(writer.addTensor(name + std::string(kCounts), DType::F32, counts));
    }
    HEARTH_CHECK(writer.begin(path));
    for (const auto& [name, entry] : entries) {
        HEARTH_CHECK(writer.append(std::as_bytes(std::span(entry.sums))));
        HEARTH_CHECK(writer.append(std::as_bytes(std::span(entry.counts))));
    }
    return writer.commit();
}

std::span<const float> ImportanceMatrix::columns(std::string_view name, std::size_t index,
                                                 std::vector<float>& scratch) const {
    const auto it = entries.find(name);
    if (it == entries.end() || index >= it->second.counts.size() || it->second.counts[index] <= 0)
        return {};
    const Entry& entry = it->second;
    const auto sums = std::span(entry.sums).subspan(index * entry.cols, entry.cols);
    double total = 0;
    for (const float value : sums)
        total += double(value);
    if (!(total > 0))
        return {};
    // Only ratios matter; a mean of one keeps everything far from the ends of float32. A column that the text
    // never touched still counts a thousandth of the mean.
    const double scale = static_cast<double>(entry.cols) / total;
    scratch.resize(entry.cols);
    for (std::size_t i = 0; i < entry.cols; ++i)
        scratch[i] = static_cast<float>(double(sums[i]) * scale + 1e-3);
    return scratch;
}

Result<void> ImportanceMatrix::check(std::string_view name, std::size_t cols, std::size_t matrices) const {
    const auto it = entries.find(name);
    if (it == entries.end() || (it->second.cols == cols && it->second.counts.size() == matrices))
        return {};
    const auto shape = [](std::size_t a, std::size_t b) {
        return std::to_string(a) + " x " + std::to_string(b);
    };
    const std::string expected = shape(cols, matrices),
                      found = shape(it->second.cols, it->second.counts.size());
    return tl::unexpected<Error>(
        Error{"quantize.importance_mismatch",
              "the importance matrix belongs to another model: " + std::string(name) + " has " + expected +
                  " columns, it has " + found}
            .with("tensor", std::string(name))
            .with("expected", expected)
            .with("found", found));
}

} // namespace hearth::optimize
