// SPDX-License-Identifier: MIT
// A program of ours that is told, one after the other, texts and what others make of them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export class Comparison {
  #ours;
  #ended;
  #waiting = [];
  #waitingSize = 0;

  constructor(program, words) {
    this.#ours = spawn(program, words, { stdio: ['pipe', 'inherit', 'inherit'] });
    this.#ended = once(this.#ours, 'close');
    this.#ours.stdin.on('error', () => {}); // the status tells
  }

  /// Some bytes behind their size, or behind how many `items` they are.
  async send(bytes, items = bytes.length) {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(items);
    this.#waiting.push(size, bytes);
    this.#waitingSize += bytes.length;
    if (this.#waitingSize > 1 << 20) await this.#flush();
  }

  /// A text and the numbers of its tokens.
  async sendTokens(text, tokens) {
    await this.send(Buffer.from(text));
    const numbers = Uint32Array.from(tokens);
    await this.send(Buffer.from(numbers.buffer), numbers.length);
  }

  async #flush() {
    const whole = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingSize = 0;
    if (!this.#ours.stdin.write(whole)) await Promise.race([once(this.#ours.stdin, 'drain'), this.#ended]);
  }

  /// The status of the program, once it has read everything.
  async finish() {
    await this.#flush();
    this.#ours.stdin.end();
    const [status] = await this.#ended;
    return status ?? 1;
  }
}
