#include "gui/delegates/code_highlighter.h"

#include <atomic>
#include <exception>
#include <map>
#include <string>
#include <utility>

#include <QHash>
#include <srchilite/formattermanager.h>
#include <srchilite/formatterparams.h>
#include <srchilite/instances.h>
#include <srchilite/langdefmanager.h>
#include <srchilite/settings.h>
#include <srchilite/sourcehighlighter.h>

namespace hearth::gui {

namespace {

/// What people write after the fence, and the definition for it.
const char* definitionOf(const QString& language) {
    static const QHash<QString, const char*> table = [] {
        QHash<QString, const char*> map;
        const std::pair<const char*, const char*> rows[] = {{"ada", "ada.lang"},
                                                            {"asm", "asm.lang"},
                                                            {"awk", "awk.lang"},
                                                            {"bash", "sh.lang"},
                                                            {"sh", "sh.lang"},
                                                            {"shell", "sh.lang"},
                                                            {"zsh", "zsh.lang"},
                                                            {"console", "sh.lang"},
                                                            {"bat", "bat.lang"},
                                                            {"batch", "bat.lang"},
                                                            {"c", "c.lang"},
                                                            {"h", "c.lang"},
                                                            {"c++", "cpp.lang"},
                                                            {"cpp", "cpp.lang"},
                                                            {"cxx", "cpp.lang"},
                                                            {"hpp", "cpp.lang"},
                                                            {"c#", "csharp.lang"},
                                                            {"cs", "csharp.lang"},
                                                            {"csharp", "csharp.lang"},
                                                            {"coffee", "coffeescript.lang"},
                                                            {"css", "css.lang"},
                                                            {"d", "d.lang"},
                                                            {"diff", "diff.lang"},
                                                            {"patch", "diff.lang"},
                                                            {"erlang", "erlang.lang"},
                                                            {"fortran", "fortran.lang"},
                                                            {"glsl", "glsl.lang"},
                                                            {"go", "go.lang"},
                                                            {"golang", "go.lang"},
                                                            {"groovy", "groovy.lang"},
                                                            {"haskell", "haskell.lang"},
                                                            {"hs", "haskell.lang"},
                                                            {"html", "html.lang"},
                                                            {"ini", "conf.lang"},
                                                            {"conf", "conf.lang"},
                                                            {"toml", "conf.lang"},
                                                            {"java", "java.lang"},
                                                            {"javascript", "javascript.lang"},
                                                            {"js", "javascript.lang"},
                                                            {"jsx", "javascript.lang"},
                                                            {"ts", "javascript.lang"},
                                                            {"typescript", "javascript.lang"},
                                                            {"tsx", "javascript.lang"},
                                                            {"json", "json.lang"},
                                                            {"latex", "latex.lang"},
                                                            {"tex", "latex.lang"},
                                                            {"lisp", "lisp.lang"},
                                                            {"lua", "lua.lang"},
                                                            {"make", "makefile.lang"},
                                                            {"makefile", "makefile.lang"},
                                                            {"ocaml", "caml.lang"},
                                                            {"pascal", "pascal.lang"},
                                                            {"perl", "perl.lang"},
                                                            {"php", "php.lang"},
                                                            {"proto", "proto.lang"},
                                                            {"py", "python.lang"},
                                                            {"python", "python.lang"},
                                                            {"python3", "python.lang"},
                                                            {"r", "r.lang"},
                                                            {"rb", "ruby.lang"},
                                                            {"ruby", "ruby.lang"},
                                                            {"rs", "rust.lang"},
                                                            {"rust", "rust.lang"},
                                                            {"scala", "scala.lang"},
                                                            {"scheme", "scheme.lang"},
                                                            {"sql", "sql.lang"},
                                                            {"tcl", "tcl.lang"},
                                                            {"vala", "vala.lang"},
                                                            {"vim", "vim.lang"},
                                                            {"xml", "xml.lang"},
                                                            {"svg", "xml.lang"}};
        for (const auto& [name, file] : rows)
            map.insert(QString::fromLatin1(name), file);
        return map;
    }();
    return table.value(language.toLower(), nullptr);
}

/// Collects the spans of the line that is being read. Positions come as bytes.
struct Line {
    std::string bytes;
    std::vector<CodeSpan> spans;
    std::size_t seenBytes = 0;
    int seenUnits = 0;

