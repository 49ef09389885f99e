<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>hearth::gui::AboutPage</name>
    <message>
        <source>About</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A workbench for language models on your own machine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version %1 · free software under the GPL-3.0-or-later, without any warranty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What leaves this machine: nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hearth opens no network connection: models are computed here, chats are kept here, and nothing is counted or reported. A link in an answer is opened in your browser only after you agreed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This installation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Built on the work of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Instruction set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Qt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (never hold what you write or read)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::AnswerBody</name>
    <message>
        <source>Answer</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::AnswerRow</name>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy this answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Regenerate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer again, keeping this version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit the message that was answered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>first token %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The context is full: the answer ends here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer reached its longest allowed length.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer began to repeat itself and was ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit the question</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::Application</name>
    <message>
        <source>%1 is not a model that Hearth can open (.gguf).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatComposer</name>
    <message>
        <source>%1 / %2 tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens of the whole conversation as it would be sent, of the model&apos;s context.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too long for the context by %1 tokens: the oldest turns will be left out. The system prompt stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too long for the context by %1 tokens. Shorten the message, or leave out the oldest turns.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 tokens are left; after that the oldest turns will be left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 tokens are left; the answer ends when the context is full.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a message. Enter sends, Shift+Enter breaks the line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop  Esc</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave out the oldest turns</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatDesk</name>
    <message>
        <source>Reading the conversation… %1 %</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatMessageView</name>
    <message>
        <source>Jump to the newest message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Messages</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatModelBar</name>
    <message>
        <source>Opening…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 mapped · context %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights %1, conversation memory %2, buffers %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model, loading %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model is loaded. Choose a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the vocabulary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preparing the weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · %2 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel loading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Eject: free the model&apos;s memory</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatModelPopup</name>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models that you open, and those in your model folders, will be listed here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model file…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatPage</name>
    <message>
        <source>“%1” is in the trash.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” is back among your chats.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The oldest messages were left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) did not fit the context any more. They stay in the chat, but the model did not read them this time.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Choose another…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GGUF models (*.gguf)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Talk with a model on your own machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model is being loaded. You can write your first message meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write your first message below. Nothing of it leaves this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model file (GGUF), or drop one anywhere on this window. Nothing that you write leaves this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete “%1” with all its messages? This cannot be undone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open this link?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model wrote a link to this address. Opening it leaves Hearth:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model wrote a link that Hearth does not open:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open in browser</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parameters of this chat</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatParameters</name>
    <message>
        <source>Temperature</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How freely words are chosen. 0 always takes the likeliest; above 1 gets erratic.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the k likeliest tokens may be chosen. 0 = no limit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the likeliest tokens that together reach this probability. 1 = no limit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Min-p</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens less likely than this share of the likeliest are left out. 0 = off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Typical-p</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prefers tokens of average surprise. 1 = off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repetition penalty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Above 1 makes words that were just used less likely. 1 = off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frequency penalty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grows with every use of a word. 0 = off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Presence penalty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same for every word that was used at all. 0 = off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Penalty window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many of the last tokens the penalties look at. −1 = all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DRY</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Holds back whole phrases that would repeat. 0 = off; 0.8 is usual.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parameters of this chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the model should be told before the conversation. Empty = nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choosing words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>random</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest answer, tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When the context is full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop and say so</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave out the oldest turns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system prompt always stays. What is left out is said in the chat.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End answers that repeat without end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let the model reason first, where it can</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset to the usual values</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatSidebar</name>
    <message>
        <source>Search the trash…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search chats by title…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New chat (Ctrl+N)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chats in the trash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the chats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No chat has this in its title.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The trash is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your chats will be listed here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete for good…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::CodeCard</name>
    <message>
        <source>Copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy this code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Code, %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::ConversationDelegate</name>
    <message>
        <source>Today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This week</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Untitled chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n message(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>New title</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::ConversationListModel</name>
    <message numerus="yes">
        <source>%1, %n message(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::ErrorBox</name>
    <message>
        <source>Close this message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::ErrorText</name>
    <message>
        <source>This model file is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its structure does not add up at byte {offset}. This happens when a download was cut short or a disk made an error.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download the file again, or compare its checksum with the one on the page it came from.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This model file is incomplete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It ends early: what is announced at byte {offset} is not all there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The download was probably cut short. Download the file again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model&apos;s vocabulary is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The part of the file that turns text into tokens contradicts itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download the model again; if that does not help, the file was converted wrongly, so take another conversion of the same model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model&apos;s vocabulary is of an unknown kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hearth cannot split text into tokens the way this model expects.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take another conversion of the same model, or another model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text is too long</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It exceeds what can be turned into tokens at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send it in several parts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model&apos;s description does not add up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The entry {key} of the file is missing or has a value that cannot be right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file was converted wrongly or is damaged. Take another conversion of the same model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chat history is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The database file cannot be read as a whole. Nothing in it has been changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore a backup from the data folder, or start a new history; the damaged file is set aside, not deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The history file is not Hearth&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file in the history&apos;s place belongs to another program. It has not been touched.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move it away from the data folder and start Hearth again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chat history cannot be opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file or its folder cannot be read and written by you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the permissions of the data folder (Settings shows where it is).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The memory ran out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system gave no more memory while the model was at work.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other programs, choose a shorter context, or take a smaller model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk is full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There was no room left to write the file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free some space and try again. What was saved before is unharmed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something inside Hearth went wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a mistake in the program, not in what you did.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again. If it happens again, please report the code below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model&apos;s chat template failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model brings its own rules for writing a conversation, and they cannot be applied to this one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start a new chat, change the system prompt, or take another conversion of the model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A parameter has a value that cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The value given for {key} is outside of what is possible.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the chat&apos;s parameters and set it back to its usual value.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings file could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its content is not what Hearth writes, so the usual settings are in use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A copy of the file is kept beside it before anything is overwritten.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One setting in the file was not usable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The entry {key} has a value that cannot be used, so its usual value is in force.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the value again on this page; it is saved at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You stopped this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An answer is still being written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One answer is written at a time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait for it or stop it (Esc), then try again. Your text is still there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The conversation no longer fits the context</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It needs {needed_tokens:count} tokens; the model was opened with room for {context_tokens:count}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the model with a larger context, start a new chat, or let the oldest messages be left out (chat parameters).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not enough memory for this model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It needs {needed_bytes:bytes}: {weights_bytes:bytes} for the weights, {kv_bytes:bytes} for the context and {buffer_bytes:bytes} for computing. Free: {available_bytes:bytes}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other programs, choose a shorter context or the Q8 context precision in Settings, or take a smaller quantisation of the model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is not there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} does not exist any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It may have been moved or its disk is not connected. Choose it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} cannot be opened for reading.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the file&apos;s permissions and that its disk is connected.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is a folder, a device or something else.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a model file that ends in .gguf.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It holds 0 bytes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The download never began or was lost. Download the file again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file cannot be mapped into memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system refused to map {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other programs and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file cannot be written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} cannot be opened for writing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the permissions of the folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} could not be written completely; the old content is unharmed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the disk and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hearth has no place to keep its data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder {path} cannot be created or written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check its permissions, or start Hearth with --data-dir and a folder of yours.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not a GGUF model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file does not begin like a GGUF file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a file that ends in .gguf. Other formats have to be converted first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This GGUF version is not supported</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file has a version that Hearth does not know; it reads versions 2 and 3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take a newer conversion of the model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This model was made for another kind of processor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its numbers are stored in big-endian order.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the usual (little-endian) file of the same model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A part of this model is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model comes in several files; {path} is not there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put all parts into one folder under their original names.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The parts of this model do not belong together</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The files of the set contradict each other.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download all parts again from one place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This quantisation is not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file stores weights in a form that Hearth does not know.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take another quantisation of the model, for example Q4_K_M or Q8_0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This kind of model is not supported</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its architecture is &quot;{family}&quot;; Hearth runs {supported}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a model of one of these families.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This quantisation cannot be run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The tensor {tensor} is stored as {type}, which Hearth cannot compute with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A part of the model is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file has no tensor {tensor}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file was converted wrongly or cut. Take another conversion of the same model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A part of the model has the wrong size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The tensor {tensor} does not have the shape that the file&apos;s description asks for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file was converted wrongly. Take another conversion of the same model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A part of the model is stored in a form that Hearth cannot compute with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>HEARTH_ISA names no instruction set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The environment variable HEARTH_ISA is set to a value that Hearth does not know.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the variable, or set it to generic, avx2 or avx512.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This processor lacks the chosen instruction set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The environment variable HEARTH_ISA asks for instructions that this machine does not have.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the variable; Hearth then takes the best there is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model has no vocabulary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file holds weights but nothing to turn text into tokens.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take another conversion of the same model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model cannot read this text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its vocabulary has no token for some of the characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave the unusual characters out, or take another model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text or vocabulary is too large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It exceeds what Hearth takes in at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shorten the text.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text is not valid Unicode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its bytes are wrong at position {offset}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the text again from its source.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model&apos;s chat template does not come to an end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was stopped because it used too many steps, too much text or too much time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take another conversion of the model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A stop text is empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An empty stop text would end every answer at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove it from the chat&apos;s parameters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A stop text is too long</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop texts have to be short to be found while text streams.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shorten it in the chat&apos;s parameters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are too many stop texts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More are given than can be watched for at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove some in the chat&apos;s parameters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No word was left to choose from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chat&apos;s sampling parameters exclude every possible next token, or the model computed no usable numbers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set the parameters back to their usual values; if it stays, the model file is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An answer needs a model in memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model with the button above the chat, or drop a .gguf file on the window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The history was written by a newer Hearth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has format {found}; this version knows formats up to {known}. Nothing has been changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install the newer version, or start with another data folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The history is in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another program is holding the database.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other copies of Hearth or hearthctl and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk reported an error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The history could not be read or written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the disk. Copy the data folder to a safe place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backup before the update failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The history was not updated because its backup could not be written. It is unchanged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the free space and the permissions of the data folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The history could not be updated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is unchanged, and a backup lies beside it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Please report the code below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is no longer in the history</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It may have been deleted in another window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another conversation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no further version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This message has no neighbour in that direction.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A single message cannot be that large.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Split it into several messages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The history could not be read for lack of memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings file cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The usual settings are in use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the permissions of the file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings file was edited by another program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It begins with a byte-order mark, which was ignored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings were written by a newer Hearth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What this version knows is in use; the rest is kept in the file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings file has an entry that is not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} means nothing to this version; it is kept in the file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings file has an entry twice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} stands there more than once; the first counts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One setting in the file was out of range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} was {value}; possible are {min} to {max}. Its usual value is in force.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings were not saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The old file has something wrong with it, and a safe copy of it could not be made first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the free space and the permissions of the configuration folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another copy of Hearth is writing them at this moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This did not work</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::HumanText</name>
    <message>
        <source>%1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::LabelledSlider</name>
    <message>
        <source>Back to the usual value</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::MainWindow</name>
    <message>
        <source>Pages</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelDelegate</name>
    <message>
        <source>Opened lately</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In your folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not there any more</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::ProgressLine</name>
    <message>
        <source>%1 left</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Texts, buttons and gaps grow together.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GGUF files in these folders and below are offered in the model list. The files stay where they are; nothing is copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chats and their backups: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running models</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Automatic (%n core(s))</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Threads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many processor cores compute an answer. Fewer leave room for other programs; more than there are cores only slows down.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Context</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much of a conversation the model can see. Longer contexts take more memory. Automatic: the model&apos;s own length, at most %1 tokens. Counts from the next time a model is opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>16 bit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>8 bit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Context precision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>8 bit halves the memory of the context at a small loss of accuracy. Counts from the next time a model is opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop and say so</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave out oldest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When the context is full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For new chats. Leaving out the oldest messages keeps the system prompt and says what was left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the last model at start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take %1 off the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Some settings in the file were not usable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder with models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder taken off the list; its files are untouched.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send the message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer again (a further version)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find in this chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search all chats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This overview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit; frees the model&apos;s memory</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::Thoughts</name>
    <message>
        <source>Thoughts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thinking…</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::ToastHost</name>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::UserRow</name>
    <message>
        <source>Copy message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit your message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hearth::gui::VersionSwitcher</name>
    <message>
        <source>Version %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Earlier version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Later version</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
