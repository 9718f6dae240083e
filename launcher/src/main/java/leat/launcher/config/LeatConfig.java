package leat.launcher.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import leat.console.ConsoleSettings;
import leat.core.config.Bounds;
import leat.core.config.Setting;
import leat.enrichmentapi.EnrichmentApiSettings;
import leat.ml.featurestore.FeatureStoreSettings;
import leat.ml.objectstore.ObjectStoreSettings;
import leat.ml.scorer.ScorerSettings;
import leat.ml.training.TrainerSettings;
import leat.stream.collector.CollectorSettings;
import leat.stream.enricher.EnricherSettings;
import leat.stream.extract.ExtractorSettings;
import leat.stream.influx.InfluxSettings;
import leat.stream.lake.LakeLoaderSettings;
import leat.stream.lake.LakeMaintenanceSettings;
import leat.stream.lake.LakeStoreSettings;
import leat.stream.log.LogSettings;
import leat.stream.monitor.AlertSettings;
import leat.stream.monitor.MonitorSettings;
import leat.stream.search.SearchSettings;
import leat.stream.sql.SqlSettings;

/// `leat.yaml` as a whole.
public record LeatConfig(
        @Setting(description = "The format of this file", defaultValue = "1") int format,
        @Setting(
                        description =
                                "The first part of every topic, group, index and namespace, so that"
                                        + " installations can share a cluster",
                        defaultValue = "leat")
                String prefix,
        @Setting(description = "The log") LogSettings log,
        @Setting(description = "The doors by which events come in") CollectorSettings collector,
        @Setting(description = "Validation, duplicates, added fields") EnricherSettings enricher,
        @Setting(description = "The Iceberg tables") Lake lake,
        @Setting(description = "The search engine and its loader") SearchSettings search,
        @Setting(description = "Where metrics go on to") Metrics metrics,
        @Setting(description = "Rules of quality, judged on the stream") MonitorSettings monitor,
        @Setting(description = "Who is told of alerts") AlertSettings alerts,
        @Setting(description = "Feature views, `features/*.yaml`") FeatureStoreSettings features,
        @Setting(description = "Registered models") Models models,
        @Setting(description = "Predictions of vectors, `models/*.yaml`") ScorerSettings scorer,
        @Setting(description = "Models that are trained by themselves, `models/*.yaml`")
                TrainerSettings trainer,
        @Setting(description = "SQL over lake and log") SqlSettings sql,
        @Setting(description = "The HTTP interfaces for people and tools") ConsoleSettings console,
        @Setting(description = "A server of look-ups for enrichment steps, over REST and gRPC")
                EnrichmentApiSettings enrichmentApi,
        @Setting(description = "Pulls from HTTP interfaces and databases, `extractions/*.yaml`")
                ExtractorSettings extractor,
        @Setting(description = "The demonstration") Demo demo) {

    /// The lake's two halves.
    public record Lake(
            @Setting(description = "Where the tables and their catalogue are")
                    LakeStoreSettings store,
            @Setting(description = "How events are loaded") LakeLoaderSettings loader,
            @Setting(description = "How files are kept few and old snapshots go")
                    LakeMaintenanceSettings maintenance) {

        /// Checks what the file may not hold.
        ///
        /// @throws IllegalArgumentException when a secret stands in it
        public Lake {
            store.refuseSecrets();
        }
    }

    /// Engines for metrics.
    public record Metrics(@Setting(description = "InfluxDB") InfluxSettings influx) {}

    /// What registered models are made of.
    ///
    /// @param objectStore empty where all are in the log
    public record Models(
            @Setting(
                            description =
                                    "Where files of models are that are not in the log, of versions"
                                            + " whose source is `s3://…`; absent means that such a"
                                            + " version is not opened. `{}` means Amazon S3 as the"
                                            + " environment says")
                    Optional<ObjectStoreSettings> objectStore) {}

    /// What `leat demo` plays.
    public record Demo(
            @Setting(description = "The generator of events, e.g. `connected-car`")
                    Optional<String> generator,
            @Setting(description = "What models are trained on before it begins") History history,
            @Setting(
                            description =
                                    "Trainings of `models/*.yaml` that are not made before it"
                                            + " begins, but offered while it plays, to show what"
                                            + " becomes of a version that does not pass")
                    List<String> offers) {

        public Demo {
            offers = List.copyOf(offers);
        }
    }

    /// The past of the sources, sent before a demo begins.
    public record History(
            @Setting(
                            description =
                                    "How much of the sources' time it is, 10m to 365d; it has to be"
                                            + " longer than labels take to come",
                            defaultValue = "90m")
                    Duration length,
            @Setting(
                            description =
                                    "The sources' time between two events of one of them, 1s to 1d,"
                                            + " in the past and while models are shown. With `--cars`"
                                            + " as large as `--rate` a step passes in a second",
                            defaultValue = "1m")
                    Duration step,
            @Setting(
                            description =
                                    "Where it would be more events, 1000 to 100000000, models are"
                                            + " left out of the demo",
                            defaultValue = "300000")
                    int mostEvents) {

        /// Checks the values.
        ///
        /// @throws IllegalArgumentException when one is out of its range
        public History {
            Bounds.within("length", length, Duration.ofMinutes(10), Duration.ofDays(365));
            Bounds.within("step", step, Duration.ofSeconds(1), Duration.ofDays(1));
            Bounds.within("most-events", mostEvents, 1_000, 100_000_000);
        }

        /// How many events it is.
        public long events(int sources) {
            return Math.multiplyExact(sources, length.dividedBy(step));
        }
    }

    private static final int NEWEST_FORMAT = 1;

    /// Checks what belongs to no part.
    ///
    /// @throws IllegalArgumentException when the format is not known
    public LeatConfig {
        if (format != NEWEST_FORMAT) {
            throw new IllegalArgumentException(
                    "format is " + format + ", this program knows " + NEWEST_FORMAT);
        }
    }
}
