#include <array>

#include "engine/base/ascii.h"
#include "engine/security/crypto/digest.h"
#include "engine/security/identity/identity.h"
#include "engine/security/identity/identity_impl.h"

namespace hearth::security {

namespace {

// "hearth_" tells tools that look for leaked secrets what this is.
constexpr std::string_view kPrefix = "hearth_";
constexpr std::size_t kTokenBytes = 32;
constexpr std::array<std::string_view, 3> kScopeNames = {"read", "chat", "manage"};
constexpr std::string_view kColumns =
    "SELECT id, profile, name, scope, created_ms, expires_ms, last_used_ms, revoked FROM token ";

TokenInfo readToken(const store::Row& row) {
    TokenInfo out;
    out.id = row.integer(0);
    out.profile = row.integer(1);
    out.name = row.bytes(2);
    out.scope = static_cast<TokenScope>(row.integer(3));
    out.createdMs = row.integer(4);
    out.expiresMs = row.integer(5);
    out.lastUsedMs = row.integer(6);
    out.revoked = row.integer(7) != 0;
    return out;
}

Result<std::optional<TokenInfo>> findToken(store::Connection& connection, std::string_view condition,
                                           const store::Value& value) {
    std::optional<TokenInfo> out;
    HEARTH_CHECK(connection.each(std::string(kColumns) + std::string(condition), {value},
                                 [&](const store::Row& row) -> Result<void> {
                                     out = readToken(row);
                                     return {};
                                 }));
    return out;
}

} // namespace

std::string_view nameOf(TokenScope scope) {
    return kScopeNames[static_cast<std::size_t>(scope)];
}

std::optional<TokenScope> tokenScopeNamed(std::string_view name) {
    for (std::size_t i = 0; i < kScopeNames.size(); ++i)
        if (kScopeNames[i] == name)
            return static_cast<TokenScope>(i);
    return std::nullopt;
}

Result<SecureBytes> Identity::createToken(ProfileId id, std::string_view name, TokenScope scope,
                                          std::int64_t expiresMs) {
    HEARTH_CHECK(checkName(name));
    HEARTH_TRY(const SecureBytes random, SecureBytes::random(kTokenBytes));
    HEARTH_TRY(SecureBytes text, SecureBytes::make(kPrefix.size() + 2 * kTokenBytes));
    std::copy_n(viewOf(kPrefix).begin(), kPrefix.size(), text.bytes().begin());
    writeHex(random.bytes(), text.bytes().subspan(kPrefix.size()));
    HEARTH_TRY(const Digest hash, sha256(text.bytes()));
    const auto work = [&]() -> Result<void> {
        HEARTH_CHECK(m_impl->row(id).map([](const ProfileRow&) {}));
        return m_impl->connection->run(
            "INSERT INTO token (profile, name, hash, scope, created_ms, expires_ms, revoked, last_used_ms) "
            "VALUES (?, ?, ?, ?, ?, ?, 0, 0)",
            {id, name, textOf(hash), std::int64_t(scope), m_impl->now(), expiresMs});
    };
    HEARTH_CHECK(m_impl->ledger->change(work));
    return text;
}

Result<std::vector<TokenInfo>> Identity::tokens() {
    std::vector<TokenInfo> out;
    HEARTH_CHECK(m_impl->connection->each(std::string(kColumns) + "ORDER BY id", {},
                                          [&](const store::Row& row) -> Result<void> {
                                              out.push_back(readToken(row));
                                              return {};
                                          }));
    return out;
}

Result<TokenInfo> Identity::token(std::int64_t id) {
    HEARTH_TRY(auto found, findToken(*m_impl->connection, "WHERE id = ?", id));
    if (!found)
        return tl::unexpected<Error>(
            Error{"identity.no_such_token", "no token " + std::to_string(id)}.with("id", std::to_string(id)));
    return std::move(*found);
}

Result<void> Identity::revokeToken(std::int64_t id) {
    return m_impl->ledger->change([&]() -> Result<void> {
        HEARTH_CHECK(token(id).map([](const TokenInfo&) {}));
        return m_impl->connection->run("UPDATE token SET revoked = 1 WHERE id = ?", {id});
    });
}

Result<TokenGrant> Identity::checkToken(ByteView text) {
    HEARTH_CHECK(m_impl->ledger->check());
    // Only the hash is compared, by an index: how long that takes tells nothing about a token.
    HEARTH_TRY(const Digest hash, sha256(text));
    HEARTH_TRY(auto found, findToken(*m_impl->connection, "WHERE hash = ?", textOf(hash)));
    if (!found || text.size() != kPrefix.size() + 2 * kTokenBytes)
        return fail("identity.bad_token", "this token is not known here");
    if (found->revoked)
        return fail("identity.token_revoked", "this token was revoked");
    const std::int64_t time = m_impl->now();
    if (found->expiresMs != 0 && time >= found->expiresMs)
        return fail("identity.token_expired", "this token has expired");
    HEARTH_TRY(auto row, m_impl->row(found->profile));
    if (row.profile.disabled)
        return fail("identity.disabled", "an administrator has disabled this profile");
    // When a key was last used is for people's eyes and outside the seal; once a minute is enough.
    if (time - found->lastUsedMs >= 60'000 || time < found->lastUsedMs) {
        HEARTH_CHECK(m_impl->connection->transaction([&] {
            return m_impl->connection->run("UPDATE token SET last_used_ms = ? WHERE id = ?",
                                           {time, found->id});
        }));
        found->lastUsedMs = time;
    }
    return TokenGrant{std::move(*found), std::move(row.profile)};
}

} // namespace hearth::security
