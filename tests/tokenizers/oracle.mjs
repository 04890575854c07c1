// SPDX-License-Identifier: MIT
// Holds our tokenizer against npm's tiktoken: `node oracle.mjs PROGRAM MODULES ENCODING COUNT`, where PROGRAM is
// compare.cpp and MODULES the node_modules folder that has tiktoken. Ends with the status of the program.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { corpora, madeUpText, numbers } from './texts.mjs';

const [program, modules, name, count] = process.argv.slice(2);
const { Tiktoken } = createRequire(join(modules, 'x.js'))('tiktoken/lite');
const file = join(modules, 'tiktoken/encoders', name + '.json');
const { bpe_ranks: ranks, special_tokens: specials, pat_str: pattern } = JSON.parse(readFileSync(file, 'utf8'));
const oracle = new Tiktoken(ranks, specials, pattern);

const ours = spawn(program, [file, name], { stdio: ['pipe', 'inherit', 'inherit'] });
const ended = once(ours, 'close');
let waiting = [];
let waitingSize = 0;

async function send(text) {
  const bytes = Buffer.from(text);
  const tokens = oracle.encode_ordinary(text);
  const sizes = [Buffer.alloc(4), Buffer.alloc(4)];
  sizes[0].writeUInt32LE(bytes.length);
  sizes[1].writeUInt32LE(tokens.length);
  waiting.push(sizes[0], bytes, sizes[1], Buffer.from(tokens.buffer, tokens.byteOffset, tokens.byteLength));
  waitingSize += bytes.length + 4 * tokens.length;
  if (waitingSize > 1 << 20) await flush();
}

async function flush() {
  const whole = Buffer.concat(waiting);
  waiting = [];
  waitingSize = 0;
  if (!ours.stdin.write(whole)) await Promise.race([once(ours.stdin, 'drain'), ended]);
}

ours.stdin.on('error', () => {}); // the status tells
const random = numbers(20_26);
for (let left = Number(count); left > 0; --left) await send(madeUpText(random));
for (const [, text] of corpora(modules)) await send(text);
await flush();
ours.stdin.end();
const [status] = await ended;
process.exit(status ?? 1);
