#include <QCoreApplication>

#include "gui/widgets/error_rows.h"

namespace hearth::gui {

namespace {

/// A class only because the translation tools take a sentence's context from the class around it.
struct Table {
    Q_DECLARE_TR_FUNCTIONS(hearth::gui::ErrorText)
public:
    static constexpr ErrorSentences kNoConnection{
        QT_TR_NOOP("The hub cannot be reached"), QT_TR_NOOP("{detail}."),
        QT_TR_NOOP("Check the connection, the proxy, or choose another hub.")};
    static constexpr ErrorSentences kBroken{QT_TR_NOOP("The connection broke"), QT_TR_NOOP("{detail}."),
                                            QT_TR_NOOP("Check the connection.")};
    static constexpr ErrorSentences kOddServer{QT_TR_NOOP("The server does not send what was asked for"),
                                               QT_TR_NOOP("{detail}."),
                                               QT_TR_NOOP("Try again later or choose another hub.")};
    static constexpr ErrorSentences kUnsafeRedirect{
        QT_TR_NOOP("The hub leads to a place that is not safe"),
        QT_TR_NOOP("{detail}. Nothing was sent there."),
        QT_TR_NOOP("Choose another hub. If this is a network of your own, put its address in as a hub.")};
    static constexpr ErrorSentences kBadAddress{
        QT_TR_NOOP("This is not the address of a hub"), QT_TR_NOOP("{url} cannot be used."),
        QT_TR_NOOP("Write it as a browser shows it, for example https://hf-mirror.com.")};
    static constexpr ErrorSentences kOddAnswer{
        QT_TR_NOOP("The hub's answer makes no sense"), QT_TR_NOOP("{detail}."),
        QT_TR_NOOP("This network may want you to sign in first, or the address is not a hub's. Try again or "
                   "choose another hub.")};
    static constexpr ErrorSentences kUnverifiable{
        QT_TR_NOOP("This file cannot be verified"), QT_TR_NOOP("{detail}."),
        QT_TR_NOOP("Choose another hub. Hearth takes no file that it cannot check.")};
    static constexpr ErrorSentences kNoHeader{QT_TR_NOOP("What this file needs cannot be told"),
                                              QT_TR_NOOP("{detail}."),
                                              QT_TR_NOOP("The file can be downloaded all the same.")};

