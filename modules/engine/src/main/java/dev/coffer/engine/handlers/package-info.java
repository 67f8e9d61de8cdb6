/** One class for each command: what it checks, and whom it tells to do it. */
package dev.coffer.engine.handlers;
