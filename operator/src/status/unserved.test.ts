import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effectiveSpec } from '@margay/crds/defaults';
import type { InstallationSpec } from '@margay/crds/installation.gen';
import { unservedSettings } from './unserved.ts';

const findings = { operatorVersion: 'test', operatorImage: { registry: '', path: '' } };
const unserved = (spec: InstallationSpec): string | undefined =>
  unservedSettings(effectiveSpec(spec, findings))?.message;

test('the defaults, and what is served, are no problem', () => {
  assert.equal(unserved({}), undefined);
  assert.equal(
    unserved({ nodePortAddresses: ['10.0.0.0/8'], bpfConnectTimeLoadBalancing: 'Disabled' }),
    undefined,
  );
});

test('O11: every setting that is not served is named, with what happens instead', () => {
  const message = unserved({
    bpfExternalServiceMode: 'DSR',
    bpfDSROptoutCIDRs: ['10.0.0.0/8'],
    bpfLogLevel: 'Debug',
    network: { cni: 'Margay', margay: { encapsulation: 'VXLAN' } },
    policy: { endpointToHostAction: 'Drop', reversePathCheck: 'Strict' },
    nodeUpdateStrategy: { canarySelector: { matchLabels: { canary: 'yes' } } },
    onDelete: { fabric: 'Remove' },
  });
  for (const field of [
    'bpfExternalServiceMode: DSR (replies',
    'bpfDSROptoutCIDRs',
    'bpfLogLevel',
    'network.margay.encapsulation: VXLAN',
    'policy.endpointToHostAction',
    'policy.reversePathCheck',
    'nodeUpdateStrategy.canarySelector',
    'onDelete.fabric: Remove',
  ])
    assert.ok(message?.includes(`spec.${field}`), `${field} in ${message ?? 'nothing'}`);
});
