package leat.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/// The limit of all that asks the [Autoencoder]: ONNX Runtime alone, as anybody would call it from
/// Java, with rows that lie in its memory already.
final class BareOnnx implements AutoCloseable {

    private static final int ROWS_AT_ONCE = 1_000;

    private final OrtEnvironment environment = environment();
    private final OrtSession session;

    private BareOnnx(OrtSession session) {
        this.session = session;
    }

    /// There is one for the process, whoever asks first.
    private static OrtEnvironment environment() {
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "leat");
    }

    /// Opens the model. A run computes on the thread that asks.
    static BareOnnx open() {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            return new BareOnnx(environment().createSession(Autoencoder.onnx(), options));
        } catch (OrtException e) {
            throw new IllegalStateException("the model cannot be opened", e);
        }
    }

    /// Rows in batches as the runtime takes them.
    ///
    /// @param atOnce rows of a batch
    static List<FloatBuffer> batches(List<float[]> rows, int atOnce) {
        List<FloatBuffer> batches = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += atOnce) {
            List<float[]> some = rows.subList(from, Math.min(rows.size(), from + atOnce));
            FloatBuffer batch =
                    ByteBuffer.allocateDirect(some.size() * Autoencoder.FEATURES * Float.BYTES)
                            .order(ByteOrder.nativeOrder())
                            .asFloatBuffer();
            some.forEach(batch::put);
            batches.add(batch.flip());
        }
        return batches;
    }

    /// The scores of a batch.
    float[] run(FloatBuffer batch) {
        long rows = batch.limit() / Autoencoder.FEATURES;
        try (OnnxTensor input =
                        OnnxTensor.createTensor(
                                environment,
                                batch.duplicate(),
                                new long[] {rows, Autoencoder.FEATURES});
                OrtSession.Result result = session.run(Map.of(Autoencoder.INPUT, input))) {
            float[] values = new float[Math.toIntExact(rows)];
            if (result.get(0) instanceof OnnxTensor scores) {
                scores.getFloatBuffer().get(values);
            }
            return values;
        } catch (OrtException e) {
            throw new IllegalStateException("the model failed", e);
        }
    }

    /// The scores of rows, however many.
    float[] scores(List<float[]> rows) {
        float[] scores = new float[rows.size()];
        int at = 0;
        for (FloatBuffer batch : batches(rows, ROWS_AT_ONCE)) {
            float[] some = run(batch);
            System.arraycopy(some, 0, scores, at, some.length);
            at += some.length;
        }
        return scores;
    }

    /// Runs `total` rows, taken from the batches in turn, on some threads; how many there were.
    long run(List<FloatBuffer> batches, long total, int threads) {
        List<Callable<Void>> work = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int first = thread;
            work.add(() -> {
                long left = total / threads;
                for (int i = first; left > 0; i += threads) {
                    left -= run(batches.get(i % batches.size())).length;
                }
                return null;
            });
        }
        HttpLoad.all(Thread.ofPlatform().factory(), work);
        return total;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("the model cannot be closed", e);
        }
    }
}
