#include "engine/model/family.h"

#include <algorithm>

#include "engine/model/families/families.h"

namespace hearth::model {

namespace {

constexpr const Family* kFamilies[] = {
#define HEARTH_FAMILY(name) &families::name,
#include "engine/model/families/families.inc"
#undef HEARTH_FAMILY
};

constexpr std::size_t kMaxExperts = 1024;
constexpr std::size_t kMaxWidth = std::size_t{1} << 22;
constexpr std::size_t kMaxContext = std::size_t{1} << 28;

} // namespace

const Family* findFamily(std::string_view name) {
    for (const Family* family : kFamilies)
        if (family->name == name)
            return family;
    return nullptr;
}

std::string familyNames() {
    std::string names;
    for (const Family* family : kFamilies)
        names += (names.empty() ? "" : ", ") + std::string(family->name);
    return names;
}

Result<void> readExperts(const MetadataReader& keys, ModelConfig& config) {
    HEARTH_TRY(config.experts, keys.sizeOr("expert_count", 0, 0, kMaxExperts));
    if (config.experts == 0)
        return {};
    HEARTH_TRY(config.expertsUsed, keys.size("expert_used_count", 1, config.experts));
    HEARTH_TRY(config.expertFeedForward,
               keys.sizeOr("expert_feed_forward_length", config.feedForward, 1, kMaxWidth));
    return {};
}

Result<void> readWindow(const MetadataReader& keys, ModelConfig& config, std::size_t fallback) {
    HEARTH_TRY(config.slidingWindow, keys.sizeOr("attention.sliding_window", fallback, 0, kMaxContext));
    return {};
}

} // namespace hearth::model
