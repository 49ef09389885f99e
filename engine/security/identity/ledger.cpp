#include "engine/security/identity/ledger.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "engine/security/crypto/digest.h"
#include "engine/security/crypto/kept_apart.h"
#include "engine/security/crypto/signature.h"

namespace hearth::security {

namespace {

// Every column that says who may do what. quote() writes each value in a form of its own, so that no two
// different tables give the same text.
constexpr std::array<std::string_view, 5> kRows = {
    "SELECT 'p' || quote(id) || quote(name) || ' ' || role || ' ' || disabled || ' ' || recovery_tested || ' "
    "' || "
    "created_ms || ' ' || memory_kib || ' ' || passes || ' ' || lanes || quote(salt) || quote(by_password) "
    "|| "
    "quote(by_recovery) || failures || ' ' || wait_until_ms FROM profile ORDER BY id",
    "SELECT 'k' || profile || quote(purpose) || quote(wrapped) FROM data_key ORDER BY profile, purpose",
    "SELECT 't' || id || ' ' || profile || quote(name) || quote(hash) || scope || ' ' || created_ms || ' ' "
    "|| "
    "expires_ms || ' ' || revoked FROM token ORDER BY id",
    "SELECT 'r' || role || ' ' || action || ' ' || resource || ' ' || scope FROM permission "
    "ORDER BY role, action, resource",
    "SELECT 'm' || quote(model) || action || ' ' || subject_kind || ' ' || subject FROM model_access "
    "ORDER BY model, action, subject_kind, subject",
};

constexpr std::string_view kHeadMagic = "hearth accounts head 1";

std::int64_t numberIn(std::string_view text) {
    std::int64_t out = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size() ? out : -1;
}

} // namespace

Result<std::string> Ledger::sealOf(std::int64_t generation) {
    // A chain over the rows, so that nothing of their size is held at once.
    HEARTH_TRY(Digest chain, hmacSha256(m_key.bytes(),
                                        {viewOf("rows of generation "), viewOf(std::to_string(generation))}));
    for (const std::string_view sql : kRows)
        HEARTH_CHECK(m_connection.each(sql, {}, [&](const store::Row& row) -> Result<void> {
            HEARTH_TRY(chain, hmacSha256(m_key.bytes(), {chain, viewOf(row.bytes(0))}));
            return {};
        }));
    return std::string(textOf(chain));
}

Result<std::string> Ledger::headText(std::int64_t generation) {
    const std::string count = std::to_string(generation);
    HEARTH_TRY(const Digest mark, hmacSha256(m_key.bytes(), {viewOf(kHeadMagic), viewOf(count)}));
    return std::string(kHeadMagic) + "\n" + count + "\n" + toHex(mark) + "\n";
}

Result<Ledger::State> Ledger::read() {
    State out;
    HEARTH_TRY(const auto generation, m_connection.bytes("SELECT value FROM meta WHERE key = 'generation'"));
    HEARTH_TRY(const auto seal, m_connection.bytes("SELECT value FROM meta WHERE key = 'seal'"));
    HEARTH_TRY(const auto rows, m_connection.integer("SELECT (SELECT count(*) FROM profile) + "
                                                     "(SELECT count(*) FROM permission) + "
                                                     "(SELECT count(*) FROM model_access)"));
    out.generation = numberIn(generation.value_or(""));
    out.fresh = out.generation == 0 && seal.value_or("").empty() && rows.value_or(0) == 0;
    HEARTH_TRY(const std::string expected, sealOf(out.generation));
    out.sealed =
        out.fresh || (out.generation > 0 && equalInConstantTime(viewOf(expected), viewOf(seal.value_or(""))));
    return out;
}

Result<Ledger::State> Ledger::checkLocked() {
    HEARTH_TRY(const State state, read());
    if (!state.sealed)
        return fail("identity.tampered", "the accounts were changed outside of this program");
    HEARTH_TRY(const auto head, readSmallFile(m_head));
    if (!head) {
        if (state.fresh)
            return state;
        return tl::unexpected<Error>(
            Error{"identity.head_missing",
                  m_head.string() + " is gone; it tells whether the accounts are the newest"}
                .with("path", m_head.string()));
    }
    std::string_view rest(*head);
    std::int64_t expected = -1;
    if (rest.starts_with(kHeadMagic) && rest.size() > kHeadMagic.size()) {
        rest.remove_prefix(kHeadMagic.size() + 1);
        expected = numberIn(rest.substr(0, rest.find('\n')));
    }
    HEARTH_TRY(const std::string whole, headText(expected));
    if (expected < 0 || whole != *head)
        return tl::unexpected<Error>(
            Error{"identity.bad_head", m_head.string() + " was changed"}.with("path", m_head.string()));
    if (state.generation < expected)
        return tl::unexpected<Error>(Error{
            "identity.rolled_back", "the accounts are of generation " + std::to_string(state.generation) +
                                        ", the newest known is " + std::to_string(expected)}
                                         .with("found", std::to_string(state.generation))
                                         .with("expected", std::to_string(expected)));
    return state; // a newer one with a right seal: the head was not written before a crash
}

Result<void> Ledger::check() {
    HEARTH_TRY(const HeldLock lock, HeldLock::wait(m_head));
    return checkLocked().map([](const State&) {});
}

Result<void> Ledger::seal(std::int64_t generation) {
    HEARTH_TRY(const std::string value, sealOf(generation));
    const std::string count = std::to_string(generation);
    HEARTH_CHECK(m_connection.run("UPDATE meta SET value = ? WHERE key = 'generation'", {count}));
    return m_connection.run("UPDATE meta SET value = ? WHERE key = 'seal'", {value});
}

Result<void> Ledger::change(const std::function<Result<void>()>& work) {
    HEARTH_TRY(const HeldLock lock, HeldLock::wait(m_head));
    std::int64_t generation = 0;
    const auto step = [&]() -> Result<void> {
        HEARTH_TRY(const State state, checkLocked());
        HEARTH_CHECK(work());
        generation = state.generation + 1;
        return seal(generation);
    };
    HEARTH_CHECK(m_connection.transaction(step));
    HEARTH_TRY(const std::string head, headText(generation));
    return writeSmallFile(m_head, head);
}

Result<void> Ledger::accept() {
    HEARTH_TRY(const HeldLock lock, HeldLock::wait(m_head));
    std::int64_t generation = 0;
    HEARTH_CHECK(m_connection.transaction([&]() -> Result<void> {
        HEARTH_TRY(const State state, read());
        HEARTH_TRY(const auto head, readSmallFile(m_head));
        std::int64_t known = 0;
        if (head && head->starts_with(kHeadMagic) && head->size() > kHeadMagic.size()) {
            const std::string_view rest = std::string_view(*head).substr(kHeadMagic.size() + 1);
            known = numberIn(rest.substr(0, rest.find('\n')));
        }
        // Beyond both, so that neither the older nor the former database passes for this one.
        generation = std::max({state.generation, known, std::int64_t{0}}) + 1;
        return seal(generation);
    }));
    HEARTH_TRY(const std::string head, headText(generation));
    return writeSmallFile(m_head, head);
}

} // namespace hearth::security
