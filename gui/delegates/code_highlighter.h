#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <QObject>
#include <QPointer>
#include <QString>
#include <QThread>

namespace hearth::gui {

enum class CodeToken { Comment, Keyword, Type, String, Number, Function, Preprocessor, Symbol, Variable };

struct CodeSpan {
    int start = 0, length = 0; ///< UTF-16 units in the line
    CodeToken token = CodeToken::Keyword;
    bool operator==(const CodeSpan&) const = default;
};
using CodeLines = std::vector<std::vector<CodeSpan>>; ///< per line

/// Finds out what the words of a program text are, in a thread of its own, through GNU source-highlight's
/// language definitions. A language is only ever looked up in a fixed table, never used as a file name. Lives
/// in the GUI thread; the destructor stops and joins.
class CodeHighlighter : public QObject {
    Q_OBJECT

public:
    static constexpr qsizetype kMaxBytes = 100'000, kMaxLine = 2000; ///< longer ones stay plain

    explicit CodeHighlighter(QObject* parent = nullptr);
    ~CodeHighlighter() override;

    /// Whether a code fence's language is one that can be coloured.
    [[nodiscard]] static bool knows(const QString& language);

    /// Calls `done` in the GUI thread, unless `context` is gone by then. For an unknown language or a text
    /// that is too long nothing happens.
    void highlight(const QString& language, const QString& code, QObject* context,
                   std::function<void(const CodeLines&)> done);

private:
    struct State;
    std::shared_ptr<State> m_state;
    QThread m_thread;
    QObject* m_worker = nullptr;
};

} // namespace hearth::gui
