/** Images made straight from a distribution's package archive. */
package dev.coffer.engine.bootstrap;
