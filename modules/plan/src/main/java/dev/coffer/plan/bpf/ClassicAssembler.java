package dev.coffer.plan.bpf;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lays a graph out as a program.
 *
 * <p>Jumps only go forward, so the program is written from its end: whatever a node leads to has
 * its place already. A test can skip 255 instructions at most; a target further off is reached over
 * a {@code ja} placed behind the test, or, being a return, simply repeated there.
 */
public final class ClassicAssembler {
  private static final int MAX_SKIP = 255;

  private final List<ClassicInstruction> reversed = new ArrayList<>();
  private final IdentityHashMap<ClassicNode, Integer> places = new IdentityHashMap<>();
  private final Map<Integer, Integer> returns = new HashMap<>();

  private ClassicAssembler() {}

  /**
   * The program that starts at a node.
   *
   * @throws IllegalArgumentException if it is longer than the kernel takes
   */
  public static ClassicProgram assemble(ClassicNode start) {
    ClassicAssembler assembler = new ClassicAssembler();
    assembler.placeAll(start);
    assembler.jumpUnlessNext(assembler.place(start));
    return new ClassicProgram(assembler.reversed.reversed());
  }

  /**
   * Gives every node that can be reached a place, what it leads to before itself. Without
   * recursion: a hostile profile makes graphs that are thousands of nodes deep.
   */
  private void placeAll(ClassicNode start) {
    Deque<ClassicNode> open = new ArrayDeque<>();
    open.push(start);
    while (!open.isEmpty()) {
      ClassicNode node = open.peek();
      Optional<ClassicNode> missing =
          successors(node).stream().filter(successor -> !isPlaced(successor)).findFirst();
      if (missing.isPresent()) {
        open.push(missing.get());
      } else {
        open.pop();
        if (!isPlaced(node)) {
          addNode(node);
        }
      }
    }
  }

  private static List<ClassicNode> successors(ClassicNode node) {
    return switch (node) {
      case ClassicNode.Return _ -> List.of();
      case ClassicNode.Load load -> List.of(load.next());
      case ClassicNode.Mask mask -> List.of(mask.next());
      case ClassicNode.Test test -> List.of(test.no(), test.yes());
    };
  }

  private boolean isPlaced(ClassicNode node) {
    return node instanceof ClassicNode.Return(int value)
        ? returns.containsKey(value)
        : places.containsKey(node);
  }

  /**
   * The place of a node's first instruction, counted from the end; for a return the nearest one.
   */
  private int place(ClassicNode node) {
    return node instanceof ClassicNode.Return(int value) ? returns.get(value) : places.get(node);
  }

  private void addNode(ClassicNode node) {
    switch (node) {
      case ClassicNode.Return(int value) ->
          returns.put(value, add(ClassicInstruction.plain(ClassicInstruction.RETURN, value)));
      case ClassicNode.Load(int offset, ClassicNode next) ->
          addBefore(next, node, ClassicInstruction.plain(ClassicInstruction.LOAD, offset));
      case ClassicNode.Mask(int mask, ClassicNode next) ->
          addBefore(next, node, ClassicInstruction.plain(ClassicInstruction.AND, mask));
      case ClassicNode.Test test -> places.put(node, addTest(test));
    }
  }

  private void addBefore(ClassicNode next, ClassicNode node, ClassicInstruction instruction) {
    jumpUnlessNext(place(next));
    places.put(node, add(instruction));
  }

  private void jumpUnlessNext(int place) {
    if (place != reversed.size() - 1) {
      addJump(place);
    }
  }

  private int addTest(ClassicNode.Test test) {
    int no = place(test.no());
    // Bringing one target near pushes the other one instruction further off; hence the margin.
    if (distance(no) > MAX_SKIP - 1) {
      no = addJump(no);
    }
    int yes = place(test.yes());
    if (distance(yes) > MAX_SKIP) {
      yes = addJump(yes);
    }
    return add(
        new ClassicInstruction(
            test.comparison().code(), distance(yes), distance(no), test.constant()));
  }

  /** What an instruction that is added now would have to skip to get to a place. */
  private int distance(int place) {
    return reversed.size() - 1 - place;
  }

  private int addJump(int place) {
    ClassicInstruction target = reversed.get(place);
    if (target.code() == ClassicInstruction.RETURN) {
      int copy = add(target);
      returns.put(target.operand(), copy);
      return copy;
    }
    return add(ClassicInstruction.plain(ClassicInstruction.JUMP, distance(place)));
  }

  private int add(ClassicInstruction instruction) {
    if (reversed.size() >= ClassicProgram.MAX_INSTRUCTIONS) {
      throw new IllegalArgumentException(
          "program has more than " + ClassicProgram.MAX_INSTRUCTIONS + " instructions");
    }
    reversed.add(instruction);
    return reversed.size() - 1;
  }
}
