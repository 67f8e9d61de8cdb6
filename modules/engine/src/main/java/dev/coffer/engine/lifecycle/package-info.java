/** Starting, ending, restarting and removing containers, whoever asks for it. */
package dev.coffer.engine.lifecycle;
