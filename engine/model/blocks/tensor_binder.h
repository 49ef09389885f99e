#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/kernels/compute.h"

namespace hearth::format {
class GgufFile;
struct GgufTensor;
} // namespace hearth::format

namespace hearth::model {

enum class Presence { Required, Optional };

/// Connects a block's members with the file's tensors. Every block has one bind() that names its tensors and
/// their shapes; it runs twice: over a TensorCheck, which refuses a file before anything is loaded, and over
/// a TensorLoad, which packs. A binder refers to its file and compute context; confined to one thread.
class TensorBinder {
public:
    virtual ~TensorBinder() = default;

    /// A weight matrix [rows, cols], y = W·x.
    [[nodiscard]] virtual Result<void> matrix(kernels::Weights& out, const std::string& name,
                                              std::size_t rows, std::size_t cols) = 0;
    /// Consecutive rows [first, first + rows) of a matrix that holds `allRows`: one part of a fused tensor.
    [[nodiscard]] virtual Result<void> part(kernels::Weights& out, const std::string& name,
                                            std::size_t allRows, std::size_t cols, std::size_t first,
                                            std::size_t rows) = 0;
    /// `count` matrices [rows, cols] in one tensor with a third dimension.
    [[nodiscard]] virtual Result<void> stack(std::vector<kernels::Weights>& out, const std::string& name,
                                             std::size_t count, std::size_t rows, std::size_t cols) = 0;
    /// A vector, converted to float32; left empty when optional and absent.
    [[nodiscard]] virtual Result<void> vector(std::vector<float>& out, const std::string& name,
                                              std::size_t count, Presence presence = Presence::Required) = 0;
    [[nodiscard]] virtual bool has(const std::string& name) const = 0;
};

/// First pass. Errors: model.missing_tensor (arg tensor), model.bad_shape (args tensor, shape, expected),
/// model.unsupported_type (args tensor, type).
class TensorCheck final : public TensorBinder {
public:
    explicit TensorCheck(const format::GgufFile& file) : m_file(file) {}
    Result<void> matrix(kernels::Weights&, const std::string& name, std::size_t rows,
                        std::size_t cols) override;
    Result<void> part(kernels::Weights&, const std::string& name, std::size_t allRows, std::size_t cols,
                      std::size_t first, std::size_t rows) override;
    Result<void> stack(std::vector<kernels::Weights>&, const std::string& name, std::size_t count,
                       std::size_t rows, std::size_t cols) override;
    Result<void> vector(std::vector<float>&, const std::string& name, std::size_t count,
                        Presence presence) override;
    bool has(const std::string& name) const override;

    /// Bytes of all tensors that the model uses, each counted once.
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }

private:
    Result<void> expect(const std::string& name, std::span<const std::size_t> shape);
    const format::GgufFile& m_file;
    std::set<std::string> m_seen;
    std::uint64_t m_bytes = 0;
};

/// Second pass, over a file that passed the first. Packs in the order of the calls, reports bytes done and
/// total under the phase "load.pack", gives the source pages of copied tensors back to the system, and stops
/// between tensors. Errors: kernels.*, model.out_of_memory, base.cancelled.
class TensorLoad final : public TensorBinder {
public:
    TensorLoad(const format::GgufFile& file, kernels::Compute& compute, std::uint64_t totalBytes,
               std::stop_token stop, const ProgressSink& progress);
    Result<void> matrix(kernels::Weights& out, const std::string& name, std::size_t rows,
                        std::size_t cols) override;
    Result<void> part(kernels::Weights& out, const std::string& name, std::size_t allRows, std::size_t cols,
                      std::size_t first, std::size_t rows) override;
    Result<void> stack(std::vector<kernels::Weights>& out, const std::string& name, std::size_t count,
                       std::size_t rows, std::size_t cols) override;
    Result<void> vector(std::vector<float>& out, const std::string& name, std::size_t count,
                        Presence presence) override;
    bool has(const std::string& name) const override;

    /// Bytes that the packed weights occupy or refer to.
    [[nodiscard]] std::uint64_t packedBytes() const { return m_packed; }
    /// Whether some weights still refer to the file's map.
    [[nodiscard]] bool refersToFile() const { return m_refers; }

private:
    Result<void> packRows(kernels::Weights& out, const format::GgufTensor& tensor, std::uint64_t firstRow,
                          std::size_t rows, std::size_t cols);
    Result<void> advance(std::uint64_t bytes);
    const format::GgufFile& m_file;
    kernels::Compute& m_compute;
    std::stop_token m_stop;
    const ProgressSink& m_progress;
    std::uint64_t m_total, m_done = 0, m_packed = 0, m_reported = 0;
    bool m_refers = false;
};

} // namespace hearth::model
