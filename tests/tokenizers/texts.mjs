// SPDX-License-Identifier: MIT
// Texts to hold tokenizers against each other with: made up ones, and real ones from installed packages.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/// Numbers that look random and are the same each time (Marsaglia's xorshift32, 2003).
export function numbers(seed) {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const ranges = [
  [0x20, 0x7e], [0x20, 0x7e], [0x41, 0x5a], [0x61, 0x7a], [0x30, 0x39], [0x0, 0x1f], [0x80, 0xff], [0x100, 0x24f],
  [0x300, 0x36f], [0x370, 0x3ff], [0x400, 0x52f], [0x590, 0x6ff], [0x900, 0x97f], [0xe00, 0xe7f], [0x1100, 0x11ff],
  [0x1e00, 0x1fff], [0x2000, 0x206f], [0x2070, 0x218f], [0x2190, 0x2bff], [0x3000, 0x30ff], [0x3400, 0x9fff],
  [0xac00, 0xd7a3], [0xfe00, 0xfeff], [0xff00, 0xffef], [0x10000, 0x107ff], [0x16e40, 0x16e9f], [0x1d400, 0x1d7ff],
  [0x1f300, 0x1faff], [0x20000, 0x2a6df], [0x0, 0x10ffff],
];
const words = [
  "don't", "I'LL", "we've", "'S", "'\u017f", "x'm'm'm", "can't've", 'Hello', 'HelloWorld', 'HTTPServer', 'naïve', 'ABC',
  'a\u0301b', '\u0301ABC', '中A1', '日本語', '한국어', 'Привет', 'γειά', 'مرحبا', 'नमस्ते', '👩‍👩‍👧‍👦', '🇩🇪', '1234567', '3.14',
  '\n//', '/**/', '  ', '   \n', '\r\n', '\t\t', '\u00a0', '\u3000', '\u2028', '\u0085', ' \u200b', '…', '—', '“q”', '==',
  '!=', '->', '::', '{"a":[1,2]}', 'https://example.org/a?b=c&d', 'user@example.org', '<|endoftext|>', '<|im_start|>',
  'aGVsbG8gd29ybGQ=', '_snake_case', 'camelCase', '#define', '\\n', "''''", '\u1e9e\u0130\u0131', '\u02bcn', '²³½',
  'e\u0301te\u0301', '\u1112\u1161\u11ab', '\u212b', '>\u0338', '<think>', '<|eot_id|>', '<｜User｜>',
];

function character(random) {
  for (;;) {
    const [first, last] = ranges[random(ranges.length)];
    const code = first + random(last - first + 1);
    if (code < 0xd800 || code > 0xdfff) return String.fromCodePoint(code);
  }
}

/// A text of some pieces: words, characters of one script, of any, runs of one character.
export function madeUpText(random) {
  let text = '';
  for (let pieces = 1 + random(12); pieces > 0; --pieces) {
    const kind = random(8);
    if (kind < 3) text += words[random(words.length)] + (random(2) ? ' ' : '');
    else if (kind < 4) text += character(random).repeat(1 + random(random(20) ? 6 : 150));
    else if (kind < 5) text += [' ', '\n', '\r', '\t', '  ', '\u00a0'][random(6)].repeat(1 + random(4));
    else if (kind < 6) {
      const [first, last] = ranges[random(ranges.length - 1)];
      for (let left = 1 + random(10); left > 0; --left) text += String.fromCodePoint(first + random(last - first + 1));
    } else for (let left = 1 + random(8); left > 0; --left) text += character(random);
  }
  return text;
}

function* filesBelow(folder, endings) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesBelow(path, endings);
    else if (endings.some((ending) => name.endsWith(ending))) yield path;
  }
}

function corpus(paths, most) {
  let text = '';
  for (const path of paths) {
    text += readFileSync(path, 'utf8');
    if (text.length >= most) break;
  }
  return Buffer.from(text.slice(0, most)).toString(); // without half a character at its end
}

/// Name and text of each corpus of real text below a node_modules folder, of `most` characters at most.
export function* corpora(modules, most) {
  const typescript = join(modules, 'typescript'), countries = join(modules, 'i18n-iso-countries/langs');
  const messages = (language) => [join(typescript, 'lib', language, 'diagnosticMessages.generated.json')];
  const names = (...languages) => languages.map((language) => join(countries, language + '.json'));
  yield ['code_js', corpus([join(typescript, 'lib/typescript.js')], most)];
  yield ['code_js_dense', corpus([join(modules, 'tiktoken/tiktoken_bg.js'), join(typescript, 'lib/_tsc.js')], most)];
  yield ['code_declarations', corpus([join(typescript, 'lib/lib.dom.d.ts')], most)];
  yield ['english_markdown', corpus(filesBelow(modules, ['.md']), most)];
  yield ['english_licences', corpus(filesBelow(modules, ['LICENSE', '.txt']), most)];
  yield ['json', corpus(filesBelow(modules, ['package.json', 'codes.json', 'registry.json']), most)];
  yield ['base64', corpus([join(modules, 'tiktoken/encoders/o200k_base.json')], most)];
  yield ['german', corpus(messages('de'), most)];
  yield ['french', corpus(messages('fr'), most)];
  yield ['czech', corpus(messages('cs'), most)];
  yield ['turkish', corpus(messages('tr'), most)];
  yield ['japanese', corpus(messages('ja'), most)];
  yield ['korean', corpus(messages('ko'), most)];
  yield ['russian', corpus(messages('ru'), most)];
  yield ['chinese', corpus(messages('zh-cn'), most)];
  yield ['chinese_traditional', corpus(messages('zh-tw'), most)];
  yield ['greek', corpus(names('el'), most)];
  yield ['arabic', corpus(names('ar', 'fa', 'ur', 'ps', 'sd', 'ug'), most)];
  yield ['indian', corpus(names('hi', 'bn', 'ta', 'ml', 'mr'), most)];
  yield ['other_scripts', corpus(names('he', 'hy', 'ka', 'th', 'km', 'am', 'dv'), most)];
  yield ['cyrillic', corpus(names('uk', 'be', 'bg', 'kk', 'mk', 'mn', 'sr', 'tg'), most)];
}
