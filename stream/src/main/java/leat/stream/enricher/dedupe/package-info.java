/// Exactness rule 1: which raw records are duplicates. Identities are remembered off the Java heap,
/// and in a local journal from which they are restored. The rule and its limits are written in
/// `docs/decisions/duplicates.md`.
@NullMarked
package leat.stream.enricher.dedupe;

import org.jspecify.annotations.NullMarked;
