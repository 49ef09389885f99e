#!/usr/bin/env python3
"""Models that Hearth writes, read by the npm peers.

usage: interop.py HEARTHCTL SOURCE

Quantises the built-in Guide's model into several types, parses each file with @huggingface/gguf, and lets
node-llama-cpp and hearthctl continue the same prompt greedily: the words must be the same. Exits with 77 (skipped)
when node or the modules are not there.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
PROMPT = "How do I open a model?"  # one of the kind the Guide was trained on: its words are sure of themselves
TOKENS = 24
TYPES = ["F16", "Q8_0", "Q6_K", "Q4_K_M"]


def skip(why):
    print("skipped:", why)
    sys.exit(SKIPPED)


def run(*command):
    # The plain kernels round no activations: what is compared is the file, not two ways of rounding.
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300,
                          env={**os.environ, "HEARTH_ISA": "generic"})
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def main():
    hearthctl, source = Path(sys.argv[1]), Path(sys.argv[2])
    node, modules = shutil.which("node"), os.environ.get("HEARTH_NODE_MODULES", "")
    if not node:
        skip("node is not installed")
    if not modules or not (Path(modules) / "node_modules/node-llama-cpp").is_dir():
        skip("HEARTH_NODE_MODULES names no folder with node_modules/node-llama-cpp and @huggingface/gguf")
    guide = source / "resources/guide/guide-Q8_0.gguf"
    peer = source / "tests/interop/peer.mjs"
    with tempfile.TemporaryDirectory() as folder:
        messages = Path(folder) / "messages.json"
        messages.write_text(json.dumps([{"role": "user", "content": PROMPT}]))
        rendered = run(hearthctl, "render-template", "--model", guide, "--messages", messages)
        for kind in TYPES:
            file = Path(folder) / f"guide-{kind}.gguf"
            run(hearthctl, "quantize", guide, file, "--type", kind)
            parsed = json.loads(run(node, peer, modules, "parse", file))
            own = json.loads(run(hearthctl, "inspect", file, "--json"))
            assert parsed["architecture"] == "llama", parsed["architecture"]
            assert len(parsed["tensors"]) == len(own["tensors"]), (len(parsed["tensors"]), len(own["tensors"]))
            theirs = json.loads(run(node, peer, modules, "generate", file, TOKENS, rendered))["text"]
            ours = run(hearthctl, "generate", "--model", file, "--chat", "--prompt", PROMPT, "--temperature", "0", "-n",
                       TOKENS).strip()
            assert ours and ours == theirs.strip(), f"{kind}:\n  ours   {ours!r}\n  theirs {theirs.strip()!r}"
            print(f"{kind}: {len(parsed['tensors'])} tensors, the same {TOKENS} tokens: {ours!r}")


main()
