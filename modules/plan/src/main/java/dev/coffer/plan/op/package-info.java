/**
 * The operations of a plan: one record for each, with what it does and why it is there. Each lowers
 * itself to instructions of the wire form.
 */
package dev.coffer.plan.op;
