#pragma once

#include <QMetaType>

#include "engine/base/error.h"
#include "engine/runtime/session.h"
#include "engine/store/history.h"
#include "engine/workbench/chat.h"

// The engine's value types as they travel in signals.
Q_DECLARE_METATYPE(hearth::Error)
Q_DECLARE_METATYPE(hearth::runtime::GenerationResult)
Q_DECLARE_METATYPE(hearth::store::Conversation)
Q_DECLARE_METATYPE(hearth::store::Message)
Q_DECLARE_METATYPE(hearth::workbench::ModelSummary)
