#include "engine/security/privacy/processing_record.h"

#include "engine/security/privacy/document_writer.h"
#include "engine/security/privacy/usage_statistics.h"

namespace hearth::security {

namespace {

struct Activity {
    Words name, purpose, basis, data;
};

// The order of Role.
constexpr std::array<Words, kRoles> kRoleWords = {Words{"Administrators", "管理员"},
                                                  {"Data scientists", "数据科学家"},
                                                  {"Users", "用户"},
                                                  {"Auditors", "审计员"}};

// The order of Purpose.
constexpr std::array<Activity, kPurposes> kActivities = {
    Activity{{"Conversations", "对话"},
             {"Keeping chats, drafts and system prompts so that they can be read and continued",
              "保存对话、草稿和系统提示，以便阅读和继续"},
             {"Service that the person asked for: GDPR 6(1)(b), PIPL 13(2)",
              "本人要求的服务：GDPR 第6条第1款(b)，《个人信息保护法》第13条第2项"},
             {"Texts that the person and the model wrote, times, names of models",
              "本人与模型书写的文字、时间、模型名称"}},
    Activity{
        {"Accounts", "账户"},
        {"Telling people apart and keeping their chats from each other", "区分不同的人，并隔离各自的对话"},
        {"Service that the person asked for: GDPR 6(1)(b), PIPL 13(2)",
         "本人要求的服务：GDPR 第6条第1款(b)，《个人信息保护法》第13条第2项"},
        {"Name, role, wrapped keys, hashes of passwords and of tokens",
         "名称、角色、加密后的密钥、密码与令牌的散列值"}},
    Activity{{"Audit log", "审计日志"},
             {"Showing who did what, for security and accountability", "记录谁做了什么，用于安全和问责"},
             {"Legitimate interest in security: GDPR 6(1)(f); duty of security: PIPL 13(3), 51",
              "安全方面的正当利益：GDPR 第6条第1款(f)；安全义务：《个人信息保护法》第13条第3项、第51条"},
             {"Number of the person, action, time, outcome; never content",
              "人员编号、操作、时间、结果；从不含内容"}},
    Activity{
        {"Automatic backups", "自动备份"},
        {"Getting chats back after a fault of the disk or a slip", "磁盘故障或误操作后恢复对话"},
        {"Legitimate interest in availability: GDPR 6(1)(f), 32; the person may object: GDPR 21, PIPL 44",
         "可用性方面的正当利益：GDPR 第6条第1款(f)、第32条；本人可以反对：GDPR "
         "第21条、《个人信息保护法》第44条"},
        {"Copies of the conversations, sealed with the person's own key",
         "对话的副本，用本人自己的密钥加密"}},
    Activity{
        {"Usage figures", "使用统计"},
        {"Figures about use for administrators, differentially private", "供管理员参考的差分隐私使用数字"},
        {"Consent, which can be withdrawn: GDPR 6(1)(a), 7(3), PIPL 13(1), 15",
         "同意，可以撤回：GDPR 第6条第1款(a)、第7条第3款，《个人信息保护法》第13条第1项、第15条"},
        {"Counts per day: messages, answers, tokens, seconds; per week: loads of each model; never content",
         "每天的计数：消息、回答、词元、秒数；每周的计数：各模型的加载次数；从不含内容"}},
};

// The order of Kept.
constexpr PerKept<Words> kKeptWords = {{{{"Chats in the trash", "回收站中的对话"},
                                         {"Unused chats", "未使用的对话"},
                                         {"Counts behind the usage figures", "使用统计所依据的计数"},
                                         {"Backups", "备份"},
                                         {"Log files", "日志文件"},
                                         {"Measurements and run records", "测量与运行记录"},
                                         {"Records of finished jobs", "已结束任务的记录"}}}};

} // namespace

std::string keptWord(Kept kept, RecordLanguage language) {
    return kKeptWords[kept].in(language);
}

std::string activityWord(Purpose purpose, RecordLanguage language) {
    return kActivities[static_cast<std::size_t>(purpose)].name.in(language);
}

std::vector<RightRow> rightsOfPeople(RecordLanguage language) {
    const auto in = [language](const char* english, const char* chinese) {
        return std::string(Words{english, chinese}.in(language));
    };
    return {
        {in("To know what is processed", "知情"), "13–14", "1798.100", in("17", "第17条"),
         in("This record; the list of every file on the Privacy page", "本记录；隐私页面上的完整文件列表")},
        {in("Access and a copy", "查阅与复制"), "15", "1798.110", in("45", "第45条"),
         in("Privacy page: everything about me as one file, for reading or as JSON",
            "隐私页面：将关于我的一切导出为一个文件，供阅读或为 JSON")},
        {in("Portability", "可携带"), "20", "1798.130(a)(3)(B)(iii)", in("45(3)", "第45条第3款"),
         in("The same as JSON, which Hearth and other programs read",
            "同样的内容为 JSON，Hearth 和其他程序都可读取")},
        {in("Rectification", "更正"), "16", "1798.106", in("46", "第46条"),
         in("Names under Profile; every message can be edited", "在个人资料中改名；每条消息都可以编辑")},
        {in("Erasure", "删除"), "17", "1798.105", in("47", "第47条"),
         in("The person's keys are destroyed first, then every file of theirs, backups included",
            "先销毁本人的密钥，再删除其全部文件，包括备份")},
        {in("To withdraw consent, to object", "撤回同意、反对"), "7(3), 21", "1798.120, 1798.121",
         in("15, 44", "第15条、第44条"),
         in("Switches on the Privacy page, in force at once; CCPA speaks of opting out: nothing is sold or "
            "shared",
            "隐私页面上的开关，立即生效；CCPA 称为选择退出：本程序不出售也不共享任何数据")},
        {in("No decision by machine alone", "不受纯自动化决策约束"), "22", "1798.185(a)(15)",
         in("24", "第24条"), in("Hearth decides nothing about people", "Hearth 不对任何人作出决定")},
        {in("After death", "死者近亲属的权利"), "—", "—", in("49", "第49条"),
         in("Only with the person's recovery key: nobody else can read what is sealed",
            "仅凭本人的恢复密钥：其他任何人都无法读取加密内容")},
    };
}

std::vector<BreachRule> breachRules(RecordLanguage language) {
    const bool chinese = language == RecordLanguage::Chinese;
    return {
        {"GDPR",
         chinese ? "第33条：除非不太可能对个人造成风险，须在知悉后 72 "
                   "小时内通知监管机构；第34条：高风险时还须通知本人，不得无故拖延。每起泄露都须记录。"
                 : "Article 33: the authority within 72 hours of becoming aware, unless a risk to people is "
                   "unlikely; article 34: the people too when the risk is high, without undue delay. Every "
                   "breach is noted."},
        {"CCPA",
         chinese
             ? "加州民法典 1798.82：通知受影响的居民，不得无故拖延，自 2026 年起最迟在发现后 30 日内；涉及 "
               "500 "
               "人以上时另须报告总检察长。未加密的数据，或连同密钥一起泄露的加密数据，才触发通知义务。"
             : "California Civil Code 1798.82: the residents affected, without unreasonable delay and, since "
               "2026, within 30 days of discovery; the Attorney General too for more than 500. Data that was "
               "encrypted counts only when its key was taken with it."},
        {"PIPL",
         chinese ? "第57条：立即采取补救措施，并通知监管部门和本人；若措施能有效避免危害，可以不通知本人，但"
                   "监管部门可要求通知。"
                 : "Article 57: remedy at once and tell the authority and the people; the people need not be "
                   "told where harm was effectively averted, unless the authority demands it."},
    };
}

std::string processingRecord(const RecordFacts& facts, RecordFormat format, RecordLanguage language) {
    const auto in = [language](const char* english, const char* chinese) {
        return std::string(Words{english, chinese}.in(language));
    };
    const auto orNone = [&](const std::string& text) {
        return text.empty() ? in("not stated", "未填写") : text;
    };
    DocumentWriter out(format, language, in("Record of processing activities", "个人信息处理活动记录"));
    out.paragraph(facts.program + " · " + facts.date);
    out.paragraph(
        in("Kept under article 30 of the GDPR; it also answers articles 17 and 56 of China's Personal "
           "Information Protection Law (PIPL) and section 1798.130 of the California Consumer Privacy "
           "Act (CCPA).",
           "依据 GDPR 第30条保存；同时满足《中华人民共和国个人信息保护法》第17条、第56条和加州消费者隐私法 "
           "(CCPA) 第1798.130条的要求。"));
    out.heading(2, in("Controller", "处理者"));
    out.table({in("Detail", "项目"), in("Value", "内容")},
              {{in("Name", "名称"), orNone(facts.controller.name)},
               {in("Contact", "联系方式"), orNone(facts.controller.contact)},
               {in("Data protection officer", "个人信息保护负责人"), orNone(facts.controller.officer)}});
    out.heading(2, in("People", "涉及的人"));
    if (facts.singlePerson) {
        out.paragraph(in("One person without a password; nothing is encrypted by the program.",
                         "单人使用，无密码；程序不加密任何内容。"));
    } else {
        std::vector<std::vector<std::string>> rows;
        for (std::size_t i = 0; i < kRoleWords.size(); ++i)
            rows.push_back({kRoleWords[i].in(language), std::to_string(facts.people[i])});
        out.table({in("Role", "角色"), in("Number", "人数")}, rows);
    }
    out.heading(2, in("Processing activities", "处理活动"));
    const std::array<std::string, kPurposes> keeping = {
        in("By rules, see below", "按规则，见下文"), in("Until the person is erased", "直到该人员被删除"),
        in("As long as the installation is used; people appear as numbers; no rule removes entries",
           "安装存续期间；人员仅以编号出现；任何规则都不会删除条目"),
        std::to_string(facts.backupDays) + in(" days, then one a week for ", " 天，之后每周一份，共 ") +
            std::to_string(facts.backupWeeks) + in(" weeks, and by rule, see below", " 周，并按规则，见下文"),
        in("Counts by rule, see below; released figures stay: they say nothing about anyone, and the privacy "
           "budget that they spent is counted from them",
           "计数按规则，见下文；已发布的数字保留：它们不透露任何人的信息，所用的隐私预算也据此计算")};
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < kActivities.size(); ++i) {
        const Activity& each = kActivities[i];
        rows.push_back({each.name.in(language), each.purpose.in(language), each.basis.in(language),
                        each.data.in(language), keeping[i]});
    }
    out.table({in("Activity", "活动"), in("Purpose", "目的"), in("Legal basis", "法律依据"),
               in("Data", "数据"), in("Kept for", "保存期限")},
              rows);
    out.heading(2, in("How long things stay", "保存期限"));
    rows.clear();
    for (const Kept kept : kAllKept)
        rows.push_back({keptWord(kept, language),
                        factsOf(kept).machine ? in("the machine", "本机") : in("each person", "每个人"),
                        keptFor(facts.rules[kept], language)});
    rows.push_back(
        {kActivities[static_cast<std::size_t>(Purpose::AuditLog)].name.in(language), "—",
         in("as long as the installation is used: no rule removes entries, so that nobody can hide "
            "what was done",
            "安装存续期间：任何规则都不会删除条目，以免有人掩盖所做的事")});
    out.table({in("Kind", "种类"), in("Rule of", "规则归属"), in("Kept for", "保存期限")}, rows);
    out.paragraph(
        in("Rules of people are those of who had this record written. The newest backup, the log "
           "file in use and the newest measurement and run of each machine stay whatever the rule.",
           "个人规则为生成本记录者的规则。无论规则如何，最新的备份、正在使用的日志文件以及每台机器最新的"
           "测量和运行记录都会保留。"));
    out.heading(2, in("Recipients and transfers", "接收方与跨境提供"));
    out.paragraph(
        in("None. Models run on this machine; nothing leaves it unless a person exports a file. There is no "
           "telemetry, no transfer to third countries (GDPR chapter V, PIPL chapter III) and no sale or "
           "sharing (CCPA).",
           "无。模型在本机运行；除非有人导出文件，任何数据都不会离开本机。没有遥测，没有向第三国或境外提供"
           "（GDPR 第五章、《个人信息保护法》第三章），也没有出售或共享（CCPA）。"));
    out.heading(2, in("Security", "安全措施"));
    out.paragraph(in(
        "Passwords: Argon2id. Content of every profile: AES-256-GCM under keys of its own, bound to its "
        "place. Audit log: chained and signed, its head kept apart. Roles and permissions in one gate. "
        "Write-ahead log with full synchronisation, sealed rotating backups.",
        "密码：Argon2id。每个个人资料的内容：用其自身的密钥以 AES-256-GCM 加密，并与存放位置绑定。审计日志："
        "链式散列并签名，链头分开存放。角色与权限由唯一的关口检查。预写日志完全同步，备份加密并轮换。"));
    out.paragraph(in("Usage figures, a week at a time: what one person adds is bounded, discrete Laplace "
                     "noise, epsilon ",
                     "使用统计（按整周发布）：每人的贡献有上限，加离散拉普拉斯噪声，每周每项指标及各模型的加"
                     "载次数 ε = ") +
                  epsilonText(facts.epsilonPerMeasure) +
                  in(" for each measure of a week and for its models, at most ", "，每月最多 ") +
                  epsilonText(facts.epsilonPerMonth) + in(" a month.", "。"));
    out.heading(2, in("Rights", "权利"));
    rows.clear();
    for (const RightRow& each : rightsOfPeople(language))
        rows.push_back({each.right, each.gdpr, each.ccpa, each.pipl, each.how});
    out.table({in("Right", "权利"), "GDPR", "CCPA", "PIPL", in("How", "如何行使")}, rows);
    out.heading(2, in("After a breach", "发生泄露之后"));
    rows.clear();
    for (const BreachRule& each : breachRules(language))
        rows.push_back({each.law, each.rule});
    out.table({in("Law", "法律"), in("Rule", "规定")}, rows);
    out.heading(2, in("Where data lies", "数据存放位置"));
    rows.clear();
    for (const RecordFacts::Place& each : facts.places)
        rows.push_back({each.kind, each.path, each.sealed ? in("sealed", "已加密") : in("readable", "可读")});
    out.table({in("Kind", "种类"), in("File", "文件"), in("Protection", "保护")}, rows);
    return out.take();
}

} // namespace hearth::security
