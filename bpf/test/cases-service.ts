import { syn, type Case, type NamedPacket, type Step } from './case.ts';

const into = (packet: NamedPacket, out: string): Step => ({
  program: 'from_net',
  packet: { tcp: syn, ...packet },
  verdict: 'redirect',
  reasons: ['FwdPeer', 'NewFlow'],
  out,
});

const away = (program: Step['program'], packet: NamedPacket, out: string): Step => ({
  program,
  packet: { tcp: syn, ...packet },
  verdict: 'redirect',
  reasons: ['FwdNeigh', 'NewFlow'],
  out,
});

const refusedEntry = (packet: NamedPacket, reason: 'DropLocalOnly' | 'DropSourceRange'): Step => ({
  program: 'from_net',
  packet: { tcp: syn, ...packet },
  verdict: 'drop',
  reasons: [reason],
});

/** Who gets which backend of a Service. */
export const serviceCases: readonly Case[] = [
  {
    description: 'externalTrafficPolicy Local: who is outside gets a backend here, pods of the cluster any',
    steps: [
      into({ from: 'client', to: 'svcSplit' }, 'client:40000>sibling:8080'),
      into({ from: 'otherNode', to: 'svcSplit' }, 'otherNode:40000>sibling:8080'),
      away('from_pod', { from: 'pod', to: 'svcSplit' }, 'pod:40000>remotePod:8080'),
      away('from_net', { from: 'remotePodTwo', to: 'svcSplit' }, 'node:nat>remotePod:8080'),
    ],
  },
  {
    description: 'externalTrafficPolicy Local and no backend here: who is outside is dropped, not refused',
    steps: [
      refusedEntry({ from: 'client', to: 'svcNoneHere' }, 'DropLocalOnly'),
      away('from_pod', { from: 'pod', to: 'svcNoneHere' }, 'pod:40000>remotePod:8080'),
    ],
  },
  {
    description: 'loadBalancerSourceRanges: only who lies in one is let in, pods too',
    steps: [
      into({ from: 'client', to: 'svcRanges' }, 'client:40000>sibling:8080'),
      refusedEntry({ from: 'world', to: 'svcRanges' }, 'DropSourceRange'),
      refusedEntry({ from: 'remotePod', to: 'svcRanges' }, 'DropSourceRange'),
      { ...into({ from: 'pod', to: 'svcRanges' }, 'pod:40000>sibling:8080'), program: 'from_pod' },
    ],
  },
];
