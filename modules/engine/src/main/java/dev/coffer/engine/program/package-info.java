/** Programs of the host that the engine runs, for what it does not do itself. */
package dev.coffer.engine.program;
