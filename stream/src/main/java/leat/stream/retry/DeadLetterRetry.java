package leat.stream.retry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import leat.core.contract.Contract;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.patch.PayloadPatch;
import leat.stream.inspect.DeadLetter;
import leat.stream.inspect.DeadLetterFilter;
import leat.stream.inspect.DeadLetters;
import leat.stream.log.LogConnection;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;

/// Brings dead letters of one contract back, or says what would happen if it did.
///
/// A letter comes back once, however often and from wherever that is asked: what comes back and the
/// memory of it are one transaction, and of two retries at a time the later one ends the earlier. A
/// letter that would die again, or whose event lives already, is left where it is.
public final class DeadLetterRetry {

    /// How many letters one call looks at.
    public static final int MAX_LETTERS = 1_000_000;

    /// A letter of the collector has the collector's time, the memory of its return Kafka's.
    private static final Duration CLOCK_SKEW = Duration.ofDays(1);

    private final LogConnection log;
    private final Names names;
    private final InstantSource clock;

    public DeadLetterRetry(LogConnection log, Names names, InstantSource clock) {
        this.log = log;
        this.names = names;
        this.clock = clock;
    }

    /// What is to come back.
    ///
    /// @param patches corrections, in their order
    /// @param limit the most letters that come back
    public record Request(
            Contract contract, DeadLetterFilter filter, List<PayloadPatch> patches, long limit) {
        public Request {
            patches = List.copyOf(patches);
        }
    }

    /// Writes nothing.
    ///
    /// @param samples how many letters are shown
    /// @throws RetryRefused when the filter wants more than [#MAX_LETTERS]
    public RetryReport preview(Request request, int samples) {
        try (Look look = new Look(request)) {
            look.around();
            RetryReport.Tally tally = new RetryReport.Tally(samples);
            look.decide(tally, (_, _) -> {});
            return tally.report(request.contract().nameAndMajor());
        }
    }

    /// Brings the letters back and returns when all of them are in the log.
    ///
    /// @param progress is told now and then how many are back
    /// @throws RetryRefused when the filter wants more than [#MAX_LETTERS], another retry of the
    ///   contract begins, or a topic is not there
    /// @throws leat.stream.log.LogUnavailable when Kafka does not take them; the same call goes on
    public RetryReport run(Request request, LongConsumer progress) {
        requireTopics(request.contract());
        try (RetryTransactions transactions =
                        RetryTransactions.open(log, names, request.contract(), progress);
                Look look = new Look(request)) {
            look.around();
            RetryReport.Tally tally = new RetryReport.Tally(0);
            look.decide(tally, transactions::add);
            transactions.commit();
            return tally.report(request.contract().nameAndMajor());
        }
    }

    private void requireTopics(Contract contract) {
        List<String> wanted =
                List.of(
                        names.raw(contract),
                        names.retries(contract),
                        names.retry(contract, DeadStage.SEARCH),
                        names.retry(contract, DeadStage.LAKE));
        try (Admin admin = log.admin()) {
            Set<String> there = new Topics(admin, 1).ids(wanted).keySet();
            for (String topic : wanted) {
                if (!there.contains(topic)) {
                    throw new RetryRefused(
                            "topic " + topic + " does not exist", "leat up makes it");
                }
            }
        }
    }

    /// One look at the letters and at what has become of their events.
    private final class Look implements AutoCloseable {
        private final Request request;
        private final Contract contract;
        private final DeadLetters letters = new DeadLetters(log, names);
        private final RawReturn toRaw;
        private final SinkReturn toSink;
        private final RawPayloads payloads;
        private final Instant now = clock.instant();
        private final Set<Hash128> candidates = new HashSet<>();
        private Set<Hash128> living = new HashSet<>();
        private Instant oldest = now;
        private Optional<Returned> returned = Optional.empty();

        Look(Request request) {
            this.request = request;
            this.contract = request.contract();
            this.toRaw = new RawReturn(names, contract, request.patches());
            this.toSink = new SinkReturn(names, contract, !request.patches().isEmpty());
            this.payloads = new RawPayloads(log, names, contract);
        }

        /// Reads what has to be known before the first letter is judged.
        void around() {
            letters.forEach(contract, request.filter(), this::note);
            returned = Optional.of(Returned.since(log, names, contract, oldest.minus(CLOCK_SKEW)));
            living =
                    LivingEvents.among(
                            candidates,
                            log,
                            names,
                            contract,
                            oldest.minus(contract.dedupeWindow()));
        }

        private void note(DeadLetter letter) {
            Instant appended = letter.event().appended();
            oldest = appended.isBefore(oldest) ? appended : oldest;
            if (fate(letter) instanceof Fate.Returns returns && returns.way() == Fate.Way.RAW) {
                candidates.add(returns.event());
                if (candidates.size() > MAX_LETTERS) {
                    throw new RetryRefused(
                            "more than " + MAX_LETTERS + " dead letters fit",
                            "take fewer at once: --since and --until, --reason, --field");
                }
            }
        }

        void decide(RetryReport.Tally tally, BiConsumer<DeadLetter, Fate.Returns> taker) {
            letters.forEach(
                    contract,
                    request.filter(),
                    letter -> {
                        if (tally.returning() < request.limit()) {
                            decide(letter, tally, taker);
                        }
                    });
        }

        private void decide(
                DeadLetter letter,
                RetryReport.Tally tally,
                BiConsumer<DeadLetter, Fate.Returns> taker) {
            Returned memory = returned.orElseThrow();
            if (memory.contains(letter)) {
                tally.before();
                return;
            }
            switch (fate(letter)) {
                case Fate.DiesAgain fate -> tally.diesAgain(letter, fate);
                case Fate.Stays fate -> tally.stays(letter, fate);
                case Fate.Returns fate -> {
                    boolean raw = fate.way() == Fate.Way.RAW;
                    if (raw && !candidates.contains(fate.event())) {
                        // Died after the look around: it is left to the next call.
                        return;
                    }
                    if (raw && !living.add(fate.event())) {
                        tally.superseded(letter);
                        return;
                    }
                    memory.add(letter);
                    tally.returns(letter, fate);
                    taker.accept(letter, fate);
                }
            }
        }

        private Fate fate(DeadLetter letter) {
            for (DeadStage sink : List.of(DeadStage.SEARCH, DeadStage.LAKE)) {
                if (letter.stage().equals(sink.word())) {
                    return toSink.fate(letter, sink);
                }
            }
            return payloads.of(letter)
                    .map(payload -> toRaw.fate(letter, payload, now))
                    .orElseGet(() ->
                            new Fate.Stays(
                                    "its payload was too large to be kept with it, and raw does"
                                            + " not have it any more"));
        }

        @Override
        public void close() {
            payloads.close();
        }
    }
}
