// SPDX-License-Identifier: MIT
// npm's tiktoken: OpenAI's tokenizer.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export function tiktoken(modules, name) {
  const { Tiktoken } = createRequire(join(modules, 'x.js'))('tiktoken/lite');
  const file = join(modules, 'tiktoken/encoders', name + '.json');
  const { bpe_ranks: ranks, special_tokens: specials, pat_str: pattern } = JSON.parse(readFileSync(file, 'utf8'));
  const encoder = new Tiktoken(ranks, specials, pattern);
  return {
    file,
    specials: 'as_text',
    encode: (texts) => texts.map((text) => encoder.encode_ordinary(text)),
    known: (text) => text,
  };
}
