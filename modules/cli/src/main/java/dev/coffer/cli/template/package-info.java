/**
 * The template language of {@code --format}: that of Go's {@code text/template}, with the functions
 * that Docker adds to it.
 *
 * <p>Data are plain values: {@code null}, {@link java.lang.Boolean}, {@link java.lang.Long}, {@link
 * java.lang.Double}, {@link java.lang.String}, {@link java.util.List}, {@link java.util.Map} with
 * string keys, and {@link dev.coffer.cli.template.Row} whose fields are computed when asked for.
 */
package dev.coffer.cli.template;
