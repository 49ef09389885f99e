#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/security/crypto/file_sealing.h"
#include "engine/security/crypto/sealing.h"
#include "engine/security/crypto/signature.h"

using namespace hearth;
using namespace hearth::security;

/// Envelopes and sealed files from a stranger: refused with an error, never opened, never a crash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input = std::as_bytes(std::span(data, size));
    static const auto key = SealingKey::generate(); // no input can be right for it
    if (key->open(input, "fuzz"))
        std::abort();
    FileOpener opener(FileKey{key->key()}, "fuzz", [](ByteView) -> Result<void> { std::abort(); });
    const std::size_t piece = size == 0 ? 1 : 1 + data[0] % 97;
    bool refused = false;
    for (std::size_t i = 0; i < size && !refused; i += piece)
        refused = !opener.feed(input.subspan(i, std::min(piece, size - i)));
    if (!refused && opener.finish())
        std::abort();
    std::vector<std::byte> out(size / 2);
    if (fromHex(textOf(input), out) && toHex(out).size() != size)
        std::abort();
    return 0;
}
