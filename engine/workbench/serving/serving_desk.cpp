#include "engine/workbench/serving/serving_desk.h"

#include <algorithm>
#include <map>

#include "engine/base/ascii.h"
#include "engine/security/crypto/digest.h"
#include "engine/workbench/library/model_defaults.h"

namespace hearth::workbench {

using security::Action;
using security::Outcome;
using security::Resource;
using security::SecureBytes;

namespace {

constexpr std::size_t kKeyBytes = 32;

std::string fullPath(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::absolute(path, ignored).lexically_normal().string();
}

Result<SecureBytes> makeKey() {
    HEARTH_TRY(const SecureBytes random, SecureBytes::random(kKeyBytes));
    HEARTH_TRY(SecureBytes text, SecureBytes::make(2 * kKeyBytes));
    writeHex(random.bytes(), text.bytes());
    return text;
}

/// "key 3 of profile 2", "the key of this run", "no key".
std::string keyOf(const ServingCaller& caller) {
    switch (caller.by) {
    case ServingCaller::By::Token:
        return "key " + std::to_string(caller.token);
    case ServingCaller::By::RunKey:
        return "the key of this run";
    case ServingCaller::By::Nobody:
        break;
    }
    return "no key";
}

/// A refusal or a call of a model, as the audit log words it.
Target callOf(const ServingCaller& caller, const std::string& path, const std::string& endpoint) {
    Target target = Target::modelAt(path);
    target.object = "call of " + endpoint + " with " + keyOf(caller) + ", model " + path;
    return target;
}

} // namespace

struct ServingDesk::Impl {
    Accounts& accounts;
    Library& library;
    Actor starter;
    ServingDeskOptions options;
    bool profiles = false;
    std::optional<SecureBytes> key;
    security::Digest keyHash{};

