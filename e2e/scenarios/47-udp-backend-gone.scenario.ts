import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { guarded, sharedLab } from './support/cluster.ts';
import { installed } from './support/margay.ts';
import { kubeProxyPods } from './support/objects.ts';
import { ask } from './support/reach.ts';
import { ServiceMaker } from './support/services.ts';

// UDP has no end that a client would notice: who is connected to a backend that goes must be let go. kube-proxy is parked.

const lab = await sharedLab();
const [first, second] = lab.nodes;
assert.ok(first && second);
const make = new ServiceMaker(lab, 'udp-gone');
const QUERIES = 60;

after(() => make.removeAll());

/**
 * Queries through one connected socket, which is opened anew only when the kernel says that it is over. Prints who
 * answered, `silence` where nobody did within a second, and `ended` where the socket had ended.
 */
function queries(address: string): readonly ['bash', '-c', string] {
  const script = `
    open() { exec 3<>/dev/udp/${address}/81; }
    query() { printf hostname >&3 && timeout 1 dd bs=512 count=1 status=none <&3; }
    open
    for i in $(seq ${QUERIES}); do
      answer=$(query 2>/dev/null); code=$?
      case $code in
        0) echo "$answer" ;;
        124) echo silence ;;
        *) echo ended; open ;;
      esac
      sleep 0.25
    done`;
  return ['bash', '-c', script];
}

test(
  'S14: connected UDP sockets of a host and of a pod leave a backend that goes, and reach another',
  guarded(lab, async () => {
    await installed(lab);
    const ports = [{ port: 81, targetPort: 8081, protocol: 'UDP' }];
    const address = await make.service('udp-gone', { selector: { app: 'udp-gone' }, ports });
    await make.pod('udp-gone-1', 'udp-gone', second.name);
    const host = first.exec(queries(address), { allowFailure: true });
    const pod = ask(lab, 'pod', queries(address));
    await sleep(3000);
    await make.pod('udp-gone-2', 'udp-gone', second.name);
    await make.remove('udp-gone-1');
    const [atHost, atPod] = await Promise.all([host, pod]);
    const seen = {
      host: atHost.stdout.trim().split('\n'),
      pod: atPod.stdout.trim().split('\n'),
    };
    for (const [who, lines] of Object.entries(seen)) {
      assert.ok(lines.includes('udp-gone-1'), `${who}: ${lines.join(' ')}`);
      assert.equal(lines.at(-1), 'udp-gone-2', `${who}: ${lines.join(' ')}`);
    }
    assert.ok(seen.host.includes('ended'), 'the kernel has told the process of the host');
    assert.deepEqual(await kubeProxyPods(lab), [], 'none of this needed kube-proxy');
  }),
);
