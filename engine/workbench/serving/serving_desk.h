#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/runtime/session.h"
#include "engine/security/crypto/secure_bytes.h"
#include "engine/workbench/accounts.h"
#include "engine/workbench/library/library.h"

namespace hearth::workbench {

/// Who calls the server: a program with a key of somebody's, with the key of this run, or without one.
struct ServingCaller {
    enum class By { Token, RunKey, Nobody };
    By by = By::Nobody;
    Actor actor;
    std::int64_t token = 0; ///< its number
};

/// A model as it is served.
struct ServedModel {
    std::string id; ///< "Qwen3-4B", "Qwen3-4B:Q8_0" for a version that is not the default
    std::filesystem::path path;
    std::size_t contextTokens = 0;    ///< chosen for it; 0 = none
    std::string chatTemplate;         ///< chosen for it; "" = none
    runtime::GenerationParams params; ///< of an answer for which nothing else is asked
    std::int64_t createdMs = 0;
};

struct ServingDeskOptions {
    std::filesystem::path model; ///< a file beside those of the library; empty = none
    bool keyRequired = true;
};

/// Who may call the server and with which models; every decision goes through the gate and into the audit
/// log, which never learns what was asked or answered.
///
/// Where there are profiles, callers bring keys for programs (hearthctl user token-add). Without profiles
/// there is one key, made for this run, or none. A model is served where whoever started the server may offer
/// it (Serve) and the caller may use it (Use; View for lists). Sealed models are not served: a key for
/// programs opens nothing sealed.
///
/// Confined to the thread of the accounts and the library, which outlive it. Errors of all: identity.*,
/// permission.*, audit.*, store.*, library.*.
class ServingDesk {
public:
    /// Asks whether `starter` may offer models.
    [[nodiscard]] static Result<std::unique_ptr<ServingDesk>> open(Accounts& accounts, Library& library,
                                                                   Actor starter, ServingDeskOptions options);
    ~ServingDesk();

    /// The key of this run as text; nullptr where there are profiles or no key is required.
    [[nodiscard]] const security::SecureBytes* runKey() const;
    [[nodiscard]] bool withProfiles() const;

    /// Notes that the server begins and ends; `place` is "127.0.0.1:11811".
    [[nodiscard]] Result<void> noteStarted(const std::string& place);
    [[nodiscard]] Result<void> noteStopped(const std::string& place);

    /// `key` is empty where the caller brought none. Errors: serving.no_key, identity.bad_token,
    /// identity.token_expired, identity.token_revoked, identity.disabled.
    [[nodiscard]] Result<ServingCaller> admit(std::string_view key);
    /// Notes that somebody was not let in; `times` since the last note.
    [[nodiscard]] Result<void> noteRefused(const std::string& remote, const std::string& code, int times);

    /// What is offered to anybody.
    [[nodiscard]] Result<std::vector<ServedModel>> offered();
    /// What the caller may see, the file of the options first.
    [[nodiscard]] Result<std::vector<ServedModel>> models(const ServingCaller& caller);
    /// The one that is meant, for use; "" = the file of the options. A refusal is noted. Errors:
    /// serving.unknown_model, permission.denied.
    [[nodiscard]] Result<ServedModel> choose(const ServingCaller& caller, const std::string& id,
                                             const std::string& endpoint);
    /// Notes how a call ended: `reason` is "" or an error's code.
    [[nodiscard]] Result<void> noteCall(const ServingCaller& caller, const ServedModel& model,
                                        const std::string& endpoint, const std::string& reason);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
    explicit ServingDesk(std::unique_ptr<Impl> impl);
};

} // namespace hearth::workbench
