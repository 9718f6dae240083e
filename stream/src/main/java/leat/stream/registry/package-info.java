/// The topic of the registered contracts: read into a [leat.core.registry.ContractRegistry], and
/// written by whoever applies a workspace's plan, one at a time. What may be registered is decided
/// in the core.
@NullMarked
package leat.stream.registry;

import org.jspecify.annotations.NullMarked;
