package leat.stream.send;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import leat.client.Answer;
import leat.client.ClientException;
import leat.client.ClientSettings;
import leat.client.GrpcTransport;
import leat.client.HttpTransport;
import leat.client.Retries;
import leat.client.Transport;
import leat.client.Waits;
import leat.core.contract.ContractName;

/// Delivers batches to one contract, by HTTP or gRPC as the address says, again and again until the
/// collector has answered for them. A batch that is sent again carries the same key and index, so
/// its events keep their ids.
final class CollectorClient implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final HttpTransport.Format FORMAT = new HttpTransport.Format(true, false);

    private static final String TLS_REMEDY =
            ". Name its authority with --ca-file, or show a certificate with --client-certificate";

    private final ContractName contract;
    private final Transport transport;
    private final Retries retries;

    /// @throws SendException.Refused when the address is of no kind that is known
    CollectorClient(
            URI collector,
            ContractName contract,
            SendSettings settings,
            ClientAccess access,
            Waits waits) {
        this.contract = contract;
        this.transport = transport(collector, access);
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        this.retries =
                new Retries(
                        transport,
                        ClientSettings.DEFAULTS.withRequests(
                                settings.inFlight(),
                                settings.requestTimeout(),
                                settings.giveUpAfter()),
                        waits,
                        random);
    }

    private static Transport transport(URI collector, ClientAccess access) {
        if (!String.valueOf(collector.getScheme()).startsWith("grpc")) {
            HttpClient http =
                    access.client()
                            .version(HttpClient.Version.HTTP_1_1)
                            .connectTimeout(CONNECT_TIMEOUT)
                            .build();
            return new HttpTransport(collector, access.key(), http, FORMAT);
        }
        try {
            return new GrpcTransport(collector, access.key(), access.tls());
        } catch (IllegalArgumentException e) {
            throw new SendException.Refused("unsupported", String.valueOf(e.getMessage()));
        }
    }

    /// Delivers a batch under `key`.
    ///
    /// @return the answer; empty when the run was ended before it came
    /// @throws SendException.Refused when the collector refuses the request as a whole
    /// @throws SendException.Unreachable when no request has succeeded for too long
    Optional<Answer> deliver(Batch batch, String key) throws InterruptedException {
        return deliver(batch.events(contract, key));
    }

    /// Delivers a batch of the client's own, as [#deliver(Batch, String)] does one of rows.
    Optional<Answer> deliver(leat.client.Batch batch) throws InterruptedException {
        try {
            return Optional.of(retries.deliver(batch));
        } catch (ClientException.Closed _) {
            return Optional.empty();
        } catch (ClientException.Refused e) {
            throw new SendException.Refused(
                    e.code(), e.getMessage() + (e.code().equals("tls") ? TLS_REMEDY : ""));
        } catch (ClientException.Unreachable e) {
            throw new SendException.Unreachable(
                    e.getMessage()
                            + ". Start the platform (leat up), then run the same command again: it"
                            + " continues where this one stopped");
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
