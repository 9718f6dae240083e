package leat.bench;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import leat.core.contract.ContractName;
import leat.core.event.Names;
import leat.core.feature.FeatureView;
import leat.ml.featurestore.FeatureFlow;
import leat.ml.featurestore.FeatureStore;
import leat.ml.featurestore.FeatureStoreSettings;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// `leat bench features`, the part that computes: a new view on a full enriched topic, against a
/// copy by Kafka Streams that looks at nothing. Each round of each contestant has an application, a
/// folder and output topics of its own, and the view a name of its own.
public final class BackfillBench {

    /// As many rounds as warm up for the other figures.
    public static final int WARM_UPS = WarmUp.MOST_ROUNDS;

    private static final String ROLES = "broker, features";

    private final Workbench bench;
    private final Admin admin;
    private final Names names;
    private final FeatureView view;
    private final String source;
    private final long events;
    private final Map<TopicPartition, Long> last;
    private final AtomicInteger round = new AtomicInteger();

    private BackfillBench(Workbench bench, Admin admin, Names names, FeatureView view) {
        this.bench = bench;
        this.admin = admin;
        this.names = names;
        this.view = view;
        this.source = names.enriched(bench.contract());
        this.events = Filling.count(bench, source);
        this.last = new BenchViews(bench, names, List.of()).lastEvents();
    }

    /// Measures.
    ///
    /// @param view of the bench's contract, with a vector for each event
    /// @param mostWarmUps how many rounds may warm up
    /// @throws IllegalStateException when what a contestant has written is not what it should be
    public static void run(Workbench bench, FeatureView view, int mostWarmUps) {
        Names names = Workbench.names("backfill");
        bench.createTopics(names);
        bench.progress().accept("backfill: filling enriched");
        long _ = Filling.enriched(bench, names, BenchEvents.of(bench.generator(), bench.events()));
        try (Admin admin = bench.log().admin()) {
            new BackfillBench(bench, admin, names, view).measure(mostWarmUps);
        }
    }

    private void measure(int mostWarmUps) {
        Map<String, Run.Round> copies = new LinkedHashMap<>();
        StreamsCopy.SETTINGS.forEach((name, setting) -> copies.put(name, () -> copy(setting)));
        new Contest(ROLES, this::backfill, bench.progress())
                .against("feature-backfill-vs-copy", copies)
                .hold(bench.rounds(), mostWarmUps)
                .forEach(bench.metrics());
    }

    private Run backfill() {
        ContractName own = new ContractName(view.name() + "-" + round.incrementAndGet());
        BenchViews views = BenchViews.prepare(bench, names, List.of(view.withName(own)));
        FeatureFlow flow = views.flows().getFirst();
        Run run;
        try (FeatureStore _ = views.start("1", bench.folder().resolve(own.value()))) {
            run = follow(flow.application(names));
        }
        views.requireExact(events);
        requireNewest(names.vectors(flow.vectors()), names.latest(flow.vectors()));
        bench.deleteTopics(views.topics());
        return run;
    }

    private Run copy(StreamsCopy.Setting setting) {
        Names out = Workbench.names("backfill-" + round.incrementAndGet());
        String to = out.enriched(bench.contract());
        bench.createTopics(out, List.of(to));
        String application = out.group("copy");
        BenchStreams place =
                new BenchStreams(
                        application,
                        setting.commitInterval(),
                        FeatureStoreSettings.DEFAULT.threads(),
                        bench.folder().resolve(out.prefix()));
        Run run;
        try (StreamsCopy _ = StreamsCopy.start(bench.log(), source, to, place, setting.cached())) {
            run = follow(application);
        }
        long copied = Filling.count(bench, to);
        if (copied != events) {
            throw new IllegalStateException(copied + " of " + events + " events were copied");
        }
        bench.deleteTopics(List.of(to, StreamsCopy.changelog(application)));
        return run;
    }

    /// Of the offsets some are those of transactions' markers, which count for nobody.
    private Run follow(String group) {
        double share = (double) events / last.values().stream().mapToLong(Long::longValue).sum();
        return Run.following(
                () -> Math.round(BenchViews.behind(admin, group, last) * share), events);
    }

    /// @throws IllegalStateException when `latest` does not end with the last vector of each entity
    private void requireNewest(String vectors, String latest) {
        Map<String, Integer> newest = newest(vectors);
        if (newest.isEmpty() || !newest.equals(newest(latest))) {
            throw new IllegalStateException(latest + " has not the newest of " + vectors);
        }
    }

    /// A hash of the last record of each key.
    private Map<String, Integer> newest(String topic) {
        Map<String, Integer> newest = new HashMap<>();
        Filling.forEach(bench, topic, record -> newest.put(key(record), hash(record)));
        return newest;
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return Arrays.toString(record.key());
    }

    private static int hash(ConsumerRecord<byte[], byte[]> record) {
        return Arrays.hashCode(record.value());
    }
}
