package leat.ml.online;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import leat.core.anomaly.AnomalyDetector;
import leat.core.scoring.ModelFailed;

/// Watches each feature of each entity as a metric's stream, by the detector of `leat detect`. Its
/// score of a row is the highest of the row's values. It watches so many streams at most; of an
/// entity beyond it says nothing, and learns nothing.
public final class MetricLearner implements Learner {

    /// The parameter that says how many streams it watches at most, entities times features.
    public static final String STREAMS = "streams";

    private static final int FORMAT = 1;
    private static final int MOST_NAME_BYTES = 1 << 20;
    private static final int MOST_SNAPSHOT_BYTES = 1 << 20;

    private final int width;
    private final int mostStreams;

    /// By entity, in the order in which they came, a detector a feature.
    private final SequencedMap<String, List<AnomalyDetector>> watched = new LinkedHashMap<>();

    private MetricLearner(int width, int mostStreams) {
        this.width = width;
        this.mostStreams = mostStreams;
    }

    /// One that has seen nothing.
    ///
    /// @param width how many features a row has
    public static MetricLearner empty(int width, int mostStreams) {
        return new MetricLearner(width, mostStreams);
    }

    static MetricLearner restore(byte[] state, Map<String, String> parameters) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
            if (in.readInt() != FORMAT) {
                throw new IOException("another format");
            }
            MetricLearner learner =
                    new MetricLearner(
                            in.readInt(), Integer.parseInt(parameters.getOrDefault(STREAMS, "")));
            for (int left = in.readInt(); left > 0; left--) {
                String entity = new String(bytes(in, MOST_NAME_BYTES), UTF_8);
                List<AnomalyDetector> detectors = new ArrayList<>(learner.width);
                for (int j = 0; j < learner.width; j++) {
                    detectors.add(AnomalyDetector.restore(bytes(in, MOST_SNAPSHOT_BYTES)));
                }
                learner.watched.put(entity, detectors);
            }
            return learner;
        } catch (IOException e) {
            throw new IllegalArgumentException("no state of metrics' streams", e);
        }
    }

    private static byte[] bytes(DataInputStream in, int most) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > most) {
            throw new IOException(length + " bytes, the most is " + most);
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    /// Those of an entity, new ones of a new one.
    ///
    /// @throws ModelFailed when there are too many streams
    private List<AnomalyDetector> of(String entity) {
        List<AnomalyDetector> known = watched.get(entity);
        if (known != null) {
            return known;
        }
        if ((watched.size() + 1) * width > mostStreams) {
            throw new ModelFailed(
                    "the model watches "
                            + watched.size() * width
                            + " streams, entities times features, and with "
                            + entity
                            + " there were more than "
                            + STREAMS
                            + ", which is "
                            + mostStreams);
        }
        return Stream.generate(AnomalyDetector::new).limit(width).toList();
    }

    private static double score(List<AnomalyDetector> detectors, OnlineRow row) {
        double score = 0;
        for (int j = 0; j < detectors.size(); j++) {
            score = Math.max(score, detectors.get(j).score(row.timeMillis(), row.values()[j]));
        }
        return score;
    }

    /// Asks copies, since a detector learns from what it scores.
    @Override
    public List<Object> say(OnlineRow row) {
        List<AnomalyDetector> copies =
                of(row.entity()).stream()
                        .map(detector -> AnomalyDetector.restore(detector.snapshot()))
                        .toList();
        return List.of(score(copies, row));
    }

    @Override
    public void learn(OnlineRow row) {
        try {
            List<Object> _ = sayAndLearn(row);
        } catch (ModelFailed _) {
            // What is said of the row tells.
        }
    }

    @Override
    public List<Object> sayAndLearn(OnlineRow row) {
        List<AnomalyDetector> detectors = of(row.entity());
        watched.putIfAbsent(row.entity(), detectors);
        return List.of(score(detectors, row));
    }

    @Override
    public byte[] state() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(FORMAT);
            out.writeInt(width);
            out.writeInt(watched.size());
            for (Map.Entry<String, List<AnomalyDetector>> one : watched.entrySet()) {
                write(out, one.getKey().getBytes(UTF_8));
                for (AnomalyDetector detector : one.getValue()) {
                    write(out, detector.snapshot());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an array in memory takes all that is written", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
