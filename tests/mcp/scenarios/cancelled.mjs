// SPDX-License-Identifier: MIT
// Scenario: a cancelled call ends soon, gets no answer and is recorded as cancelled
import { CountingClient, RawClient, assert, calls_of, compare, place, scenario, sleep, slow_place, slow_text, until } from '../harness.mjs';

await scenario(async () => {
  const where = slow_place();
  const counting = await CountingClient.start(where);
  const controller = new AbortController();
  const args = { text: slow_text };
  const call = counting.client.callTool({ name: 'search', arguments: args }, undefined, { signal: controller.signal });
  setTimeout(() => controller.abort('enough'), 300);
  await assert.rejects(call);
  await until(() => calls_of(where).length === 1, 'the record', 10);
  counting.seen.push({ operation: 'execute_tool', name: 'search', outcome: 'cancelled', characters_in: JSON.stringify(args).length });
  assert.match(await counting.call('list_files', {}), /slow/);
  await counting.stop();
  compare(where, counting.seen);
  assert.ok(calls_of(where)[0].duration_ns > 200e6);

  // On the wire: no answer, whether it had begun or was waiting behind others; an unknown id changes nothing.
  const raw = new RawClient(where);
  const cancel = (requestId) => raw.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } });
  for (let id = 1; id <= 10; ++id) raw.request(id, 'tools/call', { name: 'search', arguments: args });
  cancel('10');
  cancel(99);
  await sleep(200);
  for (let id = 1; id <= 10; ++id) cancel(id);
  raw.request('last', 'ping');
  await raw.answer('last');
  await until(() => calls_of(where).length === 12, 'the records', 10);
  await raw.stop();
  assert.deepEqual(raw.messages.map((message) => message.id), ['last']);
  assert.deepEqual(calls_of(where).slice(2).map((record) => record.outcome), Array(10).fill('cancelled'));

  // A result that nobody wants any more was told to nobody: a call that is done but for its last progress.
  const late = place({ 'large.txt': 'large\n'.repeat(1 << 20) });
  const slow_reader = new RawClient(late);
  slow_reader.reader.pause();
  slow_reader.request('fills the pipe', 'tools/call', { name: 'read_file', arguments: { path: 'large.txt' } });
  await until(() => calls_of(late).length === 1, 'the first record');
  await sleep(300);
  slow_reader.request('late', 'tools/call', { name: 'largest_files', arguments: {}, _meta: { progressToken: 1 } });
  await sleep(300);
  slow_reader.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'late' } });
  await sleep(300);
  slow_reader.reader.resume();
  await until(() => calls_of(late).length === 2, 'the second record');
  await slow_reader.stop();
  assert.deepEqual(slow_reader.messages.map((message) => message.id ?? message.method), ['fills the pipe', 'notifications/progress']);
  const { outcome, characters_in, characters_out, estimated_output_tokens } = calls_of(late)[1];
  assert.deepEqual([outcome, characters_in, characters_out, estimated_output_tokens], ['cancelled', 2, undefined, undefined]);
});
