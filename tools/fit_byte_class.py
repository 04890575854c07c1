#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fits the weights of <tallyscope/estimators/byte_class.hpp> to true token counts.

Two steps, both outside of any build:

  fit_byte_class.py collect ROOT... --into CORPORA    texts of installed or unpacked packages, a file for each kind
  fit_byte_class.py fit CORPORA --ranks o200k_base.tiktoken [--pattern o200k_base]

A ROOT is a folder that Debian packages (`dpkg-deb -x`) and wheels were unpacked into, or `/`. Used were gnome-user-docs,
cmake-data, nodejs-doc, libstdc++-12-dev, iso-codes and the wheels of Django and Sphinx; npm; the sources of Go.
`fit` needs the packages numpy and tiktoken. It cuts every corpus into pieces of 2 KB, fits the even ones with equal
weight for each corpus so that the squared relative error is least, and tests the odd ones; then once more for each
corpus without it. It prints the weights and the mean absolute error in percent beside those of simple rules.
"""
import argparse
import base64
import gettext
import glob
import json
import os
import random
import re

import numpy

CORPUS_BYTES = 600_000
CHUNK_BYTES = 2_000

# Where the bit of a class begins, by the first byte of a character; what is below 0xC2 and above 0x7F continues one.
LEADS = [0xC2, 0xCE, 0xD0, 0xD6, 0xE0, 0xE2, 0xE3, 0xE4, 0xEA, 0xF0]
FEATURES = ["word starts", "letters", "capitals behind small letters", "capitals behind capitals", "digits",
            "runs of digits", "punctuation", "runs of punctuation", "whitespace", "whitespace behind whitespace",
            "newlines", "runs of newlines", "letters behind eight others", "C2-CD", "CE-CF", "D0-D5", "D6-DF",
            "E0-E1", "E2, F0-FF", "E3", "E4-E9", "EA-EF"]


def features(text):
    """The 22 counts of a text of bytes, as the header counts them."""
    bytes_ = numpy.frombuffer(text, dtype=numpy.uint8)
    upper = (bytes_ >= 0x41) & (bytes_ <= 0x5A)
    lower = (bytes_ >= 0x61) & (bytes_ <= 0x7A)
    digit = (bytes_ >= 0x30) & (bytes_ <= 0x39)
    newline = (bytes_ == 0x0A) | (bytes_ == 0x0D)
    space = (bytes_ == 0x20) | ((bytes_ >= 0x09) & (bytes_ <= 0x0D))
    letter = upper | lower
    punctuation = ~(letter | digit | space | (bytes_ >= 0x80))

    def behind(mask, places=1):
        return numpy.concatenate([numpy.zeros(min(places, len(mask)), dtype=bool), mask[:-places]])

    long = letter.copy()
    for places in range(1, 9):
        long &= behind(letter, places)
    starts = [int((bytes_ >= lead).sum()) for lead in LEADS]
    between = [starts[i] - starts[i + 1] for i in range(9)]
    between[5] += starts[9]
    return [(letter & ~behind(letter)).sum(), letter.sum(), (upper & behind(lower)).sum(), (upper & behind(upper)).sum(),
            digit.sum(), (digit & ~behind(digit)).sum(), punctuation.sum(), (punctuation & ~behind(punctuation)).sum(),
            space.sum(), (space & behind(space)).sum(), newline.sum(), (newline & ~behind(newline)).sum(),
            long.sum(), *between]


# How a corpus is collected.

LANGUAGES = {"ar": 0x0600, "fa": 0x0600, "he": 0x0590, "de": 0, "fr": 0, "es": 0, "pl": 0, "tr": 0, "vi": 0, "el": 0x0370,
             "hi": 0x0900, "bn": 0x0980, "ta": 0x0B80, "th": 0x0E00, "ja": 0x3000, "ko": 0xAC00, "ru": 0x0400,
             "uk": 0x0400, "zh_CN": 0x4E00}
TEXTS = {
    "code_cpp": ["usr/include/c++/*/**/*", "usr/include/boost/**/*.hpp"],
    "code_js": ["usr/lib/node_modules/npm/**/*.js"],
    "code_python": ["django/**/*.py", "sphinx/[a-rt-z]*/**/*.py"],
    "code_go": ["usr/local/go/src/**/*.go"],
    "code_shell": ["usr/share/**/*.sh", "usr/share/bash-completion/completions/*"],
    "markdown": ["usr/share/doc/nodejs/**/*.md"],
    "rst_docs": ["usr/share/cmake-*/Help/**/*.rst"],
    "html": ["usr/share/doc/**/*.html", "django/**/*.html"],
    "en_plain": ["usr/share/doc/**/README", "usr/share/doc/**/*.txt", "usr/share/games/fortunes/*"],
}
# What the weights never see: how they do on texts of another kind.
NEVER_FITTED = {"code_shell", "en_plain", *("lang_" + name for name in "he pl tr vi bn ta th uk".split())}
JSON_FILES = ["usr/share/iso-codes/json/*.json", "usr/lib/node_modules/npm/**/package.json",
              "usr/share/cmake-*/**/*.json"]


def files(roots, patterns):
    found = {path for root in roots for pattern in patterns
             for path in glob.glob(os.path.join(root, pattern), recursive=True) if os.path.isfile(path)}
    found = sorted(found)
    random.Random(1).shuffle(found)
    return found


def read(path):
    with open(path, "rb") as file:
        text = file.read(60_000)
    return "" if b"\0" in text else text.decode(errors="ignore")


def of_script(text, first):
    """Is a good part of it in the script that begins there? What is left untranslated is not."""
    if first == 0:
        return True
    ours = sum(1 for c in text if ord(c) >= min(first, 0x3000))
    return ours * 3 > len(text)


def gathered(texts):
    size, taken, seen = 0, [], set()
    for text in texts:
        if size > CORPUS_BYTES:
            break
        if len(text) > 1 and text not in seen:
            seen.add(text)
            taken.append(text)
            size += len(text.encode())
    return "\n".join(taken)


def pages(roots, language, first):
    """Paragraphs of help pages, without their markup."""
    for path in files(roots, [f"usr/share/help/{language}/**/*.page"]):
        plain = re.sub(r"<(/?)(p|title|desc|item)\b[^>]*>", "\n\n", read(path))
        plain = re.sub(r"<[^>]*>", "", plain)
        for paragraph in re.split(r"\n\s*\n", plain):
            paragraph = re.sub(r"\s+", " ", paragraph).strip()
            if len(paragraph) > 20 and of_script(paragraph, first):
                yield paragraph


def messages(roots, language, first):
    found = files(roots, [f"usr/share/locale/{language}/LC_MESSAGES/*.mo",
                          f"django/**/locale/{language.replace('CN', 'Hans')}/LC_MESSAGES/*.mo",
                          f"sphinx/locale/{language}/LC_MESSAGES/*.mo"])
    for path in found:
        if "iso_" in path or "xkeyboard" in path:  # lists of names
            continue
        try:
            with open(path, "rb") as file:
                catalogue = gettext.GNUTranslations(file)._catalog
        except (OSError, UnicodeError):
            continue
        for key, text in catalogue.items():
            if key and isinstance(text, str) and text != key and len(text) > 15 and of_script(text, first):
                yield text


def json_values(roots):
    for path in files(roots, JSON_FILES):
        try:
            with open(path, encoding="utf-8") as file:
                value = json.load(file)
        except (OSError, ValueError):
            continue
        rows = next((v for v in value.values() if isinstance(v, list)), None) if isinstance(value, dict) else value
        yield from rows[:400] if rows and isinstance(rows[0], dict) else [value]


def log_lines():
    """What services write: names, numbers, times and hashes by chance."""
    chance = random.Random(2)
    for number in range(4_000):
        yield json.dumps({
            "ts": f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}T{chance.randint(0, 23):02}:"
                  f"{chance.randint(0, 59):02}:{chance.randint(0, 59):02}.{chance.randint(0, 999):03}Z",
            "level": chance.choice(["info", "warn", "error", "debug"]), "id": f"{chance.getrandbits(64):016x}",
            "path": chance.choice(["/v1/search", "/v1/users/", "/healthz"]) + str(number),
            "status": chance.choice([200, 201, 404, 500]), "duration_ms": round(chance.expovariate(0.02), 2),
            "user": chance.choice(["alice", "bob", "carol"]), "cached": chance.random() < 0.5}, separators=(",", ":"))


def collect(roots, into):
    os.makedirs(into, exist_ok=True)
    corpora = {name: gathered(map(read, files(roots, patterns))) for name, patterns in TEXTS.items()}
    corpora["en_prose"] = gathered(pages(roots, "C", 0))
    for language, first in LANGUAGES.items():
        both = [gathered(pages(roots, language, first)), gathered(messages(roots, language, first))]
        corpora["lang_" + language.lower()] = "\n".join(text[:CORPUS_BYTES // 2] for text in both)
    values = list(json_values(roots))
    corpora["json_compact"] = gathered(json.dumps(v, ensure_ascii=False, separators=(",", ":")) for v in values)
    corpora["json_pretty"] = gathered(json.dumps(v, ensure_ascii=False, indent=2) for v in values)
    corpora["json_logs"] = gathered(log_lines())
    lines = [line for name, text in corpora.items() if name.startswith("lang_") for line in text.split("\n")[:300]]
    random.Random(3).shuffle(lines)
    corpora["mixed"] = gathered(lines)
    for name, text in corpora.items():
        print(f"{name:16} {len(text.encode()):8}")
        with open(os.path.join(into, name + ".txt"), "w", encoding="utf-8") as file:
            file.write(text)


# How the weights are fitted.

def chunks(text):
    text, place = text.encode(), 0
    while place + CHUNK_BYTES <= len(text):
        end = place + CHUNK_BYTES
        while end < len(text) and text[end] & 0xC0 == 0x80:
            end += 1
        yield text[place:end]
        place = end


def counter(ranks, pattern):
    import tiktoken
    from tiktoken_ext import openai_public
    with open(ranks, "rb") as file:
        pairs = (line.split() for line in file if line.strip())
        table = {base64.b64decode(token): int(rank) for token, rank in pairs}
    constants = {"o200k_base": openai_public.o200k_base, "cl100k_base": openai_public.cl100k_base}[pattern]
    kept = openai_public.load_tiktoken_bpe
    openai_public.load_tiktoken_bpe = lambda *_, **__: table  # the pattern is wanted, not the download
    known = constants()
    openai_public.load_tiktoken_bpe = kept
    encoding = tiktoken.Encoding(pattern, pat_str=known["pat_str"], mergeable_ranks=table, special_tokens={})
    return lambda text: len(encoding.encode_ordinary(text))


class Corpus:
    def __init__(self, path, count):
        self.name = os.path.basename(path)[:-4]
        with open(path, encoding="utf-8") as file:
            parts = list(chunks(file.read()))
        self.texts = [part.decode() for part in parts]
        self.features = numpy.array([features(part) for part in parts], dtype=float)
        self.tokens = numpy.array([count(text) for text in self.texts], dtype=float)
        self.characters = numpy.array([len(text) for text in self.texts], dtype=float)

    def error(self, estimates, odd=True):
        relative = (estimates / self.tokens - 1)[1 if odd else 0::2]
        return 100 * abs(relative).mean()


MAY_LOWER = "whitespace behind whitespace"
ALIKE = [("CE-CF", "D0-D5", "D6-DF"), ("E0-E1", "E3", "E4-E9", "EA-EF")]


def kinship():
    """What the squared difference of two weights of a group costs, as a quadratic form."""
    form = numpy.zeros((len(FEATURES), len(FEATURES)))
    for members in ALIKE:
        for first in members:
            for second in members:
                difference = numpy.zeros(len(FEATURES))
                difference[FEATURES.index(first)] += 1
                difference[FEATURES.index(second)] -= 1
                form += numpy.outer(difference, difference) / len(members)
    return form


def fit(corpora, ridge):
    """Least squares of the relative error, each corpus as heavy as another. A weight that no text speaks of becomes that
    of its kin, for scripts with as many bytes a character are alike, and 0 where it has none. None is below 0 but one:
    a run of spaces is one token."""
    rows, wanted = [], []
    for corpus in corpora:
        heavy = 1 / numpy.sqrt(len(corpus.tokens[0::2]))
        rows.append(corpus.features[0::2] / corpus.tokens[0::2, None] * heavy)
        wanted.append(numpy.full(len(corpus.tokens[0::2]), heavy))
    a, b = numpy.concatenate(rows), numpy.concatenate(wanted)
    left, right = a.T @ a + ridge * (kinship() + numpy.eye(len(FEATURES)) / 10), a.T @ b
    used = numpy.arange(len(FEATURES))
    while True:
        weights = numpy.zeros(len(FEATURES))
        weights[used] = numpy.linalg.solve(left[numpy.ix_(used, used)], right[used])
        wrong = [place for place in used if weights[place] < 0 and FEATURES[place] != MAY_LOWER]
        if not wrong:
            return weights
        used = numpy.setdiff1d(used, wrong)


def rows_of(corpora, fitted, ridge):
    whole = fit(fitted, ridge)
    for corpus in corpora:
        without = fit([other for other in fitted if other is not corpus], ridge)
        yield corpus, [corpus.characters / 4, corpus.characters / 3.5, corpus.features @ whole,
                       corpus.features @ without]


def print_table(title, rows):
    print(f"{title:28} {'chunks':>7} {'chars/4':>8} {'/3.5':>8} {'ours':>8} {'left out':>8}")
    errors = []
    for corpus, estimates in rows:
        errors.append([corpus.error(estimate) for estimate in estimates])
        print(f"{corpus.name:28} {len(corpus.tokens):7}" + "".join(f" {error:8.1f}" for error in errors[-1]))
    print(f"{'mean':28} {sum(len(c.tokens) for c, _ in rows):7}" + "".join(f" {e:8.1f}" for e in numpy.mean(errors, 0)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["collect", "fit"])
    parser.add_argument("places", nargs="+")
    parser.add_argument("--into")
    parser.add_argument("--ranks")
    parser.add_argument("--pattern", default="o200k_base")
    parser.add_argument("--ridge", type=float, default=1e-2)
    given = parser.parse_args()
    if given.step == "collect":
        return collect(given.places, given.into)
    count = counter(given.ranks, given.pattern)
    corpora = [Corpus(path, count) for path in sorted(glob.glob(os.path.join(given.places[0], "*.txt")))]
    fitted = [corpus for corpus in corpora if corpus.name not in NEVER_FITTED]
    rows = list(rows_of(corpora, fitted, given.ridge))
    print_table(given.pattern + ", fitted", [row for row in rows if row[0] in fitted])
    print_table(given.pattern + ", never fitted", [row for row in rows if row[0] not in fitted])
    for name, weight in zip(FEATURES, fit(fitted, given.ridge)):
        print(f"    {weight:.4f}f,  // {name}")


if __name__ == "__main__":
    main()
