import { syn, type Case, type NamedPacket, type Step } from './case.ts';

/** One source port for everything that is translated, so that a quote can name it. */
const onePort = { snatFirst: 61000, snatLast: 61000 } as const;

const begin = (
  program: Step['program'],
  packet: NamedPacket,
  out: string,
  way: 'FwdPeer' | 'FwdNeigh',
): Step => ({
  program,
  packet,
  verdict: 'redirect',
  reasons: [way, 'NewFlow'],
  out,
});

const error = (
  type: NonNullable<NamedPacket['error']>['type'],
  ends: Pick<NamedPacket, 'from' | 'to'>,
  quote: NamedPacket,
  more: Partial<NamedPacket> & { quotedTransport?: number } = {},
): NamedPacket => {
  const { quotedTransport, ...rest } = more;
  return {
    ...ends,
    ...rest,
    error: { type, quote, ...(quotedTransport === undefined ? {} : { quotedTransport }) },
  };
};

const podToRemote = begin(
  'from_pod',
  { from: 'pod', to: 'svcRemote', payload: 'x' },
  'pod:40000>remotePod:8080',
  'FwdNeigh',
);
const podsDatagram: NamedPacket = { from: 'pod', to: 'remotePod', dport: 8080, payload: 'x' };

/** ICMP errors about flows, whoever sends them. */
export const errorCases: readonly Case[] = [
  {
    description: 'port unreachable from a backend here: it comes from the NodePort that was asked',
    steps: [
      begin(
        'from_net',
        { from: 'client', to: 'node', dport: 30080, payload: 'x' },
        'client:40000>sibling:8080',
        'FwdPeer',
      ),
      {
        program: 'from_pod',
        packet: error(
          'unreachable',
          { from: 'sibling', to: 'client' },
          { from: 'client', to: 'sibling', dport: 8080, payload: 'x' },
        ),
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'IcmpError'],
        out: 'node:0>client:0',
        quoted: 'client:40000>node:30080',
        check: ({ ttl, icmp }) => {
          if (ttl !== 63) throw new Error(`a hop is counted: ${ttl}`);
          if (icmp === undefined) throw new Error('no ICMP message');
        },
      },
    ],
    flows: [
      'client:40000>node:30080 = client:40000>sibling:8080 peer@7 rewrite,seen',
      'sibling:8080>client:40000 = node:30080>client:40000 neigh@9 via gateway rewrite,reply',
    ],
  },
  {
    description:
      'F3: packet too big, from a router behind a Service: the pod hears of the address that it asked',
    steps: [
      podToRemote,
      {
        program: 'from_net',
        packet: error('tooBig', { from: 'gateway', to: 'pod' }, podsDatagram),
        verdict: 'redirect',
        reasons: ['FwdPeer', 'IcmpError'],
        out: 'gateway:0>pod:0',
        quoted: 'pod:40000>svcRemote:80',
      },
    ],
    flows: [
      'pod:40000>svcRemote:80 = pod:40000>remotePod:8080 neigh@9 via otherNode rewrite,seen',
      'remotePod:8080>pod:40000 = svcRemote:80>pod:40000 peer@1 rewrite,reply',
    ],
  },
  {
    description: 'time exceeded on the way to a remote backend of a NodePort finds the client outside',
    settings: onePort,
    steps: [
      begin(
        'from_net',
        { from: 'client', to: 'node', dport: 30081, tcp: syn },
        'node:nat>remotePod:8080',
        'FwdNeigh',
      ),
      {
        program: 'from_net',
        packet: error(
          'exceeded',
          { from: 'gateway', to: 'node' },
          { from: 'node', to: 'remotePod', sport: 61000, dport: 8080, tcp: syn },
        ),
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'IcmpError'],
        out: 'gateway:0>client:0',
        quoted: 'client:40000>node:30081',
      },
    ],
  },
  {
    description: 'a pod that refuses itself, through its own Service',
    settings: onePort,
    steps: [
      begin('from_pod', { from: 'pod', to: 'svcSelf', payload: 'x' }, 'node:nat>pod:8080', 'FwdPeer'),
      {
        program: 'from_pod',
        packet: error(
          'unreachable',
          { from: 'pod', to: 'node' },
          { from: 'node', to: 'pod', sport: 61000, dport: 8080, payload: 'x' },
        ),
        verdict: 'redirect',
        reasons: ['FwdPeer', 'IcmpError'],
        out: 'svcSelf:0>pod:0',
        quoted: 'pod:40000>svcSelf:80',
      },
    ],
  },
  {
    description: 'a client that is gone tells the backend, not the Service',
    steps: [
      podToRemote,
      {
        program: 'from_net',
        packet: { from: 'remotePod', to: 'pod', sport: 8080, dport: 40000, payload: 'y' },
        verdict: 'redirect',
        reasons: ['FwdPeer'],
        out: 'svcRemote:80>pod:40000',
      },
      {
        program: 'from_pod',
        packet: error(
          'unreachable',
          { from: 'pod', to: 'svcRemote' },
          { from: 'svcRemote', to: 'pod', sport: 80, dport: 40000, payload: 'y' },
        ),
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'IcmpError'],
        out: 'pod:0>remotePod:0',
        quoted: 'remotePod:8080>pod:40000',
      },
    ],
  },
  {
    description: "an error of this node's own stack, to a pod that asked a Service of the host",
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcHost', payload: 'x' },
        verdict: 'stack',
        reasons: ['FwdStack', 'NewFlow'],
        out: 'pod:40000>node:8080',
      },
      {
        program: 'to_pod',
        packet: error(
          'unreachable',
          { from: 'node', to: 'pod' },
          { from: 'pod', to: 'node', dport: 8080, payload: 'x' },
        ),
        verdict: 'stack',
        reasons: ['FwdStack', 'IcmpError'],
        out: 'svcHost:0>pod:0',
        quoted: 'pod:40000>svcHost:80',
      },
    ],
  },
  {
    description: 'eight bytes of the transport header are enough (RFC 792)',
    steps: [
      begin('from_pod', { from: 'pod', to: 'svcRemote', tcp: syn }, 'pod:40000>remotePod:8080', 'FwdNeigh'),
      {
        program: 'from_net',
        packet: error(
          'exceeded',
          { from: 'gateway', to: 'pod' },
          { from: 'pod', to: 'remotePod', dport: 8080, tcp: syn },
          { quotedTransport: 8 },
        ),
        verdict: 'redirect',
        reasons: ['FwdPeer', 'IcmpError'],
        out: 'gateway:0>pod:0',
        quoted: 'pod:40000>svcRemote:80',
      },
    ],
  },
  {
    description: 'a quoted datagram without a checksum stays without',
    steps: [
      begin(
        'from_pod',
        { from: 'pod', to: 'svcRemote', payload: 'x' },
        'pod:40000>remotePod:8080',
        'FwdNeigh',
      ),
      {
        program: 'from_net',
        packet: error('exceeded', { from: 'gateway', to: 'pod' }, { ...podsDatagram, noChecksum: true }),
        verdict: 'redirect',
        reasons: ['FwdPeer', 'IcmpError'],
        out: 'gateway:0>pod:0',
        quoted: 'pod:40000>svcRemote:80',
      },
    ],
  },
  {
    description:
      'F3: an error whose quote is too short, about nobody, or for somebody else is left to the stack',
    steps: [
      podToRemote,
      {
        program: 'from_net',
        packet: error('exceeded', { from: 'gateway', to: 'pod' }, podsDatagram, { quotedTransport: 6 }),
        verdict: 'stack',
        reasons: ['StackProto'],
      },
      {
        program: 'from_net',
        packet: error('exceeded', { from: 'gateway', to: 'pod' }, { ...podsDatagram, dport: 9 }),
        verdict: 'stack',
        reasons: ['StackProto'],
      },
      {
        program: 'from_net',
        packet: error('exceeded', { from: 'gateway', to: 'sibling' }, podsDatagram),
        verdict: 'stack',
        reasons: ['StackProto'],
      },
      {
        program: 'from_net',
        packet: error('exceeded', { from: 'gateway', to: 'pod' }, { ...podsDatagram, fragment: 0x0010 }),
        verdict: 'stack',
        reasons: ['StackProto'],
      },
      {
        program: 'from_net',
        packet: error('exceeded', { from: 'gateway', to: 'pod' }, podsDatagram, { ttl: 1 }),
        verdict: 'stack',
        reasons: ['StackTtl'],
      },
    ],
    flows: [
      'pod:40000>svcRemote:80 = pod:40000>remotePod:8080 neigh@9 via otherNode rewrite,seen',
      'remotePod:8080>pod:40000 = svcRemote:80>pod:40000 peer@1 rewrite,reply',
    ],
  },
  {
    description: "a pod's error about somebody else's flow is not believed",
    steps: [
      begin(
        'from_net',
        { from: 'client', to: 'node', dport: 30080, payload: 'x' },
        'client:40000>sibling:8080',
        'FwdPeer',
      ),
      {
        program: 'from_pod',
        packet: error(
          'unreachable',
          { from: 'pod', to: 'client' },
          { from: 'client', to: 'sibling', dport: 8080, payload: 'x' },
        ),
        verdict: 'stack',
        reasons: ['StackSource'],
      },
    ],
  },
  {
    description: 'routes have moved since: the error is translated, and finds its way by the stack',
    steps: [
      podToRemote,
      {
        program: 'from_net',
        before: (plane) => plane.setState({ routeGen: 2 }),
        packet: error('tooBig', { from: 'gateway', to: 'pod' }, podsDatagram),
        verdict: 'stack',
        reasons: ['FwdStack', 'IcmpError'],
        out: 'gateway:0>pod:0',
        quoted: 'pod:40000>svcRemote:80',
      },
    ],
  },
];
