/**
 * Attaches the ceiling's program in the network namespace it is started in, says "ready", and stays: the
 * links end with it. Argument: JSON of {@link L0Hook}[].
 */
import { fileURLToPath } from 'node:url';
import type { BpfLink } from '@margay/addon/api';
import { loadNative } from '@margay/addon/native';
import { parseCidr } from '@margay/agent/calc/ip';

/** Where packets for a network go; MAC addresses as `02:..`, only for a way out of the node. */
export interface L0Target {
  readonly cidr: string;
  readonly ifindex: number;
  readonly macs?: { readonly destination: string; readonly source: string };
}

/** One interface's ingress. */
export interface L0Hook {
  readonly ifindex: number;
  readonly targets: readonly L0Target[];
}

/** Bytes of `struct l0_target` in native/l0.bpf.c. */
const TARGET_SIZE = 28;

function macBytes(text: string): Uint8Array {
  return Uint8Array.from(text.split(':').map((byte) => Number.parseInt(byte, 16)));
}

function encode(targets: readonly L0Target[]): Uint8Array {
  const bytes = new Uint8Array(2 * TARGET_SIZE);
  const view = new DataView(bytes.buffer);
  targets.forEach(({ cidr, ifindex, macs }, i) => {
    const at = i * TARGET_SIZE;
    const { address, prefix } = parseCidr(cidr) ?? { address: [], prefix: 0 };
    bytes.set(address, at);
    view.setUint32(at + 4, (0xffffffff << (32 - prefix)) >>> 0, false);
    view.setUint32(at + 8, ifindex, true);
    view.setUint32(at + 12, macs === undefined ? 1 : 0, true);
    if (macs === undefined) return;
    bytes.set(macBytes(macs.destination), at + 16);
    bytes.set(macBytes(macs.source), at + 22);
  });
  return bytes;
}

const native = loadNative();
/** Held: a link that nobody holds is closed, and its program is taken off. */
const links: BpfLink[] = [];
const path = fileURLToPath(new URL('../../../build/bench/l0.bpf.o', import.meta.url));
for (const { ifindex, targets } of JSON.parse(process.argv[2] ?? '[]') as L0Hook[]) {
  const object = await native.load({ path, rodata: { l0_targets: encode(targets) } });
  const program = object.programs.get('l0');
  if (program === undefined) throw new Error(`${path} has no program l0`);
  links.push(native.attachTcx(program, ifindex, 'ingress'));
}
process.stdout.write('ready\n');
setInterval(() => links.length, 60_000);
