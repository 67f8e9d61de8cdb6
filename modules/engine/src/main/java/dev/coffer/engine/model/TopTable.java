package dev.coffer.engine.model;

import java.util.List;

/** Processes of a container: column titles and one row each. */
public record TopTable(List<String> titles, List<List<String>> processes) {}
