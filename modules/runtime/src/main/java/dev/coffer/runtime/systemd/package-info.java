/**
 * Cgroups that systemd keeps (systemd.scope(5), org.freedesktop.systemd1(5), <a
 * href="https://systemd.io/CGROUP_DELEGATION">cgroup delegation</a>): a container's is a scope,
 * found by its unit's name, limited by the unit's properties.
 */
package dev.coffer.runtime.systemd;
