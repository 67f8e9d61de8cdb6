/** Output in Docker's forms: tables, templates, sizes and times in words. */
package dev.coffer.cli.format;
