// Opening one file or a whole set: the part of GgufParser that knows about several files.

#include "engine/format/gguf/gguf_parser.h"
#include "engine/format/gguf/gguf_split.h"

namespace hearth::format {

namespace {

Error&& ofFile(Error&& error, const std::filesystem::path& path) {
    error.detail = path.string() + ": " + error.detail;
    return std::move(error).with("path", path.string());
}

tl::unexpected<Error> mismatch(const std::filesystem::path& path, const std::string& detail) {
    return tl::unexpected<Error>(ofFile(Error{"gguf.shard_mismatch", detail}, path));
}

std::string wrongPlace(std::uint64_t index, std::uint64_t count) {
    return "the file says that it is number " + std::to_string(index + 1) + " of " + std::to_string(count);
}

std::string wrongTensors(std::uint64_t wanted, std::size_t found) {
    return "the set should hold " + std::to_string(wanted) + " tensors and holds " + std::to_string(found);
}

std::optional<std::uint64_t> asUint(const GgufValue& value) {
    if (const auto* number = std::get_if<std::uint64_t>(&value))
        return *number;
    if (const auto* number = std::get_if<std::int64_t>(&value); number && *number >= 0)
        return static_cast<std::uint64_t>(*number);
    return std::nullopt;
}

} // namespace

GgufParser::SplitInfo GgufParser::splitInfo(const Shard& shard) {
    const auto number = [&](std::string_view key) -> std::optional<std::uint64_t> {
        const auto it = shard.keys.find(key);
        return it == shard.keys.end() ? std::nullopt : asUint(shard.metadata[it->second].second);
    };
    SplitInfo info;
    info.index = number("split.no").value_or(0);
    info.count = std::max<std::uint64_t>(1, number("split.count").value_or(1));
    info.tensors = number("split.tensors.count");
    return info;
}

Result<void> GgufParser::join(GgufFile& file, Shard shard) {
    if (file.m_views.size() == 1) { // the first file's metadata is the model's
        file.m_version = shard.version;
        file.m_metadata = std::move(shard.metadata);
        file.m_keyIndex = std::move(shard.keys);
    }
    for (auto& tensor : shard.tensors) {
        if (!file.m_tensorIndex.emplace(tensor.name, file.m_tensors.size()).second)
            return tl::unexpected<Error>(
                Error{"gguf.duplicate_tensor",
                      "tensor \"" + std::string(tensor.name) + "\" is in two files of the set"}
                    .with("tensor", std::string(tensor.name)));
        file.m_tensors.push_back(std::move(tensor));
    }
    return {};
}

Result<GgufFile> GgufParser::parse(std::span<const std::span<const std::byte>> files) {
    GgufFile file;
    std::optional<std::uint64_t> tensors;
    for (std::uint32_t i = 0; i < files.size(); ++i) {
        if (files[i].empty())
            return fail("file.empty", "the file is empty (0 bytes)", 0);
        HEARTH_TRY(auto shard, GgufParser(files[i], i).run());
        const SplitInfo info = splitInfo(shard);
        if (files.size() > 1 && (info.count != files.size() || info.index != i))
            return fail("gguf.shard_mismatch", wrongPlace(info.index, info.count));
        if (i == 0)
            tensors = info.tensors;
        file.m_maps.emplace_back();
        file.m_views.push_back(files[i]);
        HEARTH_CHECK(join(file, std::move(shard)));
    }
    if (files.size() > 1 && tensors && *tensors != file.m_tensors.size())
        return fail("gguf.shard_mismatch", wrongTensors(*tensors, file.m_tensors.size()));
    return file;
}

Result<GgufFile> parseSet(std::span<const std::span<const std::byte>> files) {
    return files.empty() ? fail("file.empty", "there are no files", 0) : GgufParser::parse(files);
}

Result<GgufFile> GgufParser::open(const std::filesystem::path& path) {
    GgufFile file;
    const auto add = [&](const std::filesystem::path& part) -> Result<SplitInfo> {
        HEARTH_TRY(auto map, MappedFile::open(part));
        const auto index = static_cast<std::uint32_t>(file.m_views.size());
        auto shard = GgufParser(map.bytes(), index).run();
        if (!shard)
            return tl::unexpected<Error>(ofFile(std::move(shard).error(), part));
        const SplitInfo info = splitInfo(*shard);
        file.m_views.push_back(map.bytes());
        file.m_maps.push_back(std::move(map));
        file.m_paths.push_back(part);
        HEARTH_CHECK(join(file, std::move(*shard)));
        return info;
    };

    const auto name = parseSplitName(path);
    const auto first = name ? splitPath(*name, 1) : path;
    if (first != path && !std::filesystem::exists(first))
        return tl::unexpected<Error>(
            ofFile(Error{"gguf.missing_shard", "the first file of the set is missing"}, first));
    HEARTH_TRY(const auto set, add(first));
    if (set.count == 1)
        return file;
    if (!name || name->count != set.count)
        return mismatch(first, "the file is part of a set of " + std::to_string(set.count) +
                                   " files, but its name does not say so");
    if (set.index != 0)
        return mismatch(first, "the file says that it is number " + std::to_string(set.index + 1) +
                                   " of its set, not the first");
    for (std::uint32_t number = 2; number <= name->count; ++number) {
        const auto part = splitPath(*name, number);
        std::error_code ignored;
        if (!std::filesystem::exists(part, ignored))
            return tl::unexpected<Error>(ofFile(
                Error{"gguf.missing_shard", "file " + std::to_string(number) + " of " +
                                                std::to_string(name->count) + " of the set is missing"},
                part));
        HEARTH_TRY(const auto info, add(part));
        if (info.count != set.count || info.index + 1 != number)
            return mismatch(part, wrongPlace(info.index, info.count));
    }
    if (set.tensors && *set.tensors != file.m_tensors.size())
        return mismatch(first, wrongTensors(*set.tensors, file.m_tensors.size()));
    return file;
}

} // namespace hearth::format
