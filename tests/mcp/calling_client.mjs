// SPDX-License-Identifier: MIT
// A client to be killed: begins a search, then lists, and waits for the search.
import { Client, StdioClientTransport } from './harness.mjs';

const { command, args } = JSON.parse(process.argv[2]);
const client = new Client({ name: 'to be killed', version: '1.0.0' });
await client.connect(new StdioClientTransport({ command: command[0], args: command.slice(1) }));
const search = client.callTool({ name: 'search', arguments: args }, undefined, { timeout: 600_000 });
await client.callTool({ name: 'list_files', arguments: {} });
await search;
