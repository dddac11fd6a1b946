// Generated from bpf/abi.h and bpf/reasons.h by tools/codegen/btf-codecs.ts: edit those, then `make codegen`.
import { getBytes, littleEndian, putBytes, putZero, type Codec } from './codec.ts';
import type * as types from './types.gen.ts';

const frontendKey: Codec<types.FrontendKey> = {
  name: 'mg_frontend_key',
  size: 20,
  encode(value, view, offset) {
    putBytes(view, offset, value.addr, 16);
    view.setUint16(offset + 16, value.port, false);
    view.setUint8(offset + 18, value.proto);
    putZero(view, offset + 19, 1);
  },
  decode(view, offset) {
    return {
      addr: getBytes(view, offset, 16),
      port: view.getUint16(offset + 16, false),
      proto: view.getUint8(offset + 18),
    };
  },
};

const frontend: Codec<types.Frontend> = {
  name: 'mg_frontend',
  size: 32,
  encode(value, view, offset) {
    view.setUint32(offset, value.first, littleEndian);
    view.setUint32(offset + 4, value.count, littleEndian);
    view.setUint32(offset + 8, value.outsideFirst, littleEndian);
    view.setUint32(offset + 12, value.outsideCount, littleEndian);
    view.setUint32(offset + 16, value.flags, littleEndian);
    view.setUint32(offset + 20, value.serviceId, littleEndian);
    view.setUint32(offset + 24, value.affinity, littleEndian);
    view.setUint32(offset + 28, value.sourceSet, littleEndian);
  },
  decode(view, offset) {
    return {
      first: view.getUint32(offset, littleEndian),
      count: view.getUint32(offset + 4, littleEndian),
      outsideFirst: view.getUint32(offset + 8, littleEndian),
      outsideCount: view.getUint32(offset + 12, littleEndian),
      flags: view.getUint32(offset + 16, littleEndian),
      serviceId: view.getUint32(offset + 20, littleEndian),
      affinity: view.getUint32(offset + 24, littleEndian),
      sourceSet: view.getUint32(offset + 28, littleEndian),
    };
  },
};

const backend: Codec<types.Backend> = {
  name: 'mg_backend',
  size: 20,
  encode(value, view, offset) {
    putBytes(view, offset, value.addr, 16);
    view.setUint16(offset + 16, value.port, false);
    view.setUint16(offset + 18, value.flags, littleEndian);
  },
  decode(view, offset) {
    return {
      addr: getBytes(view, offset, 16),
      port: view.getUint16(offset + 16, false),
      flags: view.getUint16(offset + 18, littleEndian),
    };
  },
};

const affinityKey: Codec<types.AffinityKey> = {
  name: 'mg_affinity_key',
  size: 32,
  encode(value, view, offset) {
    view.setBigUint64(offset, value.netns, littleEndian);
    putBytes(view, offset + 8, value.addr, 16);
    view.setUint32(offset + 24, value.serviceId, littleEndian);
    putZero(view, offset + 28, 4);
  },
  decode(view, offset) {
    return {
      netns: view.getBigUint64(offset, littleEndian),
      addr: getBytes(view, offset + 8, 16),
      serviceId: view.getUint32(offset + 24, littleEndian),
    };
  },
};

const affinityValue: Codec<types.AffinityValue> = {
  name: 'mg_affinity_value',
  size: 24,
  encode(value, view, offset) {
    putBytes(view, offset, value.addr, 16);
    view.setUint16(offset + 16, value.port, false);
    view.setUint32(offset + 20, value.lastUsed, littleEndian);
    putZero(view, offset + 18, 2);
  },
  decode(view, offset) {
    return {
      addr: getBytes(view, offset, 16),
      port: view.getUint16(offset + 16, false),
      lastUsed: view.getUint32(offset + 20, littleEndian),
    };
  },
};

const sourceKey: Codec<types.SourceKey> = {
  name: 'mg_source_key',
  size: 24,
  encode(value, view, offset) {
    view.setUint32(offset, value.prefixlen, littleEndian);
    view.setUint32(offset + 4, value.set, littleEndian);
    putBytes(view, offset + 8, value.addr, 16);
  },
  decode(view, offset) {
    return {
      prefixlen: view.getUint32(offset, littleEndian),
      set: view.getUint32(offset + 4, littleEndian),
      addr: getBytes(view, offset + 8, 16),
    };
  },
};

const sourceValue: Codec<types.SourceValue> = {
  name: 'mg_source_value',
  size: 4,
  encode(value, view, offset) {
    view.setUint32(offset, value.allowed, littleEndian);
  },
  decode(view, offset) {
    return {
      allowed: view.getUint32(offset, littleEndian),
    };
  },
};

