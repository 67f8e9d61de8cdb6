/**
 * As much of D-Bus as it takes to call a method and to wait for a signal (D-Bus Specification, <a
 * href="https://dbus.freedesktop.org/doc/dbus-specification.html">version 1</a>): a connection over
 * a Unix socket, the handshake EXTERNAL, messages and their values. docs/decisions/dbus.md says why
 * it is written here.
 */
package dev.coffer.runtime.dbus;
