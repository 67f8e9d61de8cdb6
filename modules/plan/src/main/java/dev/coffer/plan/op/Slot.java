package dev.coffer.plan.op;

/**
 * A place that holds a descriptor or a pid while a plan runs.
 *
 * @param index its number in the wire form
 * @param name how people read it
 */
public record Slot(int index, String name) {}
