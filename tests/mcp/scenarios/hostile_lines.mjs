// SPDX-License-Identifier: MIT
// Scenario: no line of a hostile client ends the server, and each gets the answer that JSON-RPC has for it
import { RawClient, assert, calls_of, place, scenario, until } from '../harness.mjs';

await scenario(async () => {
  const where = place({ 'a.txt': 'a\n' });
  const raw = new RawClient(where);
  const expect = async (line, code, id = null) => {
    const before = raw.lines.length;
    raw.send(line);
    await until(() => raw.lines.length > before, `an answer to ${String(line).slice(0, 60)}`);
    const message = raw.messages[before];
    assert.deepEqual([message.jsonrpc, message.id, message.error?.code], ['2.0', id, code], String(line).slice(0, 60));
    assert.equal(typeof message.error.message, 'string');
  };
  for (const line of ['{', '}', 'nonsense', '{"jsonrpc":"2.0","id":1,"method":', '{"a":1}{"b":2}', '\u0000', '{"x":"\\ud800"}', '[1,', '"', '1e999'])
    await expect(line, -32700);
  await expect(Buffer.from('{"jsonrpc":"2.0","id":1,"method":"\xff\xfe"}', 'latin1'), -32700);
  for (const line of ['1', '"text"', 'null', 'true', '{}', '[]', '{"id":null}', '{"jsonrpc":"1.0","method":"ping"}', '{"jsonrpc":"2.0"}', '{"jsonrpc":2.0,"method":"ping"}'])
    await expect(line, -32600);
  await expect('{"jsonrpc":"1.0","id":"x","method":"ping"}', -32600, 'x');
  await expect({ jsonrpc: '2.0', id: 4, method: 7 }, -32600, 4);
  for (const id of [{}, [], true, null, 1.5]) await expect({ jsonrpc: '2.0', id, method: 'ping' }, -32600);
  for (const id of ['9223372036854775808', '-9223372036854775809', '123456789012345678901234567890', '1e3']) await expect(`{"jsonrpc":"2.0","id":${id},"method":"ping"}`, -32600);
  await expect('['.repeat(500_000), -32600);
  await expect('{"a":'.repeat(100_000), -32600);
  await expect('x'.repeat((1 << 20) + 1), -32600);
  await expect('y'.repeat(20 << 20), -32600);
  await expect({ jsonrpc: '2.0', id: 5, method: 'resources/list' }, -32601, 5);
  await expect({ jsonrpc: '2.0', id: 5, method: 'tools/call\u0000' }, -32601, 5);
  for (const params of [[], 'text', 7, {}, { name: 7 }, { name: 'read_file', arguments: [] }, { name: 'read_file', arguments: 'path' }, { name: 'NOPE', _meta: 7 }])
    await expect({ jsonrpc: '2.0', id: 6, method: 'tools/call', params }, -32602, 6);
  for (const params of [{}, { protocolVersion: 7 }]) await expect({ jsonrpc: '2.0', id: 7, method: 'initialize', params }, -32602, 7);

  // What is no request gets no answer: notifications, responses, blank lines.
  const before = raw.lines.length;
  for (const line of ['', '   ', '{"jsonrpc":"2.0","method":"no/such"}', '{"jsonrpc":"2.0","id":1,"result":{}}', '{"jsonrpc":"2.0","method":"notifications/cancelled"}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":[]}', '{"jsonrpc":"2.0","method":"tools/call","params":{"name":"list_files"}}'])
    raw.send(line);
  raw.request('still there', 'ping');
  assert.deepEqual(await raw.answer('still there'), { jsonrpc: '2.0', id: 'still there', result: {} });
  assert.equal(raw.lines.length, before + 1);

  // Ids come back as they came.
  for (const id of ['1', 1, -7, 9007199254740991, 'ä🦉"\\', '']) {
    raw.request(id, 'ping');
    assert.deepEqual((await raw.answer(id)).result, {});
  }
  for (const id of ['9223372036854775807', '-9223372036854775808']) {
    const told = raw.lines.length;
    raw.send(`{"jsonrpc":"2.0","id":${id},"method":"ping"}`);
    await until(() => raw.lines.length > told, `an answer to ${id}`);
    assert.ok(raw.lines[told].includes(`"id":${id},`), raw.lines[told]);
  }
  await raw.stop();
  assert.equal(calls_of(where).length, 8);
  assert.ok(calls_of(where).every((record) => record.outcome === 'error'));
});
