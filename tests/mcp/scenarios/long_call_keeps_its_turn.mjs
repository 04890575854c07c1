// SPDX-License-Identifier: MIT
// Scenario: a turn does not end while one of its calls runs
import { RawClient, assert, calls_of, records_of, scenario, sleep, slow_place, slow_text, until } from '../harness.mjs';

await scenario(async () => {
  const where = slow_place();
  const raw = new RawClient(where, ['--idle', '100']);
  raw.request(1, 'tools/call', { name: 'search', arguments: { text: slow_text } });
  await sleep(500);
  raw.request(2, 'tools/call', { name: 'list_files' });
  await raw.answer(2);
  assert.deepEqual(records_of(where).map((record) => record.kind), ['call']);
  raw.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
  await until(() => records_of(where).length === 3, 'the records of the call and of the turn');
  assert.equal(new Set(records_of(where).map((record) => record.turn)).size, 1);
  assert.deepEqual(calls_of(where).map((record) => record.sequence).sort(), [0, 1]);
  await raw.stop();
});
