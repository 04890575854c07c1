// SPDX-License-Identifier: MIT
// Holds our NFC against Node's: `node nfc.mjs PROGRAM TEXTS`, where PROGRAM is normalize.cpp. Ends with its status.
import { Comparison } from './comparison.mjs';
import { numbers } from './texts.mjs';

const [program, count] = process.argv.slice(2);
const random = numbers(16);

/// Node's Unicode may be older or newer than ours, which is 16.0. Left out are what it does not know, and the marks
/// that came with 17.0.
const isKnown = (character) => !/[\p{Cn}\p{Cs}\u1acf-\u1aeb\u{10efa}\u{10efb}\u{1e6e3}-\u{1e6f5}]/u.test(character);

const all = [];
for (let code = 0; code < 0x110000; ++code)
  if (isKnown(String.fromCodePoint(code))) all.push(String.fromCodePoint(code));
const parts = new Set(all.filter((one) => one.normalize('NFD') !== one).flatMap((one) => [...one.normalize('NFD'), one]));
const restless = [...new Set([...all.filter((one) => /\p{M}/u.test(one)), ...parts])];
const hangul = restless.filter((one) => one >= '\u1100' && one <= '\uffff');
const latin = all.slice(0x20, 0x250);
const common = all.filter((one) => one >= '\u0300' && one <= '\u0345');

function madeUp() {
  let text = '';
  for (let pieces = 1 + random(4); pieces > 0; --pieces) {
    const pool = [restless, restless, hangul, latin, common, all][random(6)];
    for (let left = 1 + random([2, 6, 25][random(3)]); left > 0; --left) text += pool[random(pool.length)];
  }
  return text;
}

const comparison = new Comparison(program, []);
async function send(text) {
  await comparison.send(Buffer.from(text));
  await comparison.send(Buffer.from(text.normalize('NFC')));
}
for (const character of all) await send(character);
for (const character of all) if (parts.has(character)) await send(character.normalize('NFD'));
for (let left = Number(count); left > 0; --left) await send(madeUp());
process.exit(await comparison.finish());
