package leat.enrichmentapi;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import leat.core.yaml.NearestName;

/// The look-ups of a server as both doors call them.
final class Lookups {

    /// The most questions of a call.
    static final int MAX_REQUESTS = 1_000;

    private final Map<String, Lookup> lookups = new TreeMap<>();
    private final EnrichmentApiSettings.Trial trial;
    private final RandomGenerator random;
    private final CountDownLatch closing = new CountDownLatch(1);

    /// @param random decides which calls fail in a trial
    /// @throws CsvFaulty when two have one name
    Lookups(List<? extends Lookup> all, EnrichmentApiSettings.Trial trial, RandomGenerator random) {
        for (Lookup lookup : all) {
            lookups.put(lookup.name(), lookup);
        }
        this.trial = trial;
        this.random = random;
    }

    /// A call that is not answered.
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final Why why;
        private final String remedy;

        Refused(Why why, String message, String remedy) {
            super(message, null, false, false);
            this.why = why;
            this.remedy = remedy;
        }

        Why why() {
            return why;
        }

        String remedy() {
            return remedy;
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }

    /// Why a call is not answered.
    enum Why {
        UNKNOWN_LOOKUP,
        TOO_MANY,
        NOT_READY,
        TRIAL
    }

    Collection<Lookup> all() {
        return lookups.values();
    }

    /// The answers in the order of the questions, one each.
    List<Answer> find(String name, List<Question> questions) throws Refused {
        Lookup lookup = lookups.get(name);
        if (lookup == null) {
            throw new Refused(
                    Why.UNKNOWN_LOOKUP,
                    "there is no look-up '" + name + "'",
                    NearestName.of(name, lookups.keySet())
                            .map(nearest -> "did you mean '" + nearest + "'?")
                            .orElse("GET /v1/lookups lists what there is"));
        }
        if (questions.size() > MAX_REQUESTS) {
            throw new Refused(
                    Why.TOO_MANY,
                    questions.size() + " requests in a call",
                    "send at most " + MAX_REQUESTS);
        }
        behaveBadly();
        String trouble = lookup.trouble().orElse("");
        if (!trouble.isEmpty()) {
            throw new Refused(
                    Why.NOT_READY,
                    "the look-up '" + name + "' cannot answer: " + trouble,
                    "ask again later");
        }
        return lookup.find(questions);
    }

    private void behaveBadly() throws Refused {
        Duration latency = trial.latency();
        try {
            if (latency.isPositive() && closing.await(latency.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new Refused(Why.NOT_READY, "the server stops", "ask again later");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused(Why.NOT_READY, "the call was given up", "ask again later");
        }
        if (trial.failureRate() > 0 && random.nextDouble() < trial.failureRate()) {
            throw new Refused(
                    Why.TRIAL,
                    "failed on purpose",
                    "set enrichment-api.trial.failure-rate to 0 for a server that does not");
        }
    }

    /// Ends the waits of a trial.
    void close() {
        closing.countDown();
    }
}
