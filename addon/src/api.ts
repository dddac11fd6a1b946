/**
 * What the native addon offers, as types. The binding in native/ implements exactly this; no other
 * file of the project loads the `.node` file. Buffers hold the kernel's own layouts (host byte order
 * unless abi.h says otherwise). Every call throws or rejects with a {@link KernelError}.
 */

/** A failed system call or libbpf operation. Told apart by {@link isKernelError} in errors.ts. */
export interface KernelError extends Error {
  /** errno name, such as `EPERM`. */
  readonly code: string;
  /** Positive errno. */
  readonly errno: number;
  /** The call that failed, such as `bpf_map_update_batch`. */
  readonly syscall: string;
  /** The same call may succeed later: EAGAIN, EBUSY, EINTR, ENOBUFS, ENOMEM. */
  readonly retryable: boolean;
  /** Verifier output per program, for a load that the verifier refused. */
  readonly verifierLog?: Readonly<Record<string, string>>;
}

export type LogLevel = 'warn' | 'info' | 'debug';
export type LogSink = (level: LogLevel, message: string) => void;

export interface LoadOptions {
  /** Path of the ELF object. */
  readonly path: string;
  /** Directory on bpffs: a map pinned there by its name is reused, any other is created and pinned. */
  readonly pinDir?: string;
  /** Constants of the object's `.rodata` by variable name, in the layout that BTF gives; others keep what they have. */
  readonly rodata?: Readonly<Record<string, Uint8Array>>;
  /** `max_entries` by map name. */
  readonly maxEntries?: Readonly<Record<string, number>>;
  /** Programs to load; all when absent. */
  readonly programs?: readonly string[];
}

export interface MapInfo {
  readonly name: string;
  /** `enum bpf_map_type` */
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly id: number;
  /** Slots of one value: the possible CPUs for a per-CPU map, else 1. */
  readonly cpus: number;
  /** valueSize rounded up to 8: the distance between a mapped array's elements, and between the CPUs' slots. */
  readonly stride: number;
}

/**
 * Keys and values are packed: n keys of keySize bytes each, n values of valueSize bytes each. The
 * value of a per-CPU map is `cpus` slots of `stride` bytes.
 */
export interface Entries {
  readonly keys: Uint8Array;
  readonly values: Uint8Array;
  readonly count: number;
}

export interface BpfMap {
  readonly info: MapInfo;
  lookup(key: Uint8Array): Uint8Array | undefined;
  /** flags: BPF_ANY 0, BPF_NOEXIST 1, BPF_EXIST 2 */
  update(key: Uint8Array, value: Uint8Array, flags?: number): void;
  /** false when there was no such key. */
  delete(key: Uint8Array): boolean;
  /** Batched off the main thread, one by one where the kernel has no batch for this map type. */
  updateBatch(keys: Uint8Array, values: Uint8Array): Promise<void>;
  /** Absent keys are skipped. Resolves to how many were deleted. */
  deleteBatch(keys: Uint8Array): Promise<number>;
  /** The whole map; entries that change meanwhile may be missed or seen twice. */
  dump(): Promise<Entries>;
  /** A BPF_F_MMAPABLE array as memory, element i at i * info.stride; empty (detached) after close(). */
  mmap(): ArrayBuffer;
  pin(path: string): void;
  close(): void;
}

export interface TestRunOptions {
  readonly data: Uint8Array;
  /** struct __sk_buff, or a prefix of it */
  readonly context?: Uint8Array;
  readonly repeat?: number;
  /** BPF_F_TEST_*, such as BPF_F_TEST_SKB_CHECKSUM_COMPLETE (4). */
  readonly flags?: number;
}
export interface TestRunResult {
  readonly retval: number;
  readonly data: Uint8Array;
  /** struct __sk_buff afterwards, for TC programs and for runs that were given a context. */
  readonly context: Uint8Array;
  /** ns per run, averaged over repeat */
  readonly duration: number;
}

