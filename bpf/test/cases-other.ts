import assert from 'node:assert/strict';

import { ack, syn, synAck, type Case, type Step } from './case.ts';
import { Proto } from './packet.ts';

const left = (
  program: Step['program'],
  packet: Step['packet'],
  reason: NonNullable<Step['reasons']>[number],
): Step => ({
  program,
  packet,
  verdict: 'stack',
  reasons: [reason],
});

/** What is left to the stack as it came. */
export const stackCases: readonly Case[] = [
  {
    description: 'nothing at all while idle',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling' },
        before: (plane) => plane.setState({ mode: 'Pass' }),
        verdict: 'stack',
      },
    ],
    flows: [],
  },
  {
    description: 'another family',
    steps: [
      { program: 'from_pod', packet: { from: 'pod', to: 'svcSibling', etherType: 0x0806 }, verdict: 'stack' },
    ],
  },
  {
    description: 'a frame for another machine',
    steps: [
      { program: 'from_net', packet: { from: 'client', to: 'sibling', otherHost: true }, verdict: 'stack' },
    ],
  },
  {
    description: 'neither TCP nor UDP',
    steps: [left('from_pod', { from: 'pod', to: 'sibling', proto: 47 }, 'StackProto')],
  },
  {
    description: 'ICMP echo',
    steps: [left('from_net', { from: 'client', to: 'sibling', proto: Proto.icmp }, 'StackProto')],
  },
  {
    description: 'neighbour discovery, from link-local addresses and to them',
    steps: [
      left('from_pod', { from: 'linkLocal', to: 'linkLocalTwo', proto: Proto.icmp6 }, 'StackProto'),
      left('from_pod', { from: 'pod', to: 'linkLocal', proto: Proto.icmp6 }, 'StackProto'),
      left('to_pod', { from: 'linkLocal', to: 'pod', proto: Proto.icmp6 }, 'StackProto'),
      left('from_net', { from: 'linkLocal', to: 'node', proto: Proto.icmp6 }, 'StackProto'),
      left('to_net', { from: 'node', to: 'linkLocal', proto: Proto.icmp6 }, 'StackProto'),
    ],
    flows: [],
  },
  {
    description: 'link-local TCP and UDP',
    steps: [
      left('from_pod', { from: 'linkLocal', to: 'linkLocalTwo', dport: 547 }, 'StackSource'),
      left('from_net', { from: 'linkLocal', to: 'linkLocalTwo', dport: 546 }, 'StackTransit'),
      left('from_net', { from: 'linkLocal', to: 'node', tcp: syn, dport: 22 }, 'StackHost'),
      left('to_net', { from: 'node', to: 'linkLocal', tcp: syn }, 'StackHost'),
    ],
    flows: [],
  },
  {
    description: "the host's loopback address, which only its own sockets may name",
    steps: [left('from_pod', { from: 'pod', to: 'loopback', tcp: syn, dport: 30080 }, 'StackHost')],
    flows: [],
  },
  {
    description: 'headers that are not whole',
    steps: [
      left('from_pod', { from: 'pod', to: 'svcSibling', cutTransport: 4 }, 'StackShort'),
      left('from_pod', { from: 'pod', to: 'svcSibling', tcp: syn, cutTransport: 16 }, 'StackShort'),
    ],
  },
  {
    description: 'the last hop of a known flow',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling', ttl: 1 },
        verdict: 'stack',
        reasons: ['NewFlow', 'StackTtl'],
      },
    ],
  },
  {
    description: 'TCP that began before us',
    steps: [
      left('from_pod', { from: 'pod', to: 'svcSibling', tcp: ack }, 'StackMidflow'),
      left('from_net', { from: 'remotePod', to: 'pod', tcp: synAck }, 'StackMidflow'),
      left('to_pod', { from: 'node', to: 'pod', tcp: ack }, 'StackMidflow'),
    ],
    flows: [],
  },
  {
    description: 'a pod with a foreign source address',
    steps: [
      left('from_pod', { from: 'sibling', to: 'svcSibling' }, 'StackSource'),
      left('from_pod', { from: 'world', to: 'svcSibling' }, 'StackSource'),
    ],
    flows: [],
  },
  {
    description: 'the network with one of our own',
    steps: [
      left('from_net', { from: 'pod', to: 'sibling' }, 'StackSource'),
      left('from_net', { from: 'node', to: 'sibling' }, 'StackSource'),
    ],
    flows: [],
  },
  {
    description: 'a Service that kube-proxy keeps',
    steps: [
      left('from_pod', { from: 'pod', to: 'svcToStack' }, 'StackFrontend'),
      left('from_net', { from: 'client', to: 'svcToStack', tcp: syn }, 'StackFrontend'),
    ],
    flows: [],
  },
  {
    description: 'for the host, no Service',
    steps: [
      left('from_net', { from: 'client', to: 'node', dport: 22, tcp: syn }, 'StackHost'),
      left('to_net', { from: 'node', to: 'client', tcp: syn }, 'StackHost'),
    ],
    flows: [],
  },
  {
    description: "a NodePort's number on an address that is not the node's",
    steps: [left('from_net', { from: 'client', to: 'otherNode', dport: 30080, tcp: syn }, 'StackTransit')],
    flows: [],
  },
  {
    description: 'passing through',
    steps: [left('from_net', { from: 'client', to: 'world' }, 'StackTransit')],
    flows: [],
  },
  {
    description: 'out of the cluster, where nftables translates',
    settings: { egressToStack: 1 },
    steps: [left('from_pod', { from: 'pod', to: 'world', tcp: syn }, 'StackEgress')],
    flows: [],
  },
  {
    description: 'out of the cluster, where another CNI masquerades in the stack',
    settings: { egressToStack: 1, natOutgoing: 0 },
    steps: [left('from_pod', { from: 'pod', to: 'world', tcp: syn }, 'StackEgress')],
    flows: [],
  },
  {
    description: 'no way that is known',
    steps: [left('from_pod', { from: 'pod', to: 'unreachable', tcp: syn }, 'StackNoRoute')],
    flows: [],
  },
  {
    description: 'no room, no translation',
    maxEntries: (family) => ({ [`ct${family}`]: 1 }),
    steps: [left('from_pod', { from: 'pod', to: 'sibling' }, 'StackCtFull')],
    flows: [],
  },
];

