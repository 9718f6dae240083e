package leat.stream.log;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/// What a batch became: records with their topic, partition and timestamp, in the order in which
/// they are to stand in their partitions.
///
/// @param counts what became of the batch's records; committed with the position
public record Emissions(List<ProducerRecord<byte[], byte[]>> records, Counts counts) {}
