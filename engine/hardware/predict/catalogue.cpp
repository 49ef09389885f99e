#include "engine/hardware/predict/catalogue.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/mapped_file.h"
#include "engine/model/family.h"

namespace hearth::hardware {

namespace {

using Json = nlohmann::json;

constexpr int kVersion = 1;
/// Nothing published comes near; products of two such numbers stay far from 64 bits.
constexpr std::uint64_t kMostSize = std::uint64_t{1} << 28;
constexpr std::uint64_t kMostLayers = 4096;
/// The built-in one has 60 KB.
constexpr std::size_t kMaxCatalogueBytes = std::size_t{16} << 20;

constexpr std::array kPurposes{std::pair{Purpose::Chat, std::string_view("chat")},
                               std::pair{Purpose::Translation, std::string_view("translation")},
                               std::pair{Purpose::Classification, std::string_view("classification")},
                               std::pair{Purpose::Code, std::string_view("code")},
                               std::pair{Purpose::LongDocuments, std::string_view("long_documents")}};

/// Reads one entry and remembers what is wrong with it first.
class EntryReader {
public:
    EntryReader(const Json& json, std::string id) : m_json(json), m_id(std::move(id)) {}

    void size(const char* name, std::size_t& out, std::uint64_t least = 1, std::uint64_t most = kMostSize) {
        const auto it = m_json.find(name);
        if (it == m_json.end()) {
            if (least > 0)
                wrong(name);
            return;
        }
        if (!it->is_number_unsigned() || it->get<std::uint64_t>() < least || it->get<std::uint64_t>() > most)
            return wrong(name);
        out = it->get<std::size_t>();
    }
    void count(const char* name, std::uint64_t& out) {
        const auto it = m_json.find(name);
        if (it == m_json.end() || !it->is_number_unsigned() || it->get<std::uint64_t>() == 0)
            return wrong(name);
        out = it->get<std::uint64_t>();
    }
    void flag(const char* name, bool& out) {
        if (const auto it = m_json.find(name); it != m_json.end()) {
            if (!it->is_boolean())
                return wrong(name);
            out = it->get<bool>();
        }
    }
    void text(const char* name, std::string& out) {
        const auto it = m_json.find(name);
        if (it == m_json.end() || !it->is_string() || it->get_ref<const std::string&>().empty())
            return wrong(name);
        out = it->get<std::string>();
    }
    template <class Take>
    void texts(const char* name, const Take& take) {
        const auto it = m_json.find(name);
        if (it == m_json.end() || !it->is_array() || it->empty())
            return wrong(name);
        for (const Json& item : *it)
            if (!item.is_string() || !take(item.get_ref<const std::string&>()))
                return wrong(name);
    }
    void wrong(const char* name) {
        if (!m_problem)
            m_problem = Error{"catalogue.malformed", "entry " + m_id + ": " + name + " is missing or wrong"}
                            .with("entry", m_id)
                            .with("field", name);
    }
    [[nodiscard]] const std::optional<Error>& problem() const { return m_problem; }

private:
    const Json& m_json;
    std::string m_id;
    std::optional<Error> m_problem;
};

void readShape(EntryReader& reader, ModelShape& shape) {
    model::ModelConfig& c = shape.config;
    reader.text("family", c.family);
    reader.size("layers", c.layers, 1, kMostLayers);
    reader.size("dim", c.dim);
    reader.size("heads", c.heads, 1, 1 << 14);
    reader.size("kv_heads", c.kvHeads, 1, c.heads);
    reader.size("head_dim", c.headDim, 1, 1 << 13);
    c.valueDim = c.headDim;
    reader.size("feed_forward", c.feedForward);
    reader.size("vocabulary", c.vocabulary, 1, 1 << 24);
    reader.size("context", c.trainedContext);
    reader.flag("tied_embeddings", c.tiedEmbeddings);
    reader.flag("gated", shape.gated);
    reader.size("experts", c.experts, 0, 1 << 16);
    if (c.experts > 0) {
        reader.size("experts_used", c.expertsUsed, 1, c.experts);
        reader.size("expert_feed_forward", c.expertFeedForward);
        reader.size("shared_feed_forward", shape.sharedFeedForward, 0);
        reader.size("dense_layers", shape.denseLayers, 0, c.layers);
    }
    std::size_t pattern = 1;
    reader.size("window", c.slidingWindow, 0);
    reader.size("window_pattern", pattern, 0, kMostLayers);
    c.windowedLayer.assign(c.layers, false);
    if (c.slidingWindow > 0 && c.slidingWindow < c.trainedContext)
        for (std::size_t i = 0; i < c.layers; ++i)
            c.windowedLayer[i] = pattern <= 1 || i % pattern != pattern - 1;
    else
        c.slidingWindow = 0;
    c.rope.dimensions = c.headDim;
    c.rope.separateLocal = c.family == "gemma3";
    const model::Family* family = model::findFamily(c.family);
    shape.runnable = family != nullptr;
    shape.fusedQkv = family && family->design.fusedQkv;
}

Result<CatalogueEntry> readEntry(const Json& json) {
    if (!json.is_object() || !json.contains("id") || !json["id"].is_string())
        return tl::unexpected<Error>(
            Error{"catalogue.malformed", "an entry without an id"}.with("entry", "?").with("field", "id"));
    CatalogueEntry entry;
    entry.shape.id = json["id"].get<std::string>();
    EntryReader reader(json, entry.shape.id);
    reader.text("name", entry.name);
    reader.text("publisher", entry.publisher);
    reader.text("licence", entry.licence);
    reader.text("hub", entry.hub);
    reader.text("released", entry.released);
    reader.count("parameters", entry.parameters);
    readShape(reader, entry.shape);
    reader.texts("purposes", [&](const std::string& name) {
        const auto known =
            std::find_if(kPurposes.begin(), kPurposes.end(), [&](const auto& p) { return p.second == name; });
        if (known != kPurposes.end()) // others are of a newer version
            entry.purposes.push_back(known->first);
        return true;
    });
    reader.texts("languages", [&](const std::string& name) {
        entry.languages.push_back(name);
        return !name.empty();
    });
    if (reader.problem())
        return tl::unexpected<Error>(*reader.problem());
    entry.shape.config.name = entry.name;
    entry.shape.config.parameters = entry.parameters;
    entry.activeParameters = activeParametersOf(entry.shape);
    return entry;
}

bool equalFolded(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

} // namespace

std::string_view purposeName(Purpose purpose) {
    for (const auto& [value, name] : kPurposes)
        if (value == purpose)
            return name;
    return "";
}

Result<Catalogue> Catalogue::parse(std::string_view text) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object() || json.value("schema", Json()) != "hearth.catalogue" || !json.contains("models") ||
        !json["models"].is_array())
        return tl::unexpected<Error>(Error{"catalogue.malformed", "this is no catalogue of models"}
                                         .with("entry", "")
                                         .with("field", "schema"));
    if (json.value("version", Json()) != kVersion)
        return fail("catalogue.unsupported_version",
                    "the catalogue has another version than " + std::to_string(kVersion));
    Catalogue catalogue;
    if (json.contains("date") && json["date"].is_string())
        catalogue.m_date = json["date"].get<std::string>();
    for (const Json& item : json["models"]) {
        HEARTH_TRY(CatalogueEntry entry, readEntry(item));
        if (catalogue.find(entry.shape.id))
            return tl::unexpected<Error>(
                Error{"catalogue.malformed", "entry " + entry.shape.id + " comes twice"}
                    .with("entry", entry.shape.id)
                    .with("field", "id"));
        catalogue.m_entries.push_back(std::move(entry));
    }
    return catalogue;
}

