#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/cli/arguments.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/terminal.h"
#include "engine/runtime/session.h"
#include "engine/workbench/chat.h"

namespace hearth::cli {

/// A conversation over stdin and stdout. On a terminal it shows a prompt, dims the reasoning and goes on
/// after an error; with piped input it reads messages line by line, prints the answers alone and ends at the
/// first error. Ctrl+C stops the answer in progress, never the program. Confined to the main thread.
///
/// The built-in Guide answers every message on its own: see workbench/guide.h.
class ChatLoop {
public:
    struct Setup {
        runtime::GenerationParams params;
        std::string system; ///< not with the Guide
        bool isGuide = false, showStats = false;
    };
    /// `runs` hears of every answer's speed. All references outlive this.
    ChatLoop(const Engine& engine, runtime::Session& session, workbench::RunObserver& runs, Setup setup);

    /// Until /exit or the end of the input. Errors (piped input only): as runtime::Session::chat.
    [[nodiscard]] Result<void> run(Interrupt& interrupt);

private:
    enum class Next { Continue, Exit };

    [[nodiscard]] std::optional<std::string> readMessage();
    [[nodiscard]] Result<Next> handle(const std::string& line, Interrupt& interrupt);
    [[nodiscard]] Result<void> say(const std::string& text, Interrupt& interrupt);
    [[nodiscard]] Result<void> answer(Interrupt& interrupt);
    [[nodiscard]] Result<void> regenerate(Interrupt& interrupt);
    void setSystem(std::string_view text);
    void greet() const;
    void printHelp() const;
    void finish(const runtime::GenerationResult& result);

    const Engine& m_engine;
    runtime::Session& m_session;
    workbench::RunObserver& m_runs;
    runtime::GenerationParams m_params;
    std::vector<runtime::ChatMessage> m_messages; ///< the system prompt first, when there is one
    bool m_isGuide, m_interactive, m_terminal, m_showStats;
    Style m_style, m_noteStyle;
};

} // namespace hearth::cli
