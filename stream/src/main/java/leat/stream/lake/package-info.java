/// From the enriched and dead-letter topics into Iceberg tables, exactly once: tables made and
/// evolved from contracts, the loader, its positions inside the table's snapshots, compaction and
/// expiry. SQL reads what lies here; it does not live here.
@NullMarked
package leat.stream.lake;

import org.jspecify.annotations.NullMarked;
