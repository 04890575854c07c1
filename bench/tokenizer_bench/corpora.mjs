// SPDX-License-Identifier: MIT
// Writes what the benchmark reads: `node corpora.mjs MODULES FOLDER` makes FOLDER/corpora with a file for each corpus of
// real text below the node_modules folder MODULES, and FOLDER/worst with 100 KB each of what tokenizers are slow at.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpora, numbers } from '../../tests/tokenizers/texts.mjs';

const [modules, folder] = process.argv.slice(2);
const size = 100_000;

function filled(next) {
  const parts = [];
  for (let left = size; left > 0; left -= Buffer.byteLength(parts.at(-1))) parts.push(next());
  return parts.join('');
}

function* worstCases() {
  const random = numbers(7);
  const one = (text) => text[random(text.length)];
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const base64 = letters + letters.toUpperCase() + '0123456789+/';
  yield ['one_letter', filled(() => 'a')];
  yield ['two_letters_in_turn', filled(() => 'ab')];
  yield ['spaces', filled(() => ' ')];
  yield ['newlines', filled(() => '\n')];
  yield ['random_letters', filled(() => one(letters))];
  yield ['random_chinese', filled(() => String.fromCodePoint(0x4e00 + random(0x5200)))];
  yield ['random_base64', filled(() => one(base64))];
  yield ['one_digit', filled(() => '7')];
  yield ['one_emoji', filled(() => '\u{1f600}')];
}

function write(kind, texts) {
  const place = join(folder, kind);
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  for (const [name, text] of texts) writeFileSync(join(place, name + '.txt'), text);
}

write('corpora', corpora(modules));
write('worst', worstCases());
