/// What a team declares once: the data contract as read from ODCS, checked and resolved. No I/O but
/// reading the file; nothing here knows of Kafka, Iceberg or search.
@NullMarked
package leat.core.contract;

import org.jspecify.annotations.NullMarked;
