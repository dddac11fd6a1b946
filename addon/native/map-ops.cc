#include "map-ops.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <cerrno>

namespace margay {
namespace {

/** Entries a system call: long enough to amortise it, short enough to keep a resize cheap. */
constexpr uint32_t kChunk = 32768;
/** A dump's first buffer, which grows when one hash bucket does not fit. */
constexpr uint32_t kDumpChunk = 8192;

bool PerCpu(uint32_t type) {
  return type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_ARRAY ||
         type == BPF_MAP_TYPE_LRU_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
}

/** Before 5.6 the command is unknown (EINVAL); after, some map types have no batches (ENOTSUPP). */
bool NoBatch(int error) { return error == EINVAL || error == kEnotsupp || error == EOPNOTSUPP; }

/**
 * Entries that a failed batch had done. The kernel leaves the count alone when it refuses the call
 * as a whole, and otherwise stops before the entry that failed.
 */
uint32_t DoneBefore(uint32_t count, uint32_t asked) { return count == asked ? 0 : count; }

std::string At(size_t done, size_t total) {
  return "entry " + std::to_string(done) + " of " + std::to_string(total);
}

void UpdateOneByOne(const OpenMap& map, ByteView keys, ByteView values, size_t from) {
  const size_t total = keys.size() / map.facts.key_size;
  for (size_t i = from; i < total; i++) {
    Check(bpf_map_update_elem(map.fd->get(), &keys[i * map.facts.key_size],
                              &values[i * map.facts.value_bytes()], BPF_ANY),
          "bpf_map_update_elem", map.facts.name + ", " + At(i, total));
  }
}

uint32_t DeleteOneByOne(const OpenMap& map, ByteView keys, size_t from) {
  const size_t total = keys.size() / map.facts.key_size;
  uint32_t deleted = 0;
  for (size_t i = from; i < total; i++) {
    int rc = bpf_map_delete_elem(map.fd->get(), &keys[i * map.facts.key_size]);
    if (rc == 0) deleted++;
    if (rc < 0 && errno != ENOENT) Check(rc, "bpf_map_delete_elem", map.facts.name + ", " + At(i, total));
  }
  return deleted;
}

/** Walks the keys. A key that goes meanwhile restarts the kernel's walk, hence the bound. */
PackedEntries DumpOneByOne(const OpenMap& map) {
  const MapFacts& facts = map.facts;
  PackedEntries out;
  Bytes key(facts.key_size), next(facts.key_size), value(facts.value_bytes());
  bool first = true;
  for (uint64_t steps = 0; steps < 2ULL * facts.max_entries + 1; steps++) {
    int rc = bpf_map_get_next_key(map.fd->get(), first ? nullptr : key.data(), next.data());
    if (rc < 0 && errno == ENOENT) break;
    Check(rc, "bpf_map_get_next_key", facts.name);
    first = false;
    key = next;
    rc = bpf_map_lookup_elem(map.fd->get(), key.data(), value.data());
    if (rc < 0 && errno == ENOENT) continue;
    Check(rc, "bpf_map_lookup_elem", facts.name);
    out.keys.insert(out.keys.end(), key.begin(), key.end());
    out.values.insert(out.values.end(), value.begin(), value.end());
    out.count++;
  }
  return out;
}

/** One reader's position and buffers in a batched dump. */
class BatchReader {
 public:
  explicit BatchReader(const OpenMap& map)
      : map_(map), token_(std::max<size_t>(map.facts.key_size, 8)), next_(token_.size()) {
    Resize(std::min(kDumpChunk, std::max(map.facts.max_entries, 1U)));
  }

  /** Appends one batch; false at the end. Throws KernelError with NoBatch() when there is none. */
  bool Read(PackedEntries& out) {
    for (;;) {
      uint32_t count = room_;
      int rc = bpf_map_lookup_batch(map_.fd->get(), started_ ? token_.data() : nullptr, next_.data(),
                                    keys_.data(), values_.data(), &count, nullptr);
      const int error = errno;
      if (rc < 0 && error == ENOSPC) {
        Resize(room_ * 2);
        continue;
      }
      const bool end = rc < 0 && error == ENOENT;
      if (rc < 0 && !end) throw KernelError(error, "bpf_map_lookup_batch", map_.facts.name);
      Append(out, count);
      std::swap(token_, next_);
      started_ = true;
      return !end;
    }
  }