    int unitsUpTo(std::size_t byte) {
        if (byte < seenBytes)
            seenBytes = 0, seenUnits = 0;
        for (; seenBytes < byte && seenBytes < bytes.size(); ++seenBytes) {
            const auto lead = static_cast<unsigned char>(bytes[seenBytes]);
            if ((lead & 0xc0U) != 0x80U)
                seenUnits += lead >= 0xf0U ? 2 : 1; // beyond the basic plane: a surrogate pair
        }
        return seenUnits;
    }
};

class SpanFormatter final : public srchilite::Formatter {
public:
    SpanFormatter(Line& line, CodeToken token) : m_line(line), m_token(token) {}
    void format(const std::string& text, const srchilite::FormatterParams* params) override {
        if (!params || params->start < 0)
            return;
        const auto from = static_cast<std::size_t>(params->start);
        const int start = m_line.unitsUpTo(from), end = m_line.unitsUpTo(from + text.size());
        if (end > start)
            m_line.spans.push_back({start, end - start, m_token});
    }

private:
    Line& m_line;
    CodeToken m_token;
};

class PlainFormatter final : public srchilite::Formatter {
public:
    void format(const std::string&, const srchilite::FormatterParams*) override {}
};

CodeLines colour(const char* definition, const QString& code, const std::atomic<bool>& stop) {
    static constexpr std::pair<const char*, CodeToken> kElements[] = {
        {"comment", CodeToken::Comment},      {"todo", CodeToken::Comment},
        {"keyword", CodeToken::Keyword},      {"type", CodeToken::Type},
        {"usertype", CodeToken::Type},        {"classname", CodeToken::Type},
        {"string", CodeToken::String},        {"regexp", CodeToken::String},
        {"specialchar", CodeToken::String},   {"number", CodeToken::Number},
        {"function", CodeToken::Function},    {"predef_func", CodeToken::Function},
        {"preproc", CodeToken::Preprocessor}, {"variable", CodeToken::Variable},
        {"predef_var", CodeToken::Variable},  {"attribute", CodeToken::Variable},
        {"selector", CodeToken::Keyword},     {"property", CodeToken::Type},
        {"newfile", CodeToken::String},       {"oldfile", CodeToken::Comment},
        {"difflines", CodeToken::Number}};
    CodeLines out;
    try {
        Line line;
        srchilite::SourceHighlighter highlighter(srchilite::Instances::getLangDefManager()->getHighlightState(
            srchilite::Settings::retrieveDataDir(), definition));
        srchilite::FormatterManager manager(srchilite::FormatterPtr(new PlainFormatter));
        for (const auto& [name, token] : kElements)
            manager.addFormatter(name, srchilite::FormatterPtr(new SpanFormatter(line, token)));
        srchilite::FormatterParams params;
        highlighter.setFormatterManager(&manager);
        highlighter.setFormatterParams(&params);
        highlighter.setOptimize(false); // buffered text would lose its position
        for (const QString& text : code.split(QLatin1Char('\n'))) {
            if (stop)
                return {};
            line = {};
            if (text.size() <= CodeHighlighter::kMaxLine) {
                line.bytes = text.toStdString();
                params.start = 0;
                highlighter.highlightParagraph(line.bytes);
            }
            out.push_back(std::move(line.spans));
        }
    } catch (const std::exception&) { // a missing definition or a pattern that grew too complex: plain text
        return {};
    } catch (...) { // the library also throws classes that derive from nothing
        return {};
    }
    return out;
}

} // namespace

struct CodeHighlighter::State {
    std::atomic<bool> stop{false};
};

CodeHighlighter::CodeHighlighter(QObject* parent)
    : QObject(parent), m_state(std::make_shared<State>()), m_worker(new QObject) {
    m_thread.setObjectName(QStringLiteral("highlight"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
}

CodeHighlighter::~CodeHighlighter() {
    m_state->stop = true;
    if (m_thread.isRunning()) {
        m_thread.quit();
        m_thread.wait();
    } else {
        delete m_worker;
    }
}

bool CodeHighlighter::knows(const QString& language) {
    return definitionOf(language) != nullptr;
}

void CodeHighlighter::highlight(const QString& language, const QString& code, QObject* context,
                                std::function<void(const CodeLines&)> done) {
    const char* definition = definitionOf(language);
    if (!definition || code.size() > kMaxBytes)
        return;
    if (!m_thread.isRunning())
        m_thread.start(QThread::LowPriority);
    QMetaObject::invokeMethod(
        m_worker,
        [this, state = m_state, definition, code, guard = QPointer<QObject>(context),
         done = std::move(done)] {
            if (state->stop)
                return;
            auto lines = std::make_shared<CodeLines>(colour(definition, code, state->stop));
            QMetaObject::invokeMethod(
                this,
                [guard, lines, done] {
                    if (guard && !lines->empty())
                        done(*lines);
                },
                Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
}

} // namespace hearth::gui
