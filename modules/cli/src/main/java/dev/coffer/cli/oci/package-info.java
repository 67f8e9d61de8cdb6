/** The command line of {@code coffer-oci}, which is runc's: one class a command. */
package dev.coffer.cli.oci;
