#!/usr/bin/env python3
"""Reads every #include of engine/ and gui/ and fails on one that points upward or sideways.

usage: check_includes.py ROOT

The rings are those of engine/README.md. A folder includes lower rings or itself. CMake's explicit links alone do
not keep this: a header of any folder can be found from the repository's root.
"""
import re
import sys
from pathlib import Path

# Ring of every engine folder. Folders that share a ring do not include each other.
ENGINE_RINGS = {
    "base": 0,
    "tensor": 1, "hardware": 1,
    "kernels": 2, "format/gguf": 2, "format/safetensors": 2, "text/tokenizer": 2, "text/chat_template": 2, "store": 2,
    "model": 3, "sampling": 3, "security": 3, "hub": 3, "hardware/measure": 3,
    "runtime": 4, "optimize": 4, "hardware/predict": 4, "hardware/report": 4, "hardware/pdf": 4, "hardware/online": 4,
    "workbench": 5,
    "server": 6, "cli": 6,
}
# The includes inside one ring that are meant, each in one direction only.
ENGINE_SIDEWAYS = {
    ("text/tokenizer", "format/gguf"): "a tokeniser reads its tables from a model file's metadata",
    ("optimize", "runtime"): "measuring and calibrating evaluate a loaded model",
    ("hardware/predict", "runtime"): "a prediction counts what loading takes",
    ("hardware/report", "hardware/predict"): "a report says what was predicted",
    ("hardware/pdf", "hardware/report"): "a PDF is drawn from a report",
    ("hardware/online", "hardware/predict"): "a file's header on a hub becomes a shape to predict",
    ("cli", "server"): "hearthctl serve starts the server",
}
# Which Qt an engine folder may use. Folders that are not here use none.
ENGINE_QT = {
    "store": {"Core", "Sql"}, "security": {"Core"}, "hub": {"Core", "Network"}, "workbench": {"Core"},
    "server": {"Core"}, "cli": {"Core"}, "hardware/pdf": {"Core", "Gui", "Svg"},
    "hardware/online": {"Core", "Network"},
}

# app -> shell -> pages, dialogs -> delegates -> models -> bridge; widgets and theme are leaves that all may use.
GUI_RINGS = {
    "theme": 0, "widgets": 1, "bridge": 2, "models": 3, "delegates": 4, "pages": 5, "dialogs": 5, "shell": 6, "app": 7,
}
# A leaf knows nothing of the program, and the bridge nothing of how things look.
GUI_FORBIDDEN = {("bridge", "theme"), ("bridge", "widgets"), ("models", "widgets")}
# Engine rings that a gui folder may know. Jobs run in bridge/ and are wired in app/; models/ hold the workbench's
# values. What draws or places things uses the plain types below the workbench. Leaves know errors at most.
GUI_ENGINE_RING = {"theme": -1, "widgets": 0, "bridge": 5, "models": 5, "delegates": 4, "pages": 4, "dialogs": 4,
                   "shell": 4, "app": 5}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SOURCES = {".h", ".hpp", ".cpp", ".cc", ".c", ".inc", ".ipp"}

QT_MODULES = [
    ("Sql", re.compile(r"^(QtSql/.*|QSql\w*|QtSql)$")),
    ("Network", re.compile(r"^(QtNetwork(/.*)?|QNetwork\w*|QTcp\w*|QUdp\w*|QLocal(Socket|Server)|QSsl\w*|QHost\w*|QDns\w*|"
                           r"QAbstractSocket|QHttp\w*)$")),
    ("Test", re.compile(r"^(QtTest(/.*)?|QTest|QSignalSpy)$")),
    ("Gui", re.compile(r"^(QtGui/.*|QtGui|QGuiApplication|QPainter\w*|QPixmap\w*|QImage\w*|QIcon\w*|QColor\w*|QFont\w*|"
                       r"QPalette|QPen|QBrush|QWindow|QClipboard|QText(Document|Cursor|Layout|Block|Format)\w*|"
                       r"Q\w*Event|QKeySequence|QAction|QValidator|QStandardItem\w*)$")),
    ("Widgets", re.compile(r"^(QtWidgets/.*|QtWidgets|Q(Main|Abstract)?W(idget|indow)\w*|QApplication|QDialog\w*|"
                           r"Q\w*(Button|Layout|Label|Edit|View|Box|Bar|Dialog|Menu|Delegate|Frame|Splitter|Style|"
                           r"Widget|Slider|ToolTip|Completer|GraphicsScene))$")),
]


