#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/hardware/predict/model_shape.h"

namespace hearth::hardware {

enum class Purpose { Chat, Translation, Classification, Code, LongDocuments };
[[nodiscard]] std::string_view purposeName(Purpose purpose); ///< "chat", "long_documents", …

/// Facts about a published model, for deciding before a download. Nothing in here is a judgement of quality
/// except the purposes that its publisher names.
struct CatalogueEntry {
    ModelShape shape; ///< unquantised; quantised() gives it types
    std::string name; ///< "Qwen3 8B"
    std::string publisher;
    std::string licence;                ///< SPDX id where there is one, else the licence's own name
    std::string hub;                    ///< id on Hugging Face, "Qwen/Qwen3-8B"
    std::string released;               ///< "2025-04"
    std::uint64_t parameters = 0;       ///< as published
    std::uint64_t activeParameters = 0; ///< that one token is multiplied with, by the shape
    std::vector<Purpose> purposes;
    std::vector<std::string> languages; ///< "en", "zh", "many"
};

/// The models the program knows by shape. Immutable; thread-safe.
class Catalogue {
public:
    /// Reads the format that resources/catalogue/README.md describes. Errors: catalogue.malformed (args
    /// entry, field), catalogue.unsupported_version.
    [[nodiscard]] static Result<Catalogue> parse(std::string_view json);
    /// The built-in one, replaced or extended entry by entry by `update` when that file exists. Errors: as
    /// parse(), file.*.
    [[nodiscard]] static Result<Catalogue> load(const std::filesystem::path& update = {});

    /// Checks `source` as parse() does and copies it to `target`, the file that load() is given from then on.
    /// Returns how many models it describes. `target` is untouched after an error: as parse(), file.*.
    [[nodiscard]] static Result<std::size_t> install(const std::filesystem::path& source,
                                                     const std::filesystem::path& target);

    [[nodiscard]] const std::vector<CatalogueEntry>& entries() const { return m_entries; }
    [[nodiscard]] const CatalogueEntry* find(std::string_view id) const; ///< by id or hub id, any case
    [[nodiscard]] const std::string& date() const { return m_date; }     ///< "2026-11-21"

private:
    std::vector<CatalogueEntry> m_entries;
    std::string m_date;
};

/// The built-in catalogue's JSON text.
[[nodiscard]] std::string_view builtInCatalogue();

} // namespace hearth::hardware
