/** What is rendered of the command models: help, man pages, completion scripts. */
package dev.coffer.cli.help;
