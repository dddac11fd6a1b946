// BPF instructions, for programs too small for a compiler.
#pragma once

#include <linux/bpf.h>

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace margay::insn {

using Code = std::vector<bpf_insn>;

inline bpf_insn Make(int code, int dst, int src, int off, int imm) {
  bpf_insn out{};
  out.code = static_cast<uint8_t>(code);
  out.dst_reg = static_cast<uint8_t>(dst & 15);
  out.src_reg = static_cast<uint8_t>(src & 15);
  out.off = static_cast<int16_t>(off);
  out.imm = imm;
  return out;
}

/** dst = value */
inline bpf_insn Set(int dst, int value) { return Make(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, value); }
/** dst = src */
inline bpf_insn Copy(int dst, int src) { return Make(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0); }
/** dst += value */
inline bpf_insn Add(int dst, int value) { return Make(BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, value); }
/** eight zero bytes on the stack */
inline bpf_insn ZeroStack(int off) { return Make(BPF_ST | BPF_MEM | BPF_DW, BPF_REG_10, 0, off, 0); }
/** a helper by its number */
inline bpf_insn Call(int helper) { return Make(BPF_JMP | BPF_CALL, 0, 0, 0, helper); }
/** a kernel function by BTF id; `module` indexes fd_array, 0 is vmlinux */
inline bpf_insn CallKernel(int type_id, int module) {
  return Make(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_KFUNC_CALL, module, type_id);
}
/** skips instructions when the register is zero */
inline bpf_insn SkipIfZero(int reg, int count) { return Make(BPF_JMP | BPF_JEQ | BPF_K, reg, 0, count, 0); }
inline bpf_insn Exit() { return Make(BPF_JMP | BPF_EXIT, 0, 0, 0, 0); }

}  // namespace margay::insn
