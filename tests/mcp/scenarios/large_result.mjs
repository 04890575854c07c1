// SPDX-License-Identifier: MIT
// Scenario: a result of ten megabytes arrives whole and is counted to the character
import { CountingClient, assert, calls_of, characters, compare, place, scenario } from '../harness.mjs';

await scenario(async () => {
  const line = 'Zwölf Boxkämpfer jagen Viktor quer über den Sylter Deich 🥊 "\\\t"\n';
  const text = line.repeat(Math.ceil((10 << 20) / Buffer.byteLength(line)));
  const where = place({ 'large.txt': text });
  const counting = await CountingClient.start(where);
  assert.equal(await counting.call('read_file', { path: 'large.txt' }), text);
  await counting.stop();
  compare(where, counting.seen);
  assert.equal(calls_of(where)[0].characters_out, characters(text));
  assert.equal(calls_of(where)[0].estimated_output_tokens, Math.floor(characters(text) / 3.5));
});
