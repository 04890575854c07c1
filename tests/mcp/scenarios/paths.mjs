// SPDX-License-Identifier: MIT
// Scenario: no spelling of a path and no link leads out of the folder
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CountingClient, assert, calls_of, place, scenario } from '../harness.mjs';

await scenario(async () => {
  const secret = 'the-planted-secret-7391';
  const where = place({ 'inside/a.txt': 'harmless\n', 'b.txt': 'harmless\n' });
  const outside = join(where.path, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret.txt'), `${secret}\n`);
  writeFileSync(join(where.path, 'secret.txt'), `${secret}\n`);
  const links = { file_link: join(outside, 'secret.txt'), folder_link: outside, up_link: '..', relative_link: '../outside/secret.txt', self: '.', root: '/' };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(where.served, name));

  const counting = await CountingClient.start(where);
  const told = [];
  const refused = async (name, args) => {
    const result = await counting.client.callTool({ name, arguments: args });
    assert.equal(result.isError, true, JSON.stringify(args));
    told.push(result.content[0].text);
  };
  const spellings = [
    '../secret.txt', '..', '../', './../secret.txt', 'inside/../../secret.txt', 'inside/../../outside/secret.txt', '..//secret.txt',
    'inside/./../../secret.txt', '../served/../secret.txt', join(where.path, 'secret.txt'), '/etc/passwd', '//etc/passwd', 'file_link', 'relative_link',
    'folder_link/secret.txt', 'up_link/secret.txt', 'inside/../up_link/secret.txt', 'self/../up_link/secret.txt', `root${where.path}/secret.txt`, 'root/etc/passwd',
    '../secret.txt\u0000', 'b.txt\u0000../secret.txt', '..\u2215secret.txt', '..\\secret.txt', '%2e%2e/secret.txt', '..%2fsecret.txt', '~/secret.txt', `file://${where.path}/secret.txt`,
    '../'.repeat(40) + where.path.slice(1) + '/secret.txt', 'x'.repeat(5000), '\u2025/secret.txt', '．．/secret.txt',
  ];
  for (const path of spellings) await refused('read_file', { path });
  for (const folder of ['..', '../', '/', '/etc', 'folder_link', 'up_link', 'root', 'self', 'inside/../..', where.path]) {
    await refused('list_files', { folder });
    await refused('list_files', { folder, recursive: true });
    await refused('search', { text: 'secret', folder });
    await refused('largest_files', { folder });
  }
  told.push(await counting.call('list_files', { recursive: true }), await counting.call('search', { text: 'planted' }), await counting.call('largest_files', {}));
  assert.equal(told.join('\n').includes(secret), false);
  assert.equal(told.at(-1), 'b.txt\t9\ninside/a.txt\t9\n');
  assert.equal(await counting.call('read_file', { path: 'inside/../b.txt' }), 'harmless\n');
  assert.equal(await counting.call('read_file', { path: './/inside/./a.txt' }), 'harmless\n');
  await counting.stop();
  const failed = calls_of(where).filter((record) => record.outcome === 'error');
  assert.equal(failed.length, spellings.length + 40);
  const words = new Set(failed.map((record) => record.error_type));
  assert.deepEqual([...words].sort(), ['invalid_arguments', 'not_found', 'outside_folder', 'symbolic_link']);
});
