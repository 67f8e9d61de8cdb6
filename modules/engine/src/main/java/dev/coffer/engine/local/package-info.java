/** The engine of this machine: its parts put together, and the way of a command to its handler. */
package dev.coffer.engine.local;
