package dev.coffer.testkit.powercut;

import dev.coffer.testkit.powercut.FileOperation.Recorded;
import dev.coffer.testkit.powercut.SystemCall.Descriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what {@link #command} wrote. A call that may change files and that is not understood is an
 * error, so that nothing is passed over when a program begins to use it.
 */
public final class SystemCallLog {
  private static final Pattern LINE = Pattern.compile("(\\d+)\\s+(.*)");
  private static final String UNFINISHED = " <unfinished ...>";
  private static final Pattern RESUMED = Pattern.compile("<\\.\\.\\. \\w+ resumed>(.*)");
  private static final Pattern TIME =
      Pattern.compile("\\[\\{[^}]*\\}, \\{tv_sec=(-?\\d+), tv_nsec=(\\d+)\\}\\]");
  private static final Pattern OWN_DESCRIPTOR = Pattern.compile("/proc/self/fd/(\\d+)");

  private static final List<String> CALLS =
      List.of(
          "open,openat,openat2,creat,mkdir,mkdirat,symlink,symlinkat,link,linkat,mknod,mknodat",
          "unlink,unlinkat,rmdir,rename,renameat,renameat2,write,writev,pwrite64,pwritev,pwritev2",
          "lseek,truncate,ftruncate,fallocate,copy_file_range,sendfile,splice,mmap,dup,dup2,dup3",
          "chmod,fchmod,fchmodat,?fchmodat2,chown,lchown,fchown,fchownat,utimensat,utimes,utime",
          "setxattr,lsetxattr,fsetxattr,removexattr,lremovexattr,fremovexattr,fsync,fdatasync",
          "sync,syncfs,sync_file_range,close");

  private final String root;
  private final String marks;
  private final int umask;
  private final Map<String, String> paths = new HashMap<>();
  private final Map<String, Long> offsets = new HashMap<>();
  private final List<Recorded> recorded = new ArrayList<>();
  private int begin;
  private int end;

  private SystemCallLog(Path root, Path marks, int umask) {
    this.root = root.toString();
    this.marks = marks.toString();
    this.umask = umask;
  }

  /** The beginning of a command line that records what the rest of it does. */
  public static List<String> command(Path log) {
    String calls = "trace=" + String.join(",", CALLS);
    String whole = Integer.toString(1 << 24);
    return List.of(
        "strace",
        "-f",
        "--seccomp-bpf",
        "-y",
        "-xx",
        "-s",
        whole,
        "-o",
        log.toString(),
        "-e",
        calls);
  }

  /**
   * Reads a log.
   *
   * @param root where the program's files are
   * @param marks an existing directory in which the program makes a directory when it has got
   *     somewhere
   * @param umask the program's
   */
  public static List<Recorded> read(Path log, Path root, Path marks, int umask) throws IOException {
    SystemCallLog reader = new SystemCallLog(root, marks, umask);
    Map<String, Started> unfinished = new HashMap<>();
    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    for (int i = 0; i < lines.size(); i++) {
      Matcher line = LINE.matcher(lines.get(i));
      if (!line.matches()) {
        throw new IOException("line " + (i + 1) + " of " + log + ": " + lines.get(i));
      }
      String thread = line.group(1);
      String text = line.group(2);
      Started started = new Started(i, "");
      Matcher resumed = RESUMED.matcher(text);
      if (text.endsWith(UNFINISHED)) {
        String head = text.substring(0, text.length() - UNFINISHED.length());
        unfinished.put(thread, new Started(i, head));
        continue;
      } else if (resumed.matches()) {
        started = unfinished.remove(thread);
        text = started.text + resumed.group(1);
      }
      reader.begin = started.line;
      reader.end = i;
      SystemCall.parse(text).filter(SystemCall::succeeded).ifPresent(reader::take);
    }
    return reader.recorded;
  }

  private record Started(int line, String text) {}

  private void take(SystemCall call) {
    switch (call.name()) {
      case "open" -> open(call, call.argument(1), 2);
      case "openat" -> open(call, call.argument(2), 3);
      case "openat2" -> openat2(call);
      case "creat" -> open(call, "O_WRONLY|O_CREAT|O_TRUNC", 1);
      case "mkdir" -> {
        mark(call.text(0));
        makeDirectory(named(call.text(0)), call.mode(1));
      }
      case "mkdirat" -> makeDirectory(at(call, 0), call.mode(2));
      case "symlink" -> add(named(call.text(1)), p -> symbolicLink(p, call.text(0)));
      case "symlinkat" -> add(at(call, 1), p -> symbolicLink(p, call.text(0)));
      case "mknodat" -> add(at(call, 0), p -> node(p, call));
      case "link" -> pair(named(call.text(0)), named(call.text(1)), FileOperation.Link::new);
      case "linkat" -> pair(at(call, 0), at(call, 2), FileOperation.Link::new);
      case "unlink", "rmdir" -> add(named(call.text(0)), FileOperation.Remove::new);
      case "unlinkat" -> add(at(call, 0), FileOperation.Remove::new);
      case "rename" -> pair(named(call.text(0)), named(call.text(1)), FileOperation.Rename::new);
      case "renameat", "renameat2" -> rename(call);
      case "write" -> write(call);
      case "pwrite64" -> {
        String bytes = written(call);
        add(of(call, 0), p -> new FileOperation.Write(p, call.number(3), bytes));
      }
      case "copy_file_range" -> copy(call, 0, 2, call.argument(1) + call.argument(3));
      case "sendfile" -> copy(call, 1, 0, call.argument(2) + "NULL");
      case "lseek" -> offsets.put(call.descriptor(0).number(), call.result());
      case "truncate" ->
          add(named(call.text(0)), p -> new FileOperation.Truncate(p, call.number(1)));
      case "ftruncate" -> add(of(call, 0), p -> new FileOperation.Truncate(p, call.number(1)));
      case "chmod" -> add(named(call.text(0)), p -> new FileOperation.ChangeMode(p, call.mode(1)));
      case "fchmod" -> add(of(call, 0), p -> new FileOperation.ChangeMode(p, call.mode(1)));
      case "fchmodat", "fchmodat2" ->
          add(at(call, 0), p -> new FileOperation.ChangeMode(p, call.mode(2)));
      case "chown", "lchown" -> add(named(call.text(0)), p -> owner(p, call, 1));
      case "fchown" -> add(of(call, 0), p -> owner(p, call, 1));
      case "fchownat" -> add(at(call, 0), p -> owner(p, call, 2));
      case "utimensat" ->
          add(call.argument(1).equals("NULL") ? of(call, 0) : at(call, 0), p -> time(p, call));
      case "setxattr", "lsetxattr" -> add(named(call.text(0)), p -> attribute(p, call));
      case "fsetxattr" -> add(of(call, 0), p -> attribute(p, call));
      case "fsync", "fdatasync" -> add(of(call, 0), FileOperation.Sync::new);
      case "syncfs", "sync" -> operation(new FileOperation.SyncFileSystem());
      case "close" -> offsets.remove(call.descriptor(0).number());
      case "dup", "dup2", "dup3" -> paths.put(Long.toString(call.result()), call.resultPath());
      case "mmap" -> refuse(call, call.has(3, "MAP_SHARED") && call.has(2, "PROT_WRITE"), 4);
      default -> {
        for (int i = 0; i < call.arguments().size(); i++) {
          refuse(call, true, i);
        }
      }
    }
  }

  /** A call without a meaning here, which must not have been for one of the files. */
  private void refuse(SystemCall call, boolean changes, int index) {
    boolean inside =
        call.descriptor(index).path().flatMap(this::inside).isPresent()
            || (call.argument(index).startsWith("\"") && named(call.text(index)).isPresent());
    if (changes && inside) {
      throw new IllegalArgumentException("no meaning for a system call: " + call);
    }
  }

  private void open(SystemCall call, String flags, int modeIndex) {
    String number = Long.toString(call.result());
    paths.put(number, call.resultPath());
    List<String> set = List.of(flags.split("\\|"));
    offsets.put(number, set.contains("O_APPEND") ? -1 : 0L);
    Optional<String> path = inside(call.resultPath());
    if (path.isPresent() && set.contains("O_TMPFILE")) {
      throw new IllegalArgumentException("no meaning for a system call: " + call);
    }
    if (set.contains("O_CREAT")) {
      add(path, p -> new FileOperation.MakeFile(p, call.mode(modeIndex) & ~umask));
    }
    if (set.contains("O_TRUNC")) {
      add(path, p -> new FileOperation.Truncate(p, 0));
    }
  }

  private void openat2(SystemCall call) {
    if (call.argument(2).contains("O_CREAT") || call.argument(2).contains("O_TRUNC")) {
      throw new IllegalArgumentException("no meaning for a system call: " + call);
    }
    paths.put(Long.toString(call.result()), call.resultPath());
  }

  private void mark(String path) {
    if (path.startsWith(marks + "/")) {
      operation(new FileOperation.Mark(path.substring(marks.length() + 1)));
    }
  }

  private void makeDirectory(Optional<String> path, int mode) {
    add(path, p -> new FileOperation.MakeDirectory(p, mode & ~umask));
  }

  private static FileOperation symbolicLink(String path, String target) {
    return new FileOperation.MakeSymbolicLink(path, target);
  }

  private FileOperation node(String path, SystemCall call) {
    int mode = call.mode(2);
    long device = 0;
    if (call.arguments().size() > 3) {
      String[] numbers = call.argument(3).replaceAll("makedev\\(|\\)", "").split(", ?");
      device = dev.coffer.kernel.Device.of(Long.decode(numbers[0]), Long.decode(numbers[1]));
    }
    return new FileOperation.MakeNode(path, mode & ~umask, device);
  }

  private void rename(SystemCall call) {
    if (call.arguments().size() > 4 && call.has(4, "RENAME_EXCHANGE")) {
      throw new IllegalArgumentException("no meaning for a system call: " + call);
    }
    pair(at(call, 0), at(call, 2), FileOperation.Rename::new);
  }

  private void write(SystemCall call) {
    Descriptor file = call.descriptor(0);
    Optional<String> path = of(call, 0);
    if (path.isPresent()) {
      String bytes = written(call);
      long offset = offsets.getOrDefault(file.number(), 0L);
      add(path, p -> new FileOperation.Write(p, offset, bytes));
      offsets.put(file.number(), offset < 0 ? offset : offset + call.result());
    }
  }

  private static String written(SystemCall call) {
    return call.text(1).substring(0, (int) call.result());
  }

  private void copy(SystemCall call, int from, int to, String offsetsGiven) {
    Optional<String> target = of(call, to);
    if (target.isEmpty()) {
      return;
    }
    Optional<String> source = of(call, from);
    if (source.isEmpty() || !offsetsGiven.equals("NULLNULL")) {
      throw new IllegalArgumentException("no meaning for a system call: " + call);
    }
    String sourceNumber = call.descriptor(from).number();
    String targetNumber = call.descriptor(to).number();
    long sourceOffset = offsets.getOrDefault(sourceNumber, 0L);
    long targetOffset = offsets.getOrDefault(targetNumber, 0L);
    operation(
        new FileOperation.Copy(
            source.get(), sourceOffset, target.get(), targetOffset, call.result()));
    offsets.put(sourceNumber, sourceOffset + call.result());
    offsets.put(targetNumber, targetOffset + call.result());
  }

  private static FileOperation owner(String path, SystemCall call, int index) {
    return new FileOperation.ChangeOwner(
        path, (int) call.number(index), (int) call.number(index + 1));
  }

  private static FileOperation time(String path, SystemCall call) {
    Matcher time = TIME.matcher(call.argument(2));
    if (!time.matches()) {
      throw new IllegalArgumentException("no meaning for a system call: " + call);
    }
    return new FileOperation.ChangeTime(
        path, Long.parseLong(time.group(1)), Long.parseLong(time.group(2)));
  }

  private static FileOperation attribute(String path, SystemCall call) {
    return new FileOperation.SetAttribute(path, call.text(1), call.text(2));
  }

  private interface Maker {
    FileOperation of(String path);
  }

  private interface PairMaker {
    FileOperation of(String from, String to);
  }

  private void add(Optional<String> path, Maker maker) {
    path.ifPresent(inside -> operation(maker.of(inside)));
  }

  private void pair(Optional<String> from, Optional<String> to, PairMaker maker) {
    if (from.isPresent() != to.isPresent()) {
      throw new IllegalArgumentException("between inside and outside: " + from + ", " + to);
    }
    from.ifPresent(inside -> operation(maker.of(inside, to.orElseThrow())));
  }

  private void operation(FileOperation operation) {
    recorded.add(new Recorded(begin, end, operation));
  }

  /** The file behind a descriptor. */
  private Optional<String> of(SystemCall call, int index) {
    return call.descriptor(index).path().flatMap(this::inside);
  }

  /** A name relative to the directory that is the argument before it. */
  private Optional<String> at(SystemCall call, int index) {
    String name = call.text(index + 1);
    if (name.isEmpty()) {
      return of(call, index);
    }
    if (name.startsWith("/")) {
      return named(name);
    }
    return call.descriptor(index).path().flatMap(path -> inside(path + "/" + name));
  }

  /** A path; one by a descriptor of the program is the file behind that. */
  private Optional<String> named(String path) {
    Matcher own = OWN_DESCRIPTOR.matcher(path);
    return inside(own.matches() ? paths.getOrDefault(own.group(1), path) : path);
  }

  private Optional<String> inside(String path) {
    if (path.equals(root)) {
      return Optional.of("");
    }
    return path.startsWith(root + "/")
        ? Optional.of(path.substring(root.length() + 1))
        : Optional.empty();
  }
}
