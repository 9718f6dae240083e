package leat.stream.registry;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import leat.core.event.Names;
import leat.core.registry.ContractRegistry;
import leat.core.registry.RegisteredVersion;
import leat.core.registry.Registration;
import leat.stream.log.Backoff;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The topic that holds the registry: one partition, compacted, a record a version.
///
/// @param clock gives new versions their time
public record RegistryTopic(LogConnection log, Names names, InstantSource clock) {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryTopic.class);
    private static final int ATTEMPTS = 20;

    /// What became of each command, in their order.
    ///
    /// @param registry the state after them
    public record Result(List<Registration.Decision> decisions, ContractRegistry registry) {
        public Result {
            decisions = List.copyOf(decisions);
        }

        /// Whether one of the commands was refused; nothing is written then.
        public boolean refused() {
            return decisions.stream().anyMatch(Registration.Decision.Refuse.class::isInstance);
        }

        List<RegisteredVersion> events() {
            return decisions.stream()
                    .filter(Registration.Decision.Register.class::isInstance)
                    .map(decision -> ((Registration.Decision.Register) decision).event())
                    .toList();
        }
    }

    /// The registry as it is; empty where the topic has not been made.
    public ContractRegistry read() {
        try (Admin admin = log.admin()) {
            if (new Topics(admin, 1).ids(List.of(names.contracts())).isEmpty()) {
                return ContractRegistry.EMPTY;
            }
        }
        try (RegistryView view = new RegistryView(log, names)) {
            return view.current();
        }
    }

    /// What [#register] would do.
    public Result plan(Collection<Registration> commands) {
        return decide(read(), commands);
    }

    /// Registers what is new, all or nothing, and nothing when one of the commands is refused. Of
    /// two processes that do so at the same time one is fenced, and decides again on what the other
    /// wrote: no id is given twice. The topic has to be there.
    public Result register(Collection<Registration> commands) {
        Result planned = plan(commands);
        if (planned.refused() || planned.events().isEmpty()) {
            return planned;
        }
        Backoff backoff = new Backoff();
        for (int attempt = 1; ; attempt++) {
            try {
                return write(commands);
            } catch (Undecided | ProducerFencedException | InvalidProducerEpochException e) {
                if (attempt == ATTEMPTS) {
                    throw new LogUnavailable(
                            "contracts could not be registered in "
                                    + names.contracts()
                                    + ", maybe since other processes keep doing so",
                            e);
                }
                LockSupport.parkNanos(backoff.next().toNanos());
            } catch (KafkaException e) {
                throw new LogUnavailable("cannot register contracts in " + names.contracts(), e);
            }
        }
    }

    /// The state is read after every earlier writer was fenced, so nobody can write in between.
    private Result write(Collection<Registration> commands) {
        try (Producer<byte[], byte[]> producer =
                log.transactionalProducer(
                        "leat-registrar", names.transactionalId("registrar", "1"), Map.of())) {
            producer.initTransactions();
            Result result = plan(commands);
            if (result.refused() || result.events().isEmpty()) {
                return result;
            }
            commit(producer, result.events());
            result.events()
                    .forEach(event ->
                            LOG.atInfo()
                                    .addKeyValue("contract", event.name())
                                    .addKeyValue("version", event.version())
                                    .log("Registered a contract"));
            return result;
        }
    }

    /// A transaction of which nobody can say whether it was committed: the next attempt ends it,
    /// reads what there is, and decides again.
    private static final class Undecided extends RuntimeException {
        Undecided(KafkaException cause) {
            super(cause);
        }
    }

    /// Kafka answers the commit of a writer that is just being fenced with more than one error, an
    /// unexpected one of the server among them.
    ///
    /// @throws Undecided when it fails in any way
    private void commit(Producer<byte[], byte[]> producer, List<RegisteredVersion> events) {
        try {
            producer.beginTransaction();
            events.forEach(event -> send(producer, event));
            producer.commitTransaction();
        } catch (KafkaException e) {
            throw new Undecided(e);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the commit reports what failed
    private void send(Producer<byte[], byte[]> producer, RegisteredVersion event) {
        producer.send(
                new ProducerRecord<>(
                        names.contracts(), 0, RegistryJson.key(event), RegistryJson.write(event)));
    }

    private Result decide(ContractRegistry registry, Collection<Registration> commands) {
        Instant now = clock.instant();
        ContractRegistry state = registry;
        List<Registration.Decision> decisions = new ArrayList<>();
        for (Registration command : commands) {
            Registration.Decision decision = command.decide(state, now);
            if (decision
                    instanceof Registration.Decision.Register(RegisteredVersion event, var _)) {
                state = state.apply(event);
            }
            decisions.add(decision);
        }
        return new Result(decisions, state);
    }
}
