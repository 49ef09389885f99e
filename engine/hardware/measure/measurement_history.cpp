#include "engine/hardware/measure/measurement_history.h"

#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/mapped_file.h"
#include "engine/hardware/measure/measurement_json.h"

namespace hearth::hardware {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

std::string_view dayOf(const Measurement& m) {
    return std::string_view(m.time).substr(0, 10);
}

} // namespace

Result<MeasurementHistory> MeasurementHistory::open(std::filesystem::path file) {
    MeasurementHistory history;
    history.m_file = std::move(file);
    const auto content = MappedFile::open(history.m_file);
    if (!content) {
        if (content.error().code == "file.not_found" || content.error().code == "file.empty")
            return history;
        return tl::unexpected<Error>(content.error());
    }
    const auto bytes = content->bytes();
    const auto* begin = reinterpret_cast<const char*>(bytes.data());
    const Json json = Json::parse(begin, begin + bytes.size(), nullptr, false);
    const auto list = json.is_object() ? json.find("measurements") : json.end();
    if (!json.is_object() || list == json.end() || !list->is_array())
        return fail("measurement.malformed", history.m_file.string() + " is no history of measurements");
    for (const Json& item : *list) {
        HEARTH_TRY(Measurement measurement, measurementFromJson(item));
        history.m_all.push_back(std::move(measurement));
    }
    return history;
}

const Measurement* MeasurementHistory::last(const std::string& fingerprint) const {
    const Measurement* newest = nullptr;
    for (const Measurement& m : m_all) {
        if (m.fingerprint != fingerprint)
            continue;
        if (newest && m.quick && !newest->quick && dayOf(m) == dayOf(*newest))
            continue;
        newest = &m;
    }
    return newest;
}

std::optional<double> MeasurementHistory::lastDownload(const std::string& fingerprint) const {
    std::optional<double> speed;
    for (const Measurement& m : m_all)
        if (m.fingerprint == fingerprint && m.downloadBytesPerSecond)
            speed = m.downloadBytesPerSecond;
    return speed;
}

Result<void> MeasurementHistory::append(Measurement measurement) {
    m_all.push_back(std::move(measurement));
    if (m_all.size() > kMaxKept)
        m_all.erase(m_all.begin());
    return write();
}

Result<void> MeasurementHistory::remove(const std::function<bool(const Measurement&)>& gone) {
    return std::erase_if(m_all, gone) > 0 ? write() : Result<void>();
}

Result<void> MeasurementHistory::setDownload(const std::string& fingerprint, double bytesPerSecond) {
    const Measurement* last = this->last(fingerprint);
    if (!last)
        return fail("measurement.none", "this machine was not measured yet");
    m_all[static_cast<std::size_t>(last - m_all.data())].downloadBytesPerSecond = bytesPerSecond;
    return write();
}

Result<void> MeasurementHistory::write() const {
    Json json{{"version", kVersion}};
    Json& list = json["measurements"] = Json::array();
    for (const Measurement& m : m_all)
        list.push_back(toJson(m));
    HEARTH_TRY(AtomicFile file, AtomicFile::create(m_file));
    HEARTH_CHECK(file.write(json.dump(1, ' ', false, Json::error_handler_t::replace)));
    return file.commit();
}

} // namespace hearth::hardware
