"""What Jinja renders, as Hugging Face's apply_chat_template sets it up: the reference for the tests.

Usage: reference.py CASES.json TEMPLATE...   prints {template: {case: {"text": …} or {"error": …}}}
"""
import datetime
import functools
import json
import os
import sys

import jinja2
import jinja2.ext
import jinja2.nodes

NOW = datetime.datetime(2024, 7, 6, 15, 4, 5, 678901)


class Generation(jinja2.ext.Extension):
    """Hugging Face's {% generation %} marks what the model wrote; without tracking it renders its body."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_render"), [], [], body).set_lineno(line)

    def _render(self, caller):
        return caller()


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def environment():
    made = jinja2.Environment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols]
    )
    made.filters["tojson"] = tojson
    made.globals["raise_exception"] = raise_exception
    made.globals["strftime_now"] = lambda fmt: NOW.strftime(fmt)
    del made.globals["lipsum"]
    return made


ENVIRONMENT = environment()


@functools.lru_cache(maxsize=8)
def compiled(source):
    return ENVIRONMENT.from_string(source)


def render(source, case):
    try:
        template = compiled(source)
        variables = {
            "messages": case["messages"],
            "tools": case.get("tools"),
            "documents": None,
            "add_generation_prompt": case.get("add_generation_prompt", True),
            "bos_token": case.get("bos_token", "<s>"),
            "eos_token": case.get("eos_token", "</s>"),
        }
        variables.update(case.get("extra", {}))
        text = template.render(**variables)
        text.encode("utf-8")
        return {"text": text}
    except Exception as error:  # whatever Jinja raises, the other side has to fail as well
        return {"error": f"{type(error).__name__}: {error}"}


def render_all(cases, paths):
    out = {}
    for path in paths:
        with open(path, encoding="utf-8", newline="") as file:
            source = file.read()
        # A fresh copy for each: a template may change what it is given.
        out[os.path.basename(path)] = {
            case["name"]: render(source, json.loads(json.dumps(case))) for case in cases
        }
    return out


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as cases_file:
        json.dump(render_all(json.load(cases_file), sys.argv[2:]), sys.stdout)
