#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/format/gguf/gguf_writer.h"

namespace hearth::test {

/// A tensor as it goes into an edited file; the bytes are the source's, cut or padded with zeros to the
/// shape.
struct EditedTensor {
    std::string name;
    DType type;
    std::vector<std::uint64_t> shape;
};

/// Changes to a model file.
struct Edit {
    /// Sets keys; what it sets replaces the source's value.
    std::function<void(format::GgufWriter&)> metadata = nullptr;
    /// Keys to leave out; not together with `metadata`.
    std::vector<std::string> without = {};
    /// Changes a tensor; returning false leaves it out.
    std::function<bool(EditedTensor&)> tensor = nullptr;
};

/// Writes a changed copy of a model file.
[[nodiscard]] Result<void> writeEdited(const std::filesystem::path& source,
                                       const std::filesystem::path& target, const Edit& edit);

/// Writes a copy whose token `id` stands for another piece.
[[nodiscard]] Result<void> writeWithPiece(const std::filesystem::path& source,
                                          const std::filesystem::path& target, std::size_t id,
                                          std::string_view piece);

/// A file name in a folder of the running test, removed with it.
class TemporaryFile {
public:
    TemporaryFile();
    ~TemporaryFile();
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

} // namespace hearth::test
