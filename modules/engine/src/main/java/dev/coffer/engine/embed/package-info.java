/** Coffer inside another Java program. */
package dev.coffer.engine.embed;
