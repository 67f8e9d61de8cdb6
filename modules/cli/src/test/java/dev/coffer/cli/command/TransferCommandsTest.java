package dev.coffer.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.cli.testing.Cli;
import dev.coffer.cli.testing.FakeEngine;
import dev.coffer.engine.command.TransferCommand.AddToList;
import dev.coffer.engine.command.TransferCommand.AnnotateList;
import dev.coffer.engine.command.TransferCommand.Copy;
import dev.coffer.engine.command.TransferCommand.CreateList;
import dev.coffer.engine.command.TransferCommand.DeleteRemote;
import dev.coffer.engine.command.TransferCommand.NamesInStore;
import dev.coffer.engine.command.TransferCommand.Push;
import dev.coffer.engine.command.TransferCommand.PushList;
import dev.coffer.engine.command.TransferCommand.RemoteReferrers;
import dev.coffer.engine.command.TransferCommand.RemoteTags;
import dev.coffer.engine.command.TransferCommand.RemoveFromList;
import dev.coffer.engine.command.TransferCommand.RemoveList;
import dev.coffer.engine.command.TransferCommand.ShowManifest;
import dev.coffer.engine.model.ManifestView;
import dev.coffer.engine.model.Transferred;
import dev.coffer.image.ImageException;
import dev.coffer.image.copy.ImageLocation;
import dev.coffer.image.copy.ManifestFormat;
import dev.coffer.image.copy.RawManifest;
import dev.coffer.image.copy.Selection;
import dev.coffer.image.transfer.TransferEvent;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What push, copy, manifest and registry ask of the engine, and what they print. */
class TransferCommandsTest {
  private static final Descriptor TARGET =
      Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.ofBytes(new byte[] {1}), 528);
  private static final Descriptor BLOB =
      Descriptor.of(MediaTypes.OCI_LAYER_GZIP, Digest.ofBytes(new byte[] {2}), 100);

  @TempDir Path directory;

  private final FakeEngine engine = new FakeEngine();

  private Cli cli() {
    return new Cli(engine).in(directory);
  }

  private static Transferred transferred(String name) {
    return new Transferred(name, Optional.of("1"), TARGET, Optional.empty());
  }

  @Test
  void pushSaysWhatHappensAndEndsAsDockers() {
    engine.on(
        Push.class,
        push -> {
          push.progress().on(new TransferEvent.Waiting(BLOB));
          push.progress().on(new TransferEvent.Progress(BLOB, 10));
          push.progress().on(new TransferEvent.Complete(BLOB));
          push.progress().on(new TransferEvent.Exists(BLOB));
          push.progress().on(new TransferEvent.Mounted(BLOB, "library/base"));
          push.progress().on(new TransferEvent.LeftOut(BLOB));
          return transferred("docker://localhost:5000/app:1");
        });
    Cli.Result result =
        cli()
            .run(
                "push",
                "--creds",
                "me:secret:too",
                "--tls-verify=false",
                "--authfile=auth.json",
                "--digestfile",
                "digest",
                "localhost:5000/app:1");
    String blob = BLOB.digest().shortHex();
    assertThat(result.out())
        .isEqualTo(
            """
            The push refers to repository [localhost:5000/app]
            %s: Preparing
            %s: Pushed
            %s: Already exists
            %s: Mounted from library/base
            %s: Skipped foreign layer
            1: digest: %s size: 528
            """
                .formatted(blob, blob, blob, blob, blob, TARGET.digest()));
    assertThat(directory.resolve("digest")).hasContent(TARGET.digest().toString());
    Push push = engine.only(Push.class);
    assertThat(push.image()).isEqualTo("localhost:5000/app:1");
    assertThat(push.destination()).isEmpty();
    assertThat(push.options().selection()).isEqualTo(new Selection.AllOrTheOnlyOne());
    assertThat(push.access().credentials().orElseThrow().secret()).isEqualTo("secret:too");
    assertThat(push.access().verifyTls()).contains(false);
    assertThat(push.access().authFile()).contains(directory.resolve("auth.json"));
  }

  @Test
  void pushOfPartOfAnIndexIsToldAndQuietPrintsTheName() {
    engine.on(
        Push.class,
        _ ->
            new Transferred(
                "docker://localhost:5000/app:1", Optional.of("1"), TARGET, Optional.of(BLOB)));
    assertThat(cli().run("push", "localhost:5000/app:1").out())
        .endsWith(
            "note: of index "
                + BLOB.digest()
                + " only the image of one platform is in the store, and only its manifest was sent\n");
    assertThat(cli().run("push", "-q", "--platform", "arm64", "localhost:5000/app:1").out())
        .isEqualTo("localhost:5000/app:1\n");
    assertThat(((Push) engine.executed().getLast()).progress()).isSameAs(TransferListener.NONE);
    assertThat(((Push) engine.executed().getLast()).options().selection())
        .isEqualTo(new Selection.For(Platform.parse("linux/arm64")));
  }

  @Test
  void pushTakesAllTagsOrADestination() {
    engine
        .on(NamesInStore.class, _ -> List.of("localhost:5000/app:1", "localhost:5000/app:2"))
        .on(Push.class, push -> transferred(push.image()));
    assertThat(cli().run("push", "-a", "localhost:5000/app").code()).isZero();
    assertThat(engine.executed()).hasSize(3);
    assertThat(cli().run("push", "app:1", "localhost:5000/other:1").code()).isZero();
    assertThat(((Push) engine.executed().getLast()).destination())
        .contains(new ImageLocation.Registry(Reference.parse("localhost:5000/other:1")));
    assertThat(cli().run("push", "-a", "app", "oci:dir").err())
        .contains("--all-tags goes to where the tags say: leave out DESTINATION");
    assertThat(cli().run("push", "--creds", "me", "app").err())
        .contains("invalid value of --creds: expected NAME:PASSWORD");
  }

  @Test
  void copyKnowsPlacesAndTwoRegistries() {
    engine.on(Copy.class, _ -> transferred("oci:out:1"));
    Cli.Result result =
        cli()
            .run(
                "copy",
                "--src-tls-verify=false",
                "--dest-creds=a:b",
                "--authfile=both",
                "--dest-authfile=dest",
                "--format=v2s2",
                "--retry-times=3",
                "--preserve-digests",
                "docker://example.org/app",
                "oci:out:1");
    assertThat(result.code()).isZero();
    Copy copy = engine.only(Copy.class);
    assertThat(copy.from())
        .isEqualTo(new ImageLocation.Registry(Reference.parse("example.org/app:latest")));
    assertThat(copy.to())
        .isEqualTo(
            new ImageLocation.Layout("oci:out:1", directory.resolve("out"), Optional.of("1")));
    assertThat(copy.fromAccess().verifyTls()).contains(false);
    assertThat(copy.fromAccess().authFile()).contains(directory.resolve("both"));
    assertThat(copy.toAccess().verifyTls()).isEmpty();
    assertThat(copy.toAccess().authFile()).contains(directory.resolve("dest"));
    assertThat(copy.options().format()).contains(ManifestFormat.V2S2);
    assertThat(copy.options().preserveDigests()).isTrue();
    assertThat(copy.options().selection()).isEqualTo(new Selection.ForHost());
    assertThat(copy.retries()).isEqualTo(3);
    assertThat(cli().run("copy", "--all", "--platform", "arm64", "a", "b").err())
        .contains("--all and --platform exclude each other");
    assertThat(cli().run("copy", "docker-daemon:a:1", "b").err())
        .contains("transport \"docker-daemon:\" is not supported: use docker://");
  }

  @Test
  void listsAreMadeChangedAndPushed() {
    engine
        .on(CreateList.class, _ -> "docker.io/library/l:1")
        .on(AddToList.class, _ -> "sha256:x")
        .on(RemoveFromList.class, _ -> "sha256:y")
        .on(PushList.class, _ -> transferred("docker://l:1"));
    assertThat(cli().run("manifest", "create", "--insecure", "l:1", "a", "b").out())
        .isEqualTo("Created manifest list docker.io/library/l:1\n");
    assertThat(engine.only(CreateList.class).members()).containsExactly("a", "b");
    assertThat(engine.only(CreateList.class).access().verifyTls()).contains(false);
    assertThat(
            cli()
                .run("manifest", "add", "--all", "--arch=arm", "--variant", "v7", "l:1", "c")
                .out())
        .isEqualTo("sha256:x\n");
    AddToList add = engine.only(AddToList.class);
    assertThat(add.all()).isTrue();
    assertThat(add.change().variant()).contains("v7");
    var _ = cli().run("manifest", "annotate", "--os-features", "a,b", "l:1", "c");
    assertThat(engine.only(AnnotateList.class).change().osFeatures()).containsExactly("a", "b");
    assertThat(cli().run("manifest", "remove", "l:1", "c").out()).isEqualTo("sha256:y\n");
    assertThat(cli().run("manifest", "push", "-p", "-q", "l:1").out())
        .isEqualTo(TARGET.digest() + "\n");
    assertThat(engine.only(PushList.class).remove()).isTrue();
    assertThat(cli().run("manifest", "rm", "l:1").code()).isZero();
    assertThat(engine.only(RemoveList.class).list()).isEqualTo("l:1");
  }

  @Test
  void manifestsAreShown() {
    String json =
        "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"x/y\",\"digest\":\"%s\",\"size\":1},\"layers\":[]}"
            .formatted(BLOB.digest());
    engine.on(
        ShowManifest.class,
        _ -> {
          try {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            return new ManifestView("app:1", RawManifest.of("app:1", bytes), List.of());
          } catch (ImageException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(cli().run("manifest", "inspect", "app:1").out())
        .startsWith("{\n    \"schemaVersion\": 2,\n");
    assertThat(cli().run("manifest", "inspect", "--raw", "app:1").out()).isEqualTo(json);
    assertThat(cli().run("manifest", "inspect", "-v", "app:1").out())
        .contains("\"Ref\": \"app:1\"", "\"Descriptor\": {", "\"OCIManifest\": {");
  }

  @Test
  void registriesAreAsked() throws IOException {
    engine
        .on(RemoteTags.class, _ -> List.of("1", "2"))
        .on(
            RemoteReferrers.class,
            _ ->
                List.of(
                    new Descriptor(
                        MediaTypes.OCI_MANIFEST,
                        TARGET.digest(),
                        7,
                        java.util.Map.of(),
                        Optional.empty(),
                        Optional.of("application/x-sig"),
                        dev.coffer.spec.json.JsonObject.EMPTY)))
        .on(DeleteRemote.class, _ -> "sha256:z");
    assertThat(cli().run("registry", "tags", "docker://localhost:5000/app").out())
        .isEqualTo("1\n2\n");
    assertThat(engine.only(RemoteTags.class).repository()).isEqualTo("localhost:5000/app");
    assertThat(cli().run("registry", "referrers", "localhost:5000/app:1").out())
        .contains(TARGET.digest() + "   application/x-sig   7");
    assertThat(cli().run("registry", "rm", "localhost:5000/app:1").out())
        .isEqualTo("Deleted: sha256:z\n");
  }
}
