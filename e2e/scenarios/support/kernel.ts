import type { LabNode } from '../../lab/node/lab-node.ts';

// What one node's kernel shows. Ids of programs and links are the whole machine's, so a node's own are found by its pins.

/** A link that is pinned in the node's bpffs. */
export interface PinnedLink {
  readonly path: string;
  readonly id: number;
  readonly program: number;
  readonly type: string;
  /** Absent for a cgroup's. */
  readonly device?: string;
}

/** Every pinned link of Margay's on the node, by path. */
export async function pinnedLinks(node: LabNode): Promise<readonly PinnedLink[]> {
  const script = `find /sys/fs/bpf/margay -path '*/links/*' -type f 2>/dev/null | sort | while read -r pin; do
    printf '%s ' "$pin"; bpftool -j link show pinned "$pin" | tr -d '\\n'; echo; done`;
  const { stdout } = await node.exec(['sh', '-c', script]);
  return stdout.split('\n').flatMap((line) => {
    const [path = '', json = ''] = line.split(' ', 2);
    if (path === '') return [];
    const link = JSON.parse(json) as BpftoolLink;
    const device = link.devname === undefined ? {} : { device: link.devname };
    return [{ path, id: link.id ?? 0, program: link.prog_id ?? 0, type: link.type ?? '', ...device }];
  });
}

interface BpftoolLink {
  readonly id?: number;
  readonly prog_id?: number;
  readonly type?: string;
  readonly devname?: string;
}

/** Everything below Margay's directory in the node's bpffs. */
export async function pins(node: LabNode): Promise<readonly string[]> {
  const { stdout } = await node.exec([
    'sh',
    '-c',
    'ls -d /sys/fs/bpf/margay 2>/dev/null; find /sys/fs/bpf/margay -type f 2>/dev/null; true',
  ]);
  return stdout.split('\n').filter((line) => line !== '');
}

/** Lines of `bpftool net` and `bpftool cgroup` that name a program of Margay's. */
export async function attached(node: LabNode): Promise<readonly string[]> {
  const script = `bpftool net show | grep -E ' (from_pod|to_pod|from_net|to_net) '
    bpftool cgroup show /sys/fs/cgroup/unified 2>/dev/null | grep -E ' (connect|getpeername|sendmsg|recvmsg|connect_mapped|recvmsg_mapped|getpeer_mapped) *$'; true`;
  const { stdout } = await node.exec(['sh', '-c', script]);
  return stdout.split('\n').filter((line) => line.trim() !== '');
}

/** Which of these programs exist anywhere on the machine. */
export async function existing(node: LabNode, programs: readonly number[]): Promise<readonly number[]> {
  const { stdout } = await node.exec(['bpftool', '-j', 'prog', 'show']);
  const all = new Set((JSON.parse(stdout) as { id: number }[]).map(({ id }) => id));
  return programs.filter((id) => all.has(id));
}

/** One frontend of a Service: the address (absent for a NodePort), protocol and port. */
export interface Frontend {
  readonly address?: string;
  readonly protocol: string;
  readonly port: number;
}

/** The frontends without a rule of kube-proxy's (iptables) on the node. */
export async function frontendsWithoutRule(
  node: LabNode,
  frontends: readonly Frontend[],
): Promise<readonly Frontend[]> {
  const { stdout } = await node.exec(['sh', '-c', 'iptables-nft-save 2>/dev/null']);
  const rules = stdout
    .split('\n')
    .filter((line) => /^-A KUBE-(SERVICES|NODEPORTS|EXTERNAL-SERVICES) /.test(line));
  return frontends.filter((frontend) => !rules.some((rule) => serves(rule, frontend)));
}

function serves(rule: string, { address, protocol, port }: Frontend): boolean {
  const chain = address === undefined ? '-A KUBE-NODEPORTS ' : `-d ${address}/32 `;
  const target = / -j (KUBE-(SVC|EXT)-|REJECT)/;
  return (
    rule.includes(chain) &&
    rule.includes(` -p ${protocol.toLowerCase()} `) &&
    rule.includes(` --dport ${port} `) &&
    target.test(rule)
  );
}
