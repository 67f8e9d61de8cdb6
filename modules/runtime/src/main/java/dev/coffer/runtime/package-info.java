/**
 * Running containers: what the engine uses to start, watch and end them.
 *
 * <ul>
 *   <li>{@link dev.coffer.runtime.protocol}: frames between launcher, engine and monitor, and their
 *       payloads
 *   <li>{@link dev.coffer.runtime.monitor}: starting a monitor with a plan, and the connection to
 *       one
 *   <li>{@code dev.coffer.runtime.host}: the facts of this host, probed once
 *   <li>{@code dev.coffer.runtime.cgroup}: a container's control groups
 *   <li>{@code dev.coffer.runtime.process}: what runs in a container
 *   <li>{@code dev.coffer.runtime.file}: locks and files of others
 * </ul>
 */
package dev.coffer.runtime;
