/** Mains that the build runs to render the manual and the completion scripts. */
package dev.coffer.cli.docs;
