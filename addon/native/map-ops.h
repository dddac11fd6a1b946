// Operations on whole maps, free of JavaScript: they run on pool threads.
#pragma once

#include <cstdint>
#include <string>

#include "args.h"
#include "fd.h"

namespace margay {

/** What a map is made of. */
struct MapFacts {
  std::string name;
  uint32_t type = 0;
  uint32_t key_size = 0;
  uint32_t value_size = 0;
  uint32_t max_entries = 0;
  uint32_t flags = 0;
  uint32_t id = 0;
  /** Slots a value has: the possible CPUs for per-CPU maps, else 1. */
  uint32_t cpus = 1;

  /** Distance between values in a mapped array, and between the CPUs' slots of one value. */
  uint32_t stride() const { return (value_size + 7U) & ~7U; }
  /** Bytes of one value as user space passes it. */
  uint32_t value_bytes() const { return cpus > 1 ? stride() * cpus : value_size; }
};

struct OpenMap {
  SharedFd fd;
  MapFacts facts;
};

struct PackedEntries {
  Bytes keys;
  Bytes values;
  uint32_t count = 0;
};

/** Asks the kernel about a map; `name` overrides the kernel's, which is cut after 15 characters. */
OpenMap DescribeMap(SharedFd fd, const std::string& name = {});

/** Writes packed entries, in batches where the kernel has them. */
void UpdateAll(const OpenMap& map, ByteView keys, ByteView values);
/** Deletes packed keys; absent ones are skipped. Returns how many there were. */
uint32_t DeleteAll(const OpenMap& map, ByteView keys);
/** Reads everything. */
PackedEntries DumpAll(const OpenMap& map);

}  // namespace margay
