<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>hearth::gui::AnswerRow</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The oldest %n message(s) did not fit the context and were not read for this answer.</source>
        <translation>
            <numerusform>The oldest message did not fit the context and was not read for this answer.</numerusform>
            <numerusform>The oldest %n messages did not fit the context and were not read for this answer.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::AuditModel</name>
    <message numerus="yes">
        <source>%1 · %2: only %n that are ticked</source>
        <translation>
            <numerusform>%1 · %2: only the one that is ticked</numerusform>
            <numerusform>%1 · %2: only the %n that are ticked</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: kept for %n day(s)</source>
        <translation>
            <numerusform>%1: kept for %n day</numerusform>
            <numerusform>%1: kept for %n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>From %1, %n time(s)</source>
        <translation>
            <numerusform>From %1, once</numerusform>
            <numerusform>From %1, %n times</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::AuditPage</name>
    <message numerus="yes">
        <source>%n entries. The log says who did what and when, never what was written.</source>
        <translation>
            <numerusform>%n entry. The log says who did what and when, never what was written.</numerusform>
            <numerusform>%n entries. The log says who did what and when, never what was written.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries, none changed, none missing.</source>
        <translation>
            <numerusform>%n entry, not changed.</numerusform>
            <numerusform>%n entries, none changed, none missing.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n problems were found.</source>
        <translation>
            <numerusform>%n problem was found.</numerusform>
            <numerusform>%n problems were found.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::BackupsCard</name>
    <message numerus="yes">
        <source>%n chats</source>
        <translation>
            <numerusform>%n chat</numerusform>
            <numerusform>%n chats</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n messages</source>
        <translation>
            <numerusform>%n message</numerusform>
            <numerusform>%n messages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n in the trash</source>
        <translation>
            <numerusform>%n in the trash</numerusform>
            <numerusform>%n in the trash</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::BiasList</name>
    <message numerus="yes">
        <source>This model reads that as %n token(s). Give one of them by its number: %1</source>
        <translation>
            <numerusform>This model reads that as %n token. Give it by its number: %1</numerusform>
            <numerusform>This model reads that as %n tokens. Give one of them by its number: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::BreachCard</name>
    <message numerus="yes">
        <source>%n hours late</source>
        <translation>
            <numerusform>%n hour late</numerusform>
            <numerusform>%n hours late</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hours left of 72</source>
        <translation>
            <numerusform>%n hour left of 72</numerusform>
            <numerusform>%n hours left of 72</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatPage</name>
    <message numerus="yes">
        <source>%n chat(s) were added.</source>
        <translation>
            <numerusform>%n chat was added.</numerusform>
            <numerusform>%n chats were added.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::ChatSidebar</name>
    <message numerus="yes">
        <source>Still reading your chats: %n message(s) so far.</source>
        <translation>
            <numerusform>Still reading your chats: %n message so far.</numerusform>
            <numerusform>Still reading your chats: %n messages so far.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The newest %n place(s):</source>
        <translation>
            <numerusform>The newest place:</numerusform>
            <numerusform>The newest %n places:</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n place(s):</source>
        <translation>
            <numerusform>%n place:</numerusform>
            <numerusform>%n places:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::ConversationDelegate</name>
    <message numerus="yes">
        <source>%n message(s)</source>
        <translation>
            <numerusform>%n message</numerusform>
            <numerusform>%n messages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::ConversationListModel</name>
    <message numerus="yes">
        <source>%1, %n message(s)</source>
        <translation>
            <numerusform>%1, %n message</numerusform>
            <numerusform>%1, %n messages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::DiscoverDetails</name>
    <message numerus="yes">
        <source>%n file(s) are left out because their names are not safe.</source>
        <translation>
            <numerusform>%n file is left out because its name is not safe.</numerusform>
            <numerusform>%n files are left out because their names are not safe.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::FiguresCard</name>
    <message numerus="yes">
        <source>%n model(s) with fewer loads: hearthctl privacy figures lists them.</source>
        <translation>
            <numerusform>%n model with fewer loads: hearthctl privacy figures lists it.</numerusform>
            <numerusform>%n models with fewer loads: hearthctl privacy figures lists them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::FitCard</name>
    <message numerus="yes">
        <source>The file describes %n model(s).</source>
        <translation>
            <numerusform>The file describes %n model.</numerusform>
            <numerusform>The file describes %n models.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::FitDetail</name>
    <message numerus="yes">
        <source>what %n answer(s) on this machine took</source>
        <translation>
            <numerusform>what %n answer on this machine took</numerusform>
            <numerusform>what %n answers on this machine took</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::HardwareOverview</name>
    <message numerus="yes">
        <source>%n core(s)</source>
        <translation>
            <numerusform>%n core</numerusform>
            <numerusform>%n cores</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::HardwareWords</name>
    <message numerus="yes">
        <source>%n minute(s) ago</source>
        <translation>
            <numerusform>%n minute ago</numerusform>
            <numerusform>%n minutes ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s) ago</source>
        <translation>
            <numerusform>%n hour ago</numerusform>
            <numerusform>%n hours ago</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::HistoryCard</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::HubDelegates</name>
    <message numerus="yes">
        <source>%n part(s)</source>
        <translation>
            <numerusform>%n part</numerusform>
            <numerusform>%n parts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s)</source>
        <translation>
            <numerusform>%n connection</numerusform>
            <numerusform>%n connections</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::LibraryModel</name>
    <message numerus="yes">
        <source>%n day(s) ago</source>
        <translation>
            <numerusform>%n day ago</numerusform>
            <numerusform>%n days ago</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::LockScreen</name>
    <message numerus="yes">
        <source>Too many wrong tries. The next one is possible in %n second(s).</source>
        <translation>
            <numerusform>Too many wrong tries. The next one is possible in %n second.</numerusform>
            <numerusform>Too many wrong tries. The next one is possible in %n seconds.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::MeasuredCards</name>
    <message numerus="yes">
        <source>%n thread(s)</source>
        <translation>
            <numerusform>%n thread</numerusform>
            <numerusform>%n threads</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelsPage</name>
    <message numerus="yes">
        <source>%n installed</source>
        <translation>
            <numerusform>%n installed</numerusform>
            <numerusform>%n installed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be taken in</source>
        <translation>
            <numerusform>%n file could not be taken in</numerusform>
            <numerusform>%n files could not be taken in</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n model(s) taken in</source>
        <translation>
            <numerusform>%n model taken in</numerusform>
            <numerusform>%n models taken in</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n already there</source>
        <translation>
            <numerusform>%n already there</numerusform>
            <numerusform>%n already there</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n with the same bytes as another</source>
        <translation>
            <numerusform>%n with the same bytes as another</numerusform>
            <numerusform>%n with the same bytes as another</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelsScan</name>
    <message numerus="yes">
        <source>Take in %n model(s)</source>
        <translation>
            <numerusform>Take in %n model</numerusform>
            <numerusform>Take in %n models</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelsStorage</name>
    <message numerus="yes">
        <source>Not opened for %n day(s).</source>
        <translation>
            <numerusform>Not opened for %n day.</numerusform>
            <numerusform>Not opened for %n days.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::ModelsWiring</name>
    <message numerus="yes">
        <source>%n model(s) were taken in.</source>
        <translation>
            <numerusform>%n model was taken in.</numerusform>
            <numerusform>%n models were taken in.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be taken in.</source>
        <translation>
            <numerusform>%n file could not be taken in.</numerusform>
            <numerusform>%n files could not be taken in.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::NewPasswordFields</name>
    <message numerus="yes">
        <source>At least %n character(s). A sentence of several words is easy to remember and hard to guess.</source>
        <translation>
            <numerusform>At least %n character. A sentence of several words is easy to remember and hard to guess.</numerusform>
            <numerusform>At least %n characters. A sentence of several words is easy to remember and hard to guess.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more character(s)</source>
        <translation>
            <numerusform>%n more character</numerusform>
            <numerusform>%n more characters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::PlacesCard</name>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::PrivacyWiring</name>
    <message numerus="yes">
        <source>%n chat(s) are dated after today, the newest of %1: no rule deletes them before they are used or their date has passed.</source>
        <translation>
            <numerusform>%n chat is dated after today, of %1: no rule deletes it before it is used or its date has passed.</numerusform>
            <numerusform>%n chats are dated after today, the newest of %1: no rule deletes them before they are used or their date has passed.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::ProtectionCard</name>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::QuantiseCompare</name>
    <message numerus="yes">
        <source>measured on %n token(s) of the built-in text</source>
        <translation>
            <numerusform>measured on %n token of the built-in text</numerusform>
            <numerusform>measured on %n tokens of the built-in text</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::RetentionCard</name>
    <message numerus="yes">
        <source>%n days</source>
        <comment>of counts</comment>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>… and %n more</numerusform>
            <numerusform>… and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n things were deleted for good.</source>
        <translation>
            <numerusform>%n thing was deleted for good.</numerusform>
            <numerusform>%n things were deleted for good.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: %n dated after today stay, the newest of %2</source>
        <comment>kind, time</comment>
        <translation>
            <numerusform>%1: %n dated after today stays, of %2</numerusform>
            <numerusform>%1: %n dated after today stay, the newest of %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::SettingsPage</name>
    <message numerus="yes">
        <source>Automatic (%n core(s))</source>
        <translation>
            <numerusform>Automatic (%n core)</numerusform>
            <numerusform>Automatic (%n cores)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::Thoughts</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::gui::TokenSection</name>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
</context>
</TS>
