/** What a command knows of its caller: words, environment, files, terminal; and how it answers. */
package dev.coffer.cli.request;
