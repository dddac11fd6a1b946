/** The calculators' view of the shared layouts of one family. */
import { abi4 } from '../abi/v4.gen.ts';
import { abi6 } from '../abi/v6.gen.ts';
import type { Abi } from '../abi/types.gen.ts';
import { BackendFlags, FrontendFlags } from '../abi/types.gen.ts';
import type { Family } from './ip.ts';
import type { FlagBits } from './service-claims.ts';
import type { BackendLayout } from './services.ts';

const bits: FlagBits = {
  toStack: FrontendFlags.ToStack,
  external: FrontendFlags.External,
  nodePort: FrontendFlags.Nodeport,
  dropInside: FrontendFlags.DropInside,
  dropOutside: FrontendFlags.DropOutside,
  backendLocal: BackendFlags.Local,
  backendHost: BackendFlags.Host,
};

/** The codecs of a family. */
export function abiOf(family: Family): Abi {
  return family === 4 ? abi4 : abi6;
}

/** How `backends` of a family is laid out: the kernel keeps array elements 8 bytes aligned. */
export function backendLayout(family: Family): BackendLayout {
  const { backend } = abiOf(family);
  const backendSize = Math.ceil(backend.size / 8) * 8;
  return {
    family,
    bits,
    backendSize,
    writeBackend: (view, index, { address, port, flags }) =>
      backend.encode({ addr: address, port, flags }, view, index * backendSize),
  };
}
