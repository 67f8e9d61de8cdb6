package dev.coffer.plan.seccomp;

import dev.coffer.spec.runtime.SeccompArch;
import java.util.Optional;

/**
 * How system calls of an architecture look to a filter.
 *
 * @param arch the architecture
 * @param auditArch {@code AUDIT_ARCH_*} of {@code linux/audit.h}, the filter's second word
 * @param wide whether arguments have 64 bits
 * @param littleEndian whether the low word of an argument comes first
 * @param table name of the table of its system calls
 */
record SyscallAbi(
    SeccompArch arch, int auditArch, boolean wide, boolean littleEndian, String table) {

  /** {@code __X32_SYSCALL_BIT}: x32 calls are those of x86-64 with this bit. */
  static final int X32_BIT = 0x4000_0000;

  static SyscallAbi of(SeccompArch arch) {
    return switch (arch) {
      case X86 -> new SyscallAbi(arch, 0x40000003, false, true, "x86");
      case X86_64 -> new SyscallAbi(arch, 0xc000003e, true, true, "x86_64");
      case X32 -> new SyscallAbi(arch, 0xc000003e, false, true, "x32");
      case ARM -> new SyscallAbi(arch, 0x40000028, false, true, "arm");
      case AARCH64 -> new SyscallAbi(arch, 0xc00000b7, true, true, "aarch64");
      case LOONGARCH64 -> new SyscallAbi(arch, 0xc0000102, true, true, "loongarch64");
      case M68K -> new SyscallAbi(arch, 0x00000004, false, false, "m68k");
      case MIPS -> new SyscallAbi(arch, 0x00000008, false, false, "mips");
      case MIPS64 -> new SyscallAbi(arch, 0x80000008, true, false, "mips64");
      case MIPS64N32 -> new SyscallAbi(arch, 0xa0000008, false, false, "mips64n32");
      case MIPSEL -> new SyscallAbi(arch, 0x40000008, false, true, "mips");
      case MIPSEL64 -> new SyscallAbi(arch, 0xc0000008, true, true, "mips64");
      case MIPSEL64N32 -> new SyscallAbi(arch, 0xe0000008, false, true, "mips64n32");
      case PARISC -> new SyscallAbi(arch, 0x0000000f, false, false, "parisc");
      case PARISC64 -> new SyscallAbi(arch, 0x8000000f, true, false, "parisc64");
      case PPC -> new SyscallAbi(arch, 0x00000014, false, false, "ppc");
      case PPC64 -> new SyscallAbi(arch, 0x80000015, true, false, "ppc64");
      case PPC64LE -> new SyscallAbi(arch, 0xc0000015, true, true, "ppc64");
      case RISCV64 -> new SyscallAbi(arch, 0xc00000f3, true, true, "riscv64");
      case S390 -> new SyscallAbi(arch, 0x00000016, false, false, "s390");
      case S390X -> new SyscallAbi(arch, 0x80000016, true, false, "s390x");
      case SH -> new SyscallAbi(arch, 0x4000002a, false, true, "sh");
      case SHEB -> new SyscallAbi(arch, 0x0000002a, false, false, "sh");
    };
  }

  /** Numbers from a first to a last one. */
  record Block(int first, int last) {
    boolean contains(int number) {
      return number >= first && number <= last;
    }
  }

  /**
   * Numbers that are apart from the ordinary ones, which grow with each kernel: the private calls
   * of Arm, and the calls of x32 that differ from those of x86-64.
   */
  Optional<Block> apart() {
    if (arch == SeccompArch.ARM) {
      return Optional.of(new Block(0xf_0000, 0xf_ffff));
    }
    return arch == SeccompArch.X32
        ? Optional.of(new Block(X32_BIT | 512, X32_BIT | 547))
        : Optional.empty();
  }

  /** Offset of an argument's low word in {@code struct seccomp_data}. */
  int lowOffset(int argument) {
    return 16 + 8 * argument + (littleEndian ? 0 : 4);
  }

  /** Offset of an argument's high word. */
  int highOffset(int argument) {
    return 16 + 8 * argument + (littleEndian ? 4 : 0);
  }
}
