// SPDX-License-Identifier: MIT
// Scenario: nothing of contents, file names, arguments or unknown names gets into what is written
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CountingClient, assert, calls_of, place, scenario } from '../harness.mjs';

await scenario(async () => {
  const secret = 'sk-live-0451-xyzzy';
  const where = place({ [`folder-${secret}/name-${secret}.txt`]: `content ${secret}\n`, 'a.txt': `password=${secret}\n` });
  writeFileSync(join(where.served, `${secret}.bin`), Buffer.from([0, 1, 2]));
  const counting = await CountingClient.start(where);
  const { client } = counting;
  const tell = (name, args, more) => client.callTool({ name, arguments: args, ...more }).catch((error) => error);
  const results = [
    await tell('read_file', { path: 'a.txt' }),
    await tell('read_file', { path: `folder-${secret}/name-${secret}.txt` }),
    await tell('read_file', { path: `${secret}.bin` }),
    await tell('read_file', { path: `/home/${secret}` }),
    await tell('read_file', { path: secret, [secret]: secret }),
    await tell('list_files', { folder: `folder-${secret}` }),
    await tell('list_files', { recursive: true }),
    await tell('search', { text: secret }),
    await tell('search', { text: 7, [secret]: 1 }),
    await tell(secret, { [secret]: secret }),
    await tell(`${secret}\n{"v":1}`, {}),
    await tell('usage_catalog', { query: secret, tags: [secret] }),
    await tell('read_file', { path: 'a.txt' }, { _meta: { traceparent: secret, 'tallyscope/turn': `${secret}\u0000` } }),
    await client.getPrompt({ name: secret, arguments: { period: secret } }).catch((error) => error),
    await client.getPrompt({ name: 'usage', arguments: { period: secret } }),
  ];
  assert.ok(JSON.stringify(results.slice(0, 2)).includes(secret));  // the client is told
  await counting.stop();
  assert.equal(calls_of(where).length, results.length);
  const written = readdirSync(where.path, { withFileTypes: true }).filter((entry) => entry.isFile());
  assert.deepEqual(written.map((entry) => entry.name), ['records.jsonl']);
  const text = readFileSync(where.records, 'utf8');
  for (const word of [secret, 'xyzzy', 'password', 'a.txt', 'folder-', where.path]) assert.equal(text.includes(word), false, word);
});
