#include "engine/runtime/prefix_cache.h"

#include <algorithm>
#include <cstring>

#include "engine/base/content_hash.h"
#include "engine/base/hashed_file.h"
#include "engine/base/log.h"
#include "engine/base/mapped_file.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/kernels/compute.h"

namespace hearth::runtime {

namespace {

namespace fs = std::filesystem;
using text::TokenId;
using Model = std::array<unsigned char, 32>;

constexpr std::string_view kSuffix = ".prefix";
/// Counted up whenever kernels or models compute keys and values differently.
constexpr std::uint32_t kVersion = 1;

struct Header {
    char magic[8];
    std::uint32_t version, tokens;
    Model model;
};
static_assert(sizeof(Header) == 48);
constexpr char kMagic[8] = {'H', 'E', 'A', 'R', 'T', 'H', 'P', 'X'};

void add(ContentHash& hash, std::string_view text) {
    hash.add(std::as_bytes(std::span(text.data(), text.size())));
    hash.add(std::as_bytes(std::span("", 1)));
}

/// Three pages of every tensor, all names, types and shapes, and every setting. Whole files would be surer,
/// and would take as long to read as the model.
void addWeights(ContentHash& hash, const format::GgufFile& file) {
    constexpr std::size_t kSample = 4096;
    for (const auto& [key, value] : file.metadata()) {
        add(hash, key);
        if (const auto number = file.getUint(key))
            add(hash, std::to_string(*number));
        else if (const auto real = file.getFloat(key))
            add(hash, std::to_string(*real));
        else if (const auto text = file.getString(key))
            add(hash, *text);
    }
    for (const format::GgufTensor& tensor : file.tensors()) {
        add(hash, tensor.name);
        add(hash, traitsOf(tensor.type).name);
        for (const auto extent : tensor.shape)
            add(hash, std::to_string(extent));
        const auto data = file.tensorData(tensor);
        const std::size_t size = std::min(kSample, data.size());
        for (const std::size_t at : {std::size_t{0}, (data.size() - size) / 2, data.size() - size})
            hash.add(data.subspan(at, size));
    }
}

Result<Model> fingerprintOf(const LoadedModel& model) {
    const auto& bytes = model.options().bytes;
    HEARTH_TRY(const auto file,
               bytes ? format::GgufFile::parse(*bytes) : format::GgufFile::open(model.path()));
    ContentHash hash;
    addWeights(hash, file);
    add(hash, kernels::isaName(const_cast<LoadedModel&>(model).compute().isa()));
    add(hash, model.options().kvType == kernels::KvType::F16 ? "f16" : "q8_0");
    return hash.digest();
}

/// A file of this folder that belongs to the model; empty when it cannot be read or is another's.
struct Kept {
    MappedFile file;
    std::vector<TokenId> tokens;
    std::span<const std::byte> cells;
};
std::optional<Kept> readKept(const fs::path& path, const Model& model) {
    auto file = MappedFile::open(path);
    if (!file)
        return std::nullopt; // gone meanwhile: another program made room
    const auto bytes = file->bytes();
    Header header{};
    if (bytes.size() < sizeof header + sizeof(Sha256Digest))
        return Kept{}; // cut: damaged
    std::memcpy(&header, bytes.data(), sizeof header);
    const std::uint64_t idBytes = std::uint64_t{header.tokens} * sizeof(TokenId);
    if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0 ||
        idBytes > bytes.size() - sizeof header - sizeof(Sha256Digest))
        return Kept{};
    if (header.version != kVersion || header.model != model)
        return std::nullopt;
    Kept kept{std::move(*file), std::vector<TokenId>(header.tokens), {}};
    std::memcpy(kept.tokens.data(), bytes.data() + sizeof header, idBytes);
    kept.cells =
        bytes.subspan(sizeof header + idBytes, bytes.size() - sizeof header - idBytes - sizeof(Sha256Digest));
    return kept;
}

std::vector<fs::path> filesIn(const fs::path& folder) {
    std::vector<fs::path> out;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        if (entry.path().extension() == kSuffix)
            out.push_back(entry.path());
    return out;
}

std::size_t commonBeginning(std::span<const TokenId> a, std::span<const TokenId> b) {
    return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

/// Bytes of the cells that a file of `tokens` tokens holds.
std::uint64_t bytesOf(const std::vector<std::span<std::byte>>& memory) {
    std::uint64_t total = 0;
    for (const auto& part : memory)
        total += part.size();
    return total;
}

void removeDamaged(const fs::path& path) {
    log(LogLevel::Warning, "runtime",
        "a kept prompt is damaged and was deleted: " + path.filename().string());
    std::error_code ignored;
    fs::remove(path, ignored);
}

} // namespace

Result<std::unique_ptr<PrefixCache>> PrefixCache::open(const LoadedModel& model,
                                                       const PrefixCacheOptions& options) {
    std::error_code problem;
    fs::create_directories(options.folder, problem);
    if (problem)
        return tl::unexpected<Error>(
            Error{"file.unwritable", "cannot make the folder " + options.folder.string()}
                .with("path", options.folder.string())
                .with("reason", problem.message()));
    HEARTH_TRY(const Model fingerprint, fingerprintOf(model));
    return std::unique_ptr<PrefixCache>(new PrefixCache(options, fingerprint));
}

std::size_t PrefixCache::restore(Sequence& sequence, std::span<const TokenId> prompt) {
    const std::size_t here = commonBeginning(sequence.tokens(), prompt);
    const std::size_t most = std::min(prompt.size(), sequence.cache().wholeCapacity());
    if (most < here + m_options.leastTokens)
        return 0;
    struct Candidate {
        fs::path path;
        std::size_t common;
        Kept kept;
    };
    std::vector<Candidate> candidates;
    for (const fs::path& path : filesIn(m_options.folder)) {
        auto kept = readKept(path, m_model);
        if (!kept)
            continue;
        if (kept->tokens.empty()) {
            removeDamaged(path);
            continue;
        }
        const std::size_t common = std::min(most, commonBeginning(kept->tokens, prompt));
        if (common >= here + m_options.leastTokens)
            candidates.push_back({path, common, std::move(*kept)});
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.common > b.common; });
    for (const auto& [path, common, kept] : candidates) {
        const auto whole = sequence.cache().memoryOf(kept.tokens.size());
        if (kept.cells.size() != bytesOf(whole) || !hashedContent(kept.file.bytes())) {
            removeDamaged(path);
            continue;
        }
        const auto wanted = sequence.cache().memoryOf(common);
        std::size_t at = 0;
        for (std::size_t i = 0; i < whole.size(); at += whole[i++].size())
            std::memcpy(wanted[i].data(), kept.cells.data() + at, wanted[i].size());
        sequence.restored(prompt.first(common));
        std::error_code ignored;
        fs::last_write_time(path, fs::file_time_type::clock::now(), ignored); // used now: goes last
        return common;
    }
    return 0;
}

