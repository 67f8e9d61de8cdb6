package dev.coffer.runtime.criu;

import dev.coffer.kernel.Fd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * What criu says: the message {@code criu_resp}.
 *
 * @param success whether it could do what it was asked for
 * @param script what it tells of in between; empty where this is its last word
 * @param pid the first process, where one is told of
 * @param error its first complaint
 * @param errno the kernel's error, 0 for none
 * @param version where it was asked for
 * @param features where they were asked for
 * @param descriptors what came along, the receiver's to close
 */
record CriuAnswer(
    boolean success,
    Optional<String> script,
    Optional<Integer> pid,
    Optional<String> error,
    int errno,
    Optional<CriuVersion> version,
    Optional<ProtobufMessage> features,
    List<Fd> descriptors) {

  CriuAnswer {
    descriptors = List.copyOf(descriptors);
  }

  static CriuAnswer read(ByteBuffer bytes, List<Fd> descriptors) throws IOException {
    ProtobufMessage in = ProtobufMessage.read(bytes);
    boolean told = in.number(1).filter(type -> type == RequestType.NOTIFY.number()).isPresent();
    Optional<ProtobufMessage> notify = in.message(5);
    Optional<ProtobufMessage> restored = in.message(4);
    Optional<Long> pid =
        told ? notify.flatMap(each -> each.number(2)) : restored.flatMap(each -> each.number(1));
    return new CriuAnswer(
        in.flag(2),
        told ? Optional.of(notify.flatMap(each -> each.text(1)).orElse("")) : Optional.empty(),
        pid.map(Long::intValue),
        in.text(9).map(String::strip).filter(text -> !text.isEmpty()),
        in.number(7).orElse(0L).intValue(),
        in.message(10)
            .map(
                each ->
                    new CriuVersion(
                        each.number(1).orElse(0L).intValue(),
                        each.number(2).orElse(0L).intValue())),
        in.message(8),
        descriptors);
  }
}
