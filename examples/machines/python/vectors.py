"""Vectors of a view and their labels, read from the log by Kafka's ordinary client."""

import json
import os

import pandas as pd
from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

VECTORS = "machines.vectors.machine-state.v1"
READINGS = "machines.enriched.machine-reading.v1"
# All of the view, in its order: the scorer gives them to the model so.
FEATURES = ["quality", "air_temperature", "temperature_difference", "rotational_speed",
            "torque", "tool_wear", "power", "strain"]


def training_rows(ranges=None):
    """One row a vector, in the order of time, and the range that was read.

    ranges has {partition: [from, to]} of VECTORS, as a run has it; without, all that is there now.
    """
    with _consumer() as consumer:
        ranges = ranges or _all(consumer, VECTORS)
        vectors = pd.DataFrame(
            {"position": headers["leat_position"], **value}
            for _, headers, value in _read(consumer, VECTORS, ranges)
        )
        labels = pd.DataFrame(
            {"partition": record.partition(), "offset": record.offset(), "failure": value["failure"]}
            for record, _, value in _read(consumer, READINGS, _all(consumer, READINGS))
        )
    # A vector's position is that of its event, TOPIC-ID/PARTITION@OFFSET.
    place = vectors["position"].str.extract(r"/(?P<partition>\d+)@(?P<offset>\d+)$").astype(int)
    rows = pd.concat([vectors, place], axis=1).merge(labels, on=["partition", "offset"])
    rows = rows.sort_values(["query_time", "partition", "offset"], ignore_index=True)
    return rows, ranges


def records(topic):
    """All records that are in a topic now, with their headers as text."""
    with _consumer() as consumer:
        for _, headers, value in _read(consumer, topic, _all(consumer, topic)):
            yield headers, value


def _consumer():
    return _Closing({
        "bootstrap.servers": os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092"),
        "group.id": "python",  # asked for by the client; nothing is committed
        "enable.auto.commit": False,
        "enable.partition.eof": True,
        "isolation.level": "read_committed",
    })


class _Closing(Consumer):
    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def _all(consumer, topic):
    partitions = consumer.list_topics(topic, timeout=30).topics[topic].partitions
    return {
        partition: list(consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=30))
        for partition in sorted(partitions)
    }


def _read(consumer, topic, ranges):
    """The records of [from, to) of each partition; markers of transactions take offsets too."""
    open_ranges = {int(partition): ends for partition, ends in ranges.items() if ends[0] < ends[1]}
    consumer.assign([TopicPartition(topic, p, ends[0]) for p, ends in open_ranges.items()])
    while open_ranges:
        record = consumer.poll(30)
        if record is None:
            raise TimeoutError(f"{topic} gave nothing for 30 s")
        partition = record.partition()
        if record.error():
            if record.error().code() != KafkaError._PARTITION_EOF:
                raise KafkaException(record.error())
            open_ranges.pop(partition, None)
        elif partition in open_ranges:
            end = open_ranges[partition][1]
            if record.offset() < end:
                headers = {name: text.decode() for name, text in record.headers() or ()}
                yield record, headers, json.loads(record.value())
            if record.offset() >= end - 1:
                del open_ranges[partition]

