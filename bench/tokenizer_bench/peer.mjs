// SPDX-License-Identifier: MIT
// Tokenizers of npm: `node peer.mjs tiktoken|gpt-tokenizer MODULES`, where MODULES is the node_modules folder that has
// them. Answers each line "ENCODING FILE" with the nanoseconds and the tokens of one call for the whole file: of
// tiktoken's encode_ordinary (WebAssembly), or of gpt-tokenizer's countTokens.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const [kind, modules] = process.argv.slice(2);
const require = createRequire(resolve(modules, 'x.js'));
const { version } = JSON.parse(readFileSync(join(modules, kind, 'package.json'), 'utf8'));

function counterOf(encoding) {
  if (kind === 'tiktoken') {
    const { Tiktoken } = require('tiktoken/lite');
    const file = join(modules, 'tiktoken/encoders', encoding + '.json');
    const { bpe_ranks: ranks, special_tokens: specials, pat_str: pattern } = JSON.parse(readFileSync(file, 'utf8'));
    const tokenizer = new Tiktoken(ranks, specials, pattern);
    return (text) => tokenizer.encode_ordinary(text).length;
  }
  const { countTokens, setMergeCacheSize } = require('gpt-tokenizer/encoding/' + encoding);
  setMergeCacheSize(10_000_000); // enough for all texts, which else drive out each other's pieces
  const ordinary = { disallowedSpecial: new Set() };
  return (text) => countTokens(text, ordinary);
}

const counters = new Map();
const texts = new Map();

function answer(encoding, path) {
  if (!counters.has(encoding)) counters.set(encoding, counterOf(encoding));
  if (!texts.has(path)) texts.set(path, readFileSync(path, 'utf8'));
  const count = counters.get(encoding), text = texts.get(path);
  const start = process.hrtime.bigint(), used = process.cpuUsage();
  const tokens = count(text);
  const { user, system } = process.cpuUsage(used);
  // The former has what the process waited for a processor, the latter what it did beside: neither is to be held
  // against it.
  const nanoseconds = Math.min(Number(process.hrtime.bigint() - start), 1_000 * (user + system));
  return `${nanoseconds} ${tokens}`;
}

console.log(`ready ${kind} ${version} in node ${process.versions.node}`);
for await (const line of createInterface({ input: process.stdin })) console.log(answer(...line.split(' ')));
