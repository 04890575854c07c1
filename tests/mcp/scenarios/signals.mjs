// SPDX-License-Identifier: MIT
// Scenario: a signal ends the server in good order, even when its client does not read
import { spawn } from 'node:child_process';
import { RawClient, afterwards, arguments_of, assert, calls_of, program, records_of, scenario, sleep, slow_place, slow_text, until } from '../harness.mjs';

await scenario(async () => {
  const where = slow_place({ 'large.txt': 'large\n'.repeat(1 << 20) });
  for (const [number, signal] of ['SIGTERM', 'SIGINT'].entries()) {
    const raw = new RawClient(where);
    for (let id = 1; id <= 6; ++id) raw.request(id, 'tools/call', { name: 'search', arguments: { text: slow_text } });
    raw.request('ping', 'ping');
    await raw.answer('ping');
    await sleep(100);
    raw.process.kill(signal);
    assert.deepEqual(await raw.exit, { code: 0, signal: null });
    assert.deepEqual(raw.messages.map((message) => message.id), ['ping']);
    assert.deepEqual(calls_of(where).slice(number * 6).map((record) => record.outcome), Array(6).fill('cancelled'));
    assert.equal(records_of(where).at(-1).kind, 'turn');
  }

  // Nobody reads what it says: neither a worker nor the reader is stuck for good, and what was done is on record.
  const deaf = spawn(program, arguments_of(where), { stdio: ['pipe', 'pipe', 'inherit'] });
  afterwards(() => deaf.kill('SIGKILL'));
  deaf.stdout.pause();
  deaf.stdin.on('error', () => {});
  const exit = new Promise((resolve) => deaf.once('exit', (code, by) => resolve({ code, by })));
  const before = calls_of(where).length;
  for (let id = 1; id <= 8; ++id)
    deaf.stdin.write(JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'read_file', arguments: { path: 'large.txt' } } }) + '\n');
  deaf.stdin.write('{"jsonrpc":"2.0","id":"ping","method":"ping"}\n');
  await until(() => calls_of(where).length > before, 'the first record');
  await sleep(300);
  deaf.kill('SIGTERM');
  const end = Date.now();
  assert.deepEqual(await exit, { code: 0, by: null });
  assert.ok(Date.now() - end < 8000);
  assert.equal(calls_of(where).length, before + 8);
});
