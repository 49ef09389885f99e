#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "engine/base/error.h"
#include "engine/security/crypto/secure_bytes.h"
#include "engine/store/connection.h"

namespace hearth::security {

/// Keeps accounts.db honest: every change counts up a generation and seals all rows with an HMAC under the
/// installation's key; the newest generation is kept apart in a file of its own, under the same key. So an
/// edited role, a deleted or added row and an older copy of the whole database are found. Whoever can read
/// the installation's key can forge both; it lies in a file that only its owner can read.
///
/// Confined to the connection's thread; several processes may share the files.
class Ledger {
public:
    /// `connection` and the files outlive this. `key` is derived from the installation's signing key.
    Ledger(store::Connection& connection, SecureBytes key, std::filesystem::path head)
        : m_connection(connection), m_key(std::move(key)), m_head(std::move(head)) {}

    /// Errors: identity.tampered (rows were changed outside of this program), identity.rolled_back (args
    /// found, expected: an older database was put in place), identity.head_missing, identity.bad_head,
    /// store.*, file.*.
    [[nodiscard]] Result<void> check();
    /// Checks, runs `work` in a transaction, seals, and writes the head. Errors: those of check() and `work`;
    /// nothing is changed then.
    [[nodiscard]] Result<void> change(const std::function<Result<void>()>& work);
    /// Takes the database as it is for the truth, after a person decided so.
    [[nodiscard]] Result<void> accept();

private:
    struct State {
        std::int64_t generation = 0;
        bool sealed = false; ///< the seal fits the rows
        bool fresh = false;  ///< never changed: no seal, no profile
    };
    [[nodiscard]] Result<State> read();
    [[nodiscard]] Result<std::string> sealOf(std::int64_t generation);
    [[nodiscard]] Result<std::string> headText(std::int64_t generation);
    [[nodiscard]] Result<State> checkLocked();
    [[nodiscard]] Result<void> seal(std::int64_t generation);

    store::Connection& m_connection;
    SecureBytes m_key;
    std::filesystem::path m_head;
};

} // namespace hearth::security
