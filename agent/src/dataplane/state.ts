/** The map `state`: what user space changes while programs run, by plain writes into mapped memory. */
import type { BpfMap } from '@margay/addon/api';
import { Mode } from '../abi/types.gen.ts';

const MODES = { Pass: Mode.Pass, Active: Mode.Active, Draining: Mode.Draining } as const;

/** `enum mg_mode` by name. */
export type ModeName = keyof typeof MODES;

/** Word of each field in struct mg_state; a test compares them with the codec. */
const WORD = { mode: 0, stackFlows: 1, routeGen: 2 } as const;

/** One element, four aligned words: each write is one store. */
export class StateMap {
  readonly #map: BpfMap;
  readonly #words: Uint32Array;

  constructor(map: BpfMap) {
    this.#map = map;
    this.#words = new Uint32Array(map.mmap(), 0, 4);
  }

  get mode(): ModeName {
    const value = this.#words[WORD.mode];
    return (Object.keys(MODES) as ModeName[]).find((name) => MODES[name] === value) ?? 'Pass';
  }

  set mode(name: ModeName) {
    this.#words[WORD.mode] = MODES[name];
  }

  /** A miss may belong to netfilter: programs ask kernel conntrack. */
  get stackFlows(): boolean {
    return this.#words[WORD.stackFlows] === 1;
  }

  set stackFlows(on: boolean) {
    this.#words[WORD.stackFlows] = on ? 1 : 0;
  }

  get routeGen(): number {
    return this.#words[WORD.routeGen] ?? 0;
  }

  /** Routes or endpoints may have moved: known flows find their way again. */
  moved(): void {
    this.#words[WORD.routeGen] = (this.routeGen + 1) >>> 0;
  }

  close(): void {
    this.#map.close();
  }
}
