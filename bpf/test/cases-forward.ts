import assert from 'node:assert/strict';

import { ack, syn, synAck, type Case } from './case.ts';

const markBit = 0x8000_0000;

/** Flows that are ours, from their first packet. */
export const forwardCases: readonly Case[] = [
  {
    description: 'pod to a pod of the same node goes into its peer, one hop less',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'sibling', tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdPeer', 'NewFlow'],
        check: (packet) => assert.equal(packet.ttl, 63),
      },
    ],
    flows: [
      'pod:40000>sibling:80 = pod:40000>sibling:80 peer@7 seen',
      'sibling:80>pod:40000 = sibling:80>pod:40000 peer@1 reply',
    ],
  },
  {
    description: 'pod to a pod of another node leaves by the next hop, marked for to_net',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'remotePod', tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'NewFlow'],
        check: () => undefined,
        mark: { out: markBit },
      },
      {
        program: 'to_net',
        packet: { from: 'pod', to: 'remotePod', tcp: syn },
        verdict: 'stack',
        mark: { in: markBit, out: markBit },
      },
      {
        program: 'from_net',
        packet: { from: 'remotePod', to: 'pod', sport: 80, dport: 40000, tcp: synAck },
        verdict: 'redirect',
        reasons: ['FwdPeer'],
        check: () => undefined,
      },
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'remotePod', tcp: ack },
        verdict: 'redirect',
        reasons: ['FwdNeigh'],
        check: () => undefined,
      },
    ],
    flows: [
      'pod:40000>remotePod:80 = pod:40000>remotePod:80 neigh@9 via otherNode seen,est',
      'remotePod:80>pod:40000 = remotePod:80>pod:40000 peer@1 reply,seen',
    ],
  },
  {
    description: "the stack's mark bits survive",
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'remotePod' },
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'NewFlow'],
        check: () => undefined,
        mark: { in: 5, out: markBit + 5 },
      },
    ],
  },
  {
    description: 'a pod that wants its queue is reached through its veth',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcQueued', tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdVeth', 'NewFlow'],
        out: 'pod:40000>queued:8080',
        mark: { out: markBit },
      },
    ],
    flows: [
      'pod:40000>svcQueued:80 = pod:40000>queued:8080 veth@8 rewrite,seen',
      'queued:8080>pod:40000 = svcQueued:80>pod:40000 peer@1 rewrite,reply',
    ],
  },
  {
    description: 'pod to Service, there and back',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcRemote', tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'NewFlow'],
        out: 'pod:40000>remotePod:8080',
      },
      {
        program: 'from_net',
        packet: { from: 'remotePod', to: 'pod', sport: 8080, dport: 40000, tcp: synAck },
        verdict: 'redirect',
        reasons: ['FwdPeer'],
        out: 'svcRemote:80>pod:40000',
      },
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcRemote', tcp: ack, payload: 'odd' },
        verdict: 'redirect',
        reasons: ['FwdNeigh'],
        out: 'pod:40000>remotePod:8080',
      },
      {
        program: 'from_net',
        packet: { from: 'remotePod', to: 'pod', sport: 8080, dport: 40000, tcp: ack, payload: 'even' },
        verdict: 'redirect',
        reasons: ['FwdPeer'],
        out: 'svcRemote:80>pod:40000',
      },
    ],
    flows: [
      'pod:40000>svcRemote:80 = pod:40000>remotePod:8080 neigh@9 via otherNode rewrite,seen,est',
      'remotePod:8080>pod:40000 = svcRemote:80>pod:40000 peer@1 rewrite,reply,seen,est',
    ],
  },
  {
    description: 'UDP: a second packet, or an answer, settles a flow',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling', payload: 'x' },
        verdict: 'redirect',
        reasons: ['FwdPeer', 'NewFlow'],
        out: 'pod:40000>sibling:8080',
      },
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling', payload: 'x' },
        verdict: 'redirect',
        reasons: ['FwdPeer'],
        out: 'pod:40000>sibling:8080',
      },
    ],
    flows: [
      'pod:40000>svcSibling:80 = pod:40000>sibling:8080 peer@7 rewrite,seen,est',
      'sibling:8080>pod:40000 = svcSibling:80>pod:40000 peer@1 rewrite,reply',
    ],
  },
  {
    description: 'UDP without a checksum stays without',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSibling', noChecksum: true },
        verdict: 'redirect',
        reasons: ['FwdPeer', 'NewFlow'],
        out: 'pod:40000>sibling:8080',
        check: (packet) => assert.equal(packet.checksum, 0),
      },
    ],
  },
  {
    description: 'a backend on this very node: to the stack, and the answer is found on its way to the pod',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcHost', tcp: syn },
        verdict: 'stack',
        reasons: ['FwdStack', 'NewFlow'],
        out: 'pod:40000>node:8080',
        check: (packet) => assert.equal(packet.ttl, 64),
      },
      {
        program: 'to_pod',
        packet: { from: 'node', to: 'pod', sport: 8080, dport: 40000, tcp: synAck },
        verdict: 'stack',
        reasons: ['FwdStack'],
        out: 'svcHost:80>pod:40000',
      },
    ],
    flows: [
      'pod:40000>svcHost:80 = pod:40000>node:8080 stack rewrite,seen',
      'node:8080>pod:40000 = svcHost:80>pod:40000 stack rewrite,reply,seen,egress',
    ],
  },
  {
    description: 'hairpin: a pod that is its own backend sees the node as the client',
    steps: [
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'svcSelf', tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdPeer', 'NewFlow'],
        out: 'node:nat>pod:8080',
      },
    ],
    flows: [
      'pod:40000>svcSelf:80 = node:nat>pod:8080 peer@1 rewrite,seen',
      'pod:8080>node:nat = svcSelf:80>pod:40000 peer@1 rewrite,reply',
    ],
  },
  {
    description: "NodePort, backend here: the client's address is kept",
    steps: [
      {
        program: 'from_net',
        packet: { from: 'client', to: 'node', dport: 30080, tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdPeer', 'NewFlow'],
        out: 'client:40000>sibling:8080',
      },
    ],
    flows: [
      'client:40000>node:30080 = client:40000>sibling:8080 peer@7 rewrite,seen',
      'sibling:8080>client:40000 = node:30080>client:40000 neigh@9 via gateway rewrite,reply',
    ],
  },
  {
    description: 'NodePort, backend on another node: this node stands in for the client',
    steps: [
      {
        program: 'from_net',
        packet: { from: 'client', to: 'node', dport: 30081, tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'NewFlow'],
        out: 'node:nat>remotePod:8080',
        mark: { out: markBit },
      },
    ],
    flows: [
      'client:40000>node:30081 = node:nat>remotePod:8080 neigh@9 via otherNode rewrite,seen',
      'remotePod:8080>node:nat = node:30081>client:40000 neigh@9 via gateway rewrite,reply',
    ],
  },
  {
    description: 'NodePort, backend in the host: the answer is found on its way out',
    steps: [
      {
        program: 'from_net',
        packet: { from: 'client', to: 'node', dport: 30083, tcp: syn },
        verdict: 'stack',
        reasons: ['FwdStack', 'NewFlow'],
        out: 'client:40000>node:8080',
      },
      {
        program: 'to_net',
        packet: { from: 'node', to: 'client', sport: 8080, dport: 40000, tcp: synAck },
        verdict: 'stack',
        reasons: ['FwdStack'],
        out: 'node:30083>client:40000',
      },
    ],
  },
  {
    description: "the host's packet to a Service, which no socket hook caught",
    steps: [
      {
        program: 'to_net',
        packet: { from: 'node', to: 'svcRemote', tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdNeigh', 'NewFlow'],
        out: 'node:40000>remotePod:8080',
        check: (packet) => assert.equal(packet.ttl, 64),
      },
      {
        program: 'from_net',
        packet: { from: 'remotePod', to: 'node', sport: 8080, dport: 40000, tcp: synAck },
        verdict: 'stack',
        reasons: ['FwdStack'],
        out: 'svcRemote:80>node:40000',
      },
      {
        program: 'to_net',
        packet: { from: 'node', to: 'svcSibling', tcp: syn },
        verdict: 'redirect',
        reasons: ['FwdVeth', 'NewFlow'],
        out: 'node:40000>sibling:8080',
      },
    ],
  },
  {
    description: 'from the stack to a pod: the answer goes back to the stack, whoever asked',
    steps: [
      {
        program: 'to_pod',
        packet: { from: 'world', to: 'pod', sport: 53, dport: 5353 },
        verdict: 'stack',
        reasons: ['FwdStack', 'NewFlow'],
      },
      {
        program: 'from_pod',
        packet: { from: 'pod', to: 'world', sport: 5353, dport: 53 },
        verdict: 'stack',
        reasons: ['FwdStack'],
      },
    ],
  },
];
