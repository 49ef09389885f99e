#include "engine/security/identity/history_codec.h"

#include <string>

#include "engine/security/crypto/sealing.h"

namespace hearth::security {

namespace {

class SealedCodec final : public store::TextCodec {
public:
    SealedCodec(ProfileId profile, RowSealer sealer, std::string keyId)
        : m_place("profile/" + std::to_string(profile) + "/"), m_sealer(std::move(sealer)),
          m_keyId(std::move(keyId)) {}

    Result<std::string> seal(std::string_view text, std::string_view context) const override {
        return m_sealer.seal(viewOf(text), m_place + std::string(context));
    }
    Result<std::string> open(std::string_view sealed, std::string_view context) const override {
        return m_sealer.open(viewOf(sealed), m_place + std::string(context));
    }
    std::string keyId() const override { return m_keyId; }

private:
    std::string m_place;
    RowSealer m_sealer;
    std::string m_keyId;
};

} // namespace

Result<std::unique_ptr<store::TextCodec>> sealedCodec(ProfileId profile, SecureBytes key) {
    HEARTH_TRY(RowSealer sealer, RowSealer::from(std::move(key)));
    HEARTH_TRY(std::string id, sealer.keyId());
    return std::make_unique<SealedCodec>(profile, std::move(sealer), std::move(id));
}

} // namespace hearth::security
