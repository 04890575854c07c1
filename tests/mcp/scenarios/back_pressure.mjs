// SPDX-License-Identifier: MIT
// Scenario: a client that asks without reading is made to wait, and gets every answer once it reads
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterwards, arguments_of, assert, calls_of, place, program, scenario, sleep } from '../harness.mjs';

await scenario(async () => {
  const where = place({ 'a.txt': 'line of some length\n'.repeat(5000) });
  const server = spawn(program, arguments_of(where), { stdio: ['pipe', 'pipe', 'inherit'] });
  afterwards(() => server.kill('SIGKILL'));
  const closed = new Promise((resolve) => server.once('close', (code) => resolve(code)));
  server.stdout.pause();
  const wanted = 300;
  for (let id = 0; id < wanted; ++id)
    server.stdin.write(JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'read_file', arguments: { path: 'a.txt' } } }) + '\n');
  server.stdin.end();
  await sleep(1500);
  // At most what waits, what is worked on and what the system's buffers hold has been done.
  assert.ok(calls_of(where).length < 150, `${calls_of(where).length} calls`);
  const ids = new Set();
  createInterface({ input: server.stdout }).on('line', (line) => ids.add(JSON.parse(line).id));
  assert.equal(await closed, 0);
  assert.equal(ids.size, wanted);
  assert.equal(calls_of(where).length, wanted);
});
