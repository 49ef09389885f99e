#include "engine/cli/accounts/hub_secrets.h"

#include <utility>

namespace hearth::cli {

Result<workbench::SecretHolder> hubSecretsOf(ModelGate& gate) {
    HEARTH_TRY(auto person, gate.person("hub"));
    if (!person)
        return workbench::SecretHolder();
    HEARTH_TRY(auto key, security::SealingKey::from(std::move(person->key)));
    return workbench::SecretHolder{std::to_string(person->id),
                                   std::make_shared<security::SealingKey>(std::move(key))};
}

} // namespace hearth::cli
