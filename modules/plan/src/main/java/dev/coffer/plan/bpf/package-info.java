/**
 * Programs for the kernel's two virtual machines, built in pure Java.
 *
 * <p>{@link dev.coffer.plan.bpf.ClassicAssembler} lays out classic BPF, which seccomp(2) takes;
 * {@link dev.coffer.plan.bpf.DeviceFilter} compiles a list of device rules to eBPF for cgroup v2.
 */
package dev.coffer.plan.bpf;
