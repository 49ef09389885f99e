#include "gui/models/people_words.h"

#include <QCoreApplication>

namespace hearth::gui::people_words {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(hearth::gui::PeopleWords)
};

} // namespace

QString role(security::Role role) {
    switch (role) {
    case security::Role::Administrator:
        return Words::tr("Administrator");
    case security::Role::DataScientist:
        return Words::tr("Data scientist");
    case security::Role::User:
        return Words::tr("User");
    case security::Role::Auditor:
        return Words::tr("Auditor");
    }
    return {};
}

QString roleExplained(security::Role role) {
    switch (role) {
    case security::Role::Administrator:
        return Words::tr("Runs the machine: profiles, rights, models, settings. Chats for themselves; reads "
                         "nobody else's.");
    case security::Role::DataScientist:
        return Words::tr("Models, training, calibration data and reports; chats for themselves.");
    case security::Role::User:
        return Words::tr("Chats and documents of their own, with the models that are there.");
    case security::Role::Auditor:
        return Words::tr("The audit log and reports; no chats.");
    }
    return {};
}

QString action(security::Action action) {
    switch (action) {
    case security::Action::View:
        return Words::tr("See");
    case security::Action::Create:
        return Words::tr("Make");
    case security::Action::Change:
        return Words::tr("Change");
    case security::Action::Remove:
        return Words::tr("Delete");
    case security::Action::Use:
        return Words::tr("Use");
    case security::Action::Serve:
        return Words::tr("Serve");
    case security::Action::Export:
        return Words::tr("Export");
    }
    return {};
}

QString resource(security::Resource resource) {
    switch (resource) {
    case security::Resource::Conversation:
        return Words::tr("Chats");
    case security::Resource::Document:
        return Words::tr("Documents");
    case security::Resource::Model:
        return Words::tr("Models");
    case security::Resource::TrainingJob:
        return Words::tr("Training");
    case security::Resource::CalibrationData:
        return Words::tr("Calibration data");
    case security::Resource::Report:
        return Words::tr("Reports");
    case security::Resource::AuditLog:
        return Words::tr("Audit log");
    case security::Resource::Profile:
        return Words::tr("Profiles");
    case security::Resource::Permission:
        return Words::tr("Rights");
    case security::Resource::Statistics:
        return Words::tr("Figures about use");
    case security::Resource::Settings:
        return Words::tr("Settings of the machine");
    case security::Resource::Token:
        return Words::tr("Keys for programs");
    case security::Resource::PersonalData:
        return Words::tr("All data of a person");
    case security::Resource::Backup:
        return Words::tr("Backups");
    }
    return {};
}

QString scope(security::Scope scope) {
    switch (scope) {
    case security::Scope::None:
        return Words::tr("no");
    case security::Scope::Own:
        return Words::tr("own");
    case security::Scope::All:
        return Words::tr("all");
    }
    return {};
}

QString tokenScope(security::TokenScope scope) {
    switch (scope) {
    case security::TokenScope::Read:
        return Words::tr("List models");
    case security::TokenScope::Chat:
        return Words::tr("Answers of models");
    case security::TokenScope::Manage:
        return Words::tr("Load and eject models too");
    }
    return {};
}

} // namespace hearth::gui::people_words
