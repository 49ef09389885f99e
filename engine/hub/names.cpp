#include "engine/hub/names.h"

#include <algorithm>
#include <cctype>
#include <unordered_map>

#include <QtCore/QString>
#include <QtCore/QStringDecoder>

#include "engine/hub/transfer/partial_names.h"

namespace hearth::hub {

namespace {

constexpr std::size_t kMaxPart = 200; // leaves room for our endings below NAME_MAX
constexpr std::size_t kMaxPath = 1024;

bool isWord(std::string_view text, std::string_view also) {
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || also.find(c) != std::string_view::npos;
    });
}

/// Names in messages: only their printable ASCII, so that a hostile one cannot disguise the message.
std::string shown(std::string_view name) {
    std::string out;
    for (const char c : name.substr(0, 120))
        out += c >= ' ' && c < 127 ? c : '?';
    return out;
}

tl::unexpected<Error> unsafe(std::string_view file, const char* why) {
    return tl::unexpected<Error>(
        Error{"hub.unsafe_name", "the hub names a file \"" + shown(file) + "\", which " + why}.with(
            "file", shown(file)));
}

bool turnsText(char16_t c) {
    return c == 0x200E || c == 0x200F || c == 0x061C || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

} // namespace

Result<void> checkRepository(std::string_view repository) {
    const auto slash = repository.find('/');
    const auto good = [](std::string_view part) {
        return !part.empty() && part.size() <= 96 && part.front() != '.' && isWord(part, "-_.") &&
               part.find("..") == std::string_view::npos;
    };
    const bool fine = slash == std::string_view::npos
                          ? good(repository)
                          : good(repository.substr(0, slash)) && good(repository.substr(slash + 1));
    if (fine)
        return {};
    return tl::unexpected<Error>(
        Error{"hub.bad_repository", "\"" + shown(repository) + "\" is not of the form owner/name"}.with(
            "repository", shown(repository)));
}

Result<void> checkRevision(std::string_view revision) {
    const bool fine = !revision.empty() && revision.size() <= 128 && isWord(revision, "-_./") &&
                      revision.front() != '.' && revision.front() != '/' && revision.back() != '/' &&
                      revision.find("..") == std::string_view::npos &&
                      revision.find("//") == std::string_view::npos;
    if (fine)
        return {};
    return tl::unexpected<Error>(
        Error{"hub.bad_revision", "\"" + shown(revision) + "\" is not a branch, tag or commit"}.with(
            "revision", shown(revision)));
}

Result<std::filesystem::path> safePath(std::string_view file) {
    if (file.empty() || file.size() > kMaxPath)
        return unsafe(file, file.empty() ? "is empty" : "is too long");
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString text = decoder(QByteArrayView(file.data(), static_cast<qsizetype>(file.size())));
    if (decoder.hasError())
        return unsafe(file, "is not UTF-8");
    for (const QChar c : text) {
        const char16_t unit = c.unicode();
        if (unit < 0x20 || (unit >= 0x7F && unit < 0xA0) || turnsText(unit))
            return unsafe(file, "has control characters");
    }
    if (file.find_first_of("\\:") != std::string_view::npos)
        return unsafe(file, "has a backslash or colon");
    std::filesystem::path path;
    std::size_t begin = 0;
    while (begin <= file.size()) {
        const auto end = std::min(file.find('/', begin), file.size());
        const auto part = file.substr(begin, end - begin);
        if (part.empty())
            return unsafe(file, begin == 0 ? "is an absolute path" : "has an empty part");
        if (part == "." || part == "..")
            return unsafe(file, "leaves its folder");
        if (part.size() > kMaxPart)
            return unsafe(file, "is too long");
        if (part.ends_with(kPartialEnding) || part.ends_with(kLedgerEnding))
            return unsafe(file, "is a name of unfinished downloads");
        path /= std::string(part);
        begin = end + 1;
    }
    return path;
}

Result<std::filesystem::path> placeOf(const std::filesystem::path& folder, std::string_view repository,
                                      std::string_view file) {
    HEARTH_CHECK(checkRepository(repository));
    HEARTH_TRY(const auto path, safePath(file));
    return folder / std::string(repository) / path;
}

std::optional<std::pair<std::string, std::string>> collision(std::span<const std::string> files) {
    std::unordered_map<std::string, std::string> seen;
    for (const auto& file : files) {
        const auto folded = QString::fromStdString(file)
                                .normalized(QString::NormalizationForm_C)
                                .toCaseFolded()
                                .toStdString();
        const auto [place, added] = seen.emplace(folded, file);
        if (!added && place->second != file)
            return std::pair(place->second, file);
    }
    return std::nullopt;
}

} // namespace hearth::hub
