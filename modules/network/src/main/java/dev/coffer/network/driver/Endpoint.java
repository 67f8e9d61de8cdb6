package dev.coffer.network.driver;

/**
 * A container's end in one network, when networks are spoken of together.
 *
 * @param network the network
 * @param spec the end in it
 */
public record Endpoint(NetworkSpec network, EndpointSpec spec) {}
