import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CniInputs } from './cni.ts';
import { decideCni } from './cni.ts';

const ready = { ready: 'True', readyMessage: '' } as const;
const bare = {
  ready: 'False',
  readyMessage: 'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady',
} as const;
const sick = { ready: 'False', readyMessage: 'disk is full' } as const;

const CASES: readonly [string, CniInputs, string | undefined, RegExp | undefined][] = [
  ['nodes without a CNI get ours', { asked: 'Auto', nodes: [bare, bare] }, 'Margay', undefined],
  ['a node that is Ready has one', { asked: 'Auto', nodes: [bare, ready] }, 'Chained', undefined],
  ['a node that is sick says nothing', { asked: 'Auto', nodes: [sick] }, undefined, /waiting/],
  ['no nodes, no decision', { asked: 'Auto', nodes: [] }, undefined, /waiting/],
  ['what was decided is kept', { asked: 'Auto', before: 'Margay', nodes: [ready] }, 'Margay', undefined],
  ['what is asked for is taken at first', { asked: 'None', nodes: [bare] }, 'None', undefined],
  [
    'and refused later',
    { asked: 'Chained', before: 'Margay', nodes: [ready] },
    'Margay',
    /Chained is refused.*Margay/,
  ],
];

for (const [what, inputs, cni, problem] of CASES) {
  test(what, () => {
    const decision = decideCni(inputs);
    assert.equal(decision.cni, cni);
    if (problem === undefined) assert.equal(decision.problem, undefined);
    else assert.match(decision.problem ?? '', problem);
  });
}
