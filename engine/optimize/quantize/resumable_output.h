#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace hearth::optimize {

/// Inside of optimize: a GGUF file that is written tensor by tensor and may be interrupted by
/// anything, a kill included. Its bytes lie in "TARGET.part", and "TARGET.part.notes" says how many tensors
/// of which work are whole there; the next writer of the same work cuts what came after them off and goes on.
/// Another work's remains are written over. Move-only; confined to one thread; one writer over all processes.
class ResumableOutput {
public:
    /// `work` tells one piece of work from another. Errors: quantize.in_use (arg path: another process writes
    /// it), file.unwritable, file.disk_full, file.write_failed.
    [[nodiscard]] static Result<ResumableOutput> open(const std::filesystem::path& target,
                                                      std::string_view work, const std::string& header);
    ResumableOutput(ResumableOutput&&) noexcept;
    ResumableOutput& operator=(ResumableOutput&&) noexcept;
    ~ResumableOutput();

    /// What tensorDone() was told about the tensors that are whole already.
    [[nodiscard]] const std::vector<double>& done() const;
    [[nodiscard]] Result<void> append(std::span<const std::byte> bytes);
    /// The current tensor is whole: pads it, and now and then makes the work so far durable. `error` is of
    /// its weights, for the report of whoever goes on.
    [[nodiscard]] Result<void> tensorDone(double error = 0);
    /// Puts the file in the target's place and forgets the work.
    [[nodiscard]] Result<void> commit();

private:
    struct State;
    explicit ResumableOutput(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace hearth::optimize
