/**
 * Plans: a container action as a program of system calls, compiled from a spec and facts of the
 * host. Everything here is a pure value: nothing reads a file, asks the kernel or keeps state.
 *
 * <p>{@link dev.coffer.plan.Plan} is what is compiled; {@link dev.coffer.plan.op} holds its
 * operations, {@link dev.coffer.plan.compile} makes it, {@link dev.coffer.plan.wire} encodes it for
 * the executor and {@link dev.coffer.plan.explain} prints it.
 */
package dev.coffer.plan;
