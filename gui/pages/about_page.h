#pragma once

#include <cstddef>

#include <QWidget>

#include "gui/theme/theme.h"

class QGridLayout;

namespace hearth::gui {

class PageHeader;
class SectionHeader;
class TextLabel;

/// What this program is, what it runs with, whose work it stands on, and what leaves the machine. GUI thread.
class AboutPage : public QWidget {
    Q_OBJECT
public:
    struct Facts {
        QString version;
        QString instructionSet; ///< "AVX2"; a sentence when the choice failed
        std::size_t threads = 1;
        QString dataFolder, logFolder;
    };

    AboutPage(Theme& theme, Facts facts, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    Theme& m_theme;
    const Facts m_facts;
    PageHeader* m_header;
    TextLabel *m_slogan, *m_licence;
    SectionHeader *m_privacyTitle, *m_factsTitle, *m_librariesTitle;
    TextLabel* m_privacy;
    QGridLayout *m_factsGrid, *m_librariesGrid;
};

} // namespace hearth::gui
