#!/usr/bin/env python3
"""Medians of both programs' rounds and their ratio, as lines of a table.

usage: ratios.py TYPE PP_NAME TG_NAME HEARTH_FILE PEER_FILE      files of JSON objects, one after another
"""
import json
import pathlib
import statistics
import sys


def objects(path):
    text, decoder = pathlib.Path(path).read_text(), json.JSONDecoder()
    while text.strip():
        value, end = decoder.raw_decode(text.lstrip())
        yield value
        text = text.lstrip()[end:]


def rate(value):
    return value["mean"] if isinstance(value, dict) else value


def main():
    kind, pp_name, tg_name, ours, peers = sys.argv[1:]
    ours, peers = list(objects(ours)), list(objects(peers))
    for key, name in (("pp_tps", pp_name), ("tg_tps", tg_name)):
        own = statistics.median(rate(o[key]) for o in ours)
        peer = statistics.median(rate(o[key]) for o in peers)
        print(f"| {kind} | {name} | {own:.1f} | {peer:.1f} | {own / peer:.2f} |")


main()
