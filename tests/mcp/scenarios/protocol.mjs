// SPDX-License-Identifier: MIT
// Scenario: the version is agreed on, batches are answered together, and the last line counts without its newline
import { RawClient, assert, calls_of, place, scenario } from '../harness.mjs';

await scenario(async () => {
  const where = place({ 'a.txt': 'a\n' });
  const raw = new RawClient(where);
  const versions = { '2024-11-05': '2024-11-05', '2025-03-26': '2025-03-26', '2025-06-18': '2025-06-18', '1999-01-01': '2025-06-18', '2099-01-01': '2025-06-18' };
  for (const [asked, agreed] of Object.entries(versions)) {
    raw.request(asked, 'initialize', { protocolVersion: asked, capabilities: {}, clientInfo: { name: 'raw', version: '0' } });
    assert.equal((await raw.answer(asked)).result.protocolVersion, agreed);
  }

  const before = raw.lines.length;
  const request = (id, method, params) => ({ jsonrpc: '2.0', id, method, params });
  raw.send([
    request('b1', 'tools/call', { name: 'read_file', arguments: { path: 'a.txt' } }),
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    request('b2', 'ping', {}),
    7,
    request('b3', 'no/such', {}),
    request('b4', 'initialize', { protocolVersion: '2025-03-26' }),
  ]);
  raw.send([{ jsonrpc: '2.0', method: 'notifications/initialized' }]);
  raw.send([...Array(101).keys()].map((n) => request(n, 'ping', {})));
  raw.request('after', 'ping');
  raw.process.stdin.end('{"jsonrpc":"2.0","id":"last","method":"tools/call","params":{"name":"list_files"}}');
  assert.deepEqual(await raw.exit, { code: 0, signal: null });
  const told = raw.messages.slice(before);
  const batch = told.find(Array.isArray);
  assert.deepEqual(batch.map((message) => `${message.id} ${message.error?.code ?? 'fine'}`).sort(), ['b1 fine', 'b2 fine', 'b3 -32601', 'b4 -32600', 'null -32600']);
  assert.equal(batch.find((message) => message.id === 'b1').result.content[0].text, 'a\n');
  assert.deepEqual(told.filter((message) => !Array.isArray(message)).map((message) => String(message.id)).sort(), ['after', 'last', 'null']);
  assert.deepEqual(calls_of(where).map((record) => record.name).sort(), ['list_files', 'read_file']);
});
