# Sourced by bench/image: makes the images that are pulled, once, as a docker-registry's data below $cache, and starts that registry.
# big: three layers (a Debian, a JDK, a C++ tool chain); many: 50,000 small files. Tags: gzip and zstd.
registry_pid=
start_registry() {
  cat >"$work/registry.yml" <<END
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $cache/registry}, cache: {blobdescriptor: inmemory}}
http: {addr: $registry}
END
  docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
  registry_pid=$!
  local tries
  for ((tries = 0; tries < 100; tries++)); do
    curl -fsS "http://$registry/v2/" >/dev/null 2>&1 && return 0
    sleep 0.1
  done
  echo "bench: docker-registry does not start: $(tail -n 1 "$work/registry.log")" >&2
  return 1
}

layer() { # layer NAME: $cache/making/NAME as $cache/making/NAME.tar
  tar --sort=name --numeric-owner -C "$cache/making/$1" -cf "$cache/making/$1.tar" .
}

make_debian() {
  mmdebstrap --quiet --variant=minbase bookworm "$cache/making/debian.tar"
}

make_jdk() {
  mkdir -p "$cache/making/jdk/opt"
  cp -aL "$JAVA_HOME" "$cache/making/jdk/opt/jdk"
  rm -rf "$cache"/making/jdk/opt/jdk/{jmods,lib/src.zip}
  layer jdk
}

make_tools() {
  local making=$cache/making
  mkdir -p "$making/debs" "$making/tools"
  (cd "$making/debs" && apt-get download -q g++-12 gcc-12 cpp-12 libgcc-12-dev libstdc++-12-dev binutils-common \
    "binutils-$(uname -m | tr _ -)-linux-gnu" libc6-dev linux-libc-dev make >/dev/null 2>&1)
  local deb
  for deb in "$making"/debs/*.deb; do dpkg-deb -x "$deb" "$making/tools"; done
  layer tools
}

make_many() {
  local making=$cache/making directory
  mkdir -p "$making/many" "$making/source"
  (cd "$making/source" && "$JAVA_HOME/bin/jar" xf "$JAVA_HOME/lib/src.zip")
  find "$making/source" -type f -print0 | sort -z | xargs -0 cat 2>/dev/null | head -c 100000000 >"$making/text" || true
  for ((directory = 0; directory < 500; directory++)); do
    mkdir "$making/many/d$directory"
    tail -c +$((directory * 200000 + 1)) "$making/text" | head -c 200000 | split -b 2000 -d -a 3 - "$making/many/d$directory/f" || true
  done
  layer many
}

make_image() { # make_image NAME LAYER…: pushed with layers of gzip and of zstd
  local name=$1 one
  shift
  umoci new --image "$cache/making/layout:$name"
  for one in "$@"; do umoci raw add-layer --image "$cache/making/layout:$name" "$cache/making/$one.tar" >/dev/null; done
  # Plain layers in between: skopeo compresses those, and leaves the others as they are. And zstd first: what a registry is known to have
  # of a layer is taken for any compression of it.
  skopeo copy --quiet --insecure-policy --dest-decompress "oci:$cache/making/layout:$name" "dir:$cache/making/plain-$name"
  skopeo copy --quiet --insecure-policy --dest-tls-verify=false --dest-compress-format zstd \
    "dir:$cache/making/plain-$name" "docker://$registry/$name:zstd"
  skopeo copy --quiet --insecure-policy --dest-tls-verify=false --preserve-digests \
    "oci:$cache/making/layout:$name" "docker://$registry/$name:gzip"
}

make_images() { # needs the registry; does nothing when the cache is whole
  [ ! -e "$cache/whole" ] || return 0
  echo "bench: making the images in $cache" >&2
  umoci init --layout "$cache/making/layout"
  make_debian
  make_jdk
  make_tools
  make_many
  make_image big debian jdk tools
  make_image many many
  stat -c '%n %s' "$cache"/making/*.tar | sed "s|$cache/making/||" >"$cache/whole"
  rm -rf "$cache/making"
}