    [[nodiscard]] Result<std::vector<ServedModel>> everything();
    /// Those of `models` with which `actor` may do that.
    [[nodiscard]] Result<std::vector<ServedModel>> allowed(const Actor& actor, Action action,
                                                           Result<std::vector<ServedModel>> models);
    [[nodiscard]] Result<void> note(const std::string& action, const std::string& object, Outcome outcome,
                                    const std::string& reason) {
        return accounts.audit()
            .append({starter.profile, action, object, outcome, reason})
            .map([](std::int64_t) {});
    }
};

ServingDesk::ServingDesk(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
ServingDesk::~ServingDesk() = default;

Result<std::unique_ptr<ServingDesk>> ServingDesk::open(Accounts& accounts, Library& library, Actor starter,
                                                       ServingDeskOptions options) {
    HEARTH_CHECK(accounts.gate().check(starter, Action::Serve, Target::of(Resource::Model)));
    auto impl = std::make_unique<Impl>(Impl{accounts, library, starter, std::move(options), {}, {}, {}});
    HEARTH_TRY(const bool single, accounts.identity().singlePerson());
    impl->profiles = !single;
    if (single && impl->options.keyRequired) {
        HEARTH_TRY(impl->key, makeKey());
        HEARTH_TRY(impl->keyHash, security::sha256(impl->key->bytes()));
    }
    return std::unique_ptr<ServingDesk>(new ServingDesk(std::move(impl)));
}

const SecureBytes* ServingDesk::runKey() const {
    return m_impl->key ? &*m_impl->key : nullptr;
}
bool ServingDesk::withProfiles() const {
    return m_impl->profiles;
}

Result<void> ServingDesk::noteStarted(const std::string& place) {
    return m_impl->note("server.start",
                        "at " + place + (m_impl->options.keyRequired ? ", with keys" : ", without keys"),
                        Outcome::Done, "");
}
Result<void> ServingDesk::noteStopped(const std::string& place) {
    return m_impl->note("server.stop", "at " + place, Outcome::Done, "");
}

Result<ServingCaller> ServingDesk::admit(std::string_view key) {
    HEARTH_TRY(const bool single, m_impl->accounts.identity().singlePerson());
    if (!single && (m_impl->options.keyRequired || !key.empty())) {
        if (key.empty())
            return fail("serving.no_key", "no key was given");
        HEARTH_TRY(const auto grant, m_impl->accounts.identity().checkToken(security::viewOf(key)));
        return ServingCaller{ServingCaller::By::Token, Actor::program(grant), grant.token.id};
    }
    if (!single) // without keys, callers are whoever started the server, as a program of theirs
        return ServingCaller{
            ServingCaller::By::Nobody, {m_impl->starter.profile, security::TokenScope::Chat}, 0};
    if (!m_impl->options.keyRequired)
        return ServingCaller{};
    if (key.empty())
        return fail("serving.no_key", "no key was given");
    // Hashes, so that neither length nor content of what was sent shows in the time.
    HEARTH_TRY(const security::Digest hash, security::sha256(security::viewOf(key)));
    if (!m_impl->key || !security::equalInConstantTime(hash, m_impl->keyHash))
        return fail("identity.bad_token", "this is not the key of this run");
    return ServingCaller{ServingCaller::By::RunKey, {}, 0};
}

Result<void> ServingDesk::noteRefused(const std::string& remote, const std::string& code, int times) {
    return m_impl->accounts.audit()
        .append({0, "server.call", "from " + remote + ", " + std::to_string(times) + " times",
                 Outcome::Refused, code})
        .map([](std::int64_t) {});
}

/// Every model that can be served at all, whoever asks; ids are unique.
Result<std::vector<ServedModel>> ServingDesk::Impl::everything() {
    std::vector<ServedModel> out;
    std::map<std::string, int> taken;
    const auto add = [&](ServedModel model, const std::string& number) {
        if (taken[model.id]++ > 0)
            model.id += "#" + number;
        out.push_back(std::move(model));
    };
    if (!options.model.empty()) {
        ServedModel model;
        model.id = options.model.stem().string();
        model.path = fullPath(options.model);
        add(std::move(model), "file");
    }
    HEARTH_TRY(const auto models, library.models());
    for (const LibraryModel& model : models) {
        if (!model.runnable)
            continue;
        const auto defaults = modelDefaultsFromJson(model.defaults);
        for (const LibraryVersion& version : model.versions) {
            if (version.sealed() || version.state() == FileState::Missing)
                continue;
            ServedModel one;
            one.id = version.isDefault ? model.name : model.name + ":" + version.label;
            one.path = fullPath(version.path());
            if (!options.model.empty() && one.path == out.front().path)
                continue; // the file of the options, under its own name
            one.createdMs = version.createdMs;
            if (defaults) {
                one.contextTokens = defaults->contextTokens;
                one.chatTemplate = defaults->chatTemplate;
                one.params = defaults->params.value_or(one.params);
            }
            add(std::move(one), std::to_string(version.id));
        }
    }
    return out;
}

Result<std::vector<ServedModel>> ServingDesk::Impl::allowed(const Actor& actor, Action action,
                                                            Result<std::vector<ServedModel>> models) {
    if (!models)
        return models;
    std::vector<ServedModel> out;
    for (ServedModel& model : *models) {
        HEARTH_TRY(const bool may,
                   accounts.gate().allows(actor, action, Target::modelAt(model.path.string())));
        if (may)
            out.push_back(std::move(model));
    }
    return out;
}

Result<std::vector<ServedModel>> ServingDesk::offered() {
    return m_impl->allowed(m_impl->starter, Action::Serve, m_impl->everything());
}

Result<std::vector<ServedModel>> ServingDesk::models(const ServingCaller& caller) {
    return m_impl->allowed(caller.actor, Action::View, offered());
}

Result<ServedModel> ServingDesk::choose(const ServingCaller& caller, const std::string& id,
                                        const std::string& endpoint) {
    HEARTH_TRY(auto all, m_impl->everything());
    // Without a name the file of the options is meant, which comes first.
    const auto found = id.empty() ? (m_impl->options.model.empty() ? all.end() : all.begin())
                                  : std::find_if(all.begin(), all.end(),
                                                 [&](const ServedModel& model) { return model.id == id; });
    const auto unknown = [] { return fail("serving.unknown_model", "no model of that name is served"); };
    if (found == all.end())
        return unknown();
    const std::string path = found->path.string();
    HEARTH_TRY(const bool offered,
               m_impl->accounts.gate().allows(m_impl->starter, Action::Serve, Target::modelAt(path)));
    if (!offered)
        return unknown();
    HEARTH_CHECK(m_impl->accounts.gate().check(caller.actor, Action::Use, callOf(caller, path, endpoint)));
    return std::move(*found);
}

Result<void> ServingDesk::noteCall(const ServingCaller& caller, const ServedModel& model,
                                   const std::string& endpoint, const std::string& reason) {
    return m_impl->accounts.gate().note(caller.actor, Action::Use,
                                        callOf(caller, model.path.string(), endpoint),
                                        reason.empty() ? Outcome::Done : Outcome::Failed, reason);
}

} // namespace hearth::workbench
