/**
 * The wire form of a plan: what the executor in {@code native/} reads. {@code
 * docs/contributors/wire-form.md} is the contract; {@link dev.coffer.plan.wire.WireForm} holds its
 * numbers.
 */
package dev.coffer.plan.wire;
