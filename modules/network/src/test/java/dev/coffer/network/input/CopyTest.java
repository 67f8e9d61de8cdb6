package dev.coffer.network.input;

import static dev.coffer.network.input.Steps.FILTER;
import static dev.coffer.network.input.Steps.base;
import static dev.coffer.network.input.Steps.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.kernel.KernelException;
import dev.coffer.network.input.HostInput.Source;
import dev.coffer.network.nft.Expression;
import dev.coffer.network.nft.Expression.MetaKey;
import dev.coffer.network.nft.Family;
import dev.coffer.network.nft.Listed;
import dev.coffer.network.nft.Step;
import dev.coffer.network.nft.TableName;
import dev.coffer.network.nft.Transaction;
import dev.coffer.network.nft.Value;
import dev.coffer.network.nft.Verdict;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is said to have a host's rules asked; that the kernel takes it is InputIT's to show. */
class CopyTest {
  private static final String PREFIX = "coffer-input-";
  private static final String CONCERNED =
      "ct bitwise cmp meta in coffer-trusted fib cmp meta payload in coffer-ports ";

  private static final Step ACCEPT = Steps.of(new Expression.Decide(new Verdict.Accept()));
  private static final Step DROP = Steps.of(new Expression.Decide(new Verdict.Drop()));
  private static final Step COUNTER =
      Steps.of("counter", to -> to.putNetworkLong(1, 4711).putNetworkLong(2, 12));

  private static final Gate GATE =
      new Gate(Set.of("coffer0"), Set.of(new Gate.Port(6, 8080), new Gate.Port(17, 53)));

  private static Value number(int value) {
    return Value.ofBytes(ByteBuffer.allocate(4).putInt(value).array());
  }

  private static HostInput input() {
    Listed.Collection set =
        new Listed.Collection(
            FILTER,
            "__set3",
            Map.of(
                2, Value.ofBytes(new byte[] {'_', '_', 's', 'e', 't', '3', 0}),
                3, number(1 | 2 | 4),
                5, number(2)),
            List.of(Value.ofBytes(Steps.bytes(to -> to.nest(1, key -> key.put(1, new byte[2]))))));
    Listed.Named counter =
        new Listed.Named(
            FILTER,
            "hits",
            Map.of(
                2, Value.ofBytes(new byte[] {'h', 'i', 't', 's', 0}),
                3, number(1),
                4, Value.ofBytes(new byte[24])));
    return new HostInput(
        1,
        Set.of(FILTER),
        List.of(
            new Source(
                FILTER,
                List.of(base("INPUT", 0, true), base("early", -150, false)),
                List.of("INPUT", "__chain7", "early"),
                rules(),
                List.of(set),
                List.of(counter),
                false)));
  }

  private static List<Listed.Rule> rules() {
    Step protocol = Steps.of(new Expression.Meta(MetaKey.PROTOCOL, 0));
    Step tcp = Steps.of(new Expression.Compare(0, true, Value.ofByte(6)));
    Step notTcp = Steps.of(new Expression.Compare(0, false, Value.ofByte(6)));
    Step multiport = Steps.of("match", to -> to.putText(1, "multiport"));
    return List.of(
        rule(1, "INPUT", protocol, tcp, multiport, COUNTER, ACCEPT),
        rule(2, "INPUT", Steps.of(new Expression.InSet("__set3", 0, true)), DROP),
        rule(3, "INPUT", Steps.of(new Expression.Decide(new Verdict.Jump("__chain7")))),
        rule(4, "__chain7", protocol, notTcp, Steps.target("REJECT", 3)),
        rule(5, "early", Steps.of("synproxy", _ -> {})),
        rule(6, "early", Steps.of("objref", to -> to.putNetworkInt(1, 1)), ACCEPT));
  }

  private static Copy copy(Refusals refusals) {
    TableName stale = new TableName(Family.IPV6, PREFIX + "old");
    return Copy.of(input(), PREFIX, GATE, refusals, List.of(stale));
  }

  @Test
  void aTableIsCopiedBehindGates() {
    assertThat(Said.by(copy(new Refusals()).transaction()))
        .containsExactly(
            "table ip6 coffer-input-old",
            "delete table ip6 coffer-input-old",
            "table ip coffer-input-filter",
            "delete table ip coffer-input-filter",
            "table ip coffer-input-filter",
            "set coffer-trusted flags 0",
            "set coffer-ports flags 0",
            "elements coffer-trusted 2",
            "elements coffer-ports 2",
            "object hits of 0 bytes",
            "set __set3 flags 4",
            "chain INPUT",
            "chain coffer-chain7",
            "chain early",
            "elements __set3 1",
            "chain coffer-gate-INPUT hook 0 priority -101",
            "rule coffer-gate-INPUT: " + CONCERNED + "verdict -3INPUT",
            "rule coffer-gate-INPUT: " + CONCERNED + "verdict 0",
            "chain coffer-gate-early hook 0 priority -102",
            "rule coffer-gate-early: " + CONCERNED + "verdict -3early",
            "rule INPUT: meta cmp match counter verdict 1 protocol 6 flags 0",
            "rule INPUT: in __set3 verdict 0",
            "rule INPUT: verdict -3coffer-chain7",
            "rule coffer-chain7: meta cmp reject 0/3",
            "rule early: synproxy",
            "rule early: objref verdict 1");
  }

