package dev.coffer.plan.wire;

/** What an instruction is: a raw system call, or one of the specials. Ordinals are wire numbers. */
public enum Code {
  SYSCALL,
  CLONE,
  SYNC,
  GRAB_FD,
  BARRIER,
  HOOK,
  OPEN_IN,
  EXPECT,
  WRITE_ALL,
  ARRANGE_FDS,
  EXEC_SEARCH,
  REAP,
  COPY_TREE,
  NETLINK
}