export interface BpfProgram {
  readonly name: string;
  readonly id: number;
  readonly tag: string;
  /** Instructions after verification, and JITed bytes. */
  readonly xlatedInstructions: number;
  readonly jitedBytes: number;
  /** Instructions that the verifier walked, over all paths: what its limit of a million counts. */
  readonly verifiedInstructions: number;
  testRun(options: TestRunOptions): Promise<TestRunResult>;
  pin(path: string): void;
  close(): void;
}

export interface LinkInfo {
  readonly id: number;
  /** Program that is attached now. */
  readonly programId: number;
  /** `enum bpf_attach_type` */
  readonly attachType: number;
  /** TCX: the device, 0 when it is gone. */
  readonly ifindex?: number;
  readonly cgroupId?: bigint;
}

export interface BpfLink {
  info(): LinkInfo;
  /** Replaces the program atomically; ENOLINK when the device is gone. */
  update(program: BpfProgram): void;
  pin(path: string): void;
  /** Detaches unless pinned. */
  close(): void;
}

/** The internal maps are there as `.rodata`, `.bss` and `.data`. Links do not need the object: it may be closed. */
export interface BpfObject {
  readonly maps: ReadonlyMap<string, BpfMap>;
  readonly programs: ReadonlyMap<string, BpfProgram>;
  close(): void;
}

export type TcDirection = 'ingress' | 'egress';

export interface RingBuffer {
  close(): void;
}

/** Each feature was tried, never derived from a version. */
export interface Features {
  /** What the kernel said, by feature, for those that are false. */
  readonly failures: Readonly<Partial<Record<FeatureName, string>>>;
  readonly btf: boolean;
  readonly tcxLink: boolean;
  readonly redirectPeer: boolean;
  readonly redirectNeigh: boolean;
  readonly ctLookup: boolean;
  readonly batch: boolean;
  readonly ringBuffer: boolean;
  readonly getpeername: boolean;
  readonly jiffies: boolean;
  readonly cgroupLink: boolean;
}
export type FeatureName = Exclude<keyof Features, 'failures'>;

export interface BtfMember {
  readonly name: string;
  readonly type: BtfType;
  /** Bytes from the start of the struct. */
  readonly offset: number;
}
export type BtfType =
  | { readonly kind: 'int'; readonly name: string; readonly size: number; readonly signed: boolean }
  | { readonly kind: 'array'; readonly element: BtfType; readonly count: number; readonly size: number }
  | {
      readonly kind: 'struct';
      readonly name: string;
      readonly size: number;
      readonly members: readonly BtfMember[];
    }
  | {
      readonly kind: 'enum';
      readonly name: string;
      readonly size: number;
      readonly values: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'other'; readonly name: string; readonly size: number };

export interface Native {
  /**
   * Where libbpf's messages up to a level go (`info` when absent; `debug` is thousands of lines a load).
   * Without a sink they are discarded. Does not keep the process alive.
   */
  setLogSink(sink: LogSink | undefined, level?: LogLevel): void;
  load(options: LoadOptions): Promise<BpfObject>;
  openPinnedMap(path: string): BpfMap;
  openPinnedLink(path: string): BpfLink;
  attachTcx(program: BpfProgram, ifindex: number, direction: TcDirection): BpfLink;
  /** clsact filter at fixed priority and handle, replaced if it is another's; for kernels without TCX links. */
  attachClsact(
    program: BpfProgram,
    ifindex: number,
    direction: TcDirection,
    priority: number,
  ): 'Kept' | 'Replaced' | 'Attached';
  /** false when there was none. */
  detachClsact(ifindex: number, direction: TcDirection, priority: number): boolean;
  attachCgroup(program: BpfProgram, cgroupPath: string): BpfLink;
  /** Keeps the process alive until close(). What JavaScript is too slow for is counted, not queued for ever. */
  openRingBuffer(
    map: BpfMap,
    onRecord: (record: Uint8Array) => void,
    onDropped: (count: number) => void,
  ): RingBuffer;
  probe(): Promise<Features>;
  /** Named structs and enums of an object file's BTF. */
  readBtf(path: string): Promise<readonly BtfType[]>;
  /** SO_NETNS_COOKIE of this process's network namespace. */
  netnsCookie(): bigint;
}
