#include <QCoreApplication>

#include "gui/widgets/error_rows.h"

namespace hearth::gui {

namespace {

/// A class only because the translation tools take a sentence's context from the class around it.
struct Table {
    Q_DECLARE_TR_FUNCTIONS(hearth::gui::ErrorText)
public:
    static constexpr ErrorSentences kChanged{
        QT_TR_NOOP("The accounts were changed outside of Hearth"),
        QT_TR_NOOP(
            "Their seal does not fit: profiles, roles or rights were edited, added or deleted by other "
            "means. Nobody is let in on that ground, and nothing was changed."),
        QT_TR_NOOP("Put the right files back. If you did it yourself and know why, an administrator can take "
                   "them as they are.")};
    static constexpr ErrorSentences kHead{
        QT_TR_NOOP("The seal of the accounts is missing or damaged"),
        QT_TR_NOOP("The file that says which state of the accounts is the newest cannot be used."),
        QT_TR_NOOP("Put the folder “seals” back from a copy. If it is gone, an administrator can take the "
                   "accounts as they are.")};
    static constexpr ErrorSentences kToken{QT_TR_NOOP("This key for programs opens nothing"),
                                           QT_TR_NOOP("It was mistyped, it has expired, or it was ended."),
                                           QT_TR_NOOP("Make a new key and give it to the program.")};
    static constexpr ErrorSentences kNotOpened{
        QT_TR_NOOP("Something sealed could not be opened"),
        QT_TR_NOOP("It was changed, damaged, or sealed with another key. Nothing of it was used."),
        QT_TR_NOOP("Restore it from a backup. If the disk may be failing, copy the data folder to a safe "
                   "place first.")};
    static constexpr ErrorSentences kNotOurFile{
        QT_TR_NOOP("This is not a sealed file of Hearth"),
        QT_TR_NOOP("Its beginning is not what Hearth writes, or it was written by a newer version."),
        QT_TR_NOOP("Choose another file, or install the newest version.")};
    static constexpr ErrorSentences kKeyFile{
        QT_TR_NOOP("The key of this installation cannot be used"),
        QT_TR_NOOP("The file seals/signing.key in the settings folder is damaged, or others can read it."),
        QT_TR_NOOP(
            "Put it back from a copy, readable for you alone. Without it the seals of accounts and audit "
            "log cannot be checked.")};
    static constexpr ErrorSentences kCrypto{
        QT_TR_NOOP("The cryptographic library failed"),
        QT_TR_NOOP("It did not do what it was asked to. Nothing was written."),
        QT_TR_NOOP("Try again. If it happens again, please report the code below.")};
    static constexpr ErrorSentences kAuditChanged{
        QT_TR_NOOP("The audit log was changed"),
        QT_TR_NOOP(
            "Entries were edited, deleted, moved or cut off by other means, or its signed head does not "
            "fit. {detail}"),
        QT_TR_NOOP("Verify the log to see which entries, and keep a copy of the files before anything else "
                   "happens.")};

