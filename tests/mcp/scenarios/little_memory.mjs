// SPDX-License-Identifier: MIT
// Scenario: calls for which there is not enough memory are answered as internal errors, and the server goes on
import { readFileSync } from 'node:fs';
import { RawClient, assert, calls_of, place, program, scenario, until } from '../harness.mjs';

await scenario(async () => {
  // A sanitizer needs more memory than there is here to begin with.
  if (/__[at]san_init/.test(readFileSync(program, 'latin1'))) return;
  const where = place({ 'large.txt': 'a'.repeat(15 << 20), 'small.txt': 'small\n' });
  const raw = new RawClient(where, [], 'ulimit -d 98304');
  const read = (id, path) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'read_file', arguments: { path } } });
  raw.send([...Array(40).keys()].map((id) => read(id, 'large.txt')));
  await until(() => raw.lines.length === 1, 'the answers', 60);
  const answers = raw.messages[0];
  const failed = answers.filter((answer) => answer.error?.code === -32603);
  assert.ok(answers.length === 40 && failed.length >= 36, `${failed.length} of ${answers.length}`);
  raw.send(read('small', 'small.txt'));
  assert.equal((await raw.answer('small')).result.content[0].text, 'small\n');
  await raw.stop();
  const count = (outcome) => calls_of(where).filter((record) => record.outcome === outcome).length;
  assert.deepEqual([count('error'), count('success')], [failed.length, 41 - failed.length]);
  assert.ok(calls_of(where).some((record) => record.error_type === 'internal'));
});
