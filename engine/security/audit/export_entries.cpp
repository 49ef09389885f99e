#include <nlohmann/json.hpp>

#include "engine/security/audit/audit_record.h"

namespace hearth::security {

namespace {

std::string csvCell(std::string_view text) {
    std::string cell;
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
        cell += '\''; // no formula in a spreadsheet
    cell += text;
    if (cell.find_first_of("\",\r\n") == std::string::npos)
        return cell;
    std::string quoted = "\"";
    for (const char c : cell)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

std::string csvLine(const AuditEntry& entry) {
    return std::to_string(entry.number) + "," + utcText(entry.timeMs) + "," +
           std::to_string(entry.event.actor) + "," + csvCell(entry.event.action) + "," +
           csvCell(entry.event.object) + "," + std::string(nameOf(entry.event.outcome)) + "," +
           csvCell(entry.event.reason) + "," + entry.hash + "\r\n";
}

std::string jsonObject(const AuditEntry& entry) {
    nlohmann::ordered_json out;
    out["number"] = entry.number;
    out["time"] = utcText(entry.timeMs);
    out["time_ms"] = entry.timeMs;
    out["actor"] = entry.event.actor;
    out["action"] = entry.event.action;
    out["object"] = entry.event.object;
    out["outcome"] = nameOf(entry.event.outcome);
    out["reason"] = entry.event.reason;
    out["hash"] = entry.hash;
    return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace

std::string auditLine(const AuditEntry& entry, AuditFormat format) {
    return format == AuditFormat::Csv ? csvLine(entry) : jsonObject(entry);
}

} // namespace hearth::security
