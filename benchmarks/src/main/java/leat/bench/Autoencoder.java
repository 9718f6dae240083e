package leat.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import leat.core.artifact.ArtifactPath;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.event.Names;
import leat.core.feature.CompiledView;
import leat.core.model.RegisteredModelCommand;
import leat.core.model.VersionCommand;
import leat.core.prediction.Scoring;
import leat.core.prediction.ScoringReader;
import leat.ml.registry.ArtifactLog;
import leat.ml.registry.RegistryLog;
import leat.ml.registry.RegistryTopics;
import leat.ml.tracking.TrackingLog;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;

/// The model that `leat bench score` asks: a dense autoencoder of 28 numbers, 28-16-8-16-28, whose
/// score of a row is the mean squared error of what it makes of it. What is missing may be NaN.
/// `src/main/python/make_autoencoder.py` makes its file.
final class Autoencoder {

    static final String NAME = "autoencoder";
    static final String INPUT = "features";
    static final String OUTPUT = "score";
    static final int FEATURES = 28;

    private static final String FILE = "autoencoder.onnx";
    private static final String FOLDER = "0/r1/artifacts/model";

    private Autoencoder() {}

    static byte[] onnx() {
        try (InputStream file = Autoencoder.class.getResourceAsStream(FILE)) {
            return Objects.requireNonNull(file, FILE).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Makes the topics of models, and this one the champion of its name.
    static void register(Workbench bench, Names names, Path folder) {
        List<TopicSpec> specs = new ArrayList<>(new RegistryTopics(names).specs());
        specs.addAll(TrackingLog.topics(names));
        InstantSource clock = InstantSource.system();
        try (Admin admin = bench.log().admin();
                ArtifactLog artifacts = new ArtifactLog(bench.log(), names, folder, clock);
                RegistryLog registry = new RegistryLog(bench.log(), names, clock)) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(specs));
            artifacts.put(new ArtifactPath(FOLDER + "/" + FILE), new ByteArrayInputStream(onnx()));
            registry.write(new RegisteredModelCommand.Create("m", NAME, "", Map.of()));
            registry.write(
                    new VersionCommand.Create(
                            "v1", NAME, "mlflow-artifacts:/" + FOLDER, "", "", "", "", Map.of()));
            registry.write(new RegisteredModelCommand.SetAlias(NAME, "champion", 1));
        }
    }

    /// The numbers among a view's features.
    ///
    /// @throws IllegalStateException when they are not as many as the model takes
    static List<String> features(CompiledView view) {
        List<String> numbers =
                view.contract().fields().stream()
                        .filter(CompiledView::isFeature)
                        .filter(field ->
                                field.type() instanceof FieldType.Real
                                        || field.type() instanceof FieldType.Int)
                        .map(Field::name)
                        .toList();
        if (numbers.size() != FEATURES) {
            throw new IllegalStateException(
                    "the model takes "
                            + FEATURES
                            + " numbers, and the view "
                            + view.view().name()
                            + " has "
                            + numbers);
        }
        return numbers;
    }

    /// What is predicted of a view's vectors.
    static Scoring scoring(String name, CompiledView view) {
        String text =
                """
                scoring:
                  model: %s
                  view: %s
                  features: [%s]
                  missing: nan
                  outputs: {%s: %s}
                """
                        .formatted(
                                NAME,
                                view.view().name(),
                                String.join(", ", features(view)),
                                OUTPUT,
                                OUTPUT);
        return ScoringReader.read(Path.of(name + ".yaml"), text, List.of(view)).orThrow();
    }
}
