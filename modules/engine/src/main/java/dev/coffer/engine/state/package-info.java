/** What the engine remembers of containers, and how it stands on disk. */
package dev.coffer.engine.state;
