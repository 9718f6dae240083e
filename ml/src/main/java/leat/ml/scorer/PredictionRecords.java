package leat.ml.scorer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.prediction.Lineup;
import leat.core.prediction.PredictionJson;
import leat.core.prediction.PredictionRole;
import leat.core.prediction.Scoring;
import leat.core.scoring.Predicted;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/// Makes the records of predictions: the key and the partition of the vector, whose position and
/// event they carry. For one thread.
final class PredictionRecords {

    private static final int MOST_HEADERS = 9;

    private final String scoring;
    private final PredictionJson json;
    private final String topic;
    private final String shadowTopic;
    private final Header source;
    private final Header specVersion;
    private final Header contractVersion;
    private final Header view;

    PredictionRecords(Names names, Scoring scoring) {
        Contract contract = scoring.contract();
        this.scoring = contract.nameAndMajor();
        this.json = new PredictionJson(scoring);
        this.topic = names.predictions(contract);
        this.shadowTopic = scoring.shadowContract().map(names::predictions).orElse("");
        this.source = header(EventHeaders.SOURCE, scoring.source());
        this.specVersion = header(EventHeaders.SPEC_VERSION, EventHeaders.SPEC_VERSION_VALUE);
        this.contractVersion = header(EventHeaders.CONTRACT_VERSION, contract.version().toString());
        this.view = header(EventHeaders.VIEW, scoring.view().view().nameAndVersion());
    }

    private static Header header(String name, String text) {
        return new RecordHeader(name, text.getBytes(UTF_8));
    }

    /// The scoring's `NAME.vN`.
    String scoring() {
        return scoring;
    }

    /// What of a model's answer a prediction can have.
    Predicted fitting(Predicted predicted) {
        return json.fitting(predicted);
    }

    /// Makes the records of who predicts in one place.
    Author by(Lineup.Answering answering) {
        return new Author(answering);
    }

    /// Who predicts in one place, with what all of its records have.
    final class Author {
        private final Lineup.Answering answering;
        private final PredictionJson.Author text;
        private final boolean shadow;
        private final Header model;

        private Author(Lineup.Answering answering) {
            this.answering = answering;
            this.text = json.author(answering);
            this.shadow = answering.role() == PredictionRole.SHADOW;
            this.model = header(EventHeaders.MODEL, version());
        }

        Lineup.Answering answering() {
            return answering;
        }

        String version() {
            return answering.standing().version();
        }

        ProducerRecord<byte[], byte[]> record(
                VectorSource vector, PredictionJson.Subject subject, Predicted predicted) {
            return new ProducerRecord<>(
                    shadow ? shadowTopic : topic,
                    vector.partition(),
                    null,
                    vector.key(),
                    json.of(subject, text, predicted),
                    headers(vector, subject));
        }

        private List<Header> headers(VectorSource vector, PredictionJson.Subject subject) {
            byte[] position = subject.position().getBytes(UTF_8);
            List<Header> headers = new ArrayList<>(MOST_HEADERS);
            headers.add(new RecordHeader(EventHeaders.ID, shadow ? ofShadow(subject) : position));
            headers.add(source);
            headers.add(specVersion);
            headers.add(new RecordHeader(EventHeaders.POSITION, position));
            Header origin = vector.origin();
            if (origin != null) {
                headers.add(origin);
            }
            headers.add(header(EventHeaders.EVENT_TIME, Long.toString(subject.queryMicros())));
            headers.add(contractVersion);
            headers.add(view);
            headers.add(model);
            return headers;
        }

        private byte[] ofShadow(PredictionJson.Subject subject) {
            return (subject.position() + "/" + answering.standing().alias()).getBytes(UTF_8);
        }
    }
}
