/** Whether this process may do an agent's work. */
import { readFile } from 'node:fs/promises';
import { MargayError } from '@margay/lib/errors';

/** Bits of capabilities(7). CAP_SYS_ADMIN: mounts, and BPF on kernels before CAP_BPF. */
const NEEDED: readonly (readonly [bit: bigint, name: string])[] = [
  [12n, 'CAP_NET_ADMIN'],
  [21n, 'CAP_SYS_ADMIN'],
];

/** The process lacks what it needs; the message names it. */
export class PrivilegeError extends MargayError {
  override readonly name = 'PrivilegeError';
}

/** Capabilities that are missing, from the text of /proc/self/status. */
export function missingCapabilities(status: string): readonly string[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return NEEDED.filter(([bit]) => ((effective >> bit) & 1n) === 0n).map(([, name]) => name);
}

/** @throws PrivilegeError */
export async function checkPrivileges(): Promise<void> {
  const missing = missingCapabilities(await readFile('/proc/self/status', 'utf8'));
  if (missing.length === 0) return;
  const message = `the agent lacks ${missing.join(' and ')}: it loads programs and changes this node's network. Run it as root, its pod with securityContext.privileged`;
  throw new PrivilegeError(message, { code: 'NoPrivilege' });
}
