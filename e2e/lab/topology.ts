import type { Address, AddressPlan } from './address-plan.ts';
import { addAddresses, createNetns, deleteNetns, netnsNames, shIn, withPrefix } from './network.ts';
import { sh } from './process.ts';

/** Names of a lab's network namespaces and of the machine's interface towards it. */
export interface NetworkNames {
  controlPlane: string;
  outside: string;
  node: (name: string) => string;
  /** The machine's interface. */
  host: string;
}

/** The names for the lab called `lab`. */
export function networkNames(lab: string): NetworkNames {
  return { controlPlane: `${lab}-cp`, outside: `${lab}-out`, node: (name) => `${lab}-${name}`, host: lab };
}

/** Name of the bridge, which is in the control plane's namespace. */
const BRIDGE = 'br0';

/** Makes the bridge, the machine's own leg, and the network outside the cluster. */
export async function createNetwork(lab: string, plan: AddressPlan, mtu: number): Promise<void> {
  const names = networkNames(lab);
  await createNetns(names.controlPlane);
  const own = [...new Set([...plan.servers, plan.controlPlane].flatMap((a) => withPrefix(plan, a)))];
  await shIn(
    names.controlPlane,
    `ip link add ${BRIDGE} type bridge
     ip link set ${BRIDGE} mtu ${mtu} up
     ${addAddresses(BRIDGE, own)}
     ip route add default via ${plan.outside.v4}`,
  );
  await sh(`ip link add ${names.host} mtu ${mtu} type veth peer name host mtu ${mtu} netns ${names.controlPlane}
    ip -n ${names.controlPlane} link set host master ${BRIDGE} up
    ${addAddresses(names.host, withPrefix(plan, plan.host))}
    ip link set ${names.host} up`);
  await createOutside(lab, plan, mtu);
}

/** Makes a node's namespace with its eth0 on the bridge; the gateway is the network outside. */
export async function createNodeNetwork(
  lab: string,
  node: { name: string; address: Address },
  plan: AddressPlan,
  mtu: number,
): Promise<void> {
  const netns = networkNames(lab).node(node.name);
  await attach(lab, netns, { port: node.name, mtu, addresses: withPrefix(plan, node.address) });
  await shIn(netns, defaultRoutes(plan));
}

/** Takes a node off the network, as if its cable was pulled out at the switch, or puts it back. */
export async function setNodeLink(lab: string, node: string, up: boolean): Promise<void> {
  await sh(`ip -n ${networkNames(lab).controlPlane} link set ${node} ${up ? 'up' : 'down'}`);
}

/** Removes every namespace of the lab and the machine's interface; all interfaces go with them. */
export async function deleteNetwork(lab: string): Promise<void> {
  await sh('ip link del "$1" 2>/dev/null || true', [networkNames(lab).host]);
  for (const name of await netnsNames(`${lab}-`)) await deleteNetns(name);
}

async function createOutside(lab: string, plan: AddressPlan, mtu: number): Promise<void> {
  const { outside } = networkNames(lab);
  await attach(lab, outside, { port: 'outside', mtu, addresses: withPrefix(plan, plan.outside) });
  const beyond = [`${plan.beyond.v4}/32`, ...(plan.beyond.v6 === undefined ? [] : [`${plan.beyond.v6}/128`])];
  // It forwards so that what is addressed to nowhere is answered "unreachable" and not lost; it has no route to pods.
  await shIn(
    outside,
    `${addAddresses('lo', beyond)}\nsysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1`,
  );
}

async function attach(
  lab: string,
  netns: string,
  leg: { port: string; mtu: number; addresses: readonly string[] },
): Promise<void> {
  const { controlPlane } = networkNames(lab);
  await createNetns(netns);
  await sh(`ip -n ${controlPlane} link add ${leg.port} mtu ${leg.mtu} type veth \
      peer name eth0 mtu ${leg.mtu} netns ${netns}
    ip -n ${controlPlane} link set ${leg.port} master ${BRIDGE} up`);
  await shIn(netns, `ip link set eth0 up\n${addAddresses('eth0', leg.addresses)}`);
}

function defaultRoutes(plan: AddressPlan): string {
  const v6 = plan.outside.v6;
  return `ip route add default via ${plan.outside.v4}\n${v6 === undefined ? '' : `ip -6 route add default via ${v6}`}`;
}
