#include "engine/optimize/train/checkpoint.h"

#include <bit>
#include <cstring>
#include <span>

#include "engine/base/atomic_file.h"
#include "engine/base/mapped_file.h"

namespace hearth::optimize {

namespace {

static_assert(std::endian::native == std::endian::little, "the file is written as memory stands");

constexpr char kMagic[8] = {'H', 'R', 'T', 'H', 'C', 'K', 'P', '1'};

/// Layout: header, recipe hash, then four float arrays, then a checksum of all float words.
struct Header {
    char magic[8];
    std::uint64_t hashBytes, step, parameters, losses;
    double seconds;
};

std::uint64_t checksum(std::span<const float> values, std::uint64_t sum) {
    for (const float value : values)
        sum = std::rotl(sum, 5) * 0x9E3779B97F4A7C15ULL + std::bit_cast<std::uint32_t>(value);
    return sum;
}

} // namespace

Result<void> Checkpoint::write(const std::filesystem::path& path) const {
    HEARTH_TRY(AtomicFile file, AtomicFile::create(path));
    Header header{{}, recipeHash.size(), step, parameters.size(), lossCurve.size(), seconds};
    std::memcpy(header.magic, kMagic, sizeof kMagic);
    HEARTH_CHECK(file.write(std::as_bytes(std::span(&header, 1))));
    HEARTH_CHECK(file.write(recipeHash));
    std::uint64_t sum = 0;
    for (const auto* values : {&parameters, &firstMoment, &secondMoment, &lossCurve}) {
        HEARTH_CHECK(file.write(std::as_bytes(std::span(*values))));
        sum = checksum(*values, sum);
    }
    HEARTH_CHECK(file.write(std::as_bytes(std::span(&sum, 1))));
    return file.commit();
}

Result<Checkpoint> Checkpoint::read(const std::filesystem::path& path, const std::string& recipeHash,
                                    std::size_t parameterCount) {
    auto map = MappedFile::open(path);
    if (!map)
        return fail("checkpoint.unreadable", map.error().message());
    auto bytes = map->bytes();
    const auto corrupt = [&](const std::string& what) {
        return fail("checkpoint.corrupt", path.string() + " is damaged: " + what);
    };
    Header header{};
    if (bytes.size() < sizeof header)
        return corrupt("shorter than its header");
    std::memcpy(&header, bytes.data(), sizeof header);
    bytes = bytes.subspan(sizeof header);
    if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0)
        return corrupt("not a checkpoint");
    if (header.hashBytes != recipeHash.size() || bytes.size() < header.hashBytes ||
        std::memcmp(bytes.data(), recipeHash.data(), recipeHash.size()) != 0 ||
        header.parameters != parameterCount)
        return fail("checkpoint.other_recipe",
                    path.string() + " belongs to another recipe; move it away to start anew");
    bytes = bytes.subspan(header.hashBytes);
    const std::uint64_t floats = bytes.size() / sizeof(float);
    if (header.losses > floats || bytes.size() != (3 * header.parameters + header.losses) * sizeof(float) + 8)
        return corrupt("its length does not fit its header");
    Checkpoint out;
    out.recipeHash = recipeHash;
    out.step = header.step;
    out.seconds = header.seconds;
    std::uint64_t sum = 0;
    const auto take = [&](std::vector<float>& values, std::size_t count) {
        values.resize(count);
        std::memcpy(values.data(), bytes.data(), count * sizeof(float));
        bytes = bytes.subspan(count * sizeof(float));
        sum = checksum(values, sum);
    };
    take(out.parameters, parameterCount);
    take(out.firstMoment, parameterCount);
    take(out.secondMoment, parameterCount);
    take(out.lossCurve, header.losses);
    std::uint64_t want = 0;
    std::memcpy(&want, bytes.data(), sizeof want);
    if (want != sum)
        return corrupt("its checksum is wrong");
    return out;
}

} // namespace hearth::optimize
