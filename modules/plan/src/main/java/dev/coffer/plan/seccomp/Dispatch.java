package dev.coffer.plan.seccomp;

import dev.coffer.plan.bpf.ClassicNode;
import dev.coffer.plan.bpf.ClassicNode.Comparison;
import dev.coffer.plan.bpf.ClassicNode.Test;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Finds what a call goes on with by its number: a binary search over ranges, so that the 500 calls
 * of a profile cost some six comparisons. Numbers are unsigned.
 */
final class Dispatch {
  /** First number of each range; a range ends where the next begins. */
  private final NavigableMap<Integer, ClassicNode> ranges = new TreeMap<>(Integer::compareUnsigned);

  /** Everything goes on at one node. */
  Dispatch(ClassicNode everything) {
    ranges.put(0, everything);
  }

  /** Sets where the numbers from one to another, both included, go on. */
  void set(int first, int last, ClassicNode node) {
    if (last != -1) {
      ranges.putIfAbsent(last + 1, ranges.floorEntry(last + 1).getValue());
    }
    ranges.subMap(first, true, last, true).clear();
    ranges.put(first, node);
  }

  /** The search, for an accumulator that holds the number. */
  ClassicNode compile() {
    List<Integer> starts = new ArrayList<>();
    List<ClassicNode> nodes = new ArrayList<>();
    ranges.forEach(
        (start, node) -> {
          if (nodes.isEmpty() || !isSame(nodes.getLast(), node)) {
            starts.add(start);
            nodes.add(node);
          }
        });
    return search(starts, nodes);
  }

  /** Only returns are compared: in a graph, shared parts would be compared again and again. */
  private static boolean isSame(ClassicNode a, ClassicNode b) {
    return a instanceof ClassicNode.Return && a.equals(b);
  }

  private static ClassicNode search(List<Integer> starts, List<ClassicNode> nodes) {
    int size = nodes.size();
    if (size == 1) {
      return nodes.getFirst();
    }
    int middle = size / 2;
    return new Test(
        Comparison.GREATER_OR_EQUAL,
        starts.get(middle),
        search(starts.subList(middle, size), nodes.subList(middle, size)),
        search(starts.subList(0, middle), nodes.subList(0, middle)));
  }
}
