// SPDX-License-Identifier: MIT
// Scenario: failures of tools are results and records with a word of the server's own
import { execFileSync } from 'node:child_process';
import { writeFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { CountingClient, assert, compare, place, scenario } from '../harness.mjs';

await scenario(async () => {
  const where = place({ 'text.txt': 'one\ntwo\nthree\n', 'binary.bin': Buffer.from([0x61, 0, 0x62]), 'latin.txt': Buffer.from([0xe9, 0x0a]) });
  writeFileSync(join(where.served, 'large.txt'), Buffer.alloc((16 << 20) + 1, 0x61));
  execFileSync('mkfifo', [join(where.served, 'pipe')]);
  symlinkSync('text.txt', join(where.served, 'link.txt'));
  const counting = await CountingClient.start(where);
  const fails = (name, args, failure) => counting.call(name, args, { failure });
  await fails('read_file', { path: 'nothing.txt' }, 'not_found');
  await fails('read_file', { path: 'text.txt/below' }, 'not_a_folder');
  await fails('read_file', { path: '.' }, 'not_a_file');
  await fails('read_file', { path: 'binary.bin' }, 'not_text');
  await fails('read_file', { path: 'latin.txt' }, 'not_text');
  await fails('read_file', { path: 'large.txt' }, 'too_large');
  await fails('read_file', { path: 'pipe' }, 'not_a_file');
  await fails('read_file', { path: 'link.txt' }, 'symbolic_link');
  await fails('read_file', {}, 'invalid_arguments');
  await fails('read_file', { path: 7 }, 'invalid_arguments');
  await fails('read_file', { path: 'text.txt', first: 0 }, 'invalid_arguments');
  await fails('read_file', { path: 'text.txt', count: 1.5 }, 'invalid_arguments');
  await fails('search', { text: '' }, 'invalid_arguments');
  await fails('search', { text: 'a\nb' }, 'invalid_arguments');
  await fails('list_files', { folder: 'nothing' }, 'not_found');
  await fails('list_files', { recursive: 'yes' }, 'invalid_arguments');

  await assert.rejects(counting.client.callTool({ name: 'format_disk', arguments: { really: true } }), { code: -32602 });
  counting.seen.push({ operation: 'execute_tool', name: 'unknown tool', outcome: 'error', characters_in: 15, error_type: 'unknown_tool' });

  assert.equal(await counting.call('read_file', { path: 'text.txt', first: 2, count: 1 }), 'two\n');
  assert.equal(await counting.call('read_file', { path: 'text.txt', first: 9 }), '');
  const note = '1 file or folder was not looked at: too large, too deep or unreadable.\n';
  assert.equal(await counting.call('search', { text: 't' }), `text.txt:2: two\ntext.txt:3: three\n${note}`);
  assert.equal(await counting.call('search', { text: 't', most: 1 }), `text.txt:2: two\nThere is more.\n${note}`);
  assert.equal(await counting.call('list_files'), 'binary.bin\t3\nlarge.txt\t16777217\nlatin.txt\t2\ntext.txt\t14\n');
  assert.equal(await counting.call('largest_files', { count: 2 }), 'large.txt\t16777217\ntext.txt\t14\n');
  await counting.stop();
  compare(where, counting.seen);
});
