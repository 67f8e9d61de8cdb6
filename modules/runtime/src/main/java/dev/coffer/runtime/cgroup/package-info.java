/** A container's control groups, on version 1, hybrid and version 2 hosts alike. */
package dev.coffer.runtime.cgroup;
