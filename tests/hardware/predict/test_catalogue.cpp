#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "engine/hardware/predict/catalogue.h"
#include "tests/support/temporary_folder.h"

namespace hearth::hardware {
namespace {

TEST(Catalogue, EveryShapeHasItsPublishedParameters) {
    const auto catalogue = Catalogue::load();
    ASSERT_TRUE(catalogue) << catalogue.error().message();
    EXPECT_GE(catalogue->entries().size(), 60U);
    EXPECT_EQ(catalogue->date().size(), 10U);
    for (const CatalogueEntry& entry : catalogue->entries()) {
        const double stated = static_cast<double>(entry.parameters);
        EXPECT_NEAR(static_cast<double>(parametersOf(entry.shape)) / stated, 1, 0.02) << entry.shape.id;
        EXPECT_LE(entry.activeParameters, parametersOf(entry.shape)) << entry.shape.id;
        EXPECT_EQ(entry.shape.config.experts > 0, entry.activeParameters < entry.parameters * 0.6)
            << entry.shape.id;
        EXPECT_THAT(entry.hub, testing::MatchesRegex("[A-Za-z0-9-]+/[A-Za-z0-9._-]+")) << entry.shape.id;
        EXPECT_THAT(entry.released, testing::MatchesRegex("20[0-9][0-9]-[01][0-9]")) << entry.shape.id;
        EXPECT_EQ(entry.shape.config.heads % entry.shape.config.kvHeads, 0U) << entry.shape.id;
        EXPECT_FALSE(entry.purposes.empty()) << entry.shape.id;
    }
}

TEST(Catalogue, KnowsEveryFamilyThatTheEngineRuns) {
    const auto catalogue = Catalogue::load();
    ASSERT_TRUE(catalogue);
    std::set<std::string> runnable;
    for (const CatalogueEntry& entry : catalogue->entries())
        if (entry.shape.runnable)
            runnable.insert(entry.shape.config.family);
    EXPECT_THAT(runnable, testing::UnorderedElementsAre("llama", "qwen2", "qwen3", "qwen3moe", "gemma2",
                                                        "gemma3", "phi3"));
}

TEST(Catalogue, EveryMemberOfTheBuiltInOneIsDescribed) {
    const std::set<std::string> described{"id",
                                          "name",
                                          "publisher",
                                          "licence",
                                          "hub",
                                          "released",
                                          "family",
                                          "layers",
                                          "dim",
                                          "heads",
                                          "kv_heads",
                                          "head_dim",
                                          "feed_forward",
                                          "vocabulary",
                                          "context",
                                          "tied_embeddings",
                                          "gated",
                                          "experts",
                                          "experts_used",
                                          "expert_feed_forward",
                                          "shared_feed_forward",
                                          "dense_layers",
                                          "window",
                                          "window_pattern",
                                          "parameters",
                                          "purposes",
                                          "languages"};
    const auto json = nlohmann::json::parse(builtInCatalogue());
    for (const auto& model : json.at("models"))
        for (const auto& [name, value] : model.items())
            EXPECT_TRUE(described.count(name)) << model.at("id") << " has " << name;
}

TEST(Catalogue, FindsByIdAndHubId) {
    const auto catalogue = Catalogue::load();
    ASSERT_TRUE(catalogue);
    ASSERT_TRUE(catalogue->find("QWEN3-8B"));
    EXPECT_EQ(catalogue->find("qwen/qwen3-8b"), catalogue->find("qwen3-8b"));
    EXPECT_EQ(catalogue->find("qwen3"), nullptr);
}

constexpr const char* kEntry =
    R"({"id":"x","name":"X","publisher":"P","licence":"MIT","hub":"p/x","released":"2026-01","family":"llama",)"
    R"("layers":2,"dim":256,"heads":4,"kv_heads":2,"head_dim":64,"feed_forward":512,"vocabulary":1000,)"
    R"("context":2048,"parameters":1700000,"purposes":["chat","telepathy"],"languages":["en"]})";

std::string fileOf(const nlohmann::json& entry) {
    return nlohmann::json{{"schema", "hearth.catalogue"}, {"version", 1}, {"models", {entry}}}.dump();
}

TEST(Catalogue, WrongMembersAreNamed) {
    const auto good = nlohmann::json::parse(kEntry);
    const auto parsed = Catalogue::parse(fileOf(good));
    ASSERT_TRUE(parsed) << parsed.error().message();
    EXPECT_EQ(parsed->entries()[0].purposes.size(), 1U); // an unknown purpose is of a newer version
    for (const auto& [name, value] : good.items()) {
        if (name == "id")
            continue;
        for (const nlohmann::json& bad : {nlohmann::json(), nlohmann::json(-1), nlohmann::json(0),
                                          nlohmann::json::object(), nlohmann::json(1e300)}) {
            auto entry = good;
            entry[name] = bad;
            const auto result = Catalogue::parse(fileOf(entry));
            ASSERT_FALSE(result) << name << " = " << bad;
            EXPECT_EQ(result.error().code, "catalogue.malformed");
            EXPECT_EQ(result.error().arg("field"), name) << bad;
        }
        auto entry = good;
        entry.erase(name);
        EXPECT_FALSE(Catalogue::parse(fileOf(entry))) << name;
    }
    auto moreUsed = good;
    moreUsed.update({{"experts", 4}, {"experts_used", 5}, {"expert_feed_forward", 64}});
    EXPECT_FALSE(Catalogue::parse(fileOf(moreUsed)));
}

TEST(Catalogue, TruncatedTextIsNeverACatalogue) {
    const std::string whole = fileOf(nlohmann::json::parse(kEntry));
    for (std::size_t length = 0; length < whole.size(); ++length)
        EXPECT_FALSE(Catalogue::parse(whole.substr(0, length))) << length;
    EXPECT_EQ(Catalogue::parse(R"({"schema":"hearth.catalogue","version":2,"models":[]})").error().code,
              "catalogue.unsupported_version");
}

TEST(Catalogue, AFileInTheDataFolderReplacesAndAdds) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "catalogue.json";
    ASSERT_TRUE(Catalogue::load(file)); // absent: the built-in one
    auto replaced = nlohmann::json::parse(kEntry);
    replaced["id"] = "qwen3-8b";
    nlohmann::json update{{"schema", "hearth.catalogue"},
                          {"version", 1},
                          {"date", "2027-01-01"},
                          {"models", {nlohmann::json::parse(kEntry), replaced}}};
    std::ofstream(file) << update.dump();
    const auto built = Catalogue::load(), newer = Catalogue::load(file);
    ASSERT_TRUE(built && newer);
    EXPECT_EQ(newer->entries().size(), built->entries().size() + 1);
    EXPECT_EQ(newer->find("qwen3-8b")->name, "X");
    EXPECT_EQ(newer->date(), "2027-01-01");
    std::ofstream(file) << "{";
    EXPECT_FALSE(Catalogue::load(file));
}

} // namespace
} // namespace hearth::hardware
