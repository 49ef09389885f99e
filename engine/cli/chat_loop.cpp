#include "engine/cli/chat_loop.h"

#include <iostream>
#include <span>
#include <utility>

#include <unistd.h>

#include "engine/cli/input.h"

namespace hearth::cli {

namespace {

/// In the signal thread, while a line is being typed: says how to leave. The terminal has discarded what was
/// typed.
void hintAtPrompt() {
    constexpr std::string_view kHint = "\n(Ctrl+D or /exit leaves the chat)\n> ";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kHint.data(), kHint.size());
}

bool isBlank(const std::string& text) {
    return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

} // namespace

ChatLoop::ChatLoop(const Engine& engine, runtime::Session& session, workbench::RunObserver& runs, Setup setup)
    : m_engine(engine), m_session(session), m_runs(runs), m_params(std::move(setup.params)),
      m_isGuide(setup.isGuide), m_interactive(stdinIsTerminal()), m_terminal(stdoutIsTerminal()),
      m_showStats(setup.showStats || (m_interactive && m_terminal)), m_style(styleFor(m_terminal)),
      m_noteStyle(styleFor(stderrIsTerminal())) {
    if (!setup.system.empty())
        setSystem(setup.system);
}

Result<void> ChatLoop::run(Interrupt& interrupt) {
    if (m_interactive) {
        interrupt.setIdleHandler(hintAtPrompt);
        greet();
    }
    while (const auto line = readMessage()) {
        const auto next = handle(*line, interrupt);
        if (!next) {
            if (!m_interactive)
                return tl::unexpected<Error>(next.error());
            report(next.error());
        } else if (*next == Next::Exit) {
            break;
        }
    }
    return {};
}

void ChatLoop::greet() const {
    const auto& config = m_engine.model->config();
    note(std::string(m_noteStyle.dim) + printable(config.name.empty() ? config.family : config.name) +
         ", context " + std::to_string(m_session.contextTokens()) + " tokens. /help lists the commands." +
         std::string(m_noteStyle.reset));
    if (m_isGuide)
        note(
            "This is Hearth's small built-in helper. It answers short questions about Hearth and about\n"
            "running models on your own machine, in English and Chinese, each on its own, and can be wrong.\n"
            "A model of your own: hearthctl chat --model FILE.gguf");
    if (!m_engine.model->hasOwnTemplate())
        note("This model has no chat template; the default (ChatML) is used.");
}

/// A line; a backslash at its end continues it on the next.
std::optional<std::string> ChatLoop::readMessage() {
    std::string message;
    for (bool continued = false;; continued = true) {
        if (m_interactive) {
            std::cout.flush();
            std::fputs(continued ? ". " : "> ", stderr);
        }
        std::string line;
        if (!std::getline(std::cin, line)) {
            if (m_interactive)
                note("");
            return continued ? std::optional(message) : std::nullopt;
        }
        if (!line.empty() && line.back() == '\r')
            line.pop_back();
        if (line.empty() || line.back() != '\\')
            return message + line;
        message.append(line, 0, line.size() - 1).append(1, '\n');
    }
}

Result<ChatLoop::Next> ChatLoop::handle(const std::string& line, Interrupt& interrupt) {
    if (isBlank(line))
        return Next::Continue;
    if (line.front() != '/') {
        HEARTH_CHECK(say(line, interrupt));
        return Next::Continue;
    }
    const auto space = line.find(' ');
    const std::string command = line.substr(0, space);
    const std::string rest = space == std::string::npos ? "" : line.substr(space + 1);
    if (command == "/exit" || command == "/quit")
        return Next::Exit;
    if (command == "/help") {
        printHelp();
    } else if (command == "/reset") {
        const bool hasSystem = !m_messages.empty() && m_messages.front().role == "system";
        m_messages.resize(hasSystem ? 1 : 0);
        note("The conversation starts anew.");
    } else if (command == "/system" && m_isGuide) {
        note("The Guide takes no system prompt.");
    } else if (command == "/system") {
        setSystem(rest);
        note(rest.empty() ? "There is no system prompt now." : "The system prompt is set.");
    } else if (command == "/regenerate") {
        HEARTH_CHECK(regenerate(interrupt));
    } else if (command.starts_with("//")) { // a message that begins with a slash
        HEARTH_CHECK(say(line.substr(1), interrupt));
    } else {
        note("There is no command " + printable(command) +
             "; /help lists them. Two slashes begin a message with one.");
    }
    return Next::Continue;
}

void ChatLoop::printHelp() const {
    note("/help          this list\n"
         "/reset         forget the conversation, keep the system prompt\n"
         "/system TEXT   set the system prompt; without a text, remove it\n"
         "/regenerate    answer the last message again\n"
         "/exit          leave (so does Ctrl+D)\n"
         "Ctrl+C         stop the answer\n"
         "A backslash at the end of a line continues the message on the next one.");
}

void ChatLoop::setSystem(std::string_view text) {
    if (!m_messages.empty() && m_messages.front().role == "system")
        m_messages.erase(m_messages.begin());
    if (!text.empty())
        m_messages.insert(m_messages.begin(), {"system", std::string(text)});
}

Result<void> ChatLoop::say(const std::string& text, Interrupt& interrupt) {
    m_messages.push_back({"user", text});
    return answer(interrupt);
}

Result<void> ChatLoop::regenerate(Interrupt& interrupt) {
    if (!m_messages.empty() && m_messages.back().role == "assistant")
        m_messages.pop_back();
    if (m_messages.empty() || m_messages.back().role != "user") {
        note("There is no message to answer yet.");
        return {};
    }
    return answer(interrupt);
}

Result<void> ChatLoop::answer(Interrupt& interrupt) {
    bool reasoning = false;
    const auto show = [&](const runtime::Piece& piece) {
        const bool thinks = piece.kind == runtime::PieceKind::Reasoning;
        if (!m_terminal) {
            if (!thinks)
                printNow(piece.text);
            return;
        }
        if (thinks != std::exchange(reasoning, thinks))
            print(thinks ? std::string(m_style.dim) : std::string(m_style.reset) + "\n\n");
        printNow(printable(piece.text));
    };
    Result<runtime::GenerationResult> result;
    {
        const Interrupt::Work work(interrupt);
        const auto sent = std::span(std::as_const(m_messages)).last(m_isGuide ? 1 : m_messages.size());
        result = m_session.chat(sent, m_params, work.token(), show);
    }
    if (m_terminal && reasoning)
        print(m_style.reset);
    printNow("\n");
    if (result) {
        finish(*result);
        return {};
    }
    // The message was not answered: it may be sent again, shorter.
    m_messages.pop_back();
    if (result.error().code == kCancelled) {
        note("(stopped)");
        return {};
    }
    return tl::unexpected<Error>(std::move(result).error());
}

void ChatLoop::finish(const runtime::GenerationResult& result) {
    m_messages.push_back({"assistant", result.answer, result.reasoning});
    const auto dimmed = [&](const std::string& text) {
        note(std::string(m_noteStyle.dim) + text + std::string(m_noteStyle.reset));
    };
    if (!result.droppedMessages.empty())
        dimmed("(" + std::to_string(result.droppedMessages.size()) +
               " of the oldest messages no longer fit into the context and were left out)");
    if (const auto text = stopText(result.stop); !text.empty())
        dimmed("(" + text + ")");
    if (m_showStats)
        dimmed("[" + statsText(result.stats) + ", context " +
               std::to_string(m_session.cachedTokens().size()) + "/" +
               std::to_string(m_session.contextTokens()) + "]");
    m_runs.answered(result.stats);
    noteProblems(result);
}

} // namespace hearth::cli
