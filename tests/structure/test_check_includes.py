#!/usr/bin/env python3
"""The include check must find what it is for: fabricated violations, one each, in a tree of its own."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import check_includes  # noqa: E402


class CheckIncludes(unittest.TestCase):
    def reasons(self, files):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return [reason for _, _, _, reason in check_includes.violations(Path(folder))]

    def wrong(self, file, header, expected):
        quotes = '"%s"' if "/" in header and not header.startswith("Qt") else "<%s>"
        found = self.reasons({file: "#pragma once\n#include " + quotes % header + "\n"})
        self.assertEqual(len(found), 1, (file, header, found))
        self.assertIn(expected, found[0])

    def right(self, file, *headers):
        text = "".join('#include "%s"\n' % h if "/" in h else "#include <%s>\n" % h for h in headers)
        self.assertEqual(self.reasons({file: text}), [])

    def test_downward_and_own_folder_are_right(self):
        self.right("engine/runtime/session.cpp", "engine/model/model.h", "engine/base/error.h", "engine/runtime/x.h",
                   "vector", "nlohmann/json.hpp")
        self.right("engine/kernels/avx2/a.cpp", "engine/kernels/isa.h", "engine/tensor/dtype.h")
        self.right("engine/cli/a.cpp", "engine/workbench/chat.h", "engine/format/gguf/gguf_file.h")
        self.right("engine/text/tokenizer/a.cpp", "engine/format/gguf/gguf_file.h")
        self.right("engine/store/a.cpp", "QString", "QSqlDatabase")
        self.right("engine/workbench/a.cpp", "QStandardPaths")
        self.right("gui/app/a.cpp", "gui/shell/a.h", "gui/pages/b.h", "gui/theme/t.h", "engine/workbench/chat.h", "QWidget")
        self.right("gui/bridge/a.cpp", "engine/workbench/chat.h", "QObject")

    def test_upward_is_wrong(self):
        self.wrong("engine/base/a.h", "engine/tensor/dtype.h", "upward")
        self.wrong("engine/model/blocks/a.h", "engine/runtime/session.h", "upward")
        self.wrong("engine/format/gguf/a.cpp", "engine/model/config.h", "upward")
        self.wrong("engine/workbench/a.cpp", "engine/cli/b.h", "upward")

    def test_sideways_is_wrong(self):
        self.wrong("engine/sampling/a.cpp", "engine/model/config.h", "sideways")
        self.wrong("engine/text/chat_template/a.cpp", "engine/text/tokenizer/tokenizer.h", "sideways")
        self.wrong("engine/format/gguf/a.cpp", "engine/text/tokenizer/tokenizer.h", "sideways")
        self.wrong("engine/server/a.cpp", "engine/cli/b.h", "sideways")

    def test_qt_stays_out_of_the_engine(self):
        self.wrong("engine/model/a.cpp", "QString", "no Qt")
        self.wrong("engine/base/a.h", "QtCore/QByteArray", "no Qt")
        self.wrong("engine/runtime/a.cpp", "qglobal.h", "no Qt")
        self.wrong("engine/store/a.cpp", "QTcpSocket", "Qt Network")
        self.wrong("engine/workbench/a.cpp", "QSqlQuery", "Qt Sql")
        self.wrong("engine/cli/a.cpp", "QWidget", "Qt Widgets")
        self.wrong("engine/hub/a.cpp", "QImage", "Qt Gui")

    def test_engine_never_includes_gui(self):
        self.wrong("engine/workbench/a.cpp", "gui/bridge/b.h", "never includes gui")

    def test_gui_order(self):
        self.wrong("gui/theme/a.cpp", "gui/widgets/b.h", "gui/theme does not include gui/widgets")
        self.wrong("gui/widgets/a.cpp", "gui/bridge/b.h", "does not include")
        self.wrong("gui/bridge/a.cpp", "gui/models/b.h", "does not include")
        self.wrong("gui/bridge/a.cpp", "gui/widgets/b.h", "does not include")
        self.wrong("gui/models/a.cpp", "gui/delegates/b.h", "does not include")
        self.wrong("gui/delegates/a.cpp", "gui/pages/b.h", "does not include")
        self.wrong("gui/pages/a.cpp", "gui/dialogs/b.h", "does not include")
        self.wrong("gui/pages/a.cpp", "gui/shell/b.h", "does not include")
        self.wrong("gui/shell/a.cpp", "gui/app/b.h", "does not include")
        self.wrong("gui/pages/a.cpp", "engine/workbench/chat.h", "does not include")
        self.wrong("gui/theme/a.cpp", "engine/base/error.h", "does not include")
        self.wrong("gui/app/a.cpp", "engine/cli/b.h", "does not include")

    def test_unknown_folders_are_reported(self):
        self.assertIn("has no ring", self.reasons({"engine/misc/a.cpp": ""})[0])
        self.wrong("engine/cli/a.cpp", "engine/misc/b.h", "no ring")

    def test_files_outside_of_the_folders_include_nothing_of_the_project(self):
        self.right("gui/pch.h", "QWidget", "vector")
        self.wrong("gui/pch.h", "gui/theme/t.h", "outside of the folders")

    def test_comments_and_odd_spacing(self):
        self.assertEqual(self.reasons({"engine/base/a.h": '// #include "engine/cli/b.h"\n/*\n#include "gui/x/y.h"\n*/\n'}), [])
        self.assertEqual(len(self.reasons({"engine/base/a.h": '  #  include   "engine/tensor/dtype.h"\n'})), 1)

    def test_the_program_names_file_and_line_and_fails(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "engine" / "base" / "a.h"
            path.parent.mkdir(parents=True)
            path.write_text('#pragma once\n\n#include "engine/model/model.h"\n')
            script = Path(__file__).parent / "check_includes.py"
            done = subprocess.run([sys.executable, script, folder], capture_output=True, text=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn("engine/base/a.h:3: engine/model/model.h: upward", done.stdout)
            path.write_text("#pragma once\n")
            self.assertEqual(subprocess.run([sys.executable, script, folder], capture_output=True).returncode, 0)

    def test_an_empty_tree_is_no_success(self):
        with tempfile.TemporaryDirectory() as folder:
            script = Path(__file__).parent / "check_includes.py"
            self.assertEqual(subprocess.run([sys.executable, script, folder], capture_output=True).returncode, 1)


if __name__ == "__main__":
    unittest.main()
