// Generated from bpf/abi.h and bpf/reasons.h by tools/codegen/btf-codecs.ts: edit those, then `make codegen`.
import { getBytes, littleEndian, putBytes, putZero, type Codec } from './codec.ts';
import type * as types from './types.gen.ts';

const frontendKey: Codec<types.FrontendKey> = {
  name: 'mg_frontend_key',
  size: 8,
  encode(value, view, offset) {
    putBytes(view, offset, value.addr, 4);
    view.setUint16(offset + 4, value.port, false);
    view.setUint8(offset + 6, value.proto);
    putZero(view, offset + 7, 1);
  },
  decode(view, offset) {
    return {
      addr: getBytes(view, offset, 4),
      port: view.getUint16(offset + 4, false),
      proto: view.getUint8(offset + 6),
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
  size: 8,
  encode(value, view, offset) {
    putBytes(view, offset, value.addr, 4);
    view.setUint16(offset + 4, value.port, false);
    view.setUint16(offset + 6, value.flags, littleEndian);
  },
  decode(view, offset) {
    return {
      addr: getBytes(view, offset, 4),
      port: view.getUint16(offset + 4, false),
      flags: view.getUint16(offset + 6, littleEndian),
    };
  },
};

const affinityKey: Codec<types.AffinityKey> = {
  name: 'mg_affinity_key',
  size: 16,
  encode(value, view, offset) {
    view.setBigUint64(offset, value.netns, littleEndian);
    putBytes(view, offset + 8, value.addr, 4);
    view.setUint32(offset + 12, value.serviceId, littleEndian);
  },
  decode(view, offset) {
    return {
      netns: view.getBigUint64(offset, littleEndian),
      addr: getBytes(view, offset + 8, 4),
      serviceId: view.getUint32(offset + 12, littleEndian),
    };
  },
};

const affinityValue: Codec<types.AffinityValue> = {
  name: 'mg_affinity_value',
  size: 12,
  encode(value, view, offset) {
    putBytes(view, offset, value.addr, 4);
    view.setUint16(offset + 4, value.port, false);
    view.setUint32(offset + 8, value.lastUsed, littleEndian);
    putZero(view, offset + 6, 2);
  },
  decode(view, offset) {
    return {
      addr: getBytes(view, offset, 4),
      port: view.getUint16(offset + 4, false),
      lastUsed: view.getUint32(offset + 8, littleEndian),
    };
  },
};

const sourceKey: Codec<types.SourceKey> = {
  name: 'mg_source_key',
  size: 12,
  encode(value, view, offset) {
    view.setUint32(offset, value.prefixlen, littleEndian);
    view.setUint32(offset + 4, value.set, littleEndian);
    putBytes(view, offset + 8, value.addr, 4);
  },
  decode(view, offset) {
    return {
      prefixlen: view.getUint32(offset, littleEndian),
      set: view.getUint32(offset + 4, littleEndian),
      addr: getBytes(view, offset + 8, 4),
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
  size: 8,
  encode(value, view, offset) {
    view.setUint32(offset, value.prefixlen, littleEndian);
    putBytes(view, offset + 4, value.addr, 4);
  },
  decode(view, offset) {
    return {
      prefixlen: view.getUint32(offset, littleEndian),
      addr: getBytes(view, offset + 4, 4),
    };
  },
};

const route: Codec<types.Route> = {
  name: 'mg_route',
  size: 12,
  encode(value, view, offset) {
    putBytes(view, offset, value.nextHop, 4);
    view.setUint32(offset + 4, value.ifindex, littleEndian);
    view.setUint32(offset + 8, value.kind, littleEndian);
  },
  decode(view, offset) {
    return {
      nextHop: getBytes(view, offset, 4),
      ifindex: view.getUint32(offset + 4, littleEndian),
      kind: view.getUint32(offset + 8, littleEndian),
    };
  },
};

const ctKey: Codec<types.CtKey> = {
  name: 'mg_ct_key',
  size: 16,
  encode(value, view, offset) {
    putBytes(view, offset, value.saddr, 4);
    putBytes(view, offset + 4, value.daddr, 4);
    view.setUint16(offset + 8, value.sport, false);
    view.setUint16(offset + 10, value.dport, false);
    view.setUint8(offset + 12, value.proto);
    putZero(view, offset + 13, 3);
  },
  decode(view, offset) {
    return {
      saddr: getBytes(view, offset, 4),
      daddr: getBytes(view, offset + 4, 4),
      sport: view.getUint16(offset + 8, false),
      dport: view.getUint16(offset + 10, false),
      proto: view.getUint8(offset + 12),
    };
  },
};

const ctValue: Codec<types.CtValue> = {
  name: 'mg_ct_value',
  size: 64,
  encode(value, view, offset) {
    putBytes(view, offset, value.newSaddr, 4);
    putBytes(view, offset + 4, value.newDaddr, 4);
    view.setUint16(offset + 8, value.newSport, false);
    view.setUint16(offset + 10, value.newDport, false);
    view.setUint8(offset + 12, value.action);
    view.setUint8(offset + 13, value.flags);
    view.setUint16(offset + 14, value.generation, littleEndian);
    putBytes(view, offset + 16, value.nextHop, 4);
    view.setUint32(offset + 20, value.ifindex, littleEndian);
    view.setUint32(offset + 24, value.lastSeen, littleEndian);
    view.setUint32(offset + 28, value.routeGen, littleEndian);
    view.setUint16(offset + 32, value.l3Delta, littleEndian);
    view.setUint16(offset + 34, value.l4Delta, littleEndian);
    view.setUint32(offset + 36, value.serviceId, littleEndian);
    view.setUint32(offset + 40, value.halfOpen, littleEndian);
    putZero(view, offset + 44, 20);
  },
  decode(view, offset) {
    return {
      newSaddr: getBytes(view, offset, 4),
      newDaddr: getBytes(view, offset + 4, 4),
      newSport: view.getUint16(offset + 8, false),
      newDport: view.getUint16(offset + 10, false),
      action: view.getUint8(offset + 12),
      flags: view.getUint8(offset + 13),
      generation: view.getUint16(offset + 14, littleEndian),
      nextHop: getBytes(view, offset + 16, 4),
      ifindex: view.getUint32(offset + 20, littleEndian),
      lastSeen: view.getUint32(offset + 24, littleEndian),
      routeGen: view.getUint32(offset + 28, littleEndian),
      l3Delta: view.getUint16(offset + 32, littleEndian),
      l4Delta: view.getUint16(offset + 34, littleEndian),
      serviceId: view.getUint32(offset + 36, littleEndian),
      halfOpen: view.getUint32(offset + 40, littleEndian),
    };
  },
};

const fragKey: Codec<types.FragKey> = {
  name: 'mg_frag_key',
  size: 16,
  encode(value, view, offset) {
    putBytes(view, offset, value.saddr, 4);
    putBytes(view, offset + 4, value.daddr, 4);
    view.setUint32(offset + 8, value.id, false);
    view.setUint8(offset + 12, value.proto);
    view.setUint8(offset + 13, value.egress);
    putZero(view, offset + 14, 2);
  },
  decode(view, offset) {
    return {
      saddr: getBytes(view, offset, 4),
      daddr: getBytes(view, offset + 4, 4),
      id: view.getUint32(offset + 8, false),
      proto: view.getUint8(offset + 12),
      egress: view.getUint8(offset + 13),
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
  size: 16,
  encode(value, view, offset) {
    view.setBigUint64(offset, value.cookie, littleEndian);
    putBytes(view, offset + 8, value.addr, 4);
    view.setUint16(offset + 12, value.port, false);
    view.setUint8(offset + 14, value.proto);
    putZero(view, offset + 15, 1);
  },
  decode(view, offset) {
    return {
      cookie: view.getBigUint64(offset, littleEndian),
      addr: getBytes(view, offset + 8, 4),
      port: view.getUint16(offset + 12, false),
      proto: view.getUint8(offset + 14),
    };
  },
};

const sockValue: Codec<types.SockValue> = {
  name: 'mg_sock_value',
  size: 8,
  encode(value, view, offset) {
    putBytes(view, offset, value.addr, 4);
    view.setUint16(offset + 4, value.port, false);
    putZero(view, offset + 6, 2);
  },
  decode(view, offset) {
    return {
      addr: getBytes(view, offset, 4),
      port: view.getUint16(offset + 4, false),
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
  size: 32,
  encode(value, view, offset) {
    view.setBigUint64(offset, value.hostNetnsCookie, littleEndian);
    view.setUint32(offset + 8, value.mark, littleEndian);
    view.setUint32(offset + 12, value.hashSeed, littleEndian);
    putBytes(view, offset + 16, value.nodeAddr, 4);
    view.setUint16(offset + 20, value.snatFirst, littleEndian);
    view.setUint16(offset + 22, value.snatLast, littleEndian);
    view.setUint8(offset + 24, value.natOutgoing);
    view.setUint8(offset + 25, value.egressToStack);
    view.setUint8(offset + 26, value.connectTcp);
    view.setUint8(offset + 27, value.connectUdp);
    view.setUint32(offset + 28, value.halfOpen, littleEndian);
  },
  decode(view, offset) {
    return {
      hostNetnsCookie: view.getBigUint64(offset, littleEndian),
      mark: view.getUint32(offset + 8, littleEndian),
      hashSeed: view.getUint32(offset + 12, littleEndian),
      nodeAddr: getBytes(view, offset + 16, 4),
      snatFirst: view.getUint16(offset + 20, littleEndian),
      snatLast: view.getUint16(offset + 22, littleEndian),
      natOutgoing: view.getUint8(offset + 24),
      egressToStack: view.getUint8(offset + 25),
      connectTcp: view.getUint8(offset + 26),
      connectUdp: view.getUint8(offset + 27),
      halfOpen: view.getUint32(offset + 28, littleEndian),
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

/** The layouts of IPv4. */
export const abi4: types.Abi = {
  family: 4,
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
