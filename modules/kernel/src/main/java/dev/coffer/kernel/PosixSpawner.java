package dev.coffer.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code posix_spawn(3)}: a child that shares nothing with the JVM.
 *
 * <p>A JVM's child would otherwise start with SIGQUIT blocked, with the JVM's ignored signals, and
 * with every descriptor that some library opened without close-on-exec. Here the mask is empty, all
 * dispositions are the default, and everything above the given descriptors is closed.
 */
final class PosixSpawner implements Spawner {
  private static final int SETSIGDEF = 0x04;
  private static final int SETSIGMASK = 0x08;
  private static final int SETSID = 0x80;

  /** Larger than glibc's and musl's structures (336 and 80 bytes in glibc 2.36). */
  private static final int STRUCTURE_SIZE = 512;

  /** {@code sigset_t} has 1024 bits in both libraries. */
  private static final int SIGNAL_SET_SIZE = 128;

  private static final LibC SPAWN = LibC.bind("posix_spawn");
  private static final LibC ATTRIBUTES_INIT = LibC.bind("posix_spawnattr_init");
  private static final LibC ATTRIBUTES_DESTROY = LibC.bind("posix_spawnattr_destroy");
  private static final LibC SET_FLAGS = LibC.bind("posix_spawnattr_setflags");
  private static final LibC SET_MASK = LibC.bind("posix_spawnattr_setsigmask");
  private static final LibC SET_DEFAULT = LibC.bind("posix_spawnattr_setsigdefault");
  private static final LibC ACTIONS_INIT = LibC.bind("posix_spawn_file_actions_init");
  private static final LibC ACTIONS_DESTROY = LibC.bind("posix_spawn_file_actions_destroy");
  private static final LibC ADD_DUP2 = LibC.bind("posix_spawn_file_actions_adddup2");
  private static final LibC ADD_CLOSE_FROM = LibC.bind("posix_spawn_file_actions_addclosefrom_np");

  @Override
  public Child spawn(SpawnRequest request) throws KernelException {
    List<Fd> copies = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment actions = arena.allocate(STRUCTURE_SIZE, 16);
      MemorySegment attributes = arena.allocate(STRUCTURE_SIZE, 16);
      ACTIONS_INIT.call(actions.address(), 0, 0);
      try {
        ATTRIBUTES_INIT.call(attributes.address(), 0, 0);
        try {
          arrange(request.descriptors(), actions.address(), copies);
          setAttributes(arena, attributes.address(), request.ownSession());
          return spawn(arena, request, actions.address(), attributes.address());
        } finally {
          ATTRIBUTES_DESTROY.call(attributes.address(), 0, 0);
        }
      } finally {
        ACTIONS_DESTROY.call(actions.address(), 0, 0);
      }
    } finally {
      copies.forEach(Fd::close);
    }
  }

  /**
   * The actions run in order: a source whose number is also a target could be overwritten first.
   */
  private static void arrange(List<Fd> descriptors, long actions, List<Fd> copies)
      throws KernelException {
    int count = descriptors.size();
    for (int target = 0; target < count; target++) {
      Fd source = descriptors.get(target);
      if (source.number() < count) {
        source = source.duplicate(count);
        copies.add(source);
      }
      ADD_DUP2.call(actions, source.number(), target);
    }
    ADD_CLOSE_FROM.call(actions, count, 0);
  }

  private static void setAttributes(Arena arena, long attributes, boolean ownSession)
      throws KernelException {
    MemorySegment none = arena.allocate(SIGNAL_SET_SIZE, 8);
    MemorySegment all = arena.allocate(SIGNAL_SET_SIZE, 8).fill((byte) 0xff);
    SET_MASK.call(attributes, none.address(), 0);
    SET_DEFAULT.call(attributes, all.address(), 0);
    SET_FLAGS.call(attributes, SETSIGDEF | SETSIGMASK | (ownSession ? SETSID : 0), 0);
  }

  private static Child spawn(Arena arena, SpawnRequest request, long actions, long attributes)
      throws KernelException {
    MemorySegment pid = arena.allocate(8, 8);
    try {
      SPAWN.call(
          pid.address(),
          NativeText.allocate(arena, request.path()).address(),
          actions,
          attributes,
          vector(arena, request.arguments()),
          vector(arena, request.environment()));
    } catch (KernelException e) {
      throw new KernelException(e.call(), e.number(), request.path());
    }
    int number = (int) NativeWords.getLong(pid, 0);
    // The pid is the child's until it is waited for, which nobody has done.
    return new Child(number, Pidfd.open(number));
  }

  private static long vector(Arena arena, List<String> texts) throws KernelException {
    MemorySegment vector = arena.allocate(8L * (texts.size() + 1), 8);
    for (int i = 0; i < texts.size(); i++) {
      NativeWords.setLong(vector, 8L * i, NativeText.allocate(arena, texts.get(i)).address());
    }
    return vector.address();
  }
}
