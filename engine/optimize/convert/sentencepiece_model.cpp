// The protobuf of a SentencePiece model: message ModelProto { repeated SentencePiece pieces = 1; TrainerSpec
// trainer_spec = 2; NormalizerSpec normalizer_spec = 3; }, as published in sentencepiece_model.proto.

#include <cmath>
#include <cstring>

#include "engine/optimize/convert/hf_tokenizer.h"

namespace hearth::optimize {

namespace {

constexpr std::size_t kMaxPieces = 1U << 22;
constexpr std::uint64_t kBpe = 2; // TrainerSpec.ModelType
// SentencePiece.Type: NORMAL 1, UNKNOWN 2, CONTROL 3, USER_DEFINED 4, UNUSED 5, BYTE 6: the numbers of GGUF.
constexpr std::uint64_t kLastType = 6;

tl::unexpected<Error> bad(const char* reason, const char* detail) {
    return fail(std::string("tokenizer_model.") + reason, detail);
}

/// One field of a message: its number, and its value as varint, four bytes or a view.
struct Field {
    std::uint64_t number = 0, wire = 0, value = 0;
    std::string_view bytes;
};

/// Reads fields one after the other, never past the end.
class Message {
public:
    explicit Message(std::string_view bytes) : m_rest(bytes) {}
    [[nodiscard]] bool atEnd() const { return m_rest.empty(); }

    Result<Field> next() {
        Field field;
        HEARTH_TRY(const std::uint64_t tag, varint());
        field.number = tag >> 3;
        field.wire = tag & 7;
        switch (field.wire) {
        case 0: {
            HEARTH_TRY(field.value, varint());
            return field;
        }
        case 1:
            return take(field, 8);
        case 2: {
            HEARTH_TRY(const std::uint64_t length, varint());
            return take(field, length);
        }
        case 5:
            return take(field, 4);
        default:
            return bad("bad_field", "a field of a kind that protobuf no longer has");
        }
    }

private:
    Result<std::uint64_t> varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (m_rest.empty())
                return bad("truncated", "the file ends within a number");
            const auto byte = static_cast<unsigned char>(m_rest.front());
            m_rest.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
            if (byte < 0x80)
                return value;
        }
        return bad("bad_field", "a number of more than 64 bits");
    }
    Result<Field> take(Field field, std::uint64_t length) {
        if (length > m_rest.size())
            return bad("truncated", "the file ends within a field");
        field.bytes = m_rest.substr(0, static_cast<std::size_t>(length));
        m_rest.remove_prefix(static_cast<std::size_t>(length));
        return field;
    }
    std::string_view m_rest;
};

Result<void> readPiece(std::string_view bytes, TokenizerTables& out) {
    Message message(bytes);
    std::string text;
    float score = 0;
    std::uint64_t type = 1;
    while (!message.atEnd()) {
        HEARTH_TRY(const Field field, message.next());
        if (field.number == 1 && field.wire == 2)
            text = field.bytes;
        else if (field.number == 2 && field.wire == 5)
            std::memcpy(&score, field.bytes.data(), sizeof score);
        else if (field.number == 3 && field.wire == 0)
            type = field.value;
    }
    if (text.empty() || !std::isfinite(score) || type < 1 || type > kLastType)
        return bad("bad_piece", "a piece without text, or with a score or type that is none");
    if (out.tokens.size() >= kMaxPieces)
        return bad("bad_piece", "too many pieces");
    out.tokens.push_back(std::move(text));
    out.scores.push_back(score);
    out.types.push_back(static_cast<std::int32_t>(type));
    return {};
}

/// TrainerSpec: model_type = 3, unk_id = 40, bos_id = 41, eos_id = 42, pad_id = 43; −1 means none.
Result<void> readTrainer(std::string_view bytes, TokenizerTables& out) {
    Message message(bytes);
    std::uint64_t kind = 1; // the default is unigram
    out.unknown = 0;
    out.bos = 1;
    out.eos = 2;
    while (!message.atEnd()) {
        HEARTH_TRY(const Field field, message.next());
        if (field.wire != 0)
            continue;
        const auto id =
            field.value > INT32_MAX ? std::nullopt : std::optional(static_cast<std::uint32_t>(field.value));
        if (field.number == 3)
            kind = field.value;
        else if (field.number == 40)
            out.unknown = id;
        else if (field.number == 41)
            out.bos = id;
        else if (field.number == 42)
            out.eos = id;
        else if (field.number == 43)
            out.padding = id;
    }
    if (kind != kBpe)
        return bad("not_bpe", "the model was not trained with byte pair encoding");
    return {};
}

/// NormalizerSpec: add_dummy_prefix = 3.
Result<void> readNormalizer(std::string_view bytes, TokenizerTables& out) {
    Message message(bytes);
    while (!message.atEnd()) {
        HEARTH_TRY(const Field field, message.next());
        if (field.number == 3 && field.wire == 0)
            out.addSpacePrefix = field.value != 0;
    }
    return {};
}

} // namespace

Result<TokenizerTables> parseSentencePieceModel(std::string_view bytes) {
    TokenizerTables out;
    out.model = "llama";
    out.pre = "default";
    out.addSpacePrefix = true;
    bool trained = false;
    Message message(bytes);
    while (!message.atEnd()) {
        HEARTH_TRY(const Field field, message.next());
        if (field.wire != 2)
            continue;
        if (field.number == 1) {
            HEARTH_CHECK(readPiece(field.bytes, out));
        } else if (field.number == 2) {
            HEARTH_CHECK(readTrainer(field.bytes, out));
            trained = true;
        } else if (field.number == 3) {
            HEARTH_CHECK(readNormalizer(field.bytes, out));
        }
    }
    if (out.tokens.empty())
        return bad("no_pieces", "the model has no pieces");
    if (!trained)
        return bad("not_bpe", "the model does not say how it was trained");
    for (auto* id : {&out.bos, &out.eos, &out.unknown, &out.padding})
        if (*id && **id >= out.tokens.size())
            id->reset();
    return out;
}

} // namespace hearth::optimize
