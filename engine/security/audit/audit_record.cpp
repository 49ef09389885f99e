#include "engine/security/audit/audit_record.h"

#include <array>
#include <charconv>
#include <ctime>

namespace hearth::security {

namespace {

constexpr std::string_view kHeadMagic = "hearth audit head 1\n";

void putNumber(std::string& out, std::int64_t value) {
    for (int i = 0; i < 8; ++i)
        out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
}
void putText(std::string& out, std::string_view text) {
    putNumber(out, static_cast<std::int64_t>(text.size()));
    out += text;
}

} // namespace

Result<Digest> hashOf(const AuditEntry& entry, ByteView before) {
    std::string record(textOf(before));
    putNumber(record, entry.number);
    putNumber(record, entry.timeMs);
    putNumber(record, entry.event.actor);
    putNumber(record, static_cast<std::int64_t>(entry.event.outcome));
    putText(record, entry.event.action);
    putText(record, entry.event.object);
    putText(record, entry.event.reason);
    return sha256(viewOf(record));
}

std::string signedText(ByteView hash) {
    return "hearth audit entry 1" + std::string(textOf(hash));
}

Result<std::string> headText(const AuditHead& head, const SigningKey& key) {
    std::string text = std::string(kHeadMagic) + std::to_string(head.count) + "\n" + toHex(head.hash) + "\n";
    HEARTH_TRY(const Signature signature, key.sign(viewOf(text)));
    return text + toHex(signature) + "\n";
}

std::optional<AuditHead> parseHead(std::string_view text, const PublicKey& key) {
    constexpr std::size_t kSignatureLine = 2 * std::tuple_size_v<Signature> + 1;
    if (!text.starts_with(kHeadMagic) || text.size() < kHeadMagic.size() + kSignatureLine ||
        text.back() != '\n')
        return std::nullopt;
    const std::string_view body = text.substr(0, text.size() - kSignatureLine);
    Signature signature{};
    if (!fromHex(text.substr(body.size(), kSignatureLine - 1), signature) ||
        !verifySignature(key, viewOf(body), signature))
        return std::nullopt;
    AuditHead out;
    std::string_view rest = body.substr(kHeadMagic.size());
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), out.count);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (error != std::errc() || out.count < 0 || rest.size() != 2 * out.hash.size() + 2 ||
        !fromHex(rest.substr(1, 2 * out.hash.size()), out.hash))
        return std::nullopt;
    return out;
}

std::string_view nameOf(Outcome outcome) {
    constexpr std::array<std::string_view, 3> kNames = {"done", "refused", "failed"};
    return kNames[static_cast<std::size_t>(outcome)];
}

std::string utcText(std::int64_t unixMs) {
    std::int64_t seconds = unixMs / 1000, ms = unixMs % 1000;
    if (ms < 0) {
        ms += 1000;
        --seconds;
    }
    const std::time_t time = seconds;
    std::tm parts{};
    std::array<char, 64> text{};
    if (!::gmtime_r(&time, &parts) ||
        std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts) == 0)
        return std::to_string(unixMs);
    const std::string fraction = std::to_string(1000 + ms).substr(1);
    return std::string(text.data()) + "." + fraction + "Z";
}

} // namespace hearth::security
