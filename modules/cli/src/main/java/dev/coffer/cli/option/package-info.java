/**
 * The command line as data: options, commands, and a parser with the rules that Docker's users
 * know.
 *
 * <p>One immutable table per command feeds the parser, {@code --help}, the man pages and the shell
 * completions. docs/decisions/command-line-parser.md says why this is not a library.
 */
package dev.coffer.cli.option;
