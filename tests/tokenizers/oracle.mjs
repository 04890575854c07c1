// SPDX-License-Identifier: MIT
// Holds our tokenizer against npm's tiktoken and Hugging Face's tokenizers:
// `node oracle.mjs PROGRAM MODULES ENCODING TEXTS CHARACTERS`, where PROGRAM is compare.cpp, MODULES the node_modules
// folder that has the other one, TEXTS how many are made up, CHARACTERS how many each corpus has at most. Ends with the
// status of the program.
import { Comparison } from './comparison.mjs';
import { huggingFace, isOfHuggingFace } from './hugging_face.mjs';
import { corpora, madeUpText, numbers } from './texts.mjs';
import { tiktoken } from './tiktoken.mjs';

const [program, modules, name, count, most] = process.argv.slice(2);
const other = isOfHuggingFace(name) ? huggingFace(modules, name) : tiktoken(modules, name);
const comparison = new Comparison(program, [other.file, name, other.specials]);

async function send(texts) {
  const tokens = await other.encode(texts);
  for (let place = 0; place < texts.length; ++place) await comparison.sendTokens(texts[place], tokens[place]);
}

const random = numbers(20_26);
for (let left = Number(count); left > 0; left -= 1000)
  await send(Array.from({ length: Math.min(left, 1000) }, () => other.known(madeUpText(random))));
for (const [, text] of corpora(modules, Number(most))) await send([other.known(text)]);
process.exit(await comparison.finish());