  bool started() const { return started_; }

 private:
  void Resize(uint32_t room) {
    room_ = room;
    keys_.resize(size_t{room} * map_.facts.key_size);
    values_.resize(size_t{room} * map_.facts.value_bytes());
  }

  void Append(PackedEntries& out, uint32_t count) const {
    auto keys = static_cast<ptrdiff_t>(size_t{count} * map_.facts.key_size);
    auto values = static_cast<ptrdiff_t>(size_t{count} * map_.facts.value_bytes());
    out.keys.insert(out.keys.end(), keys_.begin(), keys_.begin() + keys);
    out.values.insert(out.values.end(), values_.begin(), values_.begin() + values);
    out.count += count;
  }

  const OpenMap& map_;
  Bytes token_, next_;
  Bytes keys_, values_;
  uint32_t room_ = 0;
  bool started_ = false;
};

}  // namespace

OpenMap DescribeMap(SharedFd fd, const std::string& name) {
  bpf_map_info info{};
  uint32_t size = sizeof(info);
  Check(bpf_map_get_info_by_fd(fd->get(), &info, &size), "bpf_map_get_info_by_fd", name);
  MapFacts facts;
  facts.name = name.empty() ? info.name : name;
  facts.type = info.type;
  facts.key_size = info.key_size;
  facts.value_size = info.value_size;
  facts.max_entries = info.max_entries;
  facts.flags = info.map_flags;
  facts.id = info.id;
  if (PerCpu(info.type)) {
    facts.cpus = static_cast<uint32_t>(Check(libbpf_num_possible_cpus(), "libbpf_num_possible_cpus"));
  }
  return {std::move(fd), std::move(facts)};
}

void UpdateAll(const OpenMap& map, ByteView keys, ByteView values) {
  const MapFacts& facts = map.facts;
  const size_t total = keys.size() / facts.key_size;
  for (size_t done = 0; done < total;) {
    const auto asked = static_cast<uint32_t>(std::min<size_t>(kChunk, total - done));
    uint32_t count = asked;
    int rc = bpf_map_update_batch(map.fd->get(), &keys[done * facts.key_size],
                                  &values[done * facts.value_bytes()], &count, nullptr);
    const int error = errno;
    done += rc < 0 ? DoneBefore(count, asked) : asked;
    if (rc == 0) continue;
    if (NoBatch(error)) return UpdateOneByOne(map, keys, values, done);
    throw KernelError(error, "bpf_map_update_batch", facts.name + ", " + At(done, total));
  }
}

uint32_t DeleteAll(const OpenMap& map, ByteView keys) {
  const MapFacts& facts = map.facts;
  const size_t total = keys.size() / facts.key_size;
  uint32_t deleted = 0;
  for (size_t done = 0; done < total;) {
    const auto asked = static_cast<uint32_t>(std::min<size_t>(kChunk, total - done));
    uint32_t count = asked;
    int rc = bpf_map_delete_batch(map.fd->get(), &keys[done * facts.key_size], &count, nullptr);
    const int error = errno;
    const uint32_t finished = rc < 0 ? DoneBefore(count, asked) : asked;
    done += finished;
    deleted += finished;
    if (rc == 0) continue;
    if (error == ENOENT) {
      done++;
      continue;
    }
    if (NoBatch(error)) return deleted + DeleteOneByOne(map, keys, done);
    throw KernelError(error, "bpf_map_delete_batch", facts.name + ", " + At(done, total));
  }
  return deleted;
}

PackedEntries DumpAll(const OpenMap& map) {
  PackedEntries out;
  BatchReader reader(map);
  try {
    while (reader.Read(out)) {
    }
  } catch (const KernelError& e) {
    if (reader.started() || !NoBatch(e.error())) throw;
    return DumpOneByOne(map);
  }
  return out;
}

}  // namespace margay
