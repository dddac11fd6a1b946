import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { SAMPLE } from '../demo/sample.ts';
import { until } from '../lab/process.ts';
import { guarded, sharedLab } from './support/cluster.ts';
import { installed } from './support/margay.ts';
import { condition, dataplanes, get, kubeProxyPods } from './support/objects.ts';
import { ASKERS, ask, httpGet, webPods } from './support/reach.ts';
import { answers, ServiceMaker, WEB_PORT } from './support/services.ts';

// Which backend a client gets, and whether it gets one: traffic policies, affinity, source ranges. kube-proxy is parked.

const lab = await sharedLab();
/** The only pod of the Services with a policy runs on this node, and none on the other. */
const [here, elsewhere] = lab.nodes;
assert.ok(here && elsewhere);
const LOCAL_PORT = 30181;
const NONE_PORT = 30182;
const BALANCER = '192.0.2.80';
const PORTS = [WEB_PORT];
const TIMED_OUT = 'curl 28';

const make = new ServiceMaker(lab, 'policies');

after(() => make.removeAll());

test(
  'S6: externalTrafficPolicy Local: only its node answers who is outside, and shows the client; pods are served anywhere',
  guarded(lab, async () => {
    await installed(lab);
    await make.pod('only', 'only', here.name);
    const external = { type: 'NodePort', externalTrafficPolicy: 'Local', selector: { app: 'only' } };
    await make.service('external', { ...external, ports: [{ ...WEB_PORT, nodePort: LOCAL_PORT }] });
    const at = (address: string, path: string): string => `http://${address}:${LOCAL_PORT}/${path}`;
    await until('the NodePort to answer', 20_000, async () =>
      (await httpGet(lab, 'outside', at(here.site.address.v4, 'hostname'))) === 'only' ? true : undefined,
    );
    const seen = await httpGet(lab, 'outside', at(here.site.address.v4, 'clientip'));
    assert.equal(seen.split(':')[0], await outsideAddress());
    assert.equal(await httpGet(lab, 'outside', at(elsewhere.site.address.v4, 'hostname')), TIMED_OUT);
    for (const node of lab.nodes) {
      const url = at(node.site.address.v4, 'hostname');
      assert.equal(await httpGet(lab, 'pod', url), 'only', `a pod at ${node.name}`);
      assert.equal((await node.exec(['curl', '-sS', url])).stdout, 'only', `${node.name} at itself`);
    }
    const other = at(elsewhere.site.address.v4, 'hostname');
    assert.equal(await httpGet(lab, 'node', other), TIMED_OUT, 'another node is outside');
  }),
);

test(
  'S8: externalTrafficPolicy Local without any endpoint in the cluster is refused at once',
  guarded(lab, async () => {
    const none = { type: 'NodePort', externalTrafficPolicy: 'Local', selector: { app: 'nobody' } };
    await make.service('none', { ...none, ports: [{ ...WEB_PORT, nodePort: NONE_PORT }] });
    const url = `http://${here.site.address.v4}:${NONE_PORT}/`;
    await until('a refusal', 20_000, async () =>
      (await httpGet(lab, 'outside', url)) === 'curl 7' ? true : undefined,
    );
  }),
);

test(
  'S6: internalTrafficPolicy Local: answered on its node, dropped on another',
  guarded(lab, async () => {
    const spec = { internalTrafficPolicy: 'Local', selector: { app: 'only' }, ports: PORTS };
    const url = `http://${await make.service('internal', spec)}/hostname`;
    await until('the node of the pod to answer', 20_000, async () => {
      const { stdout } = await here.exec(['curl', '-sS', '--max-time', '3', url], { allowFailure: true });
      return stdout === 'only' ? true : undefined;
    });
    const { status } = await elsewhere.exec(['curl', '-sS', '--max-time', '3', url], { allowFailure: true });
    assert.equal(status, 28);
  }),
);

test(
  'S7: a client keeps its backend, a pod by connect() and an outside one by packet; without affinity it does not',
  guarded(lab, async () => {
    const spec = { type: 'NodePort', selector: { app: 'web' }, ports: PORTS };
    const address = await make.service('sticky', { ...spec, sessionAffinity: 'ClientIP' });
    const nodePort = await make.nodePort('sticky');
    const urls = {
      pod: `http://${address}/hostname`,
      node: `http://${address}/hostname`,
      outside: `http://${here.site.address.v4}:${nodePort}/hostname`,
    };
    const names = (await webPods(lab)).map((pod) => pod.metadata.name);
    for (const from of ASKERS) {
      await until(`an answer to ${from}`, 20_000, async () =>
        names.includes(await httpGet(lab, from, urls[from])) ? true : undefined,
      );
      assert.equal((await answers(lab, from, urls[from])).size, 1, `${from} keeps its backend`);
    }
    await lab.kubectl([
      'patch',
      'service',
      '-n',
      SAMPLE.namespace,
      'sticky',
      '-p',
      JSON.stringify({ spec: { sessionAffinity: 'None', sessionAffinityConfig: null } }),
    ]);
    for (const from of ASKERS)
      await until(`${from} to reach several backends`, 20_000, async () =>
        (await answers(lab, from, urls[from])).size > 1 ? true : undefined,
      );
  }),
);

