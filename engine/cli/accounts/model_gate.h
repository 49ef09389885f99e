#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/workbench/gate.h"

namespace CLI {
class App;
}

namespace hearth::cli {

/// Who asks for models at the terminal, where the installation has profiles: somebody who signs in, or a
/// program with a key.
struct ModelCaller {
    std::string as;
    bool passwordStdin = false;
    std::filesystem::path tokenFile;

    void addTo(CLI::App& command);
};

/// Asks the gate whether the caller may use or make a model or train one, and notes it. Without profiles
/// everybody may, and it is noted as the window notes it; on a machine where the window was never opened
/// there is no log, and nothing is written. The password is asked for once per ModelGate. Main thread.
class ModelGate {
public:
    explicit ModelGate(ModelCaller caller);
    ~ModelGate();
    /// Errors: usage.who (there are profiles and nobody was named), file.* (the key's file), identity.*,
    /// permission.denied, store.*.
    [[nodiscard]] Result<void> mayUse(const std::filesystem::path& model);
    /// The same for another action, whose work is done when it is allowed and whose end is noted. Errors: as
    /// above, and those of `work`.
    [[nodiscard]] Result<void> run(security::Action action, const workbench::Target& target,
                                   const std::function<Result<void>()>& work);
    /// The same for work that makes a model file of another, which the caller must be allowed to use, or of
    /// something else (`source` empty).
    [[nodiscard]] Result<void> mayMake(const std::filesystem::path& made, const std::filesystem::path& source,
                                       const std::function<Result<void>()>& work);
    /// Who signed in, with their key for a purpose; nullopt without profiles and for a program with a key.
    /// After one of the above.
    struct Person {
        security::ProfileId id = 0;
        security::SecureBytes key;
    };
    [[nodiscard]] Result<std::optional<Person>> person(std::string_view purpose);
    /// The bytes of a sealed model file, opened into memory with the key of who signed in or, without
    /// profiles, with a password that is asked for; null for a file that is not sealed. After mayUse().
    /// Errors: crypto.*, memory.not_enough, permission.sign_in (a key for programs opens nothing sealed).
    [[nodiscard]] Result<std::shared_ptr<const std::span<const std::byte>>>
    bytesOf(const std::filesystem::path& model, std::stop_token stop = {}, const ProgressSink& progress = {});

private:
    struct Impl;
    ModelCaller m_caller;
    std::unique_ptr<Impl> m_impl;
};

} // namespace hearth::cli
