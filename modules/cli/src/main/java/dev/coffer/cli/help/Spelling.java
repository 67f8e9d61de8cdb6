package dev.coffer.cli.help;

import dev.coffer.cli.option.CommandModel;

/**
 * One way to write a command.
 *
 * @param path the words, such as {@code container ls}
 * @param model the command, whose own path may be another
 */
public record Spelling(String path, CommandModel model) {}
