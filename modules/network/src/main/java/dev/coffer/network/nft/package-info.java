/**
 * The language of nf_tables: tables, chains, sets, rules and what they are made of, said to the
 * kernel in transactions.
 *
 * <p>Source: include/uapi/linux/netfilter/nf_tables.h, from which all numbers here are.
 */
package dev.coffer.network.nft;
