// SPDX-License-Identifier: MIT
// Scenario: whoever asks for progress hears of it until the call is done
import { CountingClient, assert, compare, place, scenario } from '../harness.mjs';

await scenario(async () => {
  const where = place(Object.fromEntries([...Array(250).keys()].map((n) => [`f${n}.txt`, `needle ${n}\n`])));
  const counting = await CountingClient.start(where);
  for (const [name, args] of [['search', { text: 'needle 7' }], ['largest_files', {}]]) {
    // Taken from the transport: the SDK forgets whom to tell as soon as it has the answer.
    counting.received.length = 0;
    await counting.call(name, args, { options: { onprogress: () => {} } });
    assert.equal(counting.received.at(-1).method, undefined);  // the answer comes last
    const heard = counting.received.slice(0, -1).map((message) => message.params);
    assert.equal(new Set(heard.map((progress) => progress.progressToken)).size, 1);
    assert.ok(heard.length >= 10 && heard.length <= 30, `${heard.length} messages`);
    assert.ok(heard.every(({ progress }, at) => at === 0 || progress > heard[at - 1].progress));
    assert.deepEqual([heard.at(-1).progress, heard.at(-1).total], [250, 250]);
  }
  counting.received.length = 0;
  await counting.call('largest_files', {});
  assert.equal(counting.received.length, 1);  // who does not ask is not told
  await counting.stop();
  compare(where, counting.seen);
});
