/** Source ports that eBPF gives to flows which need one of their own (docs/contracts.md); both ends included. */
export const SNAT_PORTS = { first: 61_000, last: 65_535 } as const;
