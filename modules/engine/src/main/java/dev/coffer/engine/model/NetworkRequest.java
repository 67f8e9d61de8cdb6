package dev.coffer.engine.model;

import java.util.List;
import java.util.Optional;

/**
 * Names and network of a new container.
 *
 * @param mode {@code none}, {@code host}, {@code container:ID}, {@code default}, or a network's
 *     name
 * @param hostname host name; empty: the short id
 * @param domainname NIS domain name
 * @param extraHosts {@code name:address}; {@code host-gateway} is an address too
 * @param dns name servers
 * @param dnsSearch search domains
 * @param dnsOptions resolver options
 * @param publish {@code -p} values
 * @param expose exposed ports
 * @param publishAll whether every exposed port is published
 * @param macAddress wanted hardware address
 */
public record NetworkRequest(
    String mode,
    Optional<String> hostname,
    Optional<String> domainname,
    List<String> extraHosts,
    List<String> dns,
    List<String> dnsSearch,
    List<String> dnsOptions,
    List<String> publish,
    List<String> expose,
    boolean publishAll,
    Optional<String> macAddress) {}
