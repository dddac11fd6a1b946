/** Connected UDP sockets whose backend is gone, by what the socket hooks wrote down of them. */
import type { ConnectedSocket } from '@margay/addon/netlink-api';
import type { BpfMap } from '@margay/addon/api';
import { unpack } from '../abi/codec.ts';
import type { Abi } from '../abi/types.gen.ts';
import { formatAddress } from '../calc/ip.ts';
import type { LiveUdpBackends } from '../calc/live-backends.ts';
import { PROTOCOL } from '../calc/records.ts';

/** See the file comment. */
export class Sockets {
  readonly #map: BpfMap;
  readonly #abi: Abi;

  constructor(map: BpfMap, abi: Abi) {
    this.#map = map;
    this.#abi = abi;
  }

  /**
   * Whoever was given a backend that its Service has no longer. Some may be closed by now, or not connected: the kernel
   * knows which are, and only those need to be told; the next datagram of the others finds another backend by itself.
   */
  async stranded(live: LiveUdpBackends): Promise<readonly ConnectedSocket[]> {
    const { keys, values } = await this.#map.dump();
    const named = unpack(this.#abi.sockValue, values);
    return unpack(this.#abi.sockKey, keys).flatMap(({ cookie, proto, addr, port }, i) => {
      const service = named[i];
      if (service === undefined || proto !== PROTOCOL.UDP) return [];
      if (!live.isGone(service, { addr, port })) return [];
      return [{ cookie, family: this.#abi.family, address: formatAddress(addr), port }];
    });
  }
}
