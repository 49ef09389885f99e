"""Writes tests/data/templates/expected.json: what the reference renders for the project's own templates.

Run it after changing a template, a case or an expression, with python3-jinja2 3.1:
    TZ=UTC python3 tests/text/chat_template/make_expected.py
"""
import glob
import json
import os

import reference

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data", "templates")


def load(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return json.load(file)


cases = load("cases.json")
templates = reference.render_all(cases, sorted(glob.glob(os.path.join(FOLDER, "*.jinja"))))
# One small conversation for the expressions, each of which is a template of its own.
case = load("expression_case.json")
expressions = [reference.render(source, json.loads(json.dumps(case))) for source in load("expressions.json")]
with open(os.path.join(FOLDER, "expected.json"), "w", encoding="utf-8") as out:
    json.dump({"templates": templates, "expressions": expressions}, out, ensure_ascii=False, indent=1)
    out.write("\n")