  @Test
  void whatIsRefusedLetsNobodyThrough() {
    Refusals refusals = new Refusals();
    Listed.Rule synproxy = input().sources().getFirst().rules().get(4);
    Listed.Rule accepts = input().sources().getFirst().rules().getFirst();
    assertThat(refusals.add(synproxy, new KernelException("netlink", 95)))
        .isEqualTo(
            "rule 5 of chain \"early\" in table \"ip filter\" cannot be asked about published"
                + " ports: EOPNOTSUPP: operation not supported");
    refusals.add(accepts, new KernelException("netlink", 22));
    assertThat(Said.by(copy(refusals).transaction()))
        .contains("rule early: counter verdict 0", "rule early: objref verdict 1")
        .doesNotContain("rule early: synproxy")
        .noneMatch(line -> line.startsWith("rule INPUT: meta"));
    assertThat(refusals.first().orElseThrow()).startsWith("rule 5 ");
    refusals.retain(new HostInput(2, Set.of(), List.of()));
    assertThat(refusals.first()).isEmpty();
  }

  @Test
  void aTableThatIsRefusedIsClosed() {
    Refusals refusals = new Refusals();
    refusals.add(FILTER, new KernelException("netlink", 22));
    assertThat(Said.by(copy(refusals).transaction()).subList(9, 13))
        .containsExactly(
            "chain coffer-gate-INPUT hook 0 priority -101",
            "rule coffer-gate-INPUT: " + CONCERNED + "verdict 0",
            "chain coffer-gate-early hook 0 priority -102",
            "rule coffer-gate-early: " + CONCERNED + "verdict 0");
  }

  @Test
  void whatWasRefusedIsFoundByItsPlace() {
    Copy copy = copy(new Refusals());
    List<String> said = Said.by(copy.transaction());
    assertThat(copy.rule(said.indexOf("rule early: synproxy")))
        .map(Listed.Rule::number)
        .contains(5L);
    assertThat(copy.rule(said.indexOf("set __set3 flags 4"))).isEmpty();
    assertThat(copy.table(said.indexOf("set __set3 flags 4"))).contains(FILTER);
    assertThat(copy.table(0)).isEmpty();
  }

  @Test
  void aGateChangesByWhatIsDifferent() {
    Gate next = new Gate(Set.of("coffer0", "cf-1"), Set.of(new Gate.Port(6, 8080)));
    Transaction change = Copy.change(new TableName(Family.IPV4, PREFIX + "filter"), GATE, next);
    assertThat(Said.by(change))
        .containsExactly("delete elements coffer-ports 1", "elements coffer-trusted 1");
  }

  @Test
  void whatRejectsByIptablesRejectsByItself() {
    assertThat(rejected(FILTER, 7)).isEqualTo(new Expression.Reject(1, 0));
    assertThat(rejected(FILTER, 8)).isEqualTo(new Expression.Reject(0, 13));
    assertThat(rejected(FILTER, 4)).isEqualTo(new Expression.Decide(new Verdict.Drop()));
    TableName six = new TableName(Family.IPV6, "filter");
    assertThat(rejected(six, 4)).isEqualTo(new Expression.Reject(0, 4));
    assertThat(rejected(six, 6)).isEqualTo(new Expression.Reject(1, 0));
    assertThat(rejected(six, 7)).isEqualTo(new Expression.Reject(0, 5));
    assertThat(rejected(six, 99)).isEqualTo(new Expression.Decide(new Verdict.Drop()));
  }

  private static Expression rejected(TableName table, int with) {
    List<Step> steps = List.of(Steps.target("REJECT", with));
    return RuleCopy.of(new Listed.Rule(table, "c", 1, "", steps)).steps().getFirst();
  }

  @Test
  void aRuleIsAsGraveAsItsGravestStep() {
    assertThat(Effect.of(rule(1, "c", COUNTER, ACCEPT))).isEqualTo(Effect.ACCEPTS);
    assertThat(Effect.of(rule(1, "c", COUNTER))).isEqualTo(Effect.NONE);
    assertThat(Effect.of(rule(1, "c", DROP))).isEqualTo(Effect.REFUSES);
    assertThat(Effect.of(Steps.of(new Expression.Decide(new Verdict.Jump("d")))))
        .isEqualTo(Effect.LEADS);
    assertThat(Effect.of(Steps.target("LOG", 0))).isEqualTo(Effect.NONE);
    assertThat(Effect.of(Steps.target("TARPIT", 0))).isEqualTo(Effect.REFUSES);
    assertThat(Effect.of(Steps.of(new Expression.VerdictLookup("m", 0)))).isEqualTo(Effect.REFUSES);
    assertThat(Effect.of(Steps.of(new Expression.InSet("s", 0, true)))).isEqualTo(Effect.NONE);
    Step mark = Steps.of("meta", to -> to.putNetworkInt(2, 3).putNetworkInt(3, 8));
    assertThat(Effect.of(mark)).isEqualTo(Effect.LEADS);
    assertThat(Effect.isNone(List.of(rule(1, "c", mark)))).isFalse();
    assertThat(
            Effect.isNone(
                List.of(rule(1, "c", Steps.of(new Expression.Decide(new Verdict.Jump("d")))))))
        .isTrue();
  }

  @Test
  void aNoticeIsOfTablesFirst() {
    Refusals refusals = new Refusals();
    assertThat(refusals.first()).isEqualTo(Optional.empty());
    refusals.add(rule(1, "c"), new KernelException("netlink", 22));
    refusals.add(FILTER, new KernelException("netlink", 22));
    assertThat(refusals.first().orElseThrow())
        .isEqualTo(
            "table \"ip filter\" cannot be asked about published ports: EINVAL: invalid argument");
  }
}
