package dev.coffer.engine.network;

import dev.coffer.engine.model.EndpointRequest;

/**
 * A network that a container is in.
 *
 * @param network the network
 * @param wanted what was asked of the container's end there
 */
record Place(Network network, EndpointRequest wanted) {}
