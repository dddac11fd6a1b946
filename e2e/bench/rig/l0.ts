/** Variant L0: the bare program on every hook of both nodes. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { until } from '../../lab/process.ts';
import type { L0Hook, L0Target } from './l0-attach.ts';
import { ADDRESS, type NodeName } from './shell.ts';
import type { Variant } from './variant.ts';

type Links = Awaited<ReturnType<Variant['links']>>;

function hooksOf(links: Links, local: Readonly<Record<string, string>>, remote: L0Target): L0Hook[] {
  const at = (name: string): number => links.get(name)?.ifindex ?? 0;
  const pods = Object.entries(local).map(([name, cidr]) => ({ cidr, ifindex: at(name) }));
  return [
    { ifindex: at('eth0'), targets: pods },
    ...Object.keys(local).map((name) => ({
      ifindex: at(name),
      targets: [...pods.filter(({ ifindex }) => ifindex !== at(name)), remote],
    })),
  ];
}

async function attach(variant: Variant, node: NodeName, hooks: readonly L0Hook[]): Promise<void> {
  const script = fileURLToPath(new URL('l0-attach.ts', import.meta.url));
  const args = ['--import', import.meta.resolve('tsx'), script, JSON.stringify(hooks)];
  await variant.start({ name: 'l0', node, command: process.execPath, args });
  await until('the bare program', 60_000, async () =>
    (await readFile(variant.logFile('l0', node), 'utf8')).includes('ready') ? true : undefined,
  );
}

/** Attaches it to the client's, the near and the far server's way. */
export async function installL0(variant: Variant): Promise<void> {
  const [n1, n2] = [await variant.links('n1'), await variant.links('n2')];
  const way = (from: Links, to: Links, cidr: string): L0Target => ({
    cidr,
    ifindex: from.get('eth0')?.ifindex ?? 0,
    macs: { source: from.get('eth0')?.address ?? '', destination: to.get('eth0')?.address ?? '' },
  });
  const near = { 'pod-client': `${ADDRESS.client}/32`, 'pod-near': `${ADDRESS.near}/32` };
  await attach(variant, 'n1', hooksOf(n1, near, way(n1, n2, ADDRESS.podCidr.n2)));
  await attach(
    variant,
    'n2',
    hooksOf(n2, { 'pod-far': ADDRESS.podCidr.n2 }, way(n2, n1, ADDRESS.podCidr.n1)),
  );
}
