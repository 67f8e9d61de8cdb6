# Sourced by bench/run and others: starts the peers that work on this machine and fills peers_run and peers_exec with NAME=COMMAND.
# Daemons run with their data below $work, without networks, firewall rules or systemd; they are ended by pid.
peers_run=()
peers_exec=()
peer_pids=()
# Podman's default raises limits, which takes a capability that not every root has.
limits=(--ulimit nofile=1024:1024 --ulimit nproc=1024:1024)
works() { "$@" >"$work/peer.out" 2>&1; }
left_out() { echo "bench: $1 left out: $(tail -n 1 "$work/peer.out" 2>/dev/null)"; }
wait_for() { # wait_for COMMAND…: up to 20 seconds
  local tries
  for ((tries = 0; tries < 100; tries++)); do
    "$@" >/dev/null 2>&1 && return 0
    sleep 0.2
  done
  return 1
}

make_bundle() {
  local applet
  mkdir -p "$work/bundle/rootfs/bin" "$work/sleeper"
  cp /bin/busybox "$work/bundle/rootfs/bin/"
  for applet in sh true sleep; do ln -s busybox "$work/bundle/rootfs/bin/$applet"; done
  (cd "$work/bundle" && runc spec && sed -i 's/"terminal": true/"terminal": false/; s/"sh"$/"true"/' config.json)
  cp -a "$work/bundle/rootfs" "$work/sleeper/"
  sed 's/"true"$/"sleep", "100000"/' "$work/bundle/config.json" >"$work/sleeper/config.json"
}

start_oci() {
  local runtime
  for runtime in runc crun; do
    command -v "$runtime" >/dev/null || { echo "bench: $runtime left out: not installed"; continue; }
    if works "$runtime" --root "$work/$runtime" run -b "$work/bundle" probe-$$; then
      peers_run+=("$runtime=$runtime --root $work/$runtime run -b $work/bundle bench-%i")
      peers_exec+=("$runtime=$runtime --root $work/$runtime exec bench-sleeper-$$ true")
      oci_runtimes+=("$runtime")
    else
      left_out "$runtime"
    fi
  done
}

start_containerd() {
  command -v containerd ctr >/dev/null || { echo "bench: ctr left out: not installed"; return; }
  mkdir -p "$work/containerd"
  cat >"$work/containerd/config.toml" <<END
version = 2
root = "$work/containerd/root"
state = "$work/containerd/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "$work/containerd/sock"
END
  containerd -c "$work/containerd/config.toml" >"$work/containerd/log" 2>&1 &
  peer_pids+=($!)
  ctr=(ctr -a "$work/containerd/sock")
  tar -C "$work/bundle/rootfs" -cf "$work/rootfs.tar" .
  if wait_for "${ctr[@]}" version && works "${ctr[@]}" image import --local "$(docker_archive)" || works "${ctr[@]}" image import "$(docker_archive)"; then
    if works "${ctr[@]}" run --rm docker.io/library/bench:latest probe-$$ true; then
      peers_run+=("ctr=${ctr[*]} run --rm docker.io/library/bench:latest bench-%i true")
      peers_exec+=("ctr=${ctr[*]} task exec --exec-id e%i bench-sleeper-$$ true")
      have_ctr=1
      return
    fi
  fi
  left_out ctr
}

docker_archive() { # an archive every engine loads, made by Coffer itself
  [ -e "$work/bench.tar" ] || {
    "$coffer" import "$work/rootfs.tar" bench:latest >/dev/null
    "$coffer" save -o "$work/bench.tar" bench:latest
  }
  echo "$work/bench.tar"
}

start_docker() {
  command -v dockerd >/dev/null || { echo "bench: docker left out: not installed"; return; }
  unshare -n dockerd --data-root "$work/docker/data" --exec-root "$work/docker/exec" -H "unix://$work/docker.sock" \
    --pidfile "$work/docker.pid" --bridge none --iptables=false --ip6tables=false >"$work/docker.log" 2>&1 &
  peer_pids+=($!)
  docker=(docker -H "unix://$work/docker.sock")
  if wait_for "${docker[@]}" version && works "${docker[@]}" load -i "$(docker_archive)" &&
    works "${docker[@]}" run --rm --network none bench true; then
    peers_run+=("docker=${docker[*]} run --rm --network none bench true")
    peers_exec+=("docker=${docker[*]} exec bench-sleeper-$$ true")
    have_docker=1
  else
    tail -n 1 "$work/docker.log" >>"$work/peer.out" 2>/dev/null || true
    left_out docker
  fi
}

start_podman() {
  command -v podman >/dev/null || { echo "bench: podman left out: not installed"; return; }
  podman=(podman --root "$work/podman/root" --runroot "$work/podman/run" --runtime runc --cgroup-manager cgroupfs)
  if works "${podman[@]}" load -i "$(docker_archive)" && works "${podman[@]}" run --rm "${limits[@]}" --network none bench true; then
    peers_run+=("podman=${podman[*]} run --rm ${limits[*]} --network none bench true")
    peers_exec+=("podman=${podman[*]} exec bench-sleeper-$$ true")
    have_podman=1
  else
    left_out podman
  fi
}

oci_runtimes=()
have_ctr= have_docker= have_podman=
start_peers() {
  make_bundle
  start_oci
  start_containerd
  start_docker
  start_podman
}

start_sleepers() {
  local runtime
  for runtime in "${oci_runtimes[@]}"; do
    "$runtime" --root "$work/$runtime" run -d -b "$work/sleeper" bench-sleeper-$$ >/dev/null 2>&1 </dev/null
  done
  [ -z "$have_ctr" ] || "${ctr[@]}" run -d docker.io/library/bench:latest bench-sleeper-$$ sleep 100000
  [ -z "$have_docker" ] || "${docker[@]}" run -d --network none --name bench-sleeper-$$ bench sleep 100000 >/dev/null
  [ -z "$have_podman" ] || "${podman[@]}" run -d "${limits[@]}" --network none --name bench-sleeper-$$ bench sleep 100000 >/dev/null
}

stop_sleepers() {
  local runtime
  for runtime in "${oci_runtimes[@]}"; do "$runtime" --root "$work/$runtime" delete -f bench-sleeper-$$ >/dev/null 2>&1 || true; done
  [ -z "$have_ctr" ] || { "${ctr[@]}" task kill -s KILL bench-sleeper-$$; sleep 0.5; "${ctr[@]}" container rm bench-sleeper-$$; } >/dev/null 2>&1 || true
  [ -z "$have_docker" ] || "${docker[@]}" rm -f bench-sleeper-$$ >/dev/null 2>&1 || true
  [ -z "$have_podman" ] || "${podman[@]}" rm -f -t 0 bench-sleeper-$$ >/dev/null 2>&1 || true
}

stop_peers() {
  local pid
  stop_sleepers
  for pid in "${peer_pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${peer_pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  if [ -n "$have_podman" ]; then "${podman[@]}" system reset -f >/dev/null 2>&1 || true; fi
  awk -v work="$work/" 'index($2, work) == 1 {print $2}' /proc/self/mounts | sort -r | while read -r mount; do umount -l "$mount" || true; done
}
