// SPDX-License-Identifier: MIT
// Scenario: the turn of a call is the client's trace, else its word, else one of the server's own until it is idle
import { CountingClient, assert, calls_of, place, records_of, scenario, sleep, until } from '../harness.mjs';

await scenario(async () => {
  const where = place({ 'a.txt': 'a\n' });
  const counting = await CountingClient.start(where, ['--idle', '1500']);
  const turn_with = async (meta) => {
    await counting.call('list_files', {}, { meta });
    return calls_of(where).at(-1).turn;
  };
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const parent = '00f067aa0ba902b7';
  assert.equal(await turn_with({ traceparent: `00-${trace}-${parent}-01` }), trace);
  assert.equal(await turn_with({ traceparent: `00-${trace}-${parent}-00`, 'tallyscope/turn': 't-1' }), trace);
  assert.equal(await turn_with({ traceparent: `cc-${trace}-${parent}-01-what.the-future-says` }), trace);
  assert.equal(await turn_with({ 'tallyscope/turn': 't-1' }), 't-1');

  const own = await turn_with(undefined);
  assert.match(own, /^[0-9a-f]{32}$/);
  for (const traceparent of [
    `00-${'0'.repeat(32)}-${parent}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `ff-${trace}-${parent}-01`,
    `00-${trace.toUpperCase()}-${parent}-01`,
    `00-${trace}-${parent}-01-more`,
    `00-${trace}x-${parent}-01`,
    `00-${trace.slice(1)}g-${parent}-01`,
    `00-${trace}-${parent}`,
    `00_${trace}_${parent}_01`,
    '',
    7,
    null,
    [trace],
  ])
    assert.equal(await turn_with({ traceparent }), own, String(traceparent));
  assert.equal(await turn_with({ traceparent: 'none', 'tallyscope/turn': 't-2' }), 't-2');
  for (const word of ['', 'x'.repeat(129), 'line\nline', 7]) assert.equal(await turn_with({ 'tallyscope/turn': word }), own);

  await sleep(900);
  assert.equal(await turn_with(undefined), own);
  await sleep(900);
  assert.equal(await turn_with(undefined), own);
  assert.deepEqual(records_of(where).filter((record) => record.kind === 'turn'), []);
  const turns_ended = () => records_of(where).filter((record) => record.kind === 'turn');
  await until(() => turns_ended().length > 0, 'the end of the turn');
  assert.deepEqual(turns_ended().map((record) => record.turn), [own]);
  const next = await turn_with(undefined);
  assert.notEqual(next, own);
  await counting.stop();

  // A turn that the client names is the client's to end: there is a record of our own turns alone.
  const turns = records_of(where).filter((record) => record.kind === 'turn').map((record) => record.turn);
  assert.deepEqual(turns, [own, next]);
  assert.equal(new Set(records_of(where).map((record) => record.session)).size, 1);
  const of_own = calls_of(where).filter((record) => record.turn === own).map((record) => record.sequence);
  assert.deepEqual(of_own, of_own.map((_, at) => at));

  const again = await CountingClient.start(where);
  await again.call('list_files', {});
  await again.stop();
  assert.equal(new Set(records_of(where).map((record) => record.session)).size, 2);
});
