#include "engine/hardware/predict/feedback.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/mapped_file.h"

namespace hearth::hardware {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kFewestRuns = 3;
constexpr double kLeastFactor = 0.5, kMostFactor = 1.5;

/// Calls field(name, member) for every member, so that reading and writing name the same ones.
template <class Record, class Field>
void forFields(Record& r, const Field& field) {
    field("time", r.time);
    field("fingerprint", r.fingerprint);
    field("model", r.model);
    field("quantisation", r.quantisation);
    field("threads", r.threads);
    field("prompt_tokens", r.promptTokens);
    field("generated_tokens", r.generatedTokens);
    field("depth", r.depth);
    field("predicted_decode_tps", r.predictedDecodeTps);
    field("actual_decode_tps", r.actualDecodeTps);
    field("predicted_prefill_tps", r.predictedPrefillTps);
    field("actual_prefill_tps", r.actualPrefillTps);
    field("weight_bytes", r.weightBytes);
    field("accepted_drafts", r.acceptedDrafts);
}

template <class T>
bool isKind(const Json& value) {
    if constexpr (std::is_same_v<T, std::string>)
        return value.is_string();
    else if constexpr (std::is_same_v<T, double>)
        return value.is_number();
    else
        return value.is_number_unsigned();
}

double median(std::vector<double> values) {
    if (values.size() < kFewestRuns)
        return 1;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return std::clamp(*middle, kLeastFactor, kMostFactor);
}

} // namespace

Result<RunHistory> RunHistory::open(std::filesystem::path file) {
    RunHistory history;
    history.m_file = std::move(file);
    const auto content = MappedFile::open(history.m_file);
    if (!content) {
        if (content.error().code == "file.not_found" || content.error().code == "file.empty")
            return history;
        return tl::unexpected<Error>(content.error());
    }
    const auto* begin = reinterpret_cast<const char*>(content->bytes().data());
    const Json json = Json::parse(begin, begin + content->bytes().size(), nullptr, false);
    if (!json.is_object() || !json.contains("runs") || !json["runs"].is_array())
        return fail("runs.malformed", history.m_file.string() + " is no history of runs");
    for (const Json& item : json["runs"]) {
        RunRecord record;
        forFields(record, [&](const char* name, auto& member) {
            using T = std::remove_reference_t<decltype(member)>;
            if (item.is_object() && item.contains(name) && isKind<T>(item[name]))
                member = item[name].template get<T>();
        });
        history.m_all.push_back(std::move(record));
    }
    return history;
}

Result<void> RunHistory::append(RunRecord record) {
    m_all.push_back(std::move(record));
    if (m_all.size() > kMaxKept)
        m_all.erase(m_all.begin(), m_all.end() - static_cast<std::ptrdiff_t>(kMaxKept));
    return write();
}

Result<void> RunHistory::remove(const std::function<bool(const RunRecord&)>& gone) {
    return std::erase_if(m_all, gone) > 0 ? write() : Result<void>();
}

Result<void> RunHistory::write() const {
    Json json{{"version", 1}, {"runs", Json::array()}};
    for (const RunRecord& r : m_all) {
        Json item;
        forFields(r, [&](const char* name, const auto& member) { item[name] = member; });
        json["runs"].push_back(std::move(item));
    }
    HEARTH_TRY(AtomicFile file, AtomicFile::create(m_file));
    HEARTH_CHECK(file.write(json.dump(1, ' ', false, Json::error_handler_t::replace)));
    return file.commit();
}

Correction RunHistory::correction(const std::string& fingerprint) const {
    std::vector<double> decode, prefill;
    std::size_t runs = 0;
    for (auto it = m_all.rbegin(); it != m_all.rend() && runs < kCorrectionRuns; ++it) {
        if (it->fingerprint != fingerprint || it->weightBytes < kTellingBytes)
            continue;
        ++runs;
        const bool guessed =
            static_cast<double>(it->acceptedDrafts) > kMostGuessed * static_cast<double>(it->generatedTokens);
        if (!guessed && it->predictedDecodeTps > 0 && it->actualDecodeTps > 0)
            decode.push_back(it->actualDecodeTps / it->predictedDecodeTps);
        if (it->predictedPrefillTps > 0 && it->actualPrefillTps > 0)
            prefill.push_back(it->actualPrefillTps / it->predictedPrefillTps);
    }
    return {median(std::move(decode)), median(std::move(prefill)), runs};
}

} // namespace hearth::hardware
