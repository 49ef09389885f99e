#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/sampling/sampler.h"
#include "gui/bridge/engine_bridge.h"
#include "gui/pages/chat_entry_list.h"

namespace hearth::gui {

/// Texts that end an answer. "\n" and "\t" stand for a line's end and a tab, "\\" for a backslash.
class StopList : public EntryList {
    Q_OBJECT

public:
    explicit StopList(Theme& theme, QWidget* parent = nullptr);
    void setStops(std::vector<std::string> stops); ///< emits nothing; what is being typed stays
    [[nodiscard]] const std::vector<std::string>& stops() const { return m_stops; }

Q_SIGNALS:
    void changed();

protected:
    void changeEvent(QEvent* event) override;

private:
    void add(const QString& typed);
    void showEntries();
    void retranslate();

    std::vector<std::string> m_stops;
};

/// Tokens that are made likelier or less likely. A token is given as a text that is one token to the model in
/// memory (in quotation marks where blanks or digits are meant), or by its number. Borrows the bridge.
class BiasList : public EntryList {
    Q_OBJECT

public:
    using Biases = std::map<sampling::TokenId, float>;
    static constexpr float kFirst = -5; ///< what a new entry begins with: clearly rarer, not forbidden

    BiasList(Theme& theme, EngineBridge& engine, QWidget* parent = nullptr);
    void setBiases(Biases biases); ///< emits nothing; what is being typed stays
    void forgetTyped();            ///< also what is being looked up
    [[nodiscard]] const Biases& biases() const { return m_biases; }

Q_SIGNALS:
    void changed();

protected:
    void changeEvent(QEvent* event) override;

private:
    void add(const QString& typed);
    void addToken(sampling::TokenId id, const QString& typed);
    void take(const EngineBridge::Tokens& tokens, const QString& typed, bool byNumber);
    void learnNames();
    void showEntries();
    void retranslate();
    [[nodiscard]] sampling::TokenId idAt(int entry) const;

    EngineBridge& m_engine;
    Biases m_biases;
    std::map<sampling::TokenId, QString> m_names; ///< of the model in memory
    quint64 m_asked = 0;                          ///< an older answer than the last question's is dropped
};

} // namespace hearth::gui
