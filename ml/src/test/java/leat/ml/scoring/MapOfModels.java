package leat.ml.scoring;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import leat.core.artifact.Fingerprint;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.model.ResolvedModel;
import leat.core.model.VersionInfo;
import leat.core.tracking.TrackingRefused;
import leat.ml.registry.ModelFile;
import leat.ml.registry.Models;
import leat.stream.log.LogUnavailable;

/// A registry in memory, with one model named `risk`.
public final class MapOfModels implements Models {

    private final SortedMap<Integer, Map<String, byte[]>> versions = new ConcurrentSkipListMap<>();
    private final Map<String, Integer> aliases = new ConcurrentHashMap<>();
    private final Map<Integer, SortedMap<String, String>> tags = new ConcurrentHashMap<>();
    final Set<Integer> askedFor = ConcurrentHashMap.newKeySet();
    volatile boolean away;

    /// Whether files are not to be had yet.
    volatile boolean slowly;

    /// A new version, of a file of the tests' resources.
    int register(String path, String resource) {
        int number = versions.size() + 1;
        versions.put(number, Map.of(path, file(resource)));
        return number;
    }

    /// A new version, of files of the tests' resources under their own names.
    int register(List<String> resources) {
        int number = versions.size() + 1;
        versions.put(
                number,
                resources.stream()
                        .collect(Collectors.toMap(name -> "model/" + name, MapOfModels::file)));
        return number;
    }

    /// A new version, of an ONNX file.
    public int register(byte[] onnx) {
        int number = versions.size() + 1;
        versions.put(number, Map.of("model.onnx", onnx));
        return number;
    }

    /// A new version, of a file of this name.
    public int register(String path, byte[] file) {
        int number = versions.size() + 1;
        versions.put(number, Map.of(path, file));
        return number;
    }

    public int registerEmpty() {
        int number = versions.size() + 1;
        versions.put(number, Map.of());
        return number;
    }

    public void tag(int number, String key, String value) {
        tags.computeIfAbsent(number, _ -> new ConcurrentSkipListMap<>()).put(key, value);
    }

    public void alias(String alias, int number) {
        aliases.put(alias, number);
    }

    public void removeAlias(String alias) {
        aliases.remove(alias);
    }

    private static byte[] file(String resource) {
        try (InputStream in = MapOfModels.class.getResourceAsStream(resource)) {
            return Objects.requireNonNull(in, resource).readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public ResolvedModel resolve(ModelReference reference) {
        answer();
        int number =
                switch (reference) {
                    case ModelReference.Numbered numbered -> numbered.version();
                    case ModelReference.Aliased aliased ->
                            aliases.getOrDefault(aliased.alias(), -1);
                };
        if (!reference.modelName().equals("risk") || !versions.containsKey(number)) {
            throw TrackingRefused.absent("there is no " + reference);
        }
        return new ResolvedModel(version(number), OptionalLong.empty());
    }

    private ModelVersion version(int number) {
        TreeSet<String> names = new TreeSet<>();
        aliases.forEach((alias, of) -> {
            if (of == number) {
                names.add(alias);
            }
        });
        VersionInfo info = new VersionInfo("id" + number, number, "", "", "", "", "", 0, 0);
        return new ModelVersion("risk", info, tags.getOrDefault(number, new TreeMap<>()), names);
    }

    private void answer() {
        if (away) {
            throw new LogUnavailable("Kafka is away", null);
        }
    }

    @Override
    public List<String> names() {
        answer();
        return List.of("risk");
    }

    @Override
    public List<ModelVersion> versions(String modelName) {
        answer();
        return modelName.equals("risk")
                ? versions.keySet().stream().map(this::version).toList()
                : List.of();
    }

    @Override
    public List<ModelFile> files(ModelVersion version) {
        answer();
        askedFor.add(version.info().number());
        while (slowly) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
        return versions.getOrDefault(version.info().number(), Map.of()).entrySet().stream()
                .map(file ->
                        new ModelFile(
                                file.getKey(), file.getValue().length, new Fingerprint.Sha256("")))
                .toList();
    }

    @Override
    public InputStream open(ModelVersion version, String path) {
        answer();
        return new ByteArrayInputStream(
                Objects.requireNonNull(
                        versions.getOrDefault(version.info().number(), Map.of()).get(path)));
    }
}
