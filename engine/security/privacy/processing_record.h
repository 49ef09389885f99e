#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "engine/security/privacy/compliance.h"

namespace hearth::security {

enum class RecordLanguage { English, Chinese };
enum class RecordFormat { Markdown, Html };

/// What a record of processing activities is written from.
struct RecordFacts {
    Controller controller;
    std::string program, date; ///< "Hearth 0.3.0", "2026-01-31"
    std::array<int, kRoles> people{};
    bool singlePerson = true;
    RetentionRules rules;                ///< in force: of the machine, and of who asks
    int backupDays = 0, backupWeeks = 0; ///< how far automatic backups reach back
    std::uint32_t epsilonPerMeasure = 0,
                  epsilonPerMonth = 0; ///< thousandths; of a week's measure (and of its models), of a month
    struct Place {
        std::string kind, path; ///< the kind in the record's language
        bool sealed = false;
    };
    std::vector<Place> places;
};

/// A record of processing activities (GDPR article 30; what PIPL article 56 wants kept of an assessment; what
/// CCPA 1798.130 wants disclosed), whole documents in one language. Text in `facts` is escaped.
[[nodiscard]] std::string processingRecord(const RecordFacts& facts, RecordFormat format,
                                           RecordLanguage language);

/// What a kind with a rule is called in such a document.
[[nodiscard]] std::string keptWord(Kept kept, RecordLanguage language);
/// What a purpose is called in such a document.
[[nodiscard]] std::string activityWord(Purpose purpose, RecordLanguage language);

/// One right of the people whose data it is: where the laws name it and how Hearth grants it. For the
/// document and the window alike.
struct RightRow {
    std::string right, gdpr, ccpa, pipl, how;
};
[[nodiscard]] std::vector<RightRow> rightsOfPeople(RecordLanguage language);

/// What the laws demand after a breach, where they differ: "GDPR", "CCPA", "PIPL" and the words.
struct BreachRule {
    std::string law, rule;
};
[[nodiscard]] std::vector<BreachRule> breachRules(RecordLanguage language);

} // namespace hearth::security
