// SPDX-License-Identifier: MIT
// Scenario: the command line of the MCP Inspector lists the tools and calls one
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { arguments_of, assert, calls_of, packages, place, program, scenario } from '../harness.mjs';

await scenario(async () => {
  const where = place({ 'a.txt': 'hello\n' });
  const inspector = join(packages, 'node_modules', '@modelcontextprotocol', 'inspector-cli', 'build', 'cli.js');
  const run = async (...more) => {
    const { stdout } = await promisify(execFile)(process.execPath, [inspector, '--cli', program, where.served, ...more, '--', ...arguments_of(where).slice(1)], { timeout: 60_000 });
    return JSON.parse(stdout);
  };
  const { tools } = await run('--method', 'tools/list');
  assert.equal(tools.length, 6);
  const result = await run('--method', 'tools/call', '--tool-name', 'read_file', '--tool-arg', 'path=a.txt');
  assert.deepEqual(result.content, [{ type: 'text', text: 'hello\n' }]);
  assert.deepEqual(calls_of(where).map((record) => [record.name, record.outcome, record.characters_out]), [['read_file', 'success', 6]]);
});
