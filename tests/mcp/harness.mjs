// SPDX-License-Identifier: MIT
// What the scenarios share: a folder to serve, a server, a client from elsewhere, and a count of its own to hold the
// records against. TALLYSCOPE_MCP_SERVER is the server's program, TALLYSCOPE_MCP_CLIENT where the packages are.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export { assert, sleep };
export const program = process.env.TALLYSCOPE_MCP_SERVER;
export const packages = process.env.TALLYSCOPE_MCP_CLIENT;
const require = createRequire(join(packages, 'package.json'));
export const { Client } = require('@modelcontextprotocol/sdk/client/index.js');
export const { StdioClientTransport } = require('@modelcontextprotocol/sdk/client/stdio.js');

const left = [];
/// Runs when the scenario is over, however it ends; the latest first.
export const afterwards = (action) => left.push(action);

export async function scenario(body) {
  let status = 0;
  try {
    await body();
  } catch (error) {
    console.error(error);
    status = 1;
  }
  for (const action of left.reverse()) await action();
  process.exit(status);
}

/// A temporary place with a folder `served` in it; `files` maps names to contents.
export function place(files = {}) {
  const path = mkdtempSync(join(tmpdir(), 'tallyscope_mcp_'));
  afterwards(() => rmSync(path, { recursive: true, force: true }));
  const served = join(path, 'served');
  mkdirSync(served);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(served, name)), { recursive: true });
    writeFileSync(join(served, name), content);
  }
  return { path, served, records: join(path, 'records.jsonl') };
}

/// A place in which a search for `slow_text` takes longer than any scenario may: nearly every byte begins a match, in
/// thousands of names of one file.
export function slow_place(files = {}) {
  const where = place({ ...files, 'slow/0.txt': 'a'.repeat(8 << 20) });
  const name = (n) => join(where.served, 'slow', `${n}.txt`);
  for (let n = 1; n < 5000; ++n) linkSync(name(0), name(n));
  return where;
}
export const slow_text = 'a'.repeat(900) + 'b';

export const arguments_of = (where, more = []) => [where.served, '--records', where.records, ...more];

export const parse_lines = (text) => text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
export const records_of = (where) => (existsSync(where.records) ? parse_lines(readFileSync(where.records, 'utf8')) : []);
export const calls_of = (where) => records_of(where).filter((record) => record.kind === 'call');

export const characters = (text) => text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '.').length;

export async function until(condition, what, seconds = 20) {
  for (const end = Date.now() + seconds * 1000; !(await condition()); await sleep(20))
    assert.ok(Date.now() < end, `waited ${seconds} s for ${what}`);
}

/// The client of the SDK, which also counts what it does, in the words of the records.
export class CountingClient {
  seen = [];  // as records should have it
  received = [];  // every message

  static async start(where, more = []) {
    const self = new CountingClient();
    // Of itself the transport hangs up on messages of more than 10 MiB.
    const maxBufferSize = 64 << 20;
    self.transport = new StdioClientTransport({ command: program, args: arguments_of(where, more), stderr: 'pipe', maxBufferSize });
    self.client = new Client({ name: 'tests', version: '1.0.0' });
    self.stderr = '';
    self.transport.stderr.on('data', (bytes) => (self.stderr += bytes));
    await self.client.connect(self.transport);
    const hand_on = self.transport.onmessage;
    self.transport.onmessage = (message, extra) => {
      self.received.push(message);
      hand_on(message, extra);
    };
    const process_of_server = self.transport._process;
    self.exit = new Promise((resolve) => process_of_server.once('exit', (code, signal) => resolve({ code, signal })));
    afterwards(() => self.client.close());
    return self;
  }

  /// Ends the connection in good order; the server must end well and must have said nothing beside the protocol.
  async stop() {
    await this.client.close();
    assert.deepEqual(await this.exit, { code: 0, signal: null });
    assert.equal(this.stderr, '');
  }

  note(operation, name, params, outcome, text, error_type) {
    const seen = { operation, name, outcome };
    seen.characters_in = characters(params.arguments === undefined ? '' : JSON.stringify(params.arguments));
    if (text !== undefined) seen.characters_out = characters(text);
    if (error_type !== undefined) seen.error_type = error_type;
    this.seen.push(seen);
  }

  /// Calls a tool; `failure` is the error type that the record is expected to have when the result is an error.
  async call(name, args, { meta, failure, options } = {}) {
    const params = { name, ...(args && { arguments: args }), ...(meta && { _meta: meta }) };
    const result = await this.client.callTool(params, undefined, { timeout: 120_000, ...options });
    const text = result.content.map((part) => part.text).join('');
    this.note('execute_tool', name, params, result.isError ? 'error' : 'success', text, failure);
    assert.equal(Boolean(result.isError), failure !== undefined, text.slice(0, 200));
    return text;
  }

  async prompt(args) {
    const params = { name: 'usage', ...(args && { arguments: args }) };
    const result = await this.client.getPrompt(params);
    const text = result.messages.map((message) => message.content.text).join('');
    this.note('get_prompt', 'usage', params, 'success', text);
    return text;
  }
}

const sorted = (rows) => rows.map((row) => JSON.stringify(row)).sort();

/// One record for each call, and each says what the client saw.
export function compare(where, seen) {
  assert.deepEqual([...new Set(calls_of(where).map((record) => record.server))], ['files']);
  const told = calls_of(where).map((record) => {
    const { operation, name, outcome, characters_in, characters_out, error_type } = record;
    const row = { operation, name, outcome, characters_in };
    if (characters_out !== undefined) row.characters_out = characters_out;
    if (error_type !== undefined) row.error_type = error_type;
    return row;
  });
  assert.deepEqual(sorted(told), sorted(seen));
}

/// A client that writes bytes of its own and reads lines.
export class RawClient {
  lines = [];

  /// `first` is a command of the shell that starts the server.
  constructor(where, more = [], first = ':') {
    const command = ['-c', `${first}; exec "$@"`, 'sh', program, ...arguments_of(where, more)];
    this.process = spawn('/bin/sh', command, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.stderr = '';
    this.process.stderr.on('data', (bytes) => (this.stderr += bytes));
    this.process.stdin.on('error', () => {});
    this.reader = createInterface({ input: this.process.stdout }).on('line', (line) => this.lines.push(line));
    // Not `exit`: that may come before the last lines have been read.
    this.exit = new Promise((resolve) => this.process.once('close', (code, signal) => resolve({ code, signal })));
    afterwards(() => this.process.kill('SIGKILL'));
  }

  send(message) {
    const line = Buffer.isBuffer(message) || typeof message === 'string' ? message : JSON.stringify(message);
    this.process.stdin.write(line);
    this.process.stdin.write('\n');
  }
  request(id, method, params) {
    this.send({ jsonrpc: '2.0', id, method, ...(params !== undefined && { params }) });
  }

  get messages() {
    return this.lines.map((line) => JSON.parse(line));
  }
  async answer(id) {
    const find = () => this.messages.find((message) => message.id === id && !message.method);
    await until(find, `an answer to ${JSON.stringify(id)}`);
    return find();
  }

  async stop() {
    this.process.stdin.end();
    assert.deepEqual(await this.exit, { code: 0, signal: null });
    assert.equal(this.stderr, '');
  }
}
