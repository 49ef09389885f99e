#include "engine/store/notes.h"

#include "engine/store/sealed.h"

namespace hearth::store {

Result<void> Notes::saveDraft(RowId conversation, const std::string& text) {
    if (text.empty())
        return m_connection.run("DELETE FROM draft WHERE profile = 1 AND conversation = ?", {conversation});
    return m_connection.transaction([&]() -> Result<void> {
        if (conversation != 0) {
            HEARTH_TRY(const auto exists,
                       m_connection.integer("SELECT 1 FROM conversation WHERE id = ?", {conversation}));
            if (!exists)
                return notFound("conversation", conversation);
        }
        HEARTH_TRY(const std::string sealed, Sealed(m_codec, "draft", conversation).seal("content", text));
        return m_connection.run("INSERT INTO draft (profile, conversation, content) VALUES (1, ?, ?) "
                                "ON CONFLICT DO UPDATE SET content = excluded.content",
                                {conversation, sealed});
    });
}

Result<std::string> Notes::draft(RowId conversation) {
    HEARTH_TRY(const auto sealed,
               m_connection.bytes("SELECT content FROM draft WHERE profile = 1 AND conversation = ?",
                                  {conversation}));
    if (!sealed)
        return std::string();
    return Sealed(m_codec, "draft", conversation).open("content", *sealed);
}

// A setting's row is known by its key, so the key is the column's name in what the value is sealed under.
Result<void> Notes::setSetting(const std::string& key, const std::string& value) {
    HEARTH_TRY(const std::string sealed, Sealed(m_codec, "setting", 1).seal(key, value));
    return m_connection.run("INSERT INTO setting (profile, key, value) VALUES (1, CAST(? AS TEXT), ?) "
                            "ON CONFLICT DO UPDATE SET value = excluded.value",
                            {key, sealed});
}

Result<std::optional<std::string>> Notes::setting(const std::string& key) {
    HEARTH_TRY(
        const auto sealed,
        m_connection.bytes("SELECT value FROM setting WHERE profile = 1 AND key = CAST(? AS TEXT)", {key}));
    if (!sealed)
        return std::nullopt;
    HEARTH_TRY(auto text, Sealed(m_codec, "setting", 1).open(key, *sealed));
    return text;
}

} // namespace hearth::store
