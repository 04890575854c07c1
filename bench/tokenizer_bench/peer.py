# SPDX-License-Identifier: MIT
"""Native tiktoken: `python peer.py list|buffer MODULES`, where MODULES is the node_modules folder that has the
vocabularies. Answers each line "ENCODING FILE" with the nanoseconds of processor time and the tokens of one call for
the whole file.

`list` is Encoding.encode_ordinary, which makes a list of Python's integers; `buffer` is the function of its core that
gives the tokens as bytes. Both include what Python does to hand over the text as UTF-8: a look at a text of ASCII, a
conversion of others the first time, which each round pays for.
"""

import base64
import json
import sys
import time

import tiktoken
import tiktoken_ext.openai_public as openai_public

kind, modules = sys.argv[1:]


def encoding_named(name):
    with open(f"{modules}/tiktoken/encoders/{name}.json", encoding="utf-8") as file:
        lines = json.load(file)["bpe_ranks"].splitlines()
    ranks = {}
    for line in lines:
        first, *tokens = line.split()[1:]
        ranks.update((base64.b64decode(token), int(first) + place) for place, token in enumerate(tokens))
    openai_public.load_tiktoken_bpe = lambda *_, **__: ranks
    return tiktoken.Encoding(**getattr(openai_public, name)())


def text_of(path):
    """Anew each time: Python keeps the UTF-8 of a text that it once converted."""
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def measure(encoding, text):
    start = time.thread_time_ns()
    if kind == "list":
        tokens = len(encoding.encode_ordinary(text))
    else:
        tokens = memoryview(encoding._core_bpe.encode_to_tiktoken_buffer(text, frozenset())).nbytes // 4
    return time.thread_time_ns() - start, tokens


encodings = {}
print("ready tiktoken", tiktoken.__version__, "in Python", sys.version.split()[0], flush=True)
for line in sys.stdin:
    name, path = line.split()
    if name not in encodings:
        encodings[name] = encoding_named(name)
    print(*measure(encodings[name], text_of(path)), flush=True)
