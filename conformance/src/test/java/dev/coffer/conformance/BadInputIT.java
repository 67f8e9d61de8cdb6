package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What cannot be done is refused with Docker's exit code and one clear line, and nothing is left.
 */
class BadInputIT {

  private static Coffer coffer;

  @BeforeAll
  static void open() {
    coffer = Coffer.open();
  }

  @AfterAll
  static void close() {
    coffer.close();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(coffer.run("ps", "-aq").ok().out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "--memory lots                        | invalid size: 'lots'",
        "--memory 1k                          | memory limit below 6 MiB",
        "--cpus 1000                          | CPUs out of range",
        "--dns foo                            | invalid DNS server \"foo\"",
        "--dns 10.1                           | invalid DNS server \"10.1\"",
        "--add-host foo                       | invalid host \"foo\" (NAME:ADDRESS)",
        "--add-host foo:bar                   | invalid host \"foo:bar\": \"bar\" is not an IP",
        "--sysctl vm.swappiness=60            | sysctl \"vm.swappiness\" is not allowed",
        "--sysctl net.//.vm.swappiness=60     | is not allowed",
        "--network host --sysctl net.core.somaxconn=1 | the host's network namespace",
        "--ipc host --sysctl kernel.msgmax=1  | the host's ipc namespace",
        "-v relative/path:/x                  | invalid volume name \"relative/path\"",
        "-v a:b:c:d                           | too many colons",
        "--mount type=foo                     | \"type=foo\"",
        "--tmpfs x                            | must be absolute",
        "--device /etc/passwd                 | device \"/etc/passwd\": not a device",
        "--ulimit nofile=10:5                 | soft limit",
        "--restart sometimes                  | \"sometimes\"",
        "--rm --restart always                | --restart and --rm",
        "--pid nonsense                       | invalid --pid \"nonsense\"",
        "--network nonsense                   | no such network: nonsense",
        "--security-opt foo                   | \"foo\"",
        "--cap-add NONSENSE                   | NONSENSE",
        "--stop-signal NONSENSE               | NONSENSE",
        "--log-driver nonsense                | log driver \"nonsense\"",
        "--log-opt nonsense=1                 | unknown log option \"nonsense\"",
        "--log-opt max-size=huge              | huge",
        "-w relative                          | working directory \"relative\"",
        "-e =x                                | invalid environment variable: =x",
        "--label =x                           | invalid label '=x'",
        "--env-file /no/such                  | \"/no/such\"",
        "--name -x                            | invalid name \"-x\"",
        "--user nobody-knows                  | \"nobody-knows\"",
        "--group-add nobody-knows             | \"nobody-knows\"",
        "--hostname not_a*host                | invalid host name",
        "--workdir /etc/passwd                | /etc/passwd",
        "--tmpfs /t:foo=bar                   | foo=bar",
        "--pid container:nobody               | nobody",
        "--pull never --platform linux/riscv64 | riscv64",
        "--oom-score-adj 2000                 | oom score adjustment",
        "--cgroup-parent ../../x              | ../../x",
        "--pull sometimes                     | sometimes",
      })
  void runRefuses(String options, String words) {
    List<String> command = new ArrayList<>(List.of("run", "--rm"));
    command.addAll(List.of(options.split(" ")));
    command.addAll(List.of("busybox", "true"));
    var result = coffer.run(command.toArray(String[]::new)).fails(125, words);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines().filter(line -> !line.startsWith("See '"))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "stop nobody         | no such container: nobody",
        "kill nobody         | no such container: nobody",
        "start nobody        | no such container: nobody",
        "restart nobody      | no such container: nobody",
        "pause nobody        | no such container: nobody",
        "wait nobody         | no such container: nobody",
        "logs nobody         | no such container: nobody",
        "attach nobody       | no such container: nobody",
        "exec nobody true    | no such container: nobody",
        "top nobody          | no such container: nobody",
        "rename nobody x1    | no such container: nobody",
        "rm nobody           | no such container: nobody",
        "inspect nobody      | no such object: \"nobody\"",
        "history nobody      | \"nobody\"",
        "save nobody         | \"nobody\"",
        "tag nobody x1       | \"nobody\"",
        "tag busybox UPPER   | \"UPPER\"",
        "rmi nobody          | \"nobody\"",
        "load -i /no/such    | \"/no/such\"",
        "import /no/such     | \"/no/such\"",
        "ps --filter x=y     | \"x\"",
        "images --filter x=y | \"x\"",
        "stop                | requires at least 1 argument",
        "rename one          | requires exactly 2 arguments",
      })
  void commandsRefuse(String line, String words) {
    coffer.run(line.split(" ")).fails(1, words);
  }

  @Test
  void brokenArchivesLeaveNothing() throws IOException {
    coffer.run("run", "--rm", "busybox", "true").ok();
    List<String> images = coffer.run("images", "-q").ok().lines();
    Path archive = coffer.directory().resolve("broken.tar");
    coffer.run("save", "-o", archive.toString(), "busybox").ok();
    byte[] whole = Files.readAllBytes(archive);
    Files.write(archive, java.util.Arrays.copyOf(whole, 100_000));
    coffer.run("load", "-i", archive.toString()).fails(1, "truncated");
    Files.writeString(archive, "garbage");
    coffer.run("load", "-i", archive.toString()).fails(1, "cannot load images");
    coffer.run("import", archive.toString(), "bad:1").fails(1, "cannot unpack layer", "truncated");
    Files.writeString(archive, "");
    coffer.run("load", "-i", archive.toString()).fails(1, "not an image archive");
    assertThat(coffer.run("images", "-q").ok().lines()).isEqualTo(images);
    assertThat(coffer.root().resolve("content/ingest")).isEmptyDirectory();
  }

  @Test
  void anIdFileIsNeverOverwritten() throws IOException {
    Path file = Files.writeString(coffer.directory().resolve("cid"), "mine");
    coffer
        .run("run", "--rm", "--cidfile", file.toString(), "busybox", "true")
        .fails(125, file.toString());
    assertThat(file).hasContent("mine");
  }
}
