// SPDX-License-Identifier: MIT
// Scenario: a start that cannot work is told on stderr, and not a byte is said to the client
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assert, calls_of, place, program, scenario } from '../harness.mjs';

await scenario(async () => {
  const where = place({ 'a.txt': 'a\n' });
  const start = (...args) => spawnSync(program, args, { input: '', encoding: 'utf8' });
  const refused = [
    [],
    [join(where.path, 'nowhere')],
    [join(where.served, 'a.txt')],
    [where.served, 'more'],
    [where.served, '--records'],
    [where.served, '--records', where.path],
    [where.served, '--records', join(where.path, 'nowhere', 'records.jsonl')],
    [where.served, '--idle', 'soon'],
    [where.served, '--no-such-option', '1'],
  ];
  for (const args of refused) {
    const { status, stdout, stderr } = start(...args);
    assert.deepEqual([status, stdout], [2, ''], args.join(' '));
    assert.match(stderr, /^(mcp_files: [^\n]+\.\n$|Usage: )/);
  }
  assert.match(start().stderr, /mcp_files FOLDER/);

  // Without a file for records it works as well; with one there is nothing in it before the first call.
  assert.deepEqual(start(where.served).status, 0);
  const { status, stdout, stderr } = start(where.served, '--records', where.records);
  assert.deepEqual([status, stdout, stderr], [0, '', '']);
  assert.ok(existsSync(where.records));
  assert.deepEqual(calls_of(where), []);

  // The name that it goes by in the records.
  const input = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_files"}}\n';
  spawnSync(program, [where.served, '--records', where.records, '--name', 'docs'], { input });
  assert.deepEqual(calls_of(where).map((record) => record.server), ['docs']);
});
