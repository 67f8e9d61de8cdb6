package dev.coffer.engine.model;

import java.util.Optional;

/**
 * What became of a login.
 *
 * @param user the name that was accepted; empty for an identity token
 * @param unprotected the file that the password has just been written to, readable for its owner;
 *     empty when a helper keeps it, or when it had been kept before
 * @param shadowedBy a file with other credentials that are used before these
 */
public record LoginResult(String user, Optional<String> unprotected, Optional<String> shadowedBy) {}
