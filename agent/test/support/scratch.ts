/** A node's network namespace with /run of its own (see `isolated`), and namespaces for pods and clients in it. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Run, run } from '../../src/fabric/command.ts';

/** Runs a shell script in this namespace. */
export function sh(script: string): string {
  return execFileSync('sh', ['-euc', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Gives the test process a /run and a /var/lib/cni of its own; to be called once, first. */
export function privateRun(): void {
  sh(
    'mount --make-rprivate / && mount -t tmpfs tmpfs /run && mkdir -p /run/netns /var/lib/cni && mount -t tmpfs tmpfs /var/lib/cni',
  );
}

/** Adds a network namespace with loopback up. */
export function addNetns(name: string): void {
  sh(`ip netns add ${name} && ip -n ${name} link set lo up`);
}

/** A veth from here to a namespace, with an address at both ends; the far end is `eth0`. */
export function addVeth(netns: string, here: string, addresses: { near: string; far: string }): void {
  sh(`ip link add ${here} type veth peer name eth0 netns ${netns}
ip address add ${addresses.near} dev ${here} && ip link set ${here} up
ip -n ${netns} address add ${addresses.far} dev eth0 && ip -n ${netns} link set eth0 up
ip -n ${netns} route add default via ${addresses.near.replace(/\/.*/, '')}`);
}

/** A {@link Run} for another namespace. */
export function runIn(netns: string): Run {
  return ([program, ...rest], options) => run(['ip', 'netns', 'exec', netns, program, ...rest], options);
}

function node(netns: string, script: string): ChildProcess {
  return spawn('ip', ['netns', 'exec', netns, process.execPath, '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function firstLine(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout !== null);
  const lines = createInterface(child.stdout);
  return new Promise((resolve) => lines.once('line', resolve));
}

/** Something that runs in a namespace until it is stopped. */
export interface Running {
  stop(): void;
}

/** A TCP server that first says who the client is ("192.0.2.11 40000"), then echoes. */
export async function echoServer(netns: string, port: number): Promise<Running> {
  const child = node(
    netns,
    `require('net').createServer((s) => { s.on('error', () => {}); s.write(s.remoteAddress + ' ' + s.remotePort + '\\n'); s.pipe(s); })
       .listen(${port}, '0.0.0.0', () => console.log('up'))`,
  );
  await firstLine(child);
  return { stop: () => void child.kill() };
}

/** Where a client connects to, and from which port of its own (0: any). */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly localPort?: number;
}

/** Who a server saw as the client of a new connection; undefined when there was none within a second. */
export async function seenAs(netns: string, target: Target): Promise<string | undefined> {
  const child = node(
    netns,
    `const s = require('net').connect(${JSON.stringify(target)}); s.setTimeout(1000, () => { console.log(''); process.exit(); });
     s.on('error', () => { console.log(''); process.exit(); }); s.once('data', (d) => { console.log(String(d).trim()); process.exit(); });`,
  );
  return (await firstLine(child)) || undefined;
}

/** A connection over which a number goes there and back all the time. */
export interface Flow extends Running {
  /** How many numbers came back. */
  readonly count: number;
}

/** Opens a {@link Flow} and resolves when its first number is back. */
export async function flow(netns: string, host: string, port: number): Promise<Flow> {
  const child = node(
    netns,
    `const s = require('net').connect(${port}, '${host}'); s.on('error', () => {});
     setInterval(() => s.write('x\\n'), 20); s.on('data', () => console.log('back'));`,
  );
  let count = 0;
  assert.ok(child.stdout !== null);
  const lines = createInterface(child.stdout);
  lines.on('line', () => count++);
  await new Promise((resolve) => lines.once('line', resolve));
  return {
    get count() {
      return count;
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

/** True when numbers still come back one second after this call. */
export async function isAlive(f: Flow): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = f.count;
  await new Promise((resolve) => setTimeout(resolve, 500));
  return f.count > before;
}