def qt_module(header):
    """The Qt module of an include like <QString>, or None for one that is not Qt's."""
    if not re.match(r"^(Q[A-Z]|Qt|q[a-z]+\.h$|qt\w*\.h$)", header):
        return None
    for module, pattern in QT_MODULES:
        if pattern.match(header):
            return module
    other = re.match(r"^Qt(\w+)/", header)
    return other.group(1) if other else "Core"


def unit_of(parts, units):
    """The folder that a path below engine/ or gui/ belongs to: "kernels" for kernels/avx2/x.h."""
    for length in (2, 1):
        name = "/".join(parts[:length])
        if len(parts) > length and name in units:
            return name
    return None


def check_engine(unit, header):
    parts = header.split("/")
    if parts[0] == "gui":
        return "engine never includes gui"
    if parts[0] != "engine":
        module = qt_module(header)
        allowed = ENGINE_QT.get(unit, set())
        if module and module not in allowed:
            what = "only Qt " + ", ".join(sorted(allowed)) if allowed else "no Qt"
            return f"engine/{unit} uses {what}, this is Qt {module}"
        return None
    target = unit_of(parts[1:], ENGINE_RINGS)
    if target is None:
        return "an engine folder that has no ring; add it to ENGINE_RINGS"
    if target == unit or (unit, target) in ENGINE_SIDEWAYS or ENGINE_RINGS[target] < ENGINE_RINGS[unit]:
        return None
    direction = "sideways" if ENGINE_RINGS[target] == ENGINE_RINGS[unit] else "upward"
    return f"{direction}: engine/{unit} is ring {ENGINE_RINGS[unit]}, engine/{target} ring {ENGINE_RINGS[target]}"


def check_gui(unit, header):
    parts = header.split("/")
    if parts[0] == "gui":
        target = unit_of(parts[1:], GUI_RINGS)
        if target is None:
            return "a gui folder that has no place; add it to GUI_RINGS"
        if target != unit and (GUI_RINGS[target] >= GUI_RINGS[unit] or (unit, target) in GUI_FORBIDDEN):
            return f"gui/{unit} does not include gui/{target}"
    elif parts[0] == "engine":
        target = unit_of(parts[1:], ENGINE_RINGS)
        if target is None or ENGINE_RINGS[target] > GUI_ENGINE_RING[unit]:
            return f"gui/{unit} does not include engine/{target or '?'}"
    return None


def violations(root):
    """(path, line, header, reason) for every wrong include below root."""
    found = []
    for top, units, check in (("engine", ENGINE_RINGS, check_engine), ("gui", GUI_RINGS, check_gui)):
        for path in sorted((root / top).rglob("*")):
            if path.suffix not in SOURCES or not path.is_file():
                continue
            relative = path.relative_to(root / top).parts
            unit = unit_of(relative, units)
            if unit is None and len(relative) == 1:  # belongs to no folder: a precompiled header, say
                check_here = lambda _, header: ("a file outside of the folders includes nothing of the project"
                                                if header.split("/")[0] in ("engine", "gui") else None)
            elif unit is None:
                found.append((path, 1, "", f"lies in a folder of {top}/ that has no ring"))
                continue
            else:
                check_here = check
            text = path.read_text(encoding="utf-8", errors="replace")
            text = COMMENT.sub(lambda m: "\n" * m.group().count("\n"), text)  # keep line numbers
            for match in INCLUDE.finditer(text):
                reason = check_here(unit, match.group(2))
                if reason:
                    found.append((path, text.count("\n", 0, match.start()) + 1, match.group(2), reason))
    return found


def main():
    root = Path(sys.argv[1])
    found = violations(root)
    for path, line, header, reason in found:
        print(f"{path.relative_to(root)}:{line}: {header}: {reason}")
    count = sum(1 for top in ("engine", "gui") for p in (root / top).rglob("*") if p.suffix in SOURCES)
    print(f"{count} files, {len(found)} wrong includes")
    if count == 0:
        print("nothing was checked: is ROOT the repository's root?")
    return 1 if found or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
