import { syn, synAck, type Case } from './case.ts';

const first = 0x2000;
const later = 0x0010;

/** Headers that are longer than the fast path has them, and packets in parts. */
export const extendedCases: readonly Case[] = [
  {
    description: 'options do not keep a packet from its Service, there and back',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcRemote', tcp: syn, options: true },
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'NewFlow'],
        out: 'pod:40000>remotePod:8080',
      },
      {
        program: 'from_net',
        packet: {
          from: 'remotePod',
          to: 'pod',
          sport: 8080,
          dport: 40000,
          tcp: synAck,
          options: true,
          payload: 'odd',
        },
        verdict: 'redirect',
        reasons: ['FwdPeer'],
        out: 'svcRemote:80>pod:40000',
      },
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling', options: true, payload: 'x' },
        verdict: 'redirect',
        reasons: ['FwdPeer', 'NewFlow'],
        out: 'pod:40000>sibling:8080',
      },
    ],
  },
  {
    description: 'options, and nobody behind the Service: the answer has no place in the packet',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcEmpty', options: true },
        verdict: 'drop',
        reasons: ['DropRefuse'],
      },
    ],
  },
  {
    description: 'headers that only the stack serves, or that are none',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling', unserved: true },
        verdict: 'stack',
        reasons: ['StackOptions'],
      },
    ],
  },
  {
    description: 'options and then no transport header',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling', options: true, cutTransport: 5 },
        verdict: 'stack',
        reasons: ['StackShort'],
      },
    ],
  },
  {
    description: 'a datagram in fragments, there and back: the first one says what the others are',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcRemote', payload: 'one', fragment: first },
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'NewFlow'],
        out: 'pod:40000>remotePod:8080',
      },
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcRemote', payload: 'two', fragment: later | first },
        verdict: 'redirect',
        reasons: ['FwdNeigh'],
        out: 'pod:0>remotePod:0',
      },
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcRemote', payload: 'three', fragment: later },
        verdict: 'redirect',
        reasons: ['FwdNeigh'],
        out: 'pod:0>remotePod:0',
        check: ({ ttl }) => {
          if (ttl !== 63) throw new Error('a hop is counted');
        },
      },
      {
        program: 'from_net',
        packet: { from: 'remotePod', to: 'pod', sport: 8080, dport: 40000, payload: 'four', fragment: first },
        verdict: 'redirect',
        reasons: ['FwdPeer'],
        out: 'svcRemote:80>pod:40000',
      },
      {
        program: 'from_net',
        packet: { from: 'remotePod', to: 'pod', fragment: later, payload: 'five' },
        verdict: 'redirect',
        reasons: ['FwdPeer'],
        out: 'svcRemote:0>pod:0',
      },
    ],
    flows: [
      'pod:40000>svcRemote:80 = pod:40000>remotePod:8080 neigh@9 via otherNode rewrite,seen',
      'remotePod:8080>pod:40000 = svcRemote:80>pod:40000 peer@1 rewrite,reply,seen,est',
    ],
  },
  {
    description: 'fragments for a NodePort with a remote backend',
    steps: [
      {
        program: 'from_net',
        packet: { from: 'client', to: 'node', dport: 30081, payload: 'one', fragment: first },
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'NewFlow'],
        out: 'node:nat>remotePod:8080',
      },
      {
        program: 'from_net',
        packet: { from: 'client', to: 'node', payload: 'two', fragment: later },
        verdict: 'redirect',
        reasons: ['FwdNeigh'],
        out: 'node:0>remotePod:0',
      },
    ],
  },
  {
    description: 'a fragment whose first has not come by is none of ours',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'sibling', to: 'svcSibling', fragment: later },
        verdict: 'stack',
        reasons: ['StackFragment'],
      },
    ],
  },
  {
    description: 'fragments of a flow that the stack keeps stay there',
    steps: [
      {
        program: 'from_net',
        packet: { from: 'client', to: 'node', dport: 9999, fragment: first },
        verdict: 'stack',
        reasons: ['StackHost'],
      },
      {
        program: 'from_net',
        packet: { from: 'client', to: 'node', fragment: later },
        verdict: 'stack',
        reasons: ['StackFragment'],
      },
    ],
    flows: [],
  },
  {
    description: 'a fragment that is its whole datagram',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling', fragment: 0 },
        verdict: 'redirect',
        reasons: ['FwdPeer', 'NewFlow'],
        out: 'pod:40000>sibling:8080',
      },
    ],
  },
];
