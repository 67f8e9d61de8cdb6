package dev.coffer.cli.format;

import java.util.function.Function;

/**
 * A field of a list that templates can name.
 *
 * @param name the template's name of it
 * @param header its title in tables
 * @param value its value of one item
 * @param <T> what the list has
 */
public record Column<T>(String name, String header, Function<T, ?> value) {}
