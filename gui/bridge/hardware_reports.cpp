#include "gui/bridge/hardware_reports.h"

#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/mapped_file.h"
#include "engine/hardware/pdf/pdf_report.h"
#include "engine/security/crypto/signature.h"

namespace hearth::gui {

using namespace hearth::hardware;

namespace {

QString memberText(const nlohmann::ordered_json& report, const char* outer, const char* inner = nullptr) {
    const auto it = report.find(outer);
    if (it == report.end())
        return {};
    if (!inner)
        return it->is_string() ? QString::fromStdString(it->get<std::string>()) : QString();
    return it->is_object() ? memberText(*it, inner) : QString();
}

bool isOwnKey(const std::filesystem::path& keyFile, const std::string& publicKey) {
    std::error_code ignored;
    if (!std::filesystem::exists(keyFile, ignored))
        return false;
    const auto key = security::SigningKey::loadOrCreate(keyFile);
    return key && toHex(key->publicKey()) == publicKey;
}

} // namespace

Result<void> writeReport(const ReportContent& content, ReportFormat format, hardware::Language language,
                         const std::filesystem::path& keyFile, const std::filesystem::path& target) {
    const nlohmann::ordered_json json = reportJson(content);
    std::string text;
    switch (format) {
    case ReportFormat::Html:
        text = htmlReport(json, language);
        break;
    case ReportFormat::Markdown:
        text = markdownReport(json, language);
        break;
    case ReportFormat::Pdf: {
        HEARTH_TRY(text, pdfReport(json, language));
        break;
    }
    case ReportFormat::Json:
        // Names from a machine need not be UTF-8.
        text = json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
        break;
    }
    HEARTH_TRY(const auto key, security::SigningKey::loadOrCreate(keyFile));
    HEARTH_TRY(const std::string signedText, signReport(std::move(text), format, key));
    HEARTH_TRY(auto file, AtomicFile::create(target));
    HEARTH_CHECK(file.write(signedText));
    return file.commit();
}

Result<std::shared_ptr<const ReportComparison>>
compareReportFile(const ReportContent& own, const std::filesystem::path& keyFile, const QString& path) {
    HEARTH_TRY(const MappedFile file, MappedFile::open(std::filesystem::path(path.toStdU16String())));
    const std::string_view text(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
    HEARTH_TRY(const auto other, parseReport(text));
    auto out = std::make_shared<ReportComparison>();
    out->file = path;
    out->machine = memberText(other, "cpu", "model");
    out->time = memberText(other, "time");
    if (const auto signature = verifyReport(text)) {
        out->signature = ReportComparison::Signature::Valid;
        out->key = QString::fromStdString(signature->fingerprint);
        out->own = isOwnKey(keyFile, signature->publicKey);
    } else if (signature.error().code != "report.unsigned") {
        out->signature = ReportComparison::Signature::Changed;
    }
    out->differences = compareReports(reportJson(own), other);
    return std::shared_ptr<const ReportComparison>(std::move(out));
}

} // namespace hearth::gui
