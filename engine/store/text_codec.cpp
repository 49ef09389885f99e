#include "engine/store/history.h"

namespace hearth::store {

namespace {

class PlainCodec final : public TextCodec {
public:
    Result<std::string> seal(std::string_view text, std::string_view) const override {
        return std::string(text);
    }
    Result<std::string> open(std::string_view sealed, std::string_view) const override {
        return std::string(sealed);
    }
};

} // namespace

std::unique_ptr<TextCodec> plainCodec() {
    return std::make_unique<PlainCodec>();
}

} // namespace hearth::store
