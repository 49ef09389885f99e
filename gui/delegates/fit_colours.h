#pragma once

#include "engine/hardware/predict/predict.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

/// How a verdict on a model and this machine looks wherever one is drawn.
struct FitColours {
    ColourRole ground, ink;
};

[[nodiscard]] inline FitColours coloursOf(hardware::Fit fit) {
    switch (fit) {
    case hardware::Fit::Comfortable:
        return {ColourRole::GoodSoft, ColourRole::GoodText};
    case hardware::Fit::Tight:
        return {ColourRole::CautionSoft, ColourRole::CautionText};
    case hardware::Fit::DoesNotFit:
        break;
    }
    return {ColourRole::BadSoft, ColourRole::BadText};
}

} // namespace hearth::gui
