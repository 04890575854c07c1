// SPDX-License-Identifier: MIT
// Scenario: a second request with the id of a call under way is refused without that id, and the call goes on
import { RawClient, assert, calls_of, scenario, slow_place, slow_text, until } from '../harness.mjs';

await scenario(async () => {
  const where = slow_place();
  const raw = new RawClient(where);
  raw.request(1, 'tools/call', { name: 'search', arguments: { text: slow_text } });
  raw.request(1, 'tools/call', { name: 'list_files', arguments: {} });
  raw.request(1, 'prompts/get', { name: 'usage' });
  raw.request(1, 'ping');
  raw.request(1, 'no/such');
  raw.send({ jsonrpc: '1.0', id: 1, method: 'ping' });
  raw.request('1', 'ping');
  await raw.answer('1');
  assert.deepEqual(raw.messages.map(({ id, error }) => [id, error?.code]), [...Array(5).fill([null, -32600]), ['1', undefined]]);
  const described = (record) => [record.name, record.outcome, record.error_type, record.characters_in, record.characters_out];
  const refused = [['list_files', 'error', 'invalid_request', 2, undefined], ['usage', 'error', 'invalid_request', 0, undefined]];
  assert.deepEqual(calls_of(where).map(described), refused);

  raw.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
  await until(() => calls_of(where).length === 3, 'the record of the search');
  assert.equal(calls_of(where)[2].outcome, 'cancelled');
  raw.request(1, 'tools/call', { name: 'list_files' });  // free again
  assert.equal((await raw.answer(1)).result.isError, false);
  await raw.stop();
});
