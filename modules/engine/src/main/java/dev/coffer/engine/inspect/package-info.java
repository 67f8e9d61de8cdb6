/** Docker's JSON forms of containers and images, for templates that people have written. */
package dev.coffer.engine.inspect;
