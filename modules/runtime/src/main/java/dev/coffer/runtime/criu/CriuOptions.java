package dev.coffer.runtime.criu;

import dev.coffer.kernel.Fd;

/**
 * What criu is told about a container: the message {@code criu_opts}. Each method is one field;
 * those that can be there several times add to it.
 */
public final class CriuOptions {
  private static final int VERBOSE = 4;
  private static final int NETWORK = 0x40000000;

  private final ProtobufWriter out = new ProtobufWriter();

  /**
   * The options of every request.
   *
   * @param images directory of the image
   * @param work directory of criu's own files
   * @param log name of its log in there
   */
  public CriuOptions(Fd images, Fd work, String log) {
    out.number(1, images.number()).number(17, work.number()).number(9, VERBOSE).text(10, log);
    // Else nobody tells of what it does, and of the terminals that it makes.
    out.flag(12, true).flag(50, true);
  }

  /** The process that is saved, with all that it has started. */
  public CriuOptions pid(int pid) {
    return with(out.number(2, pid));
  }

  /** The processes go on when they have been saved. */
  public CriuOptions leaveRunning(boolean wanted) {
    return with(out.flag(3, wanted));
  }

  /** Unix sockets to somebody outside. */
  public CriuOptions externalUnixSockets(boolean allowed) {
    return with(out.flag(4, allowed));
  }

  /** TCP connections that are open. */
  public CriuOptions tcpEstablished(boolean allowed) {
    return with(out.flag(5, allowed));
  }

  /** A device is opened by another path where its own does not serve. */
  public CriuOptions evasiveDevices() {
    return with(out.flag(6, true));
  }

  /** Session and terminal of somebody outside. */
  public CriuOptions shellJob(boolean allowed) {
    return with(out.flag(7, allowed));
  }

  /** Locks of files. */
  public CriuOptions fileLocks(boolean kept) {
    return with(out.flag(8, kept));
  }

  /** Pages go to a server, which listens there. */
  public CriuOptions pageServer(String address, int port) {
    return with(out.message(11, new ProtobufWriter().text(1, address).number(2, port)));
  }

  /** The root, which is a mount. */
  public CriuOptions root(String path) {
    return with(out.text(13, path));
  }

  /** The image has only what changed since another one; relative to the directory of the image. */
  public CriuOptions parentImage(String path) {
    return with(out.text(14, path).flag(15, true));
  }

  /** Pages that are there twice are taken out of the older image. */
  public CriuOptions deduplicate(boolean wanted) {
    return with(out.flag(16, wanted));
  }

  /** Files without a name get one. */
  public CriuOptions linkRemap(boolean wanted) {
    return with(out.flag(18, wanted));
  }

  /**
   * A mount that the image does not have.
   *
   * @param key when saving, its mount point; when restoring, the name that it was saved by
   * @param value when saving, a name; when restoring, the path of its source
   */
  public CriuOptions externalMount(String key, String value) {
    return with(out.message(23, new ProtobufWriter().text(1, key).text(2, value)));
  }

  /** The cgroup that takes the place of the one that the processes were in. */
  public CriuOptions cgroupRoot(String controller, String path) {
    return with(out.message(25, new ProtobufWriter().text(1, controller).text(2, path)));
  }

  /** What is restored becomes a child of whoever started criu. */
  public CriuOptions sibling() {
    return with(out.flag(26, true));
  }

  /**
   * A descriptor of criu that stands for one of the image.
   *
   * @param key the image's name for it
   */
  public CriuOptions inherited(String key, int descriptor) {
    return with(out.message(27, new ProtobufWriter().text(1, key).number(2, descriptor)));
  }

  /** What is done with cgroups. */
  public CriuOptions cgroups(CgroupsMode mode) {
    return with(out.flag(24, true).number(34, mode.number()));
  }

  /** Something that the image does not have, such as {@code net[INODE]:NAME}. */
  public CriuOptions external(String what) {
    return with(out.text(37, what));
  }

  /** Of the network namespace only the existence counts. */
  public CriuOptions emptyNetwork(boolean wanted) {
    return wanted ? with(out.number(38, NETWORK)) : this;
  }

  /** A namespace that is there already. */
  public CriuOptions joined(String kind, String path) {
    return with(out.message(39, new ProtobufWriter().text(1, kind).text(2, path)));
  }

  /** The cgroup by which all processes are stopped at once. */
  public CriuOptions freezer(String path) {
    return with(out.text(44, path));
  }

  /** TCP connections that are being made are left out. */
  public CriuOptions tcpSkipInFlight(boolean wanted) {
    return with(out.flag(46, wanted));
  }

  /** Memory is fetched when it is used. */
  public CriuOptions lazyPages(boolean wanted) {
    return with(out.flag(48, wanted));
  }

  /** A file of criu's options, which win over these. */
  public CriuOptions configuration(String path) {
    return with(out.text(51, path));
  }

  /** The profile of the processes, {@code TYPE:NAME}. */
  public CriuOptions securityProfile(String profile) {
    return with(out.text(53, profile));
  }

  /** The security context of mounts. */
  public CriuOptions mountContext(String context) {
    return with(out.text(63, context));
  }

  private CriuOptions with(ProtobufWriter ignored) {
    return this;
  }

  ProtobufWriter message() {
    return out;
  }
}
