/** Processes as /proc shows them. */
package dev.coffer.engine.process;