Result<Catalogue> Catalogue::load(const std::filesystem::path& update) {
    HEARTH_TRY(Catalogue catalogue, parse(builtInCatalogue()));
    if (update.empty())
        return catalogue;
    const auto file = MappedFile::open(update);
    if (!file && file.error().code == "file.not_found")
        return catalogue;
    if (!file)
        return tl::unexpected<Error>(file.error());
    HEARTH_TRY(Catalogue newer,
               parse({reinterpret_cast<const char*>(file->bytes().data()), file->bytes().size()}));
    for (CatalogueEntry& entry : newer.m_entries) {
        const auto old = std::find_if(catalogue.m_entries.begin(), catalogue.m_entries.end(),
                                      [&](const CatalogueEntry& e) { return e.shape.id == entry.shape.id; });
        if (old == catalogue.m_entries.end())
            catalogue.m_entries.push_back(std::move(entry));
        else
            *old = std::move(entry);
    }
    catalogue.m_date = std::max(catalogue.m_date, newer.m_date);
    return catalogue;
}

Result<std::size_t> Catalogue::install(const std::filesystem::path& source,
                                       const std::filesystem::path& target) {
    HEARTH_TRY(const MappedFile file, MappedFile::open(source));
    const std::string_view text(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
    if (text.size() > kMaxCatalogueBytes)
        return tl::unexpected<Error>(Error{"catalogue.malformed", "the file is too large for a catalogue"}
                                         .with("entry", "")
                                         .with("field", "size"));
    HEARTH_TRY(const Catalogue newer, parse(text));
    HEARTH_TRY(AtomicFile out, AtomicFile::create(target));
    HEARTH_CHECK(out.write(std::string(text)));
    HEARTH_CHECK(out.commit());
    return newer.entries().size();
}

const CatalogueEntry* Catalogue::find(std::string_view id) const {
    for (const CatalogueEntry& entry : m_entries)
        if (equalFolded(entry.shape.id, id) || equalFolded(entry.hub, id))
            return &entry;
    return nullptr;
}

} // namespace hearth::hardware
