// SPDX-License-Identifier: MIT
// Scenario: a batch is answered with 64 MiB at most, and its calls beyond that are errors to the client and on record
import { RawClient, assert, calls_of, place, scenario, until } from '../harness.mjs';

await scenario(async () => {
  const size = 10 << 20;
  const where = place({ 'large.txt': 'a'.repeat(size) });
  const raw = new RawClient(where);
  raw.send([...Array(30).keys()].map((id) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'read_file', arguments: { path: 'large.txt' } } })));
  await until(() => raw.lines.length === 1, 'the answers', 120);
  assert.ok(raw.lines[0].length <= (64 << 20) + (64 << 10), `${raw.lines[0].length} bytes`);
  const answers = raw.messages[0];
  assert.deepEqual(answers.map((answer) => answer.id).sort((a, b) => a - b), [...Array(30).keys()]);
  assert.equal(answers.filter((answer) => answer.result?.content[0].text.length === size).length, 6);
  assert.equal(answers.filter((answer) => answer.error?.code === -32603).length, 24);

  const refused = calls_of(where).filter((record) => record.outcome === 'error');
  assert.equal(refused.length, 24);
  assert.ok(refused.every((record) => record.error_type === 'batch_too_large' && record.characters_out === undefined));
  assert.equal(calls_of(where).filter((record) => record.outcome === 'success' && record.characters_out === size).length, 6);

  // The next batch has room of its own.
  raw.send([{ jsonrpc: '2.0', id: 'next', method: 'tools/call', params: { name: 'read_file', arguments: { path: 'large.txt' } } }]);
  await until(() => raw.lines.length === 2, 'the answer to the next batch');
  assert.equal(raw.messages[1][0].result.isError, false);
  await raw.stop();
});
