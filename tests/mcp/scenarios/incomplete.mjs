// SPDX-License-Identifier: MIT
// Scenario: an answer that leaves out files or folders says how many
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CountingClient, assert, compare, place, scenario } from '../harness.mjs';

const note = (count) => `${count === 1 ? '1 file or folder was' : `${count} files or folders were`} not looked at: too large, too deep or unreadable.\n`;

await scenario(async () => {
  const deep = 'd/'.repeat(64);
  const where = place({ 'whole/a.txt': 'needle\n', 'whole/image.bin': Buffer.from([0, 1]), [`below/${deep}seen.txt`]: 'needle\n', [`down/${deep}d/unseen.txt`]: 'needle\n' });
  const counting = await CountingClient.start(where);
  const ask = (name, folder) => counting.call(name, { folder, ...(name === 'search' ? { text: 'needle' } : { recursive: true }) });

  // What is not text is no text to be searched; all there is has been looked at.
  assert.equal(await ask('search', 'whole'), 'whole/a.txt:1: needle\n');
  assert.equal(await ask('largest_files', 'whole'), 'whole/a.txt\t7\nwhole/image.bin\t2\n');
  assert.equal(await ask('search', 'below'), `below/${deep}seen.txt:1: needle\n`);

  assert.equal(await ask('search', 'down'), `No line has it.\n${note(1)}`);
  assert.equal(await ask('largest_files', 'down'), `There are no files.\n${note(1)}`);
  assert.ok((await ask('list_files', 'down')).endsWith(`d/d/\n${note(1)}`));
  assert.equal(await counting.call('list_files', { folder: 'down' }), 'down/d/\n');

  writeFileSync(join(where.served, 'whole', 'large.txt'), Buffer.alloc((16 << 20) + 1, 0x61));
  assert.equal(await ask('search', 'whole'), `whole/a.txt:1: needle\n${note(1)}`);
  assert.equal(await ask('search', ''), `whole/a.txt:1: needle\n${note(3)}`);  // from here both are too deep
  assert.equal(await ask('largest_files', 'whole'), 'whole/large.txt\t16777217\nwhole/a.txt\t7\nwhole/image.bin\t2\n');

  // The superuser may read everything.
  mkdirSync(join(where.served, 'closed', 'inner'), { recursive: true });
  writeFileSync(join(where.served, 'closed', 'b.txt'), 'needle\n', { mode: 0 });
  chmodSync(join(where.served, 'closed', 'inner'), 0);
  const may_read = process.getuid() === 0;
  assert.equal(await ask('search', 'closed'), may_read ? 'closed/b.txt:1: needle\n' : `No line has it.\n${note(2)}`);
  assert.equal(await ask('list_files', 'closed'), `closed/b.txt\t7\nclosed/inner/\n${may_read ? '' : note(1)}`);
  await counting.stop();
  compare(where, counting.seen);
});
