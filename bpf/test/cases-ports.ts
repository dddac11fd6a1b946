import assert from 'node:assert/strict';

import { rst, syn, type Case, type Step } from './case.ts';

/** Four flows take the four ports there are; the fifth, when all are over, the port that rested longest. */
function takenInTurn(): Case {
  const taken: number[] = [];
  const begin = (sport: number, check: (port: number) => void): Step => ({
    program: 'from_net',
    packet: { from: 'client', to: 'node', sport, dport: 30081 },
    verdict: 'redirect',
    reasons: ['FwdNeigh', 'NewFlow'],
    check: ({ sport: port }) => check(port),
  });
  const another = (sport: number): Step => begin(sport, (port) => void taken.push(port));
  return {
    description: 'source ports are taken in turn: the next is the one that has rested longest',
    settings: { snatFirst: 61000, snatLast: 61003 },
    steps: [
      begin(40000, (port) => void taken.splice(0, taken.length, port)),
      ...[40001, 40002, 40003].map(another),
      {
        ...begin(40004, (port) => assert.equal(port, taken[0])),
        before: (plane) => plane.ageFlows(20),
      },
    ],
  };
}

/** Source ports of flows that are translated. */
export const portCases: readonly Case[] = [
  takenInTurn(),
  {
    description: 'all ports are taken: one whose connection is closed is taken over',
    settings: { snatFirst: 61000, snatLast: 61000 },
    steps: [
      {
        program: 'from_net',
        packet: { from: 'client', to: 'node', dport: 30081, tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'NewFlow'],
        check: () => undefined,
      },
      {
        program: 'from_net',
        packet: { from: 'client', to: 'node', dport: 30081, tcp: rst },
        verdict: 'redirect',
        reasons: ['FwdNeigh'],
        check: () => undefined,
      },
      {
        program: 'from_net',
        packet: { from: 'client', to: 'node', sport: 40001, dport: 30081, tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'NewFlow'],
        out: 'node:nat>remotePod:8080',
      },
    ],
    flows: [
      'client:40001>node:30081 = node:nat>remotePod:8080 neigh@9 via otherNode rewrite,seen',
      'remotePod:8080>node:nat = node:30081>client:40001 neigh@9 via gateway rewrite,reply',
    ],
  },
  {
    description: 'all ports are taken: UDP that was left alone gives up its own',
    settings: { snatFirst: 61000, snatLast: 61000 },
    steps: [
      {
        program: 'from_net',
        packet: { from: 'client', to: 'node', dport: 30081 },
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'NewFlow'],
        check: () => undefined,
      },
      {
        program: 'from_net',
        packet: { from: 'client', to: 'node', sport: 40001, dport: 30081 },
        verdict: 'drop',
        reasons: ['DropNoPort'],
      },
      {
        program: 'from_net',
        packet: { from: 'client', to: 'node', sport: 40001, dport: 30081 },
        before: (plane) => plane.ageFlows(20),
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'NewFlow'],
        out: 'node:nat>remotePod:8080',
      },
    ],
    flows: [
      'client:40001>node:30081 = node:nat>remotePod:8080 neigh@9 via otherNode rewrite,seen',
      'remotePod:8080>node:nat = node:30081>client:40001 neigh@9 via gateway rewrite,reply',
    ],
  },
];
