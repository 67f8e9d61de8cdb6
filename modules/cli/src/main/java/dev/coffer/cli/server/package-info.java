/**
 * The engine as a process: its socket, its callers, its beginning and end.
 * docs/contributors/protocols.md has the frames.
 */
package dev.coffer.cli.server;
