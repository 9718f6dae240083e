package leat.ml.scorer;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.prediction.Lineup;
import leat.core.prediction.PredictionJson;
import leat.core.prediction.PredictionRole;
import leat.core.prediction.Scoring;
import leat.core.scoring.Predicted;
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// Makes the records of predictions: the key and the partition of the vector, whose position and
/// event they carry.
final class PredictionRecords {

    /// What the source of all predictions begins with.
    private static final String SOURCE = "scorer/";

    private final PredictionJson json;
    private final String topic;
    private final String shadowTopic;
    private final String source;
    private final String contractVersion;
    private final String view;

    PredictionRecords(Names names, Scoring scoring) {
        this.json = new PredictionJson(scoring);
        Contract contract = scoring.contract();
        this.topic = names.predictions(contract);
        this.shadowTopic = scoring.shadowContract().map(names::predictions).orElse("");
        this.source = SOURCE + contract.nameAndMajor();
        this.contractVersion = contract.version().toString();
        this.view = scoring.view().view().nameAndVersion();
    }

    /// What of a model's answer a prediction can have.
    Predicted fitting(Predicted predicted) {
        return json.fitting(predicted);
    }

    ProducerRecord<byte[], byte[]> of(
            ConsumerRecord<byte[], byte[]> vector,
            PredictionJson.Subject subject,
            Lineup.Answering by,
            Predicted predicted) {
        boolean shadow = by.role() == PredictionRole.SHADOW;
        String id = shadow ? subject.position() + "/" + by.standing().alias() : subject.position();
        RecordHeaders headers = new RecordHeaders();
        EventHeader.add(headers, EventHeaders.ID, id);
        EventHeader.add(headers, EventHeaders.SOURCE, source);
        EventHeader.add(headers, EventHeaders.SPEC_VERSION, EventHeaders.SPEC_VERSION_VALUE);
        EventHeader.add(headers, EventHeaders.POSITION, subject.position());
        String event = EventHeader.text(vector.headers(), EventHeaders.POSITION);
        if (event != null) {
            EventHeader.add(headers, EventHeaders.ORIGIN, event);
        }
        EventHeader.add(
                headers,
                EventHeaders.EVENT_TIME,
                Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, subject.queryTime())));
        EventHeader.add(headers, EventHeaders.CONTRACT_VERSION, contractVersion);
        EventHeader.add(headers, EventHeaders.VIEW, view);
        EventHeader.add(headers, EventHeaders.MODEL, by.standing().version());
        return new ProducerRecord<>(
                shadow ? shadowTopic : topic,
                vector.partition(),
                null,
                vector.key(),
                json.of(subject, by, predicted),
                headers);
    }
}
