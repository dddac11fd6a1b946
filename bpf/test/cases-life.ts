import { ack, finAck, rst, syn, synAck, type Case } from './case.ts';

/** Flows that meet others, end, move, or see the mode change. */
export const lifeCases: readonly Case[] = [
  {
    description: 'two flows that would look alike to the backend: the second gets a port of its own',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling' },
        verdict: 'redirect',
        reasons: ['FwdPeer', 'NewFlow'],
        out: 'pod:40000>sibling:8080',
      },
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'sibling', dport: 8080 },
        verdict: 'redirect',
        reasons: ['FwdPeer', 'NewFlow'],
        out: 'pod:nat>sibling:8080',
      },
    ],
    flows: [
      'pod:40000>svcSibling:80 = pod:40000>sibling:8080 peer@7 rewrite,seen',
      'sibling:8080>pod:40000 = svcSibling:80>pod:40000 peer@1 rewrite,reply',
      'pod:40000>sibling:8080 = pod:nat>sibling:8080 peer@7 rewrite,seen',
      'sibling:8080>pod:nat = sibling:8080>pod:40000 peer@1 rewrite,reply',
    ],
  },
  {
    description: "a closed connection's tuple begins anew; FIN and RST are kept",
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling', tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdPeer', 'NewFlow'],
        check: () => undefined,
      },
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling', tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdPeer'],
        check: () => undefined,
      },
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling', tcp: finAck },
        verdict: 'redirect',
        reasons: ['FwdPeer'],
        check: () => undefined,
      },
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling', tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdPeer', 'NewFlow'],
        check: () => undefined,
      },
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling', tcp: rst },
        verdict: 'redirect',
        reasons: ['FwdPeer'],
        check: () => undefined,
      },
    ],
    flows: [
      'pod:40000>svcSibling:80 = pod:40000>sibling:8080 peer@7 rewrite,seen,rst,est',
      'sibling:8080>pod:40000 = svcSibling:80>pod:40000 peer@1 rewrite,reply',
    ],
  },
  {
    description: 'routes moved: the way is found again, the flow stays',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling', tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdPeer', 'NewFlow'],
        check: () => undefined,
      },
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling', tcp: ack },
        before: (plane) => {
          plane.putEndpoint({
            address: plane.family === 4 ? '10.244.1.6' : 'fd00:1::6',
            ifindex: 17,
            generation: 2,
          });
          plane.setState({ routeGen: 2 });
        },
        verdict: 'redirect',
        reasons: ['FwdPeer'],
        out: 'pod:40000>sibling:8080',
      },
    ],
    flows: [
      'pod:40000>svcSibling:80 = pod:40000>sibling:8080 peer@17 rewrite,seen,est',
      'sibling:8080>pod:40000 = svcSibling:80>pod:40000 peer@1 rewrite,reply',
    ],
  },
  {
    description: 'the address went to another pod: its flows are not inherited',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'sibling', tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdPeer', 'NewFlow'],
        check: () => undefined,
      },
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'sibling', tcp: ack },
        before: (plane) => {
          plane.putEndpoint({
            address: plane.family === 4 ? '10.244.1.6' : 'fd00:1::6',
            ifindex: 7,
            generation: 9,
          });
          plane.setState({ routeGen: 2 });
        },
        verdict: 'stack',
        reasons: ['StackMidflow'],
      },
    ],
    flows: [],
  },
  {
    description: 'draining: what is known goes on, nothing is begun',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling' },
        verdict: 'redirect',
        reasons: ['FwdPeer', 'NewFlow'],
        check: () => undefined,
      },
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling' },
        before: (plane) => plane.setState({ mode: 'Draining' }),
        verdict: 'redirect',
        reasons: ['FwdPeer'],
        out: 'pod:40000>sibling:8080',
      },
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcRemote' },
        verdict: 'stack',
        reasons: ['StackMode'],
      },
      {
        program: 'to_pod',
        packet: { from: 'svcRemote', to: 'pod', sport: 80, dport: 40000 },
        verdict: 'stack',
        reasons: ['StackMode'],
      },
      {
        program: 'from_net',
        packet: { from: 'client', to: 'nobody' },
        verdict: 'stack',
        reasons: ['StackMode'],
      },
    ],
    flows: [
      'pod:40000>svcSibling:80 = pod:40000>sibling:8080 peer@7 rewrite,seen,est',
      'sibling:8080>pod:40000 = svcSibling:80>pod:40000 peer@1 rewrite,reply',
    ],
  },
  {
    description: "the answer to a SYN of the stack meets a tuple that is closed here: it is the stack's",
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'remotePod', tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'NewFlow'],
        check: () => undefined,
      },
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'remotePod', tcp: rst },
        verdict: 'redirect',
        reasons: ['FwdNeigh'],
        check: () => undefined,
      },
      {
        program: 'from_net',
        packet: { from: 'remotePod', to: 'pod', sport: 80, dport: 40000, tcp: synAck },
        verdict: 'stack',
        reasons: ['StackMidflow'],
      },
    ],
    flows: [],
  },
  {
    description:
      'what netfilter sends under a tuple that is ours at the way in is not touched on the way out',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcRemote', dport: 80, tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'NewFlow'],
        check: () => undefined,
      },
      {
        program: 'to_net',
        packet: { from: 'pod', to: 'svcRemote', dport: 80, tcp: ack },
        verdict: 'stack',
        reasons: ['StackKernelFlow'],
      },
    ],
  },
  {
    description: "draining: netfilter's flow that would share its replies with ours gets a port of its own",
    settings: { snatFirst: 61000, snatLast: 61000 },
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcRemote' },
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'NewFlow'],
        check: () => undefined,
      },
      {
        program: 'to_net',
        packet: { from: 'pod', to: 'remotePod', dport: 8080 },
        before: (plane) => plane.setState({ mode: 'Draining' }),
        verdict: 'stack',
        reasons: ['FwdStack', 'MadeRoom'],
        out: 'pod:nat>remotePod:8080',
      },
      {
        program: 'to_net',
        packet: { from: 'pod', to: 'remotePod', dport: 8080 },
        verdict: 'stack',
        reasons: ['FwdStack'],
        out: 'pod:nat>remotePod:8080',
      },
      {
        program: 'from_net',
        packet: { from: 'remotePod', to: 'pod', sport: 8080, dport: 61000 },
        verdict: 'stack',
        reasons: ['FwdStack'],
        out: 'remotePod:8080>pod:40000',
      },
      {
        program: 'from_net',
        packet: { from: 'remotePod', to: 'pod', sport: 8080, dport: 40000 },
        verdict: 'redirect',
        reasons: ['FwdPeer'],
        out: 'svcRemote:80>pod:40000',
      },
    ],
    flows: [
      'pod:40000>svcRemote:80 = pod:40000>remotePod:8080 neigh@9 via otherNode rewrite,seen',
      'remotePod:8080>pod:40000 = svcRemote:80>pod:40000 peer@1 rewrite,reply,seen,est',
      'pod:40000>remotePod:8080 = pod:nat>remotePod:8080 stack rewrite,seen,est,egress',
      'remotePod:8080>pod:nat = remotePod:8080>pod:40000 stack rewrite,reply,seen,est',
    ],
  },
  {
    description: "draining: so does a connection of netfilter's to a pod of this node",
    steps: [
      {
        program: 'from_net',
        packet: { from: 'client', to: 'node', dport: 30080, tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdPeer', 'NewFlow'],
        check: () => undefined,
      },
      {
        program: 'to_pod',
        packet: { from: 'client', to: 'sibling', dport: 8080, tcp: syn },
        before: (plane) => plane.setState({ mode: 'Draining' }),
        verdict: 'stack',
        reasons: ['FwdStack', 'MadeRoom'],
        out: 'client:nat>sibling:8080',
      },
    ],
  },
  {
    description: "draining: the tuple of a flow that is over is netfilter's to take",
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcRemote' },
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'NewFlow'],
        check: () => undefined,
      },
      {
        program: 'to_net',
        packet: { from: 'pod', to: 'remotePod', dport: 8080 },
        before: async (plane) => {
          plane.setState({ mode: 'Draining' });
          await plane.ageFlows(20);
        },
        verdict: 'stack',
        reasons: ['StackMode'],
      },
      {
        program: 'from_net',
        packet: { from: 'remotePod', to: 'pod', sport: 8080, dport: 40000 },
        verdict: 'stack',
        reasons: ['StackMode'],
      },
    ],
    flows: [],
  },
];
