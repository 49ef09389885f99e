#pragma once

#include "engine/text/chat_template/chat_template.h"

namespace hearth::text {

namespace jinja {
class Evaluator;
class Run;
} // namespace jinja

/// Gives the evaluator the variables of Hugging Face's apply_chat_template: messages, tools, documents (none
/// unless in `extra`), add_generation_prompt, bos_token, eos_token and everything in `extra`, which wins.
/// Raises template.bad_messages and template.limit faults.
void defineVariables(jinja::Run& run, jinja::Evaluator& evaluator, const TemplateInput& input);

} // namespace hearth::text
