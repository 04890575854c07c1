// SPDX-License-Identifier: MIT
// Scenario: a client finds the tools and the prompt and reads the prompt
import { CountingClient, assert, compare, place, scenario } from '../harness.mjs';

await scenario(async () => {
  const where = place({ 'a.txt': 'hello\n' });
  const counting = await CountingClient.start(where);
  const { client } = counting;
  assert.equal(client.getServerVersion().name, 'mcp_files');
  assert.deepEqual(Object.keys(client.getServerCapabilities()).sort(), ['prompts', 'tools']);
  assert.match(client.getInstructions(), /folder/);
  await client.ping();

  const { tools } = await client.listTools();
  const names = tools.map((tool) => tool.name).sort();
  assert.deepEqual(names, ['largest_files', 'list_files', 'read_file', 'search', 'usage_catalog', 'usage_stats']);
  for (const tool of tools) {
    assert.equal(tool.annotations.readOnlyHint, true);
    assert.equal(tool.inputSchema.type, 'object');
    assert.ok(tool.description.length > 20);
  }
  assert.deepEqual(tools.find((tool) => tool.name === 'read_file').inputSchema.required, ['path']);

  const { prompts } = await client.listPrompts();
  assert.deepEqual(prompts.map((prompt) => prompt.name), ['usage']);
  assert.deepEqual(prompts[0].arguments.map((argument) => argument.name), ['period', 'type', 'include_recommendations']);

  const before = await counting.prompt();
  assert.match(before, /6 tools \(0 calls\), 1 prompt \(0 calls\)/);
  assert.match(before, /None used yet/);
  await counting.call('read_file', { path: 'a.txt' });
  await counting.call('read_file', { path: 'a.txt' });
  const after = await counting.prompt({ period: 'this morning', type: 'tool', include_recommendations: 'no' });
  assert.match(after, /1\. read_file - \*\*2 calls\*\*/);
  assert.match(after, /Unused: .*search/);
  assert.match(after, /this morning/);
  assert.doesNotMatch(after, /Recommendations|Prompts/);
  assert.match(await counting.prompt({ type: 'resource' }), /No data/);
  await assert.rejects(counting.client.getPrompt({ name: 'usage', arguments: { type: 'everything' } }), { code: -32602 });
  counting.seen.push({ operation: 'get_prompt', name: 'usage', outcome: 'error', characters_in: 21, error_type: 'invalid_arguments' });
  await assert.rejects(client.getPrompt({ name: 'no such prompt' }), { code: -32602 });
  counting.seen.push({ operation: 'get_prompt', name: 'unknown prompt', outcome: 'error', characters_in: 0, error_type: 'unknown_prompt' });
  await counting.stop();
  compare(where, counting.seen);
});