Result<void> PrefixCache::keep(Sequence& sequence, std::size_t count) {
    const auto tokens = sequence.tokens().first(std::min(count, sequence.tokens().size()));
    if (tokens.size() < m_options.leastTokens || !sequence.cache().isWhole(tokens.size()))
        return {};
    std::vector<fs::path> replaced;
    for (const fs::path& path : filesIn(m_options.folder))
        if (const auto kept = readKept(path, m_model); kept && !kept->tokens.empty()) {
            const std::size_t common = commonBeginning(kept->tokens, tokens);
            if (common + m_options.leastTokens > tokens.size())
                return {}; // most of it is there: not worth writing again
            if (common == kept->tokens.size())
                replaced.push_back(path);
        }

    const auto memory = sequence.cache().memoryOf(tokens.size());
    if (bytesOf(memory) > m_options.maxBytes)
        return {};
    Header header{{}, kVersion, static_cast<std::uint32_t>(tokens.size()), m_model};
    std::memcpy(header.magic, kMagic, sizeof kMagic);
    ContentHash name;
    name.add(std::as_bytes(std::span(m_model)));
    name.add(std::as_bytes(tokens));
    HEARTH_TRY(HashedFile file, HashedFile::create(m_options.folder / (name.hex() + std::string(kSuffix))));
    HEARTH_CHECK(file.write(std::as_bytes(std::span(&header, 1))));
    HEARTH_CHECK(file.write(std::as_bytes(tokens)));
    for (const auto& part : memory)
        HEARTH_CHECK(file.write(part));
    HEARTH_CHECK(file.commit());
    std::error_code ignored;
    for (const fs::path& path : replaced)
        fs::remove(path, ignored);
    makeRoom();
    return {};
}

void PrefixCache::makeRoom() const {
    struct File {
        fs::path path;
        fs::file_time_type used;
        std::uint64_t bytes;
    };
    std::vector<File> files;
    std::uint64_t total = 0;
    for (const fs::path& path : filesIn(m_options.folder)) {
        std::error_code gone;
        const auto used = fs::last_write_time(path, gone);
        const auto bytes = gone ? 0 : fs::file_size(path, gone);
        if (gone)
            continue;
        files.push_back({path, used, bytes});
        total += bytes;
    }
    std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.used < b.used; });
    for (std::size_t i = 0; i < files.size() && total > m_options.maxBytes; ++i) {
        std::error_code ignored;
        fs::remove(files[i].path, ignored);
        total -= files[i].bytes;
    }
}

} // namespace hearth::runtime
