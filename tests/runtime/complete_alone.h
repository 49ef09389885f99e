#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/runtime/session.h"

namespace hearth::test {

/// What a session with nothing beside it says.
inline runtime::GenerationResult completeAlone(std::shared_ptr<runtime::LoadedModel> model,
                                               const std::vector<text::TokenId>& prompt,
                                               const runtime::GenerationParams& params) {
    auto session = runtime::Session::create(std::move(model));
    EXPECT_TRUE(session);
    auto result = session ? (*session)->complete(prompt, params)
                          : Result<runtime::GenerationResult>(runtime::GenerationResult{});
    EXPECT_TRUE(result) << result.error().message();
    return result ? *result : runtime::GenerationResult{};
}

} // namespace hearth::test