    static constexpr ErrorRow kRows[] = {
        {"permission.denied",
         {QT_TR_NOOP("Your profile may not do this"),
          QT_TR_NOOP("Its role does not include it, or access to this model is limited to others."),
          QT_TR_NOOP("An administrator can change roles, rights and access to models.")}},
        {"permission.sign_in",
         {QT_TR_NOOP("Nobody is signed in"), QT_TR_NOOP("This needs somebody who is signed in."),
          QT_TR_NOOP("Sign in and try again.")}},

        {"identity.wrong_password",
         {QT_TR_NOOP("Wrong password"), QT_TR_NOOP("The password does not fit this profile."),
          QT_TR_NOOP(
              "Look at the keyboard layout and Caps Lock. A forgotten password can be replaced with the "
              "recovery key.")}},
        {"identity.wait",
         {QT_TR_NOOP("Too many wrong tries"),
          QT_TR_NOOP("The next try for this profile is possible in {seconds} seconds."),
          QT_TR_NOOP("Each further wrong try makes the wait longer, up to 15 minutes.")}},
        {"identity.disabled",
         {QT_TR_NOOP("This profile is disabled"), QT_TR_NOOP("An administrator has kept it from signing in."),
          QT_TR_NOOP("Ask an administrator. Nothing of the profile is lost.")}},
        {"identity.no_password",
         {QT_TR_NOOP("This profile has no password now"),
          QT_TR_NOOP("An administrator took it away after it was forgotten."),
          QT_TR_NOOP("Sign in with the recovery key, then choose a new password.")}},
        {"identity.bad_recovery_key",
         {QT_TR_NOOP("This is not a whole recovery key"),
          QT_TR_NOOP(
              "A recovery key has eight groups of four characters and a short one that catches slips."),
          QT_TR_NOOP("Compare it with the paper, group by group.")}},
        {"identity.wrong_recovery_key",
         {QT_TR_NOOP("Wrong recovery key"),
          QT_TR_NOOP("It is well-formed, but belongs to another profile or was replaced by a newer one."),
          QT_TR_NOOP("Look for the newest paper with the key of this profile.")}},
        {"identity.bad_name",
         {QT_TR_NOOP("This name cannot be used"),
          QT_TR_NOOP("A name has 1 to 64 characters, no space at its ends and no control characters."),
          QT_TR_NOOP("Choose another name.")}},
        {"identity.name_taken",
         {QT_TR_NOOP("There is a profile of this name"),
          QT_TR_NOOP("Names differ by more than capital letters."), QT_TR_NOOP("Choose another name.")}},
        {"identity.no_such_profile",
         {QT_TR_NOOP("This profile is not there any more"), QT_TR_NOOP("It was erased meanwhile."), ""}},
        {"identity.last_administrator",
         {QT_TR_NOOP("One administrator must stay"),
          QT_TR_NOOP("This is the only profile that can sign in and manage the others."),
          QT_TR_NOOP("Make another profile an administrator first.")}},
        {"identity.first_must_administer",
         {QT_TR_NOOP("The first profile must be an administrator"),
          QT_TR_NOOP("Otherwise nobody could make further ones."), QT_TR_NOOP("Choose that role.")}},
        {"identity.not_administrator",
         {QT_TR_NOOP("This profile is no administrator"),
          QT_TR_NOOP("Only an administrator among the accounts can take them as they are."),
          QT_TR_NOOP("Type the name and password of one.")}},
        {"identity.never_allowed",
         {QT_TR_NOOP("This right cannot be given"),
          QT_TR_NOOP("A person's content is sealed with their key, and nobody rewrites the audit log."), ""}},
        {"identity.would_lock_out",
         {QT_TR_NOOP("This right must stay with administrators"),
          QT_TR_NOOP("Without it nobody could manage profiles and rights any more."), ""}},
        {"identity.tampered", kChanged},
        {"identity.rolled_back",
         {QT_TR_NOOP("An older copy of the accounts was put in place"),
          QT_TR_NOOP(
              "Their state is number {found}, the newest known is {expected}. Somebody who was disabled "
              "or erased since could be in it, so nobody is let in."),
          QT_TR_NOOP(
              "Put the newest files back. If you restored the copy yourself, an administrator can take "
              "it as it is.")}},
        {"identity.head_missing", kHead},
        {"identity.bad_head", kHead},
        {"identity.no_such_token",
         {QT_TR_NOOP("This key is not there any more"), QT_TR_NOOP("It was deleted with its profile."), ""}},
        {"identity.bad_token", kToken},
        {"identity.token_expired", kToken},
        {"identity.token_revoked", kToken},

        {"vault.closed",
         {QT_TR_NOOP("No chats are open"), QT_TR_NOOP("The window is locked, or just being locked."),
          QT_TR_NOOP("Sign in and try again.")}},
        {"vault.sealed",
         {QT_TR_NOOP("These chats are sealed"),
          QT_TR_NOOP("The file belongs to a profile and opens with its key only."),
          QT_TR_NOOP("Sign in to the profile. The file has not been touched.")}},
        {"vault.not_sealed",
         {QT_TR_NOOP("These chats are not sealed"),
          QT_TR_NOOP("A readable file lies where the profile's sealed one should be."),
          QT_TR_NOOP("Move it away from the profile's folder; it has not been touched.")}},
        {"vault.other_key",
         {QT_TR_NOOP("These chats were sealed with another key"),
          QT_TR_NOOP("The file is of another profile, or of this one before it got new keys."),
          QT_TR_NOOP("Put the right file back; this one has not been touched.")}},
        {"vault.target_exists",
         {QT_TR_NOOP("Your profile has chats already"),
          QT_TR_NOOP("Taking over makes the readable chats the chats of a profile that has none yet."),
          QT_TR_NOOP("Make another profile for them, or delete the chats that you do not need for good.")}},
        {"vault.copy_differs",
         {QT_TR_NOOP("The sealed copy was not like the original"),
          QT_TR_NOOP("The readable chats were kept, and the copy was thrown away."),
          QT_TR_NOOP("Check the disk and the memory of this computer, then try again.")}},
        {"vault.no_plain_history",
         {QT_TR_NOOP("There are no readable chats"), QT_TR_NOOP("Nothing is left to take over."), ""}},

        {"crypto.password_too_short",
         {QT_TR_NOOP("The password is too short"),
          QT_TR_NOOP("It has {found} characters; at least {least} are needed."),
          QT_TR_NOOP("A sentence of several words is easy to remember and hard to guess.")}},
        {"crypto.password_too_long",
         {QT_TR_NOOP("The password is too long"), QT_TR_NOOP("At most 4096 bytes can be used."), ""}},
        {"crypto.password_not_utf8",
         {QT_TR_NOOP("The password cannot be used"), QT_TR_NOOP("It is no valid text."), ""}},
        {"crypto.wrong_password",
         {QT_TR_NOOP("Wrong password"), QT_TR_NOOP("The password does not open this file."),
          QT_TR_NOOP("Look at the keyboard layout and Caps Lock, and try again.")}},
        {"crypto.needs_password",
         {QT_TR_NOOP("This file opens with a password"), QT_TR_NOOP("It was sealed with one."),
          QT_TR_NOOP("Type the password that was chosen when it was made.")}},
        {"crypto.needs_key",
         {QT_TR_NOOP("This file opens with a profile's key"),
          QT_TR_NOOP("It was sealed for a profile, not with a password of its own."),
          QT_TR_NOOP("Sign in to the profile that it was made in.")}},
        {"crypto.tampered", kNotOpened},
        {"crypto.bad_envelope", kNotOpened},
        {"crypto.truncated",
         {QT_TR_NOOP("The sealed file is incomplete"),
          QT_TR_NOOP("Its end is missing. Nothing of it was used."),
          QT_TR_NOOP("Copy the file again from where it came.")}},
        {"crypto.not_sealed", kNotOurFile},
        {"crypto.unknown_version", kNotOurFile},
        {"crypto.too_large", kNotOurFile},
        {"crypto.bad_key", kNotOpened},
        {"crypto.bad_key_file", kKeyFile},
        {"crypto.bad_cost",
         {QT_TR_NOOP("The stored cost of the password was changed"),
          QT_TR_NOOP("It is outside of what Hearth uses ({what}), so the password was not tried with it."),
          QT_TR_NOOP("Put the accounts back from a copy.")}},
        {"crypto.bad_signature",
         {QT_TR_NOOP("The signature does not fit"),
          QT_TR_NOOP("The text was changed after it was signed, or signed by somebody else."), ""}},
        {"crypto.bad_hex", kNotOurFile},
        {"crypto.out_of_memory",
         {QT_TR_NOOP("The memory ran out"),
          QT_TR_NOOP("A password takes up to 512 MB of memory for a moment, and secrets need memory that is "
                     "never swapped to disk."),
          QT_TR_NOOP("Close other programs and try again.")}},
        {"crypto.random_failed", kCrypto},
        {"crypto.key_exhausted", kCrypto},
        {"crypto.failed", kCrypto},

        {"audit.damaged", kAuditChanged},
        {"audit.entry_changed", kAuditChanged},
        {"audit.entry_missing", kAuditChanged},
        {"audit.entry_foreign", kAuditChanged},
        {"audit.tail_cut", kAuditChanged},
        {"audit.head_changed", kAuditChanged},
        {"audit.head_missing", kAuditChanged},
        {"audit.head_behind", kAuditChanged},
        {"audit.bad_event", kCrypto},
    };
};

} // namespace

std::span<const ErrorRow> peopleErrors() {
    return Table::kRows;
}

} // namespace hearth::gui
