/**
 * Starting a container's monitor, and the connection to one.
 *
 * <p>{@link dev.coffer.runtime.monitor.Monitors} is where to begin: {@code start} runs a plan and
 * answers once the container's process has exec'd; {@code reconnect} finds a running one again.
 * Both give a {@link dev.coffer.runtime.monitor.MonitorConnection}, whose {@code exited()} tells
 * the end.
 */
package dev.coffer.runtime.monitor;