const endpoint: Codec<types.Endpoint> = {
  name: 'mg_endpoint',
  size: 8,
  encode(value, view, offset) {
    view.setUint32(offset, value.ifindex, littleEndian);
    view.setUint16(offset + 4, value.generation, littleEndian);
    view.setUint16(offset + 6, value.flags, littleEndian);
  },
  decode(view, offset) {
    return {
      ifindex: view.getUint32(offset, littleEndian),
      generation: view.getUint16(offset + 4, littleEndian),
      flags: view.getUint16(offset + 6, littleEndian),
    };
  },
};

const lpmKey: Codec<types.LpmKey> = {
  name: 'mg_lpm_key',
  size: 20,
  encode(value, view, offset) {
    view.setUint32(offset, value.prefixlen, littleEndian);
    putBytes(view, offset + 4, value.addr, 16);
  },
  decode(view, offset) {
    return {
      prefixlen: view.getUint32(offset, littleEndian),
      addr: getBytes(view, offset + 4, 16),
    };
  },
};

const route: Codec<types.Route> = {
  name: 'mg_route',
  size: 24,
  encode(value, view, offset) {
    putBytes(view, offset, value.nextHop, 16);
    view.setUint32(offset + 16, value.ifindex, littleEndian);
    view.setUint32(offset + 20, value.kind, littleEndian);
  },
  decode(view, offset) {
    return {
      nextHop: getBytes(view, offset, 16),
      ifindex: view.getUint32(offset + 16, littleEndian),
      kind: view.getUint32(offset + 20, littleEndian),
    };
  },
};

const ctKey: Codec<types.CtKey> = {
  name: 'mg_ct_key',
  size: 40,
  encode(value, view, offset) {
    putBytes(view, offset, value.saddr, 16);
    putBytes(view, offset + 16, value.daddr, 16);
    view.setUint16(offset + 32, value.sport, false);
    view.setUint16(offset + 34, value.dport, false);
    view.setUint8(offset + 36, value.proto);
    putZero(view, offset + 37, 3);
  },
  decode(view, offset) {
    return {
      saddr: getBytes(view, offset, 16),
      daddr: getBytes(view, offset + 16, 16),
      sport: view.getUint16(offset + 32, false),
      dport: view.getUint16(offset + 34, false),
      proto: view.getUint8(offset + 36),
    };
  },
};

const ctValue: Codec<types.CtValue> = {
  name: 'mg_ct_value',
  size: 88,
  encode(value, view, offset) {
    putBytes(view, offset, value.newSaddr, 16);
    putBytes(view, offset + 16, value.newDaddr, 16);
    view.setUint16(offset + 32, value.newSport, false);
    view.setUint16(offset + 34, value.newDport, false);
    view.setUint8(offset + 36, value.action);
    view.setUint8(offset + 37, value.flags);
    view.setUint16(offset + 38, value.generation, littleEndian);
    putBytes(view, offset + 40, value.nextHop, 16);
    view.setUint32(offset + 56, value.ifindex, littleEndian);
    view.setUint32(offset + 60, value.lastSeen, littleEndian);
    view.setUint32(offset + 64, value.routeGen, littleEndian);
    view.setUint16(offset + 68, value.l3Delta, littleEndian);
    view.setUint16(offset + 70, value.l4Delta, littleEndian);
    view.setUint32(offset + 72, value.serviceId, littleEndian);
    view.setUint32(offset + 76, value.halfOpen, littleEndian);
    putZero(view, offset + 80, 8);
  },
  decode(view, offset) {
    return {
      newSaddr: getBytes(view, offset, 16),
      newDaddr: getBytes(view, offset + 16, 16),
      newSport: view.getUint16(offset + 32, false),
      newDport: view.getUint16(offset + 34, false),
      action: view.getUint8(offset + 36),
      flags: view.getUint8(offset + 37),
      generation: view.getUint16(offset + 38, littleEndian),
      nextHop: getBytes(view, offset + 40, 16),
      ifindex: view.getUint32(offset + 56, littleEndian),
      lastSeen: view.getUint32(offset + 60, littleEndian),
      routeGen: view.getUint32(offset + 64, littleEndian),
      l3Delta: view.getUint16(offset + 68, littleEndian),
      l4Delta: view.getUint16(offset + 70, littleEndian),
      serviceId: view.getUint32(offset + 72, littleEndian),
      halfOpen: view.getUint32(offset + 76, littleEndian),
    };
  },
};

const fragKey: Codec<types.FragKey> = {
  name: 'mg_frag_key',
  size: 40,
  encode(value, view, offset) {
    putBytes(view, offset, value.saddr, 16);
    putBytes(view, offset + 16, value.daddr, 16);
    view.setUint32(offset + 32, value.id, false);
    view.setUint8(offset + 36, value.proto);
    view.setUint8(offset + 37, value.egress);
    putZero(view, offset + 38, 2);
  },
  decode(view, offset) {
    return {
      saddr: getBytes(view, offset, 16),
      daddr: getBytes(view, offset + 16, 16),
      id: view.getUint32(offset + 32, false),
      proto: view.getUint8(offset + 36),
      egress: view.getUint8(offset + 37),
    };
  },
};

