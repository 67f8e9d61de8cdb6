package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedWorkTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 32, 33, 64, 1000})
  void everyResultIsWhereItsOriginIs(int size) throws Exception {
    List<Integer> all = IntStream.range(0, size).boxed().toList();
    assertThat(SharedWork.map(all, each -> "n" + each))
        .isEqualTo(all.stream().map(each -> "n" + each).toList());
  }

  @Test
  void fewAreDoneByThisThreadAlone() throws Exception {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    SharedWork.map(
        IntStream.range(0, 63).boxed().toList(), each -> threads.add(Thread.currentThread()));
    assertThat(threads).containsExactly(Thread.currentThread());
  }

  @Test
  void aFailureIsThrownOnceAllHaveEnded() {
    AtomicInteger atWork = new AtomicInteger();
    assertThatThrownBy(
            () ->
                SharedWork.map(
                    IntStream.range(0, 1000).boxed().toList(),
                    each -> {
                      atWork.incrementAndGet();
                      try {
                        if (each == 500) {
                          throw new IllegalStateException("no " + each);
                        }
                        return each;
                      } finally {
                        atWork.decrementAndGet();
                      }
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no 500");
    assertThat(atWork).hasValue(0);
  }
}
