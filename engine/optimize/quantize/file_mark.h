#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/file_facts.h"

namespace hearth::optimize {

/// Tells a file from any other, and from itself after a change, without reading it: its path, size and time.
/// For work that goes on only while what it reads is the same.
[[nodiscard]] inline std::string markOf(const std::filesystem::path& file) {
    const FileFacts facts = factsOf(file);
    return file.string() + "|" + std::to_string(facts.bytes) + "|" + std::to_string(facts.modifiedNs);
}

/// Folds all that a piece of work depends on into a name. FNV-1a: remains of another work are a mistake, not
/// an attack.
class WorkMark {
public:
    void add(std::span<const std::byte> bytes) {
        for (const std::byte b : bytes)
            m_hash = (m_hash ^ std::to_integer<std::uint64_t>(b)) * 1099511628211ULL;
    }
    void add(std::string_view text) { add(std::as_bytes(std::span(text.data(), text.size()))); }
    /// "hearth KIND NUMBER"
    [[nodiscard]] std::string name(std::string_view kind) const {
        return "hearth " + std::string(kind) + " " + std::to_string(m_hash);
    }

private:
    std::uint64_t m_hash = 14695981039346656037ULL;
};

} // namespace hearth::optimize
