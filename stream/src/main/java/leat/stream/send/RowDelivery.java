package leat.stream.send;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import leat.client.Answer;
import leat.client.Batch;
import leat.client.Event;
import leat.client.Waits;
import leat.core.config.DataSize;
import leat.core.contract.Contract;

/// Delivers rows to one contract of a collector, a part after the other, and waits for as long as
/// it takes: what it returned from is in the log. For one thread; [#stop] from any.
public final class RowDelivery implements AutoCloseable {

    /// Whoever follows a source has nothing better to do than to wait.
    private static final SendSettings SETTINGS =
            new SendSettings(
                    1000,
                    DataSize.mebibytes(1),
                    1,
                    Duration.ofSeconds(30),
                    Duration.ofDays(36_500));

    private final Contract contract;
    private final Waits waiting;
    private final CollectorClient client;

    /// What became of rows.
    ///
    /// @param example why one of those was not accepted; empty where all were
    public record Outcome(long accepted, long dead, long refused, String example) {

        static final Outcome NONE = new Outcome(0, 0, 0, "");

        Outcome plus(Outcome more) {
            return new Outcome(
                    accepted + more.accepted,
                    dead + more.dead,
                    refused + more.refused,
                    example.isEmpty() ? more.example : example);
        }
    }

    /// @param collector the base address, e.g. `http://127.0.0.1:8080`
    public RowDelivery(URI collector, Contract contract, ClientAccess access) {
        this.contract = contract;
        this.waiting = Waits.real();
        this.client = new CollectorClient(collector, contract.name(), SETTINGS, access, waiting);
    }

    /// Ends a running [#deliver] soon, and all later ones at once.
    public void stop() {
        waiting.end();
    }

    /// Delivers rows in their order.
    ///
    /// @return what became of them; empty when it was stopped, and then some may be in the log
    /// @throws SendException.Refused when the collector refuses what is asked as a whole
    public Optional<Outcome> deliver(Rows rows) throws InterruptedException {
        Outcome outcome = Outcome.NONE;
        for (Rows part : rows.parts(SETTINGS.batchRows(), SETTINGS.batchSize().bytes())) {
            Optional<Outcome> one = deliverPart(part);
            if (one.isEmpty()) {
                return one;
            }
            outcome = outcome.plus(one.get());
        }
        return Optional.of(outcome);
    }

    private Optional<Outcome> deliverPart(Rows part) throws InterruptedException {
        return client.deliver(batch(part)).map(RowDelivery::outcome);
    }

    private static Outcome outcome(Answer answer) {
        String example =
                answer.problems().stream()
                        .flatMap(problem -> problem.reasons().stream())
                        .findFirst()
                        .map(why -> why.code() + " " + why.field() + ": " + why.message())
                        .orElse("");
        return new Outcome(answer.accepted(), answer.dead(), answer.refused(), example);
    }

    private Batch batch(Rows rows) {
        String name = contract.name().value();
        return switch (rows) {
            case Rows.Counted(List<byte[]> json, String key, long first) ->
                    new Batch(name, key, first, json.stream().map(Event::json).toList());
            // The key names nothing: the rows have ids, their own or those of the contract's
            // fields.
            case Rows.Named named ->
                    new Batch(name, UUID.randomUUID().toString(), 0, events(named));
        };
    }

    private List<Event> events(Rows.Named rows) {
        if (!contract.id().isEmpty()) {
            return rows.json().stream().map(Event::json).toList();
        }
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < rows.json().size(); i++) {
            events.add(
                    Event.json(rows.json().get(i))
                            .withIdentity(rows.source(), rows.ids().get(i))
                            .withAttribute("type", contract.name().value()));
        }
        return events;
    }

    @Override
    public void close() {
        client.close();
    }
}
