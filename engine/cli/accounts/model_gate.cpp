#include "engine/cli/accounts/model_gate.h"

#include <optional>
#include <string_view>

#include <CLI/CLI.hpp>

#include "engine/cli/accounts/session.h"
#include "engine/security/crypto/sealed_memory.h"
#include "engine/workbench/data_paths.h"

namespace hearth::cli {

using security::Action;
using workbench::Target;

namespace {

/// A model as access lists and the audit log know it.
Target modelTarget(const std::filesystem::path& model) {
    std::error_code ignored;
    return Target::modelAt(std::filesystem::absolute(model, ignored).lexically_normal().string());
}

} // namespace

struct ModelGate::Impl {
    std::optional<AccountsSession> session;
    workbench::Actor actor; ///< the single person while there are no profiles
    bool profiles = false;
};

void ModelCaller::addTo(CLI::App& command) {
    command.add_option("--as", as, "Where there are profiles: who asks; the password is asked for")
        ->group("Profiles");
    command
        .add_option("--token-file", tokenFile,
                    "Instead of --as: a file that holds a key for programs (hearthctl user token-add)")
        ->group("Profiles");
    command.add_flag("--password-stdin", passwordStdin, "Read the password from the standard input")
        ->group("Profiles");
}

ModelGate::ModelGate(ModelCaller caller) : m_caller(std::move(caller)) {}
ModelGate::~ModelGate() = default;

Result<void> ModelGate::run(Action action, const Target& target, const std::function<Result<void>()>& work) {
    if (!m_impl) {
        auto impl = std::make_unique<Impl>();
        const auto paths = workbench::DataPaths::locate();
        std::error_code ignored;
        if (std::filesystem::exists(workbench::AccountPaths::below(paths).data / "accounts.db", ignored)) {
            WhoOptions who;
            who.as = m_caller.as;
            who.passwordStdin = m_caller.passwordStdin;
            HEARTH_TRY(auto session, AccountsSession::openUnsigned(who));
            HEARTH_TRY(const bool single, session.accounts().identity().singlePerson());
            if (!single) {
                if (!m_caller.tokenFile.empty()) {
                    HEARTH_TRY(const auto token, readKeyFile(m_caller.tokenFile));
                    HEARTH_TRY(const auto grant, session.accounts().identity().checkToken(token.bytes()));
                    impl->actor = workbench::Actor::program(grant);
                } else {
                    HEARTH_CHECK(session.signIn(who.as));
                    impl->actor = session.actor();
                }
            }
            impl->profiles = !single;
            impl->session.emplace(std::move(session));
        }
        m_impl = std::move(impl);
    }
    if (!m_impl->session)
        return work(); // nobody has begun to use the window: there is no log to write to
    return m_impl->session->accounts().gate().run(m_impl->actor, action, target, work);
}

Result<void> ModelGate::mayUse(const std::filesystem::path& model) {
    // Loading comes after: what the gate lets through is noted as begun, a refusal as refused.
    return run(Action::Use, modelTarget(model), [] { return Result<void>(); });
}

Result<void> ModelGate::mayMake(const std::filesystem::path& made, const std::filesystem::path& source,
                                const std::function<Result<void>()>& work) {
    if (!source.empty())
        HEARTH_CHECK(mayUse(source));
    return run(Action::Create, modelTarget(made), work);
}

Result<std::optional<ModelGate::Person>> ModelGate::person(std::string_view purpose) {
    if (!m_impl || !m_impl->profiles || !m_impl->session->session())
        return std::nullopt;
    HEARTH_TRY(auto key,
               m_impl->session->accounts().identity().dataKey(*m_impl->session->session(), purpose));
    return Person{m_impl->actor.profile, std::move(key)};
}

Result<std::shared_ptr<const std::span<const std::byte>>>
ModelGate::bytesOf(const std::filesystem::path& model, std::stop_token stop, const ProgressSink& progress) {
    const auto sealed = security::sealedBy(model);
    if (!sealed)
        return nullptr;
    const auto open =
        [&](const security::FileSecret& secret) -> Result<std::shared_ptr<const std::span<const std::byte>>> {
        HEARTH_TRY(auto memory,
                   security::OpenedMemory::open(model, secret, security::kModelContext, stop, progress));
        return security::OpenedMemory::shared(std::move(memory));
    };
    if (sealed == security::SealedBy::Password) {
        const SecretReader reader(m_caller.passwordStdin);
        HEARTH_TRY(const auto password, reader.read("password of the model"));
        return open(security::FilePassword{password.bytes(), {}});
    }
    if (!m_impl || !m_impl->profiles)
        return fail("crypto.needs_key", model.string() + " was sealed for a profile");
    if (!m_impl->session->session())
        return fail("permission.sign_in", "a key for programs opens nothing sealed; use --as");
    HEARTH_TRY(const auto key,
               m_impl->session->accounts().identity().dataKey(*m_impl->session->session(), "models"));
    return open(security::FileKey{key.bytes()});
}

} // namespace hearth::cli