test(
  "S8: loadBalancerSourceRanges lets in whom it names, at the load balancer's address alone",
  guarded(lab, async () => {
    const client = await outsideAddress();
    const ranges = (cidr: string): object => ({
      type: 'LoadBalancer',
      selector: { app: 'web' },
      ports: PORTS,
      loadBalancerSourceRanges: [cidr],
    });
    await make.service('guarded', ranges(`${client}/32`));
    const ingress = { loadBalancer: { ingress: [{ ip: BALANCER }] } };
    await lab.kubectl([
      'patch',
      'service',
      '-n',
      SAMPLE.namespace,
      'guarded',
      '--subresource=status',
      '-p',
      JSON.stringify({ status: ingress }),
    ]);
    await lab.exec('outside', ['ip', 'route', 'replace', `${BALANCER}/32`, 'via', here.site.address.v4]);
    try {
      const url = `http://${BALANCER}/hostname`;
      const names = (await webPods(lab)).map((pod) => pod.metadata.name);
      await until('the client to be let in', 20_000, async () =>
        names.includes(await httpGet(lab, 'outside', url)) ? true : undefined,
      );
      await make.service('guarded', ranges('198.51.100.0/24'));
      await until('the client to be shut out', 20_000, async () =>
        (await httpGet(lab, 'outside', url)) === TIMED_OUT ? true : undefined,
      );
      const byNode = `http://${here.site.address.v4}:${await make.nodePort('guarded')}/hostname`;
      assert.ok(names.includes(await httpGet(lab, 'outside', byNode)), 'NodePorts are not restricted');
    } finally {
      await lab.exec('outside', ['ip', 'route', 'del', `${BALANCER}/32`], { allowFailure: true });
    }
  }),
);

test(
  "S6: a Service's healthCheckNodePort and the node's /healthz answer load balancers",
  guarded(lab, async () => {
    const spec = {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      selector: { app: 'only' },
      ports: PORTS,
    };
    await make.service('checked', spec);
    const { spec: made } = await get<{ spec: { healthCheckNodePort: number } }>(lab, [
      'service',
      '-n',
      SAMPLE.namespace,
      'checked',
    ]);
    const status = async (node: typeof here, path: string): Promise<string> => {
      const url = `http://${node.site.address.v4}:${path}`;
      const argv = ['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', '--max-time', '3', url] as const;
      return (await ask(lab, 'outside', argv)).stdout;
    };
    const check = `${made.healthCheckNodePort}/`;
    await until('the node of the pod to say 200', 20_000, async () =>
      (await status(here, check)) === '200' ? true : undefined,
    );
    assert.equal(await status(elsewhere, check), '503');
    for (const node of lab.nodes) assert.equal(await status(node, '10256/healthz'), '200', node.name);
    const taint = 'ToBeDeletedByClusterAutoscaler=1:PreferNoSchedule';
    await lab.kubectl(['taint', 'node', elsewhere.name, taint]);
    try {
      await until('a node that is about to go to say 503', 20_000, async () =>
        (await status(elsewhere, '10256/healthz')) === '503' ? true : undefined,
      );
    } finally {
      await lab.kubectl(['taint', 'node', elsewhere.name, `${taint}-`]);
    }
  }),
);

test(
  'S6 S7 S8: none of these needed kube-proxy',
  guarded(lab, async () => {
    assert.deepEqual(await kubeProxyPods(lab), []);
    for (const [name, node] of await dataplanes(lab))
      assert.equal(condition(node, 'ServicesProgrammed')?.status, 'True', name);
  }),
);

/** The address that a client outside has where nodes see it. */
async function outsideAddress(): Promise<string> {
  const { stdout } = await lab.exec('outside', ['ip', '-j', 'route', 'get', here?.site.address.v4 ?? '']);
  const [route] = JSON.parse(stdout) as { prefsrc: string }[];
  return route?.prefsrc ?? '';
}
