# The verbs of Coffer. `make help` lists them.
SHELL := /bin/sh
export JAVA_HOME := $(shell tools/find-jdk 2>/dev/null)
MVN := mvn -B -ntp
PREFIX ?= /usr/local
DESTDIR ?=
ROOT := $(filter 0,$(shell id -u))

.PHONY: help build test unit native-test test-vm test-vm-systemd test-engines engine-tools check fmt headers docs bench bench-oci bench-dns bench-image bench-network fuzz install uninstall clean jdk test-tools

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 14

jdk:
	@tools/find-jdk >/dev/null

test-tools:
	@tools/need musl-gcc=musl-tools make=make mvn=maven cc=gcc /usr/include/linux/mount.h=linux-libc-dev \
	  /bin/busybox=busybox-static clang=clang clang-tidy=clang-tidy cppcheck=cppcheck \
	  '/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.asan-*.a=libclang-rt-dev' \
	  docker-registry=docker-registry htpasswd=apache2-utils openssl=openssl \
	  strace=strace umoci=umoci skopeo=skopeo mmdebstrap=mmdebstrap dbus-daemon=dbus-daemon zstd=zstd tmux=tmux ip=iproute2 nft=nftables /usr/lib/cni/bridge=containernetworking-plugins iptables-save=iptables \
	  curl=curl

build: ## build the distribution into build/dist
	@tools/build

unit: jdk ## run the tests that need no root
	$(MVN) test

native-test: test-tools ## test the C helper under sanitizers
	$(MAKE) -C native test

check: jdk test-tools ## formatting, generated headers, C lint
	$(MVN) -q spotless:check
	$(MAKE) -C native lint

test: check native-test build ## every test; containers run for real when root
	$(MVN) $(if $(ROOT),verify,test) -Dspotless.skip=true

engine-tools:
	@tools/need containerd=containerd dockerd=docker.io ufw=ufw podman=podman runc=runc crun=crun nsenter=util-linux script=bsdutils \
	  /bin/busybox=busybox-static curl=curl ip=iproute2 \
	  buildah=buildah skopeo=skopeo umoci=umoci docker-registry=docker-registry bsdtar=libarchive-tools

test-engines: engine-tools build ## containerd, CRI, dockerd and podman over a low-level runtime (OCI_RUNTIME, default coffer-oci)
	$(MVN) verify -pl conformance -am -Dspotless.skip=true -Dtest=NONE -Dit.test='engines/*IT' \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false \
	  -Doci.runtime=$(or $(OCI_RUNTIME),$(CURDIR)/build/dist/bin/coffer-oci)

test-vm: build ## prove build/dist on a kernel with cgroup version 2 alone, in QEMU
	@conformance/vm/run
	@OCI_RUNTIME=$(OCI_RUNTIME) conformance/vm/run-criu
	@conformance/vm/run-network

test-vm-systemd: build ## prove coffer-oci --systemd-cgroup on Debian's systemd, in QEMU (VM_MODE=hybrid, OCI_RUNTIME=runc)
	@OCI_RUNTIME=$(OCI_RUNTIME) conformance/vm/run-systemd $(VM_MODE)

fmt: jdk ## format the Java sources
	$(MVN) -q spotless:apply

headers: jdk ## generate native/include from the Java tables
	$(MVN) -q compile -pl modules/runtime -am
	@cp="$$(printf '%s:' modules/spec/target/classes modules/plan/target/classes modules/kernel/target/classes modules/runtime/target/classes)"; \
	$(JAVA_HOME)/bin/java -cp "$$cp" dev.coffer.plan.wire.WireHeader native/include/wire.h && \
	$(JAVA_HOME)/bin/java -cp "$$cp" dev.coffer.runtime.protocol.ProtoHeader native/include/proto.h

docs: build ## bring the table of commands in docs up to date
	@build/dist/lib/coffer/jre/bin/java -cp 'build/dist/lib/coffer/jars/*' dev.coffer.cli.docs.ParityTable docs/coming-from-docker.md

bench: build ## measure Coffer beside its peers, in turn
	@bench/run

bench-oci: engine-tools build ## measure coffer-oci beside runc and crun, in turn (OCI_RUNTIME to measure another)
	@bench/oci

bench-dns: build ## measure the name server of user-defined networks beside Docker's and dnsmasq
	@$(MVN) -q test-compile -pl modules/network -am -Dspotless.skip=true
	@bench/dns

bench-network: engine-tools build ## measure networks beside docker and podman, in network namespaces of their own
	@bench/network

bench-image: test-tools engine-tools build ## measure pulls beside containerd, docker, podman, and skopeo with umoci, in turn
	@bench/image

fuzz: jdk test-tools ## fuzz config.json, then the decoder of plans also with what came out (FUZZ_SECONDS each, default 60)
	@mkdir -p build/native/corpus/decoder
	$(MVN) -q test -pl modules/plan -am -Dspotless.skip=true -Dtest=ConfigFuzzTest -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dfuzz.seconds=$(or $(FUZZ_SECONDS),60) -Dfuzz.corpus=$(CURDIR)/build/native/corpus/decoder
	$(MAKE) -C native fuzz

install: build ## install a self-contained distribution into PREFIX
	@tools/install "$(DESTDIR)" "$(PREFIX)"

uninstall: ## remove what install has put into PREFIX
	@tools/uninstall "$(DESTDIR)" "$(PREFIX)"

clean: ## remove what was built
	rm -rf build modules/*/target
