// SPDX-License-Identifier: MIT
// Scenario: a hundred calls at once are a hundred records, and the usage tools count as the client does
import { CountingClient, assert, calls_of, compare, place, scenario } from '../harness.mjs';

await scenario(async () => {
  const where = place(Object.fromEntries([...Array(100).keys()].map((n) => [`d${n % 7}/f${n}.txt`, `line ${n} äöü 🦉\n`.repeat(n + 1)])));
  const counting = await CountingClient.start(where);
  const tools = [
    (n) => counting.call('read_file', { path: `d${n % 7}/f${n}.txt` }),
    (n) => counting.call('search', { text: `line ${n} `, most: 7 }),
    (n) => counting.call('list_files', { folder: `d${n % 7}` }),
    (n) => counting.call('largest_files', { count: n + 1 }),
    (n) => counting.call('read_file', { path: `missing-${n}` }, { failure: 'not_found' }),
  ];
  await Promise.all([...Array(100).keys()].map((n) => tools[n % 5](n)));
  compare(where, counting.seen);
  assert.equal(counting.seen.length, 100);

  const seen_before = [...counting.seen];
  const count = (name, what) => seen_before.filter((seen) => seen.name === name).reduce((sum, seen) => sum + what(seen), 0);
  const stats = JSON.parse(await counting.call('usage_stats'));
  assert.equal(stats.total_calls, 100);
  assert.equal(stats.tracked_count, 7);
  assert.deepEqual(stats.outcomes, { error: 20, success: 80 });
  assert.equal(stats.latency_summary.has_latency_data, true);
  for (const row of stats.stats) {
    assert.equal(row.call_count, count(row.name, () => 1), row.name);
    assert.equal(row.total_response_chars, count(row.name, (seen) => seen.characters_out));
    assert.equal(row.total_argument_chars, count(row.name, (seen) => seen.characters_in));
    assert.equal(row.outcomes.success ?? 0, count(row.name, (seen) => (seen.outcome === 'success' ? 1 : 0)));
    assert.equal(row.last_accessed === null, row.call_count === 0);
  }

  // A limit and a filter choose rows; the totals stay those of all that the filter leaves.
  const first = JSON.parse(await counting.call('usage_stats', { limit: 1, include_zero_usage: false, type_filter: 'tool' }));
  assert.equal(first.stats.length, 1);
  assert.equal(first.stats[0].name, 'read_file');
  assert.equal(first.total_calls, 101);
  const used = JSON.parse(await counting.call('usage_stats', { include_zero_usage: false }));
  assert.deepEqual(used.stats.map((row) => row.name).sort(), ['largest_files', 'list_files', 'read_file', 'search', 'usage_stats']);
  await counting.call('usage_stats', { type_filter: 'everything' }, { failure: 'invalid_arguments' });

  const catalog = JSON.parse(await counting.call('usage_catalog', { tags: ['files', 'Text'] }));
  assert.deepEqual(catalog.results.map((row) => [row.name, row.call_count]), [['read_file', 40], ['search', 20]]);
  assert.deepEqual(catalog.all_tags, ['files', 'text', 'usage']);
  const bare = JSON.parse(await counting.call('usage_catalog', { query: 'LARGEST', include_usage: false, limit: 1 }));
  assert.equal(bare.total_calls, null);
  assert.deepEqual(bare.results.map((row) => row.name), ['largest_files']);
  await counting.stop();
  compare(where, counting.seen);
  assert.equal(new Set(calls_of(where).map((record) => record.id)).size, counting.seen.length);
});
