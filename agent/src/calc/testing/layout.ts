/** A backend layout for tests that is as wide as the kernel's. */
import { addressBytes, type Family } from '../ip.ts';
import type { BackendLayout } from '../services.ts';

/** Address, then port (network order), then flags. */
export function testLayout(family: Family): BackendLayout {
  const length = addressBytes(family);
  const backendSize = length + 4;
  return {
    family,
    bits: {
      toStack: 1,
      external: 2,
      dropInside: 4,
      nodePort: 8,
      dropOutside: 16,
      backendLocal: 1,
      backendHost: 2,
    },
    backendSize,
    writeBackend: (view, index, { address, port, flags }) => {
      const at = index * backendSize;
      address.forEach((byte, i) => view.setUint8(at + i, byte));
      view.setUint16(at + length, port);
      view.setUint16(at + length + 2, flags, true);
    },
  };
}
