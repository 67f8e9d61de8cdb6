package dev.coffer.spec.runtime;

/** An architecture whose system calls a filter knows, by libseccomp's names. */
public enum SeccompArch {
  X86,
  X86_64,
  X32,
  ARM,
  AARCH64,
  LOONGARCH64,
  M68K,
  MIPS,
  MIPS64,
  MIPS64N32,
  MIPSEL,
  MIPSEL64,
  MIPSEL64N32,
  PARISC,
  PARISC64,
  PPC,
  PPC64,
  PPC64LE,
  RISCV64,
  S390,
  S390X,
  SH,
  SHEB;

  /** The string that stands in the config. */
  public String spelling() {
    return "SCMP_ARCH_" + name();
  }
}