const dropped = (
  program: Step['program'],
  packet: Step['packet'],
  reason: NonNullable<Step['reasons']>[number],
): Step => ({
  program,
  packet,
  verdict: 'drop',
  reasons: [reason],
});

const refusedUdp: Partial<Step> = {
  verdict: 'redirect',
  reasons: ['Refused'],
  check: (packet, family) => {
    assert.equal(packet.icmp?.type, family === 4 ? 3 : 1);
    assert.equal(packet.icmp.code, family === 4 ? 3 : 4);
    assert.equal(packet.icmp.quoted.length, family === 4 ? 28 : 48);
  },
};

/** What ends here. */
export const endCases: readonly Case[] = [
  {
    description: 'no endpoints: TCP is reset',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcEmpty', tcp: syn, payload: 'fast open' },
        verdict: 'redirect',
        reasons: ['Refused'],
        out: 'svcEmpty:80>pod:40000',
        check: (packet) => assert.equal(packet.payload.length, 0),
      },
      {
        program: 'from_net',
        packet: { from: 'client', to: 'node', dport: 30082, tcp: syn },
        verdict: 'redirect',
        reasons: ['Refused'],
        out: 'node:30082>client:40000',
        mark: { out: 0x8000_0000 },
      },
      {
        program: 'to_net',
        packet: { from: 'node', to: 'svcEmpty', tcp: syn },
        verdict: 'redirect',
        reasons: ['Refused'],
        out: 'svcEmpty:80>node:40000',
      },
    ],
    flows: [],
  },
  {
    description: 'no endpoints: UDP hears that the port is unreachable',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcEmpty', payload: 'a question' },
        verdict: 'redirect',
        ...refusedUdp,
      },
      {
        program: 'from_net',
        packet: { from: 'client', to: 'node', dport: 30082 },
        verdict: 'redirect',
        ...refusedUdp,
      },
    ],
    flows: [],
  },
  {
    description: 'no endpoint here, policy Local',
    steps: [dropped('from_net', { from: 'client', to: 'svcLocalOnly', tcp: syn }, 'DropLocalOnly')],
    flows: [],
  },
  {
    description: 'a pod address that no pod has',
    steps: [
      dropped('from_net', { from: 'client', to: 'nobody' }, 'DropNoEndpoint'),
      dropped('from_pod', { from: 'pod', to: 'nobody', tcp: syn }, 'DropNoEndpoint'),
    ],
    flows: [],
  },
  {
    description: 'a known flow whose pod is gone',
    steps: [
      {
        program: 'from_net',
        packet: { from: 'client', to: 'sibling' },
        verdict: 'redirect',
        reasons: ['FwdPeer', 'NewFlow'],
        check: () => undefined,
      },
      {
        program: 'from_net',
        packet: { from: 'client', to: 'sibling' },
        before: (plane) => {
          plane.deleteEndpoint(plane.family === 4 ? '10.244.1.6' : 'fd00:1::6');
          plane.setState({ routeGen: 2 });
        },
        verdict: 'drop',
        reasons: ['DropNoEndpoint'],
      },
    ],
    flows: [],
  },
  {
    description: 'a backend that cannot be reached',
    steps: [dropped('from_pod', { from: 'pod', to: 'svcUnreachable', tcp: syn }, 'DropNoRoute')],
    flows: [],
  },
  {
    description: 'a frontend that names no backend',
    steps: [dropped('from_pod', { from: 'pod', to: 'svcBroken', tcp: syn }, 'DropBackend')],
    flows: [],
  },
  {
    description: 'no room for a translated flow',
    maxEntries: (family) => ({ [`ct${family}`]: 1 }),
    steps: [dropped('from_pod', { from: 'pod', to: 'svcSibling' }, 'DropCtFull')],
    flows: [],
  },
  {
    description: 'no port is left',
    settings: { snatFirst: 61000, snatLast: 61000 },
    steps: [
      {
        program: 'from_net',
        packet: { from: 'client', to: 'node', dport: 30081, tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'NewFlow'],
        check: () => undefined,
      },
      dropped('from_net', { from: 'client', to: 'node', sport: 40001, dport: 30081, tcp: syn }, 'DropNoPort'),
    ],
  },
];
