import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import type { BpfMap, BpfObject, BpfProgram } from '../../src/api.ts';

/** A compiled fixture. */
export const fixture = (name: string): string =>
  join(import.meta.dirname, '../../../build/addon-test', `${name}.bpf.o`);

/** Without the sanitizer that our own process may be running under. */
function toolEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, LD_PRELOAD: undefined };
}

/** A system tool. */
export function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, {
    encoding: 'utf8',
    env: toolEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** `ip`, its arguments as one string. */
export const ip = (args: string): string => run('ip', ...args.split(' '));

/** A directory that is gone after the test. */
export function scratchDir(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'margay-addon-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A bpffs of the test's own. */
export function bpffs(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'margay-bpffs-'));
  run('mount', '-t', 'bpf', 'bpf', path);
  t.after(() => {
    run('umount', '-l', path);
    rmSync(path, { recursive: true });
  });
  return path;
}

export function mapOf(object: BpfObject, name: string): BpfMap {
  const map = object.maps.get(name);
  assert.ok(map, `map ${name}`);
  return map;
}

export function programOf(object: BpfObject, name: string): BpfProgram {
  const program = object.programs.get(name);
  assert.ok(program, `program ${name}`);
  return program;
}

export const u32 = (...values: readonly number[]): Uint8Array =>
  new Uint8Array(Uint32Array.from(values).buffer);
export const u64 = (...values: readonly (number | bigint)[]): Uint8Array =>
  new Uint8Array(BigUint64Array.from(values.map(BigInt)).buffer);
/** The 64-bit words of some bytes. */
export const words = (bytes: Uint8Array): bigint[] => [...new BigUint64Array(bytes.slice().buffer)];

/** Index of a device in this namespace (/sys would show another's). */
export const ifindexOf = (name: string): number => Number.parseInt(ip(`-o link show dev ${name}`), 10);

export interface Peer {
  /** Runs a command in the peer's namespace. */
  run(command: string, ...args: readonly string[]): string;
  readonly pid: number;
}

/** A veth whose other end, `peer`, is in a namespace of its own: 192.0.2.1 here, 192.0.2.2 there. */
export async function vethPair(t: TestContext, name: string): Promise<Peer> {
  const holder = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec sleep 600'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: toolEnvironment(),
  });
  t.after(() => holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  const pid = holder.pid ?? assert.fail('no process');
  ip(`link add ${name} type veth peer name peer netns ${pid}`);
  ip(`addr add 192.0.2.1/24 dev ${name}`);
  ip(`link set ${name} up`);
  const enter = (command: string, ...args: readonly string[]): string =>
    run('nsenter', `--net=/proc/${pid}/ns/net`, command, ...args);
  enter('ip', 'addr', 'add', '192.0.2.2/24', 'dev', 'peer');
  enter('ip', 'link', 'set', 'peer', 'up');
  return { run: enter, pid };
}

/** Waits until something holds; fails after a generous while. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`never: ${what}`);
}
