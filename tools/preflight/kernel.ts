import type { Check, Finding, Machine } from './machine.ts';

/** A kernel feature, and a script that succeeds only where it works. */
interface Trial {
  readonly feature: string;
  /** Kernel options that bring it. */
  readonly options: string;
  /** Runs in mount and network namespaces of its own, so that nothing is left of it; /mnt is free for mounts. */
  readonly script: string;
}

/** Two programs that let everything pass: one for a device, one for sockets of a control group. */
const programs = [
  '__attribute__((section("tc"), used)) int pass(void *c) { return -1; }',
  '__attribute__((section("cgroup/connect4"), used)) int connect4(void *c) { return 1; }',
].join('\\n');

const loaded = [
  'mount -t bpf none /mnt',
  'object=$(mktemp)',
  'trap "rm -f $object" EXIT',
  `printf '${programs}' | \${CLANG:-clang-19} -target bpf -O2 -x c -c - -o "$object"`,
  'bpftool prog loadall "$object" /mnt/p >/dev/null',
].join('\n');

/** First mount of the unified hierarchy, also on a machine that mounts the old ones beside it. */
const cgroupRoot = `root=$(awk '{for (i = 1; i < NF; i++) if ($i == "-" && $(i+1) == "cgroup2") {print $5; exit}}' /proc/self/mountinfo)
test -n "$root" || { echo "no cgroup2 file system is mounted" >&2; exit 1; }
group=$root/margay-preflight-$$
mkdir "$group"`;

const trials: readonly Trial[] = [
  {
    feature: 'namespaces',
    options: 'CONFIG_NET_NS, CONFIG_UTS_NS, CONFIG_IPC_NS, CONFIG_PID_NS, CONFIG_CGROUPS',
    script: 'unshare --uts --ipc --pid --cgroup --fork true',
  },
  { feature: 'veth devices', options: 'CONFIG_VETH', script: 'ip link add mg0 type veth peer name mg1' },
  { feature: 'bridge devices', options: 'CONFIG_BRIDGE', script: 'ip link add mg0 type bridge' },
  {
    feature: 'VXLAN devices',
    options: 'CONFIG_VXLAN',
    script: 'ip link add mg0 type vxlan id 1 dstport 4789',
  },
  {
    feature: 'nftables with NAT',
    options: 'CONFIG_NF_TABLES, CONFIG_NF_TABLES_INET, CONFIG_NFT_NAT, CONFIG_NFT_MASQ, CONFIG_NFT_CT',
    script: `printf 'table inet t { chain c { type nat hook postrouting priority 100; ct state new masquerade; }; }' | nft -f -`,
  },
  {
    feature: "kube-proxy's iptables rules",
    options:
      'CONFIG_NFT_COMPAT, CONFIG_NETFILTER_XT_MATCH_STATISTIC, CONFIG_NETFILTER_XT_MATCH_COMMENT, CONFIG_NETFILTER_XT_NAT',
    script:
      'iptables -t nat -A PREROUTING -p tcp -m comment --comment x -m statistic --mode random --probability 0.5 -j DNAT --to-destination 10.0.0.1:80',
  },
  {
    feature: 'overlay file systems',
    options: 'CONFIG_OVERLAY_FS',
    script:
      'mount -t tmpfs none /mnt; cd /mnt; mkdir lower upper work all; mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work none all',
  },
  { feature: 'BTF', options: 'CONFIG_DEBUG_INFO_BTF', script: 'test -s /sys/kernel/btf/vmlinux' },
  { feature: 'BPF programs and bpffs', options: 'CONFIG_BPF_SYSCALL, CONFIG_NET_CLS_ACT', script: loaded },
  {
    feature: 'TC programs (TCX or clsact)',
    options: 'CONFIG_NET_XGRESS or CONFIG_NET_CLS_BPF, CONFIG_NET_SCH_INGRESS',
    script: `${loaded}
bpftool net attach tcx_ingress pinned /mnt/p/pass dev lo 2>/dev/null ||
	{ tc qdisc add dev lo clsact && tc filter add dev lo ingress bpf da pinned /mnt/p/pass; }`,
  },
  {
    feature: 'control groups, version 2',
    options: 'CONFIG_CGROUPS',
    script: `${cgroupRoot}\nrmdir "$group"`,
  },
  {
    feature: 'BPF programs on control groups',
    options: 'CONFIG_CGROUP_BPF',
    script: `${loaded}\n${cgroupRoot}
trap "rm -f $object; rmdir $group" EXIT
bpftool cgroup attach "$group" cgroup_inet4_connect pinned /mnt/p/connect4`,
  },
];

/** Tries one kernel feature. What the kernel answered is part of the finding. */
async function attempt(machine: Machine, { feature, options, script }: Trial): Promise<Finding | undefined> {
  const quoted = script.replaceAll("'", `'\\''`);
  const { status, stderr } = await machine.script(`unshare --net --mount sh -euc '${quoted}'`);
  if (status === 0) return undefined;
  const answer = stderr.trim().split('\n').at(-1) ?? '';
  return {
    what: `this kernel does not give us ${feature}: ${answer === '' ? `exit status ${status}` : answer}`,
    mend: `boot a kernel with ${options} (a module: modprobe it), and where this is a container, give it the privilege`,
  };
}

/** A check for each kernel feature that the lab and Margay need; found by trying, never by version. */
export const kernelChecks: readonly Check[] = trials.map((trial) => (machine) => attempt(machine, trial));
