/** The commands, one class each, and the table that finds them by name. */
package dev.coffer.cli.command;
