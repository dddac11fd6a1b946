import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from './errors.ts';
import { labNames, STATE_ROOT } from './state.ts';
import { run } from './process.ts';

const INOTIFY = '/proc/sys/fs/inotify/max_user_instances';
const REMEMBERED = join(STATE_ROOT, 'inotify.max_user_instances');

/** Raises the one setting of the machine that several kubelets need; `restoreMachine` puts it back. */
export async function prepareMachine(nodes: number): Promise<void> {
  const now = Number(await readFile(INOTIFY, 'utf8'));
  const wanted = Math.max(1024, 256 * nodes);
  if (now >= wanted) return;
  await mkdir(STATE_ROOT, { recursive: true });
  if (!existsSync(REMEMBERED)) await writeFile(REMEMBERED, String(now));
  await writeFile(INOTIFY, String(wanted));
}

/** Puts the machine's setting back when no lab is left. */
export async function restoreMachine(): Promise<void> {
  if ((await labNames()).length > 0 || !existsSync(REMEMBERED)) return;
  await writeFile(INOTIFY, await readFile(REMEMBERED));
  await rm(REMEMBERED);
}

/** Refuses (`SubnetInUse`) a subnet that the machine already has an address in or a route into. */
export async function checkSubnetFree(subnet: string): Promise<void> {
  const { stdout } = await run('ip', ['-4', '-json', 'route', 'show', 'table', 'all']);
  const routes = JSON.parse(stdout) as { dst: string; dev?: string; type?: string }[];
  const clash = routes.find((route) => overlaps(route.dst, subnet));
  if (!clash) return;
  const where = clash.dev === undefined ? '' : ` on interface ${clash.dev}`;
  throw new LabError(
    'SubnetInUse',
    `subnet ${subnet} is in use: the machine has a route to ${clash.dst}${where}. ` +
      'Take another with --subnet, or remove the lab that has it (lab status lists them).',
  );
}

/** True when two IPv4 ranges share an address; `default` and 0.0.0.0/0 count as no range. */
export function overlaps(a: string, b: string): boolean {
  const [first, second] = [range(a), range(b)];
  if (!first || !second) return false;
  return first.start <= second.end && second.start <= first.end;
}

/** Refuses to go on without root. */
export function requireRoot(): void {
  if (process.getuid?.() !== 0) {
    throw new LabError('Unsupported', 'the lab makes namespaces, mounts and cgroups: run it as root');
  }
}

function range(cidr: string): { start: number; end: number } | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/\d+)?$/.exec(cidr);
  if (!match) return undefined;
  const bits = Number(cidr.split('/')[1] ?? 32);
  if (bits === 0) return undefined;
  const start = match.slice(1, 5).reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - bits);
  return { start: start - (start % size), end: start - (start % size) + size - 1 };
}
