package leat.stream.retry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.Set;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.stream.inspect.DeadLetter;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/// Makes records for one sink alone of the enriched events that it refused. They are as they were,
/// with the attempt raised and the letter named. Whether the sink takes them now is its own to say.
/// Pure.
final class SinkReturn {

    private static final Set<String> OF_THE_LETTER =
            Set.of(
                    EventHeaders.STAGE,
                    EventHeaders.REASONS,
                    EventHeaders.DEAD_ID,
                    EventHeaders.RETRY_POSITION);

    private final Map<DeadStage, String> topics;
    private final boolean corrected;

    /// @param corrected whether events are to be corrected, which those of a sink cannot be
    SinkReturn(Names names, Contract contract, boolean corrected) {
        this.topics =
                Map.of(
                        DeadStage.SEARCH,
                        names.retry(contract, DeadStage.SEARCH),
                        DeadStage.LAKE,
                        names.retry(contract, DeadStage.LAKE));
        this.corrected = corrected;
    }

    /// @param sink [DeadStage#SEARCH] or [DeadStage#LAKE]
    Fate fate(DeadLetter letter, DeadStage sink) {
        String topic = topics.get(sink);
        if (topic == null) {
            throw new IllegalArgumentException(sink + " is no sink");
        }
        if (corrected) {
            return new Fate.Stays(
                    "--set corrects what a contract refused; " + sink.word() + " refused this one");
        }
        boolean complete =
                letter.event().header(EventHeaders.POSITION).isPresent()
                        && letter.event().header(EventHeaders.ID).isPresent()
                        && letter.event().header(EventHeaders.SOURCE).isPresent()
                        && letter.event().value().bytes().length > 0;
        if (!complete) {
            return new Fate.Stays("it is no event of the enricher's");
        }
        if (sink == DeadStage.SEARCH
                && letter.event().header(EventHeaders.ENRICHED_OFFSET).isEmpty()) {
            return new Fate.Stays(
                    "an older Leat wrote it, which did not say what its document's version is");
        }
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        topic,
                        letter.event().partition(),
                        letter.event().key().map(key -> key.getBytes(UTF_8)).orElse(null),
                        letter.event().value().bytes());
        Headers headers = record.headers();
        letter.event()
                .headers()
                .forEach((name, value) -> {
                    if (!OF_THE_LETTER.contains(name)) {
                        put(headers, name, value);
                    }
                });
        put(headers, EventHeaders.ATTEMPT, Integer.toString(letter.attempt() + 1));
        put(headers, EventHeaders.RETRY_OF, letter.id());
        put(
                headers,
                EventHeaders.APPENDED,
                Long.toString(letter.event().appended().toEpochMilli()));
        Hash128 event =
                Hash128.of(
                        letter.event().header(EventHeaders.SOURCE).orElseThrow(),
                        letter.event().header(EventHeaders.ID).orElseThrow());
        return new Fate.Returns(
                record, event, sink == DeadStage.SEARCH ? Fate.Way.SEARCH : Fate.Way.LAKE);
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(UTF_8));
    }
}
