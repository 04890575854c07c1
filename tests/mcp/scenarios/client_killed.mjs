// SPDX-License-Identifier: MIT
// Scenario: when its client is killed in the middle of a call the server ends by itself, and the call is on record
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterwards, assert, calls_of, program, records_of, scenario, sleep, slow_place, slow_text, until } from '../harness.mjs';

// A shell stands between, so that somebody is left who can tell how the server ended.
const shell = '"$@" <&0 & echo $! >"$PLACE/pid"; wait $!; echo $? >"$PLACE/status"';

await scenario(async () => {
  const where = slow_place();
  const file = (name) => join(where.path, name);
  const content = (name) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8').trim() : '');
  const victim = fileURLToPath(new URL('../calling_client.mjs', import.meta.url));
  const command = ['/bin/sh', '-c', `PLACE='${where.path}'; exec 3<&0; ${shell.replace('<&0', '<&3')}`, 'sh', program, where.served, '--records', where.records];
  const client = spawn(process.execPath, [victim, JSON.stringify({ command, args: { text: slow_text } })], { stdio: ['ignore', 'inherit', 'inherit'] });
  const gone = new Promise((resolve) => client.once('exit', (code, signal) => resolve(signal)));
  afterwards(() => client.kill('SIGKILL'));
  await until(() => content('pid'), 'the server', 30);
  const pid = Number(content('pid'));
  afterwards(() => {
    if (existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL');
  });
  // The call that comes after the slow one is on record, so the slow one has begun.
  await until(() => calls_of(where).length === 1, 'the first call', 30);
  await sleep(200);
  client.kill('SIGKILL');
  assert.equal(await gone, 'SIGKILL');
  await until(() => content('status'), 'the end of the server', 10);
  assert.equal(content('status'), '0');
  assert.equal(existsSync(`/proc/${pid}`), false);
  assert.deepEqual(calls_of(where).map((record) => [record.name, record.outcome]), [['list_files', 'success'], ['search', 'cancelled']]);
  assert.equal(records_of(where).at(-1).kind, 'turn');
});
