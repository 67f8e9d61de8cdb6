package dev.coffer.cli.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.engine.model.MountRequest;
import dev.coffer.engine.model.MountRequest.Bind;
import dev.coffer.engine.model.MountRequest.Tmpfs;
import dev.coffer.engine.model.MountRequest.Volume;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountsTest {

  private static final HostPaths PATHS =
      path -> path.startsWith("/") ? path : "/here/" + path.replaceFirst("^\\./", "");

  private static MountRequest volume(String text) {
    return VolumeSyntax.parse(text, PATHS);
  }

  private static MountRequest mount(String text) {
    return MountSyntax.parse(text, PATHS);
  }

  private static Volume plain(Optional<String> name, String target) {
    return new Volume(
        name, target, false, true, Optional.empty(), Map.of(), Optional.empty(), Map.of());
  }

  @Test
  void volumesOfEveryKind() {
    assertThat(volume("/a:/b"))
        .isEqualTo(new Bind("/a", "/b", false, "rprivate", true, true, false));
    assertThat(volume("./a:/b"))
        .isEqualTo(new Bind("/here/a", "/b", false, "rprivate", true, true, false));
    assertThat(volume("/a:/b:ro,rshared"))
        .isEqualTo(new Bind("/a", "/b", true, "rshared", true, true, true));
    assertThat(volume("/a:/b:rw,slave,z"))
        .isEqualTo(new Bind("/a", "/b", false, "slave", true, true, false));
    assertThat(volume("data:/b")).isEqualTo(plain(Optional.of("data"), "/b"));
    assertThat(volume("not/a/path:/b")).isEqualTo(plain(Optional.of("not/a/path"), "/b"));
    assertThat(volume("/b")).isEqualTo(plain(Optional.empty(), "/b"));
    assertThat(volume("data:/b:ro,nocopy"))
        .isEqualTo(
            new Volume(
                Optional.of("data"),
                "/b",
                true,
                false,
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      value = {
        "a:b:c:d => too many colons",
        ":/b => empty section between colons",
        "a:b => must be absolute",
        "/a:/ => destination can't be '/'",
        "/a:/b:nonsense => unknown option \"nonsense\"",
        "data:/b:rshared => not for volumes"
      })
  void wrongVolumes(String text, String reason) {
    assertThatThrownBy(() -> volume(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("invalid volume specification \"" + text + "\"")
        .hasMessageContaining(reason);
  }

  @Test
  void bindMounts() {
    assertThat(mount("type=bind,source=/a,target=/b"))
        .isEqualTo(new Bind("/a", "/b", false, "rprivate", false, true, false));
    assertThat(mount("type=bind,src=a,dst=/b,readonly,bind-propagation=rslave"))
        .isEqualTo(new Bind("/here/a", "/b", true, "rslave", false, true, true));
    assertThat(mount("type=bind,source=/a,destination=/b,ro=true,bind-recursive=writable"))
        .isEqualTo(new Bind("/a", "/b", true, "rprivate", false, true, false));
    assertThat(mount("type=bind,source=/a,target=/b,bind-recursive=disabled,bind-create-src"))
        .isEqualTo(new Bind("/a", "/b", false, "rprivate", true, false, false));
    assertThat(mount("type=bind,source=/a,target=/b,bind-nonrecursive"))
        .isEqualTo(new Bind("/a", "/b", false, "rprivate", false, false, false));
    assertThat(mount("type=bind,\"source=/a,b\",target=/b"))
        .isEqualTo(new Bind("/a,b", "/b", false, "rprivate", false, true, false));
  }

  @Test
  void otherMounts() {
    assertThat(mount("target=/b")).isEqualTo(plain(Optional.empty(), "/b"));
    assertThat(
            mount(
                "type=volume,source=data,target=/b,volume-nocopy,volume-subpath=x,volume-label=a=1,volume-driver=local,volume-opt=o=size=1"))
        .isEqualTo(
            new Volume(
                Optional.of("data"),
                "/b",
                false,
                false,
                Optional.of("x"),
                Map.of("a", "1"),
                Optional.of("local"),
                Map.of("o", "size=1")));
    assertThat(mount("type=tmpfs,target=/t,tmpfs-size=1m,tmpfs-mode=1777"))
        .isEqualTo(new Tmpfs("/t", false, "size=1048576,mode=1777"));
    assertThat(mount("type=tmpfs,target=/t,readonly")).isEqualTo(new Tmpfs("/t", true, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      value = {
        "type=bind,source=/a => target is required",
        "type=bind,target=/b => source is required",
        "type=bind,source=/a,target=b => must be absolute",
        "type=bind,source=/a,target=/b,nonsense => invalid field 'nonsense' must be a key=value pair",
        "type=bind,source=/a,target=/b,non=sense => unexpected key 'non' in 'non=sense'",
        "type=bind,source=/a,target=/b,bind-propagation=x => invalid propagation \"x\"",
        "type=bind,source=/a,target=/b,readonly=maybe => invalid value for readonly: maybe",
        "type=bind,source=/a,target=/b,bind-recursive=readonly => requires 'readonly'",
        "type=bind,source=/a,target=/b,tmpfs-size=1 => cannot mix 'tmpfs-*' options",
        "type=image,source=a,target=/b => not supported: mount type \"image\"",
        "type=floppy,target=/b => invalid mount type \"floppy\"",
        "type=tmpfs,source=/a,target=/b => source must be empty",
        "type=tmpfs,target=/b,tmpfs-mode=9 => invalid value for tmpfs-mode: 9",
        "type=tmpfs,target=/b,tmpfs-size=x => invalid size: 'x'"
      })
  void wrongMounts(String text, String reason) {
    assertThatThrownBy(() -> mount(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }
}
