package dev.coffer.cli.testing;

import dev.coffer.engine.Engine;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.command.Command;
import dev.coffer.engine.command.TransferCommand.NameInStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** An engine that remembers what it was asked, and answers what the test said. */
public final class FakeEngine implements Engine {

  private final Map<Class<?>, Function<Command<?>, Object>> answers =
      Collections.synchronizedMap(new LinkedHashMap<>());
  private final List<Command<?>> executed = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean closed;

  /** One whose store has everything by the names that users give. */
  public FakeEngine() {
    on(NameInStore.class, NameInStore::name);
  }

  /** Answers every command of a type; the function may throw {@link EngineException}. */
  public <C extends Command<?>> FakeEngine on(Class<C> type, Function<C, Object> answer) {
    answers.put(type, command -> answer.apply(type.cast(command)));
    return this;
  }

  /** Fails every command of a type. */
  public FakeEngine fail(
      Class<? extends Command<?>> type, EngineException.Kind kind, String message) {
    answers.put(
        type,
        command -> {
          throw new EngineException(kind, message);
        });
    return this;
  }

  @Override
  @SuppressWarnings("unchecked") // the test answers what the command's type asks for
  public <R> R execute(Command<R> command) {
    executed.add(command);
    Function<Command<?>, Object> answer = answers.get(command.getClass());
    return answer == null ? null : (R) answer.apply(command);
  }

  /** What was asked, in order. */
  public List<Command<?>> executed() {
    return List.copyOf(executed);
  }

  /** The only command of a type that was asked. */
  public <C extends Command<?>> C only(Class<C> type) {
    List<C> found = executed().stream().filter(type::isInstance).map(type::cast).toList();
    if (found.size() != 1) {
      throw new AssertionError("expected one " + type.getSimpleName() + ", found " + executed());
    }
    return found.getFirst();
  }

  /** Whether it was closed. */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
