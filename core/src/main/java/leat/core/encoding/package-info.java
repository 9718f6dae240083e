/// Payloads that are not JSON: Avro and Protobuf bytes become the JSON object that the validator
/// reads. Checked against the contract when it is loaded, bounded against hostile bytes. No network
/// and no registry lives here: schemas come in with the contract.
@NullMarked
package leat.core.encoding;

import org.jspecify.annotations.NullMarked;
