#include "engine/hardware/measure/measurement_json.h"

#include <nlohmann/json.hpp>

namespace hearth::hardware {

namespace {

using Json = nlohmann::ordered_json;

constexpr double kGiga = 1e9;

std::string_view kvName(kernels::KvType type) {
    return type == kernels::KvType::F16 ? "F16" : "Q8_0";
}

template <class T>
void putKnown(Json& json, const char* name, const std::optional<T>& value) {
    if (value)
        json[name] = *value;
}

Json conditionsJson(const Conditions& c) {
    Json out = Json::object();
    putKnown(out, "governor", c.governor);
    putKnown(out, "load_average", c.loadAverage);
    putKnown(out, "stolen_share", c.stolenShare);
    putKnown(out, "other_share", c.otherShare);
    putKnown(out, "celsius_before", c.celsiusBefore);
    putKnown(out, "celsius_after", c.celsiusAfter);
    putKnown(out, "mhz_before", c.mhzBefore);
    putKnown(out, "mhz_after", c.mhzAfter);
    putKnown(out, "throttle_events", c.throttleEvents);
    return out;
}

/// Reads members that are there and of the right kind; everything else is passed over.
class Reader {
public:
    explicit Reader(const Json& json) : m_json(json) {}
    [[nodiscard]] const Json* find(const char* name) const {
        const auto it = m_json.is_object() ? m_json.find(name) : m_json.end();
        return it == m_json.end() || it->is_null() ? nullptr : &*it;
    }
    template <class T>
    void get(const char* name, T& out) const {
        const Json* value = find(name);
        if (!value)
            return;
        if constexpr (std::is_same_v<T, std::string>) {
            if (value->is_string())
                out = value->get<std::string>();
        } else if constexpr (std::is_same_v<T, bool>) {
            if (value->is_boolean())
                out = value->get<bool>();
        } else if constexpr (std::is_integral_v<T>) {
            if (value->is_number_unsigned())
                out = value->get<T>();
        } else if (value->is_number()) {
            out = value->get<double>();
        }
    }
    template <class T>
    void get(const char* name, std::optional<T>& out) const {
        if (!find(name))
            return;
        T value{};
        get(name, value);
        out = std::move(value);
    }
    /// Gigabytes or gigaoperations in the file, units in memory.
    void giga(const char* name, double& out) const {
        double value = out / kGiga;
        get(name, value);
        out = value * kGiga;
    }
    template <class Each>
    void each(const char* name, const Each& body) const {
        if (const Json* list = find(name); list && list->is_array())
            for (const Json& item : *list)
                body(Reader(item));
    }

private:
    const Json& m_json;
};

kernels::Isa isaFromName(const std::string& name) {
    for (const auto isa :
         {kernels::Isa::Generic, kernels::Isa::Avx2, kernels::Isa::Avx512, kernels::Isa::Neon})
        if (kernels::isaName(isa) == name)
            return isa;
    return kernels::Isa::Generic;
}

kernels::Isa isaOf(const Reader& json) {
    std::string name;
    json.get("isa", name);
    return isaFromName(name);
}

Conditions readConditions(const Reader& json) {
    Conditions c;
    json.get("governor", c.governor);
    json.get("load_average", c.loadAverage);
    json.get("stolen_share", c.stolenShare);
    json.get("other_share", c.otherShare);
    json.get("celsius_before", c.celsiusBefore);
    json.get("celsius_after", c.celsiusAfter);
    json.get("mhz_before", c.mhzBefore);
    json.get("mhz_after", c.mhzAfter);
    json.get("throttle_events", c.throttleEvents);
    return c;
}

void readSpeeds(const Reader& json, Measurement& m) {
    json.each("bandwidth", [&](const Reader& item) {
        ThreadBandwidth point;
        item.get("threads", point.threads);
        item.giga("gbps", point.bytesPerSecond);
        m.bandwidth.push_back(point);
    });
    json.each("caches", [&](const Reader& item) {
        CachePoint point;
        item.get("working_set_bytes", point.bytes);
        item.giga("gbps", point.bytesPerSecond);
        m.caches.push_back(point);
    });
    json.each("kernels", [&](const Reader& item) {
        std::string name;
        item.get("type", name);
        const auto type = dtypeFromName(name);
        if (!type)
            return; // of a newer version
        KernelRate rate{.type = *type, .isa = isaOf(item)};
        item.get("threads", rate.threads);
        item.giga("decode_gbps", rate.decodeBytesPerSecond);
        item.giga("cached_gbps", rate.cachedBytesPerSecond);
        item.giga("prefill_gops", rate.prefillOperationsPerSecond);
        item.get("prefill_input_seconds", rate.prefillSecondsPerInput);
        if (item.find("pack_gbps"))
            item.giga("pack_gbps", rate.packBytesPerSecond.emplace(0));
        m.kernels.push_back(rate);
    });
    json.each("attention", [&](const Reader& item) {
        std::string name;
        item.get("kv_type", name);
        AttentionRate rate{.kvType = name == "Q8_0" ? kernels::KvType::Q8_0 : kernels::KvType::F16};
        item.get("head_dim", rate.headDim);
        item.get("decode_seconds_per_byte", rate.decodeSecondsPerByte);
        item.get("decode_seconds_per_product", rate.decodeSecondsPerProduct);
        item.get("prefill_seconds_per_product", rate.prefillSecondsPerProduct);
        m.attention.push_back(rate);
    });
}

} // namespace

Json toJson(const Measurement& m) {
    Json out;
    out["fingerprint"] = m.fingerprint;
    out["time"] = m.time;
    out["version"] = m.version;
    out["quick"] = m.quick;
    out["seconds"] = m.seconds;
    out["isa"] = kernels::isaName(m.isa);
    out["threads"] = m.threads;
    out["read_bandwidth_gbps"] = m.readBandwidth() / kGiga;
    Json& bandwidth = out["bandwidth"] = Json::array();
    for (const ThreadBandwidth& point : m.bandwidth)
        bandwidth.push_back({{"threads", point.threads}, {"gbps", point.bytesPerSecond / kGiga}});
    Json& caches = out["caches"] = Json::array();
    for (const CachePoint& point : m.caches)
        caches.push_back({{"working_set_bytes", point.bytes}, {"gbps", point.bytesPerSecond / kGiga}});
    Json& kernels = out["kernels"] = Json::array();
    for (const KernelRate& rate : m.kernels) {
        Json item{{"type", traitsOf(rate.type).name},
                  {"isa", kernels::isaName(rate.isa)},
                  {"threads", rate.threads},
                  {"decode_gbps", rate.decodeBytesPerSecond / kGiga},
                  {"cached_gbps", rate.cachedBytesPerSecond / kGiga},
                  {"prefill_gops", rate.prefillOperationsPerSecond / kGiga},
                  {"prefill_input_seconds", rate.prefillSecondsPerInput}};
        if (rate.packBytesPerSecond)
            item["pack_gbps"] = *rate.packBytesPerSecond / kGiga;
        kernels.push_back(std::move(item));
    }
    Json& attention = out["attention"] = Json::array();
    for (const AttentionRate& rate : m.attention)
        attention.push_back({{"kv_type", kvName(rate.kvType)},
                             {"head_dim", rate.headDim},
                             {"decode_seconds_per_byte", rate.decodeSecondsPerByte},
                             {"decode_seconds_per_product", rate.decodeSecondsPerProduct},
                             {"prefill_seconds_per_product", rate.prefillSecondsPerProduct}});
    out["step"] = {{"fork_seconds", m.step.forkSeconds},
                   {"call_seconds", m.step.callSeconds},
                   {"small_call_seconds", m.step.smallCallSeconds},
                   {"activation_seconds", m.step.activationSeconds},
                   {"element_seconds", m.step.elementSeconds}};
    Json& disks = out["disks"] = Json::array();
    for (const DiskRate& disk : m.disks)
        disks.push_back({{"role", disk.role},
                         {"sequential_gbps", disk.sequentialBytesPerSecond / kGiga},
                         {"random_gbps", disk.randomBytesPerSecond / kGiga},
                         {"direct", disk.direct}});
    if (m.downloadBytesPerSecond)
        out["download_bytes_per_second"] = *m.downloadBytesPerSecond;
    out["conditions"] = conditionsJson(m.conditions);
    return out;
}

Result<Measurement> measurementFromJson(const Json& json) {
    if (!json.is_object())
        return fail("measurement.malformed", "a measurement is a JSON object");
    const Reader reader(json);
    Measurement m;
    reader.get("fingerprint", m.fingerprint);
    reader.get("time", m.time);
    reader.get("version", m.version);
    reader.get("quick", m.quick);
    reader.get("seconds", m.seconds);
    m.isa = isaOf(reader);
    reader.get("threads", m.threads);
    readSpeeds(reader, m);
    if (const Json* step = reader.find("step")) {
        const Reader costs(*step);
        costs.get("fork_seconds", m.step.forkSeconds);
        costs.get("call_seconds", m.step.callSeconds);
        costs.get("small_call_seconds", m.step.smallCallSeconds);
        costs.get("activation_seconds", m.step.activationSeconds);
        costs.get("element_seconds", m.step.elementSeconds);
    }
    reader.each("disks", [&](const Reader& item) {
        DiskRate disk;
        item.get("role", disk.role);
        item.giga("sequential_gbps", disk.sequentialBytesPerSecond);
        item.giga("random_gbps", disk.randomBytesPerSecond);
        item.get("direct", disk.direct);
        m.disks.push_back(disk);
    });
    reader.get("download_bytes_per_second", m.downloadBytesPerSecond);
    if (const Json* conditions = reader.find("conditions"))
        m.conditions = readConditions(Reader(*conditions));
    return m;
}

} // namespace hearth::hardware