const fragValue: Codec<types.FragValue> = {
  name: 'mg_frag_value',
  size: 8,
  encode(value, view, offset) {
    view.setUint16(offset, value.sport, false);
    view.setUint16(offset + 2, value.dport, false);
    view.setUint8(offset + 4, value.proto);
    putZero(view, offset + 5, 3);
  },
  decode(view, offset) {
    return {
      sport: view.getUint16(offset, false),
      dport: view.getUint16(offset + 2, false),
      proto: view.getUint8(offset + 4),
    };
  },
};

const sockKey: Codec<types.SockKey> = {
  name: 'mg_sock_key',
  size: 32,
  encode(value, view, offset) {
    view.setBigUint64(offset, value.cookie, littleEndian);
    putBytes(view, offset + 8, value.addr, 16);
    view.setUint16(offset + 24, value.port, false);
    view.setUint8(offset + 26, value.proto);
    putZero(view, offset + 27, 5);
  },
  decode(view, offset) {
    return {
      cookie: view.getBigUint64(offset, littleEndian),
      addr: getBytes(view, offset + 8, 16),
      port: view.getUint16(offset + 24, false),
      proto: view.getUint8(offset + 26),
    };
  },
};

const sockValue: Codec<types.SockValue> = {
  name: 'mg_sock_value',
  size: 20,
  encode(value, view, offset) {
    putBytes(view, offset, value.addr, 16);
    view.setUint16(offset + 16, value.port, false);
    putZero(view, offset + 18, 2);
  },
  decode(view, offset) {
    return {
      addr: getBytes(view, offset, 16),
      port: view.getUint16(offset + 16, false),
    };
  },
};

const state: Codec<types.State> = {
  name: 'mg_state',
  size: 16,
  encode(value, view, offset) {
    view.setUint32(offset, value.mode, littleEndian);
    view.setUint32(offset + 4, value.stackFlows, littleEndian);
    view.setUint32(offset + 8, value.routeGen, littleEndian);
    putZero(view, offset + 12, 4);
  },
  decode(view, offset) {
    return {
      mode: view.getUint32(offset, littleEndian),
      stackFlows: view.getUint32(offset + 4, littleEndian),
      routeGen: view.getUint32(offset + 8, littleEndian),
    };
  },
};

const config: Codec<types.Config> = {
  name: 'mg_config',
  size: 48,
  encode(value, view, offset) {
    view.setBigUint64(offset, value.hostNetnsCookie, littleEndian);
    view.setUint32(offset + 8, value.mark, littleEndian);
    view.setUint32(offset + 12, value.hashSeed, littleEndian);
    putBytes(view, offset + 16, value.nodeAddr, 16);
    view.setUint16(offset + 32, value.snatFirst, littleEndian);
    view.setUint16(offset + 34, value.snatLast, littleEndian);
    view.setUint8(offset + 36, value.natOutgoing);
    view.setUint8(offset + 37, value.egressToStack);
    view.setUint8(offset + 38, value.connectTcp);
    view.setUint8(offset + 39, value.connectUdp);
    view.setUint32(offset + 40, value.halfOpen, littleEndian);
    putZero(view, offset + 44, 4);
  },
  decode(view, offset) {
    return {
      hostNetnsCookie: view.getBigUint64(offset, littleEndian),
      mark: view.getUint32(offset + 8, littleEndian),
      hashSeed: view.getUint32(offset + 12, littleEndian),
      nodeAddr: getBytes(view, offset + 16, 16),
      snatFirst: view.getUint16(offset + 32, littleEndian),
      snatLast: view.getUint16(offset + 34, littleEndian),
      natOutgoing: view.getUint8(offset + 36),
      egressToStack: view.getUint8(offset + 37),
      connectTcp: view.getUint8(offset + 38),
      connectUdp: view.getUint8(offset + 39),
      halfOpen: view.getUint32(offset + 40, littleEndian),
    };
  },
};

const counter: Codec<types.Counter> = {
  name: 'mg_counter',
  size: 16,
  encode(value, view, offset) {
    view.setBigUint64(offset, value.packets, littleEndian);
    view.setBigUint64(offset + 8, value.bytes, littleEndian);
  },
  decode(view, offset) {
    return {
      packets: view.getBigUint64(offset, littleEndian),
      bytes: view.getBigUint64(offset + 8, littleEndian),
    };
  },
};

/** The layouts of IPv6. */
export const abi6: types.Abi = {
  family: 6,
  frontendKey,
  frontend,
  backend,
  affinityKey,
  affinityValue,
  sourceKey,
  sourceValue,
  endpoint,
  lpmKey,
  route,
  ctKey,
  ctValue,
  fragKey,
  fragValue,
  sockKey,
  sockValue,
  state,
  config,
  counter,
};
