package dev.coffer.network.input;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NetlinkRefusal;
import dev.coffer.kernel.NetlinkReply;
import dev.coffer.network.nft.Commits;
import dev.coffer.network.nft.Hook.Point;
import dev.coffer.network.nft.Listed;
import dev.coffer.network.nft.Listing;
import dev.coffer.network.nft.TableName;
import dev.coffer.network.nft.Transaction;
import java.lang.System.Logger.Level;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Has the rules by which a host decides who may reach it decide about its published ports, too.
 *
 * <p>What is led into a container is forwarded: the kernel asks no chain about it that is hooked
 * where packets are received. So these chains, with all that they lead to, are copied into tables
 * of ours, which are asked while a packet looks as if it would be received. When they change, they
 * are copied again, in one transaction. Where there are none that could drop anything, nothing is
 * made.
 *
 * <p>For one thread at a time, but for {@link #read}, {@link #concerns} and {@link #notice}, which
 * any may call.
 */
public final class InputMirror {
  private static final int SUBSYSTEM = 10;
  private static final int NEW_CHAIN = 3;
  private static final int HEADER = 4;

  /** Rules that are refused one by one; where there are more, their table is. */
  private static final int MOST_REFUSED = 16;

  /** What tells of the kernel or of us, and not of a rule. */
  private static final Set<Errno> NO_RULES_FAULT =
      EnumSet.of(Errno.EPERM, Errno.ENOMEM, Errno.ENOBUFS, Errno.EINTR, Errno.EMSGSIZE);

  private final Listing listing;
  private final InputReader reader;
  private final Commits commits;
  private final String prefix;
  private final Refusals refusals = new Refusals();

  /** What was copied; empty where it is not known what there is. */
  private Optional<HostInput> current = Optional.empty();

  /** What is told to the copies. */
  private Gate gate = new Gate(Set.of(), Set.of());

  /** Tables whose changes concern us. */
  private volatile Set<TableName> watched = Set.of();

  /** Whether others have changed our copies. */
  private volatile boolean damaged;

  private volatile Optional<String> notice = Optional.empty();

  /** What the host says at some time. */
  public static final class Reading {
    private final HostInput input;

    private Reading(HostInput input) {
      this.input = input;
    }
  }

  /**
   * One that has copied nothing yet.
   *
   * @param listing reads with a socket of its own
   * @param commits writes
   * @param table the table beside which the copies are: their names begin with its
   */
  public InputMirror(Listing listing, Commits commits, String table) {
    this.listing = listing;
    this.reader = new InputReader(listing);
    this.commits = commits;
    this.prefix = table + "-input-";
  }

  /** Whether a table is a copy, of whichever engine. */
  public static boolean isCopy(String table) {
    return table.contains("-input-");
  }

  /** Whether it has been looked what the host says. */
  public boolean isKnown() {
    return current.isPresent();
  }

  /** Whether the host's rules are asked about anything, so that they have to be told of changes. */
  public boolean isActive() {
    return current.filter(input -> !input.sources().isEmpty()).isPresent();
  }

  /**
   * Whether an event of others may tell of a change in what the host says, or of a copy.
   *
   * @param changed the table in which something has changed
   */
  public boolean concerns(TableName changed, NetlinkReply event) {
    if (isOurs(changed)) {
      damaged = true;
      return true;
    }
    return watched.contains(changed) || isNewInput(event);
  }

  /** Our copies may have been changed unheard. */
  public void suspect() {
    damaged = true;
  }

  private boolean isOurs(TableName table) {
    return table.name().startsWith(prefix);
  }

  private static boolean isNewInput(NetlinkReply event) {
    return event.type() == (SUBSYSTEM << 8 | NEW_CHAIN)
        && event.attributes(HEADER).nested(4).networkInteger(1).filter(Point.INPUT::is).isPresent();
  }

  /** Reads what the host says now. */
  public Reading read() throws KernelException {
    return new Reading(reader.read());
  }

  /**
   * Has the host asked as it is read and the gate says, whatever stands there. Before the first
   * time, nothing is asked.
   */
  public void write(Reading reading, Gate wanted) throws KernelException {
    HostInput input = reading.input;
    damaged = false;
    Set<TableName> present = new HashSet<>();
    for (Listed.Table table : listing.tables()) {
      if (isOurs(table.table())) {
        present.add(table.table());
      }
    }
    input.sources().forEach(source -> present.remove(Copy.name(prefix, source.table())));
    refusals.retain(input);
    refusals.forgetTables();
    input.sources().stream()
        .filter(HostInput.Source::isTooLarge)
        .forEach(source -> refusals.add(source.table(), "too many rules and elements"));
    try {
      commit(input, wanted, present);
    } catch (KernelException e) {
      damaged = true;
      throw e;
    }
    current = Optional.of(input);
    gate = wanted;
    watched = input.tables();
    notice = refusals.first();
  }

  /** Has the host asked as it is read, unless that is older or nothing new. */
  public void follow(Reading reading, Gate wanted) throws KernelException {
    HostInput input = reading.input;
    boolean older =
        current.filter(known -> known.generation() - input.generation() > 0).isPresent();
    if (!damaged && current.filter(input::saysTheSameAs).isPresent()) {
      watched = input.tables();
    } else if (!older) {
      write(reading, wanted);
    }
  }

  private void commit(HostInput input, Gate wanted, Set<TableName> stale) throws KernelException {
    for (int refused = 0; ; refused++) {
      Copy copy = Copy.of(input, prefix, wanted, refusals, stale);
      try {
        commits.commit(copy.transaction(), "ask the host's rules about published ports");
        return;
      } catch (NetlinkRefusal e) {
        if (refused > MOST_REFUSED + input.sources().size()
            || NO_RULES_FAULT.stream().anyMatch(e::is)) {
          throw e;
        }
        learn(copy, e, refused < MOST_REFUSED);
      }
    }
  }

  /** The first message is the frame's. */
  private void learn(Copy copy, NetlinkRefusal refusal, boolean rulesOneByOne)
      throws NetlinkRefusal {
    int change = refusal.message() - 1;
    Optional<Listed.Rule> rule = copy.rule(change).filter(each -> rulesOneByOne);
    Optional<TableName> table = copy.table(change);
    String line;
    if (rule.isPresent() && !refusals.has(rule.get())) {
      line = refusals.add(rule.get(), refusal);
    } else if (table.isPresent() && !refusals.has(table.get())) {
      line = refusals.add(table.get(), refusal);
    } else {
      throw refusal;
    }
    System.getLogger(InputMirror.class.getName()).log(Level.WARNING, line);
  }

  /**
   * Has the host asked about more ports before they lead anywhere. Nothing is left out yet that the
   * gate does not say.
   */
  public void admit(Gate wanted) throws KernelException {
    Set<Gate.Port> ports = new HashSet<>(gate.ports());
    ports.addAll(wanted.ports());
    change(new Gate(gate.trusted(), ports));
  }

  /** Has the host asked as the gate says. */
  public void settle(Gate wanted) throws KernelException {
    change(wanted);
  }

  private void change(Gate next) throws KernelException {
    if (!isActive() || next.equals(gate)) {
      return;
    }
    Transaction all = Transaction.ofTables();
    for (HostInput.Source source : current.orElseThrow().sources()) {
      all.and(Copy.change(Copy.name(prefix, source.table()), gate, next));
    }
    commits.commit(all, "have the host's rules asked about published ports");
    gate = next;
  }

  /** Takes the copies away. */
  public void clear() throws KernelException {
    watched = Set.of();
    write(new Reading(new HostInput(0, Set.of(), List.of())), new Gate(Set.of(), Set.of()));
    current = Optional.empty();
  }

  /** What of the host's rules cannot be asked, and so keeps ports closed, as one line. */
  public Optional<String> notice() {
    return notice;
  }
}
