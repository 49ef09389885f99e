#include <algorithm>
#include <cstring>
#include <new>

#include "engine/format/gguf/gguf_file.h"
#include "engine/model/blocks/tensor_binder.h"

namespace hearth::model {

namespace {

constexpr std::uint64_t kProgressSteps = 200; // reports over a whole load, so that a sink is never flooded

} // namespace

TensorLoad::TensorLoad(const format::GgufFile& file, kernels::Compute& compute, std::uint64_t totalBytes,
                       std::stop_token stop, const ProgressSink& progress)
    : m_file(file), m_compute(compute), m_stop(std::move(stop)), m_progress(progress), m_total(totalBytes) {}

bool TensorLoad::has(const std::string& name) const {
    return m_file.findTensor(name) != nullptr;
}

Result<void> TensorLoad::advance(std::uint64_t bytes) {
    m_done += bytes;
    if (m_progress && (m_done >= m_total || m_done - m_reported >= m_total / kProgressSteps)) {
        m_reported = m_done;
        m_progress({"load.pack", std::min(m_done, m_total), m_total});
    }
    if (m_stop.stop_requested())
        return fail(kCancelled, "loading was cancelled");
    return {};
}

Result<void> TensorLoad::packRows(kernels::Weights& out, const format::GgufTensor& tensor,
                                  std::uint64_t firstRow, std::size_t rows, std::size_t cols) {
    if (m_stop.stop_requested())
        return fail(kCancelled, "loading was cancelled");
    // Whole blocks per row were checked, so a row is a whole number of bytes.
    const std::uint64_t rowBytes = bytesFor(tensor.type, cols).value_or(0);
    const auto source = m_file.tensorData(tensor).subspan(static_cast<std::size_t>(firstRow * rowBytes),
                                                          static_cast<std::size_t>(rows * rowBytes));
    const MappedFile& map = m_file.mapOf(tensor);
    const auto offset = static_cast<std::size_t>(tensor.offset + firstRow * rowBytes);
    map.willNeed(offset, source.size());
    HEARTH_TRY(out, m_compute.pack(tensor.type, rows, cols, source));
    out.setOrigin({std::string(tensor.name),
                   tensor.shape.size() > 2 ? static_cast<std::size_t>(firstRow / tensor.shape[1]) : 0});
    m_packed += out.bytes();
    if (out.ownsData())
        map.dontNeed(offset, source.size());
    else
        m_refers = true;
    return advance(source.size());
}

Result<void> TensorLoad::matrix(kernels::Weights& out, const std::string& name, std::size_t rows,
                                std::size_t cols) {
    return packRows(out, *m_file.findTensor(name), 0, rows, cols);
}

Result<void> TensorLoad::part(kernels::Weights& out, const std::string& name, std::size_t, std::size_t cols,
                              std::size_t first, std::size_t rows) {
    return packRows(out, *m_file.findTensor(name), first, rows, cols);
}

Result<void> TensorLoad::stack(std::vector<kernels::Weights>& out, const std::string& name, std::size_t count,
                               std::size_t rows, std::size_t cols) {
    out.resize(count);
    for (std::size_t i = 0; i < count; ++i)
        HEARTH_CHECK(packRows(out[i], *m_file.findTensor(name), i * rows, rows, cols));
    return {};
}

Result<void> TensorLoad::vector(std::vector<float>& out, const std::string& name, std::size_t count,
                                Presence presence) {
    const format::GgufTensor* tensor = m_file.findTensor(name);
    if (presence == Presence::Optional && !tensor)
        return {};
    out.resize(count);
    const auto source = m_file.tensorData(*tensor);
    if (tensor->type == DType::F32) {
        std::memcpy(out.data(), source.data(), count * sizeof(float));
    } else {
        HEARTH_TRY(const kernels::Weights row, m_compute.pack(tensor->type, 1, count, source));
        m_compute.embeddingRow(row, 0, out.data());
    }
    m_packed += count * sizeof(float);
    return advance(source.size());
}

} // namespace hearth::model
