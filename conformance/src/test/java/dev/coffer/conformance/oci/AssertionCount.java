package dev.coffer.conformance.oci;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/**
 * Counts what a run of the suite has really asserted: a check that reports by itself counts one,
 * whatever it compares. The figure is printed at the end and written to {@code
 * target/oci-conformance.txt}.
 */
final class AssertionCount implements InvocationInterceptor {

  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(AssertionCount.class);

  private record Total(AtomicInteger passed, AtomicInteger failed, AtomicInteger exceptions)
      implements AutoCloseable {

    Total() {
      this(new AtomicInteger(), new AtomicInteger(), new AtomicInteger());
    }

    @Override
    public void close() throws IOException {
      stopEngine();
      String line =
          "OCI conformance of %s: %d assertions (%d of them declared exceptions), %d failed"
              .formatted(
                  OciRuntime.path(), passed.get() + failed.get(), exceptions.get(), failed.get());
      System.out.println(line);
      Path target = Path.of("target");
      if (Files.isDirectory(target)) {
        Files.writeString(target.resolve("oci-conformance.txt"), line + "\n");
      }
    }
  }

  /** Where the runtime is Coffer's, an engine has served it. */
  private static void stopEngine() throws IOException {
    Path coffer = Path.of(OciRuntime.path()).resolveSibling("coffer");
    if (Files.isExecutable(coffer) && OciRuntime.isCoffer()) {
      new ProcessBuilder(coffer.toString(), "engine", "stop").inheritIO().start().onExit().join();
    }
  }

  @Override
  public void interceptDynamicTest(
      Invocation<Void> invocation,
      DynamicTestInvocationContext invocationContext,
      ExtensionContext context)
      throws Throwable {
    count(invocation, context);
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context)
      throws Throwable {
    count(invocation, context);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context)
      throws Throwable {
    count(invocation, context);
  }

  private static void count(Invocation<Void> invocation, ExtensionContext context)
      throws Throwable {
    Total total =
        context
            .getRoot()
            .getStore(STORE)
            .computeIfAbsent(Total.class, _ -> new Total(), Total.class);
    if (context.getDisplayName().startsWith(OciSuite.EXCEPTION)) {
      total.exceptions.incrementAndGet();
    }
    try {
      invocation.proceed();
      total.passed.incrementAndGet();
    } catch (TestAbortedException otherRuntime) {
      throw otherRuntime;
    } catch (Throwable failure) {
      total.failed.incrementAndGet();
      throw failure;
    }
  }
}