    static constexpr ErrorRow kRows[] = {
        {"hub.host_not_found", kNoConnection},
        {"hub.connection_refused", kNoConnection},
        {"hub.network", kNoConnection},
        {"hub.timeout", kNoConnection},
        {"hub.connection_lost", kBroken},
        {"hub.cut_short", kBroken},
        {"hub.stalled", kBroken},
        {"hub.proxy",
         {QT_TR_NOOP("The proxy does not help"), QT_TR_NOOP("{detail}."),
          QT_TR_NOOP("Check its address, user name and password under Hubs.")}},
        {"hub.bad_proxy",
         {QT_TR_NOOP("This proxy cannot be used"),
          QT_TR_NOOP("It needs a host name and a port from 1 to 65535."),
          QT_TR_NOOP("Correct it under Hubs.")}},
        {"hub.tls",
         {QT_TR_NOOP("Nobody vouches for this server"),
          QT_TR_NOOP("{detail}. The connection was ended before anything was said."),
          QT_TR_NOOP("Check the clock of this machine. If it is right, somebody may be reading along on this "
                     "network.")}},
        {"hub.insecure_redirect", kUnsafeRedirect},
        {"hub.private_redirect", kUnsafeRedirect},
        {"hub.bad_redirect", kUnsafeRedirect},
        {"hub.too_many_redirects", kOddServer},
        {"hub.bad_content_range", kOddServer},
        {"hub.encoded", kOddServer},
        {"hub.size_mismatch", kOddServer},
        {"hub.unexpected_status", kOddServer},
        {"hub.not_a_file",
         {QT_TR_NOOP("A web page came instead of the file"), QT_TR_NOOP("{detail}."),
          QT_TR_NOOP(
              "This network may want you to sign in first: open any page in the browser, then try again.")}},
        {"hub.bad_answer", kOddAnswer},
        {"hub.answer_too_large", kOddAnswer},
        {"hub.page_loop", kOddAnswer},
        {"hub.name_collision",
         {QT_TR_NOOP("Two files of this repository have the same name here"),
          QT_TR_NOOP("{file} and {other} differ only in upper and lower case or in how accents are written."),
          QT_TR_NOOP("Choose another repository of the model.")}},
        {"hub.unsafe_name",
         {QT_TR_NOOP("This file's name is not safe"), QT_TR_NOOP("The hub calls it “{file}”."),
          QT_TR_NOOP("Choose another file or another repository of the model.")}},
        {"hub.repository_not_found",
         {QT_TR_NOOP("There is no such model"), QT_TR_NOOP("{host} does not know it."),
          QT_TR_NOOP("Search for it, or choose another hub.")}},
        {"hub.revision_not_found",
         {QT_TR_NOOP("This version of the model is gone"), QT_TR_NOOP("{host} does not have it any more."),
          QT_TR_NOOP("Cancel the download and start it anew.")}},
        {"hub.file_not_found",
         {QT_TR_NOOP("The file is not there"), QT_TR_NOOP("{detail}."),
          QT_TR_NOOP("Look at the list of files again.")}},
        {"hub.gated",
         {QT_TR_NOOP("The owner of this model wants its terms accepted"),
          QT_TR_NOOP("{host} gives its files only to people who have done that."),
          QT_TR_NOOP(
              "Open the model's page, accept the terms, make a token there and put it in under Hubs.")}},
        {"hub.needs_token",
         {QT_TR_NOOP("This model is private, or does not exist"),
          QT_TR_NOOP("{host} shows it only to people who say who they are."),
          QT_TR_NOOP("Check the name. If it is right, make a token on the hub and put it in under Hubs.")}},
        {"hub.token_refused",
         {QT_TR_NOOP("The hub does not accept your token"),
          QT_TR_NOOP("{host} answers with status {status}."),
          QT_TR_NOOP("It may have run out. Make a new one on the hub and put it in under Hubs.")}},
        {"hub.forbidden",
         {QT_TR_NOOP("The hub refuses"), QT_TR_NOOP("{host} answers with status {status}."),
          QT_TR_NOOP("Your account may not have access to this model; its page says more.")}},
        {"hub.owner_away",
         {QT_TR_NOOP("This download waits for the person who began it"),
          QT_TR_NOOP("The hub gives the file only with their access, which nobody else may use."),
          QT_TR_NOOP("It goes on when they sign in. “Go on” fetches it with your own access instead.")}},
        {"hub.busy",
         {QT_TR_NOOP("The hub asks to wait"), QT_TR_NOOP("{host} gets too many requests from here."),
          QT_TR_NOOP("It goes on by itself. With a token of yours, hubs allow more.")}},
        {"hub.server_error",
         {QT_TR_NOOP("The hub has a problem"), QT_TR_NOOP("{host} answers with status {status}."),
          QT_TR_NOOP("Try again later or choose another hub.")}},
        {"hub.file_changed",
         {QT_TR_NOOP("The file is another one by now"), QT_TR_NOOP("{detail}."),
          QT_TR_NOOP("Cancel the download and start it anew to get the new one.")}},
        {"hub.wrong_hash",
         {QT_TR_NOOP("The file is not what the hub promised"),
          QT_TR_NOOP("Its SHA-256 is another one, however often the parts of {file} are fetched."),
          QT_TR_NOOP("It is not used. Try again later: only what is wrong is fetched anew, from another hub "
                     "where there is one.")}},
        {"hub.no_size", kUnverifiable},
        {"hub.no_hash", kUnverifiable},
        {"hub.missing_part",
         {QT_TR_NOOP("A part of this model is missing on the hub"), QT_TR_NOOP("{detail}."),
          QT_TR_NOOP("Choose another quantisation or another repository.")}},
        {"hub.no_such_quantisation",
         {QT_TR_NOOP("This quantisation is not there"), QT_TR_NOOP("{detail}."),
          QT_TR_NOOP("Choose one of the others.")}},
        {"hub.bad_repository",
         {QT_TR_NOOP("This is not the name of a model"),
          QT_TR_NOOP("“{repository}” is not of the form owner/name."), QT_TR_NOOP("Search for the model.")}},
        {"hub.bad_revision",
         {QT_TR_NOOP("This is not the name of a version"),
          QT_TR_NOOP("“{revision}” cannot be a branch, tag or commit."), ""}},
        {"hub.bad_endpoint", kBadAddress},
        {"hub.insecure_endpoint",
         {QT_TR_NOOP("This address is not encrypted"),
          QT_TR_NOOP("{url} would send and receive everything in the open."),
          QT_TR_NOOP("Write it with https://. Only this machine and the local network may do without.")}},
        {"hub.no_space",
         {QT_TR_NOOP("There is not enough room on the disk"),
          QT_TR_NOOP("{needed_bytes:bytes} are needed, {free_bytes:bytes} are free in {path}."),
          QT_TR_NOOP("Free some space, or choose another folder for models in Settings.")}},
        {"hub.file_too_large",
         {QT_TR_NOOP("The disk cannot hold so large a file"),
          QT_TR_NOOP("The file system of {path} has a limit, or you have."),
          QT_TR_NOOP("Choose a folder on another disk in Settings.")}},
        {"hub.target_exists",
         {QT_TR_NOOP("Another file has this name"), QT_TR_NOOP("{path} exists and is something else."),
          QT_TR_NOOP("Move or rename that file, then try again. It has not been touched.")}},
        {"hub.in_use",
         {QT_TR_NOOP("Another program is downloading this file"),
          QT_TR_NOOP("{path} is being written by it."), QT_TR_NOOP("Wait for it, or end it and try again.")}},
        {"hub.queue_damaged",
         {QT_TR_NOOP("The list of downloads cannot be read"), QT_TR_NOOP("It is kept as {path}."),
          QT_TR_NOOP(
              "Start the downloads again: what they received is still there, and they go on with it.")}},
        {"hub.queue_in_use",
         {QT_TR_NOOP("Another copy of Hearth has the list of downloads"),
          QT_TR_NOOP("Downloads that are started here are forgotten when this window closes."),
          QT_TR_NOOP("Close the other copy and start this one again.")}},
        {"hub.too_many_downloads",
         {QT_TR_NOOP("There are too many downloads"), QT_TR_NOOP("The list is full."),
          QT_TR_NOOP("Take finished ones off the list.")}},
        {"hub.settings_damaged",
         {QT_TR_NOOP("The settings of the hubs cannot be read"),
          QT_TR_NOOP("The file is kept as {path}; the usual hubs are used."),
          QT_TR_NOOP("Put in your hubs, tokens and proxy again.")}},
        {"hub.token_unreadable",
         {QT_TR_NOOP("A token or password cannot be read"),
          QT_TR_NOOP(
              "What is kept for {host} does not open: its key is another one, or the file was changed."),
          QT_TR_NOOP("Put it in again.")}},
        {"hub.header_incomplete", kNoHeader},
        {"hub.header_too_long", kNoHeader},
        {"hub.no_ranges", kNoHeader},
        {"hub.out_of_memory", kNoHeader},
    };
};

} // namespace

std::span<const ErrorRow> hubErrors() {
    return Table::kRows;
}

} // namespace hearth::gui
