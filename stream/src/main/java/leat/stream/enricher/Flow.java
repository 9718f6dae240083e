package leat.stream.enricher;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.encoding.PayloadDecoder;
import leat.core.enrich.Answers;
import leat.core.event.Names;
import leat.core.protect.ProtectionKey;

/// One contract's way through the enricher.
///
/// @param contractVersion as it stands in the headers
/// @param latest the compacted topic of a reference contract; empty for other contracts
/// @param window how long identities are remembered
/// @param decoder of payloads that are not JSON, where the contract takes such
public record Flow(
        String contract,
        String contractVersion,
        String raw,
        String enriched,
        String dead,
        Optional<String> latest,
        Duration window,
        Optional<PayloadDecoder> decoder,
        EventJudge judge) {

    /// The way of a contract of JSON alone that is no reference data.
    public Flow(
            String contract,
            String contractVersion,
            String raw,
            String enriched,
            String dead,
            Duration window,
            EventJudge judge) {
        this(
                contract,
                contractVersion,
                raw,
                enriched,
                dead,
                Optional.empty(),
                window,
                Optional.empty(),
                judge);
    }

    /// A contract's way as the contract has it.
    ///
    /// @throws leat.core.yaml.ProblemsException when an expression of its steps is not sound
    public static Flow of(Names names, Contract contract) {
        return of(names, contract, Answers.NONE);
    }

    /// The same for a contract whose steps ask others.
    ///
    /// @throws leat.core.yaml.ProblemsException when an expression of its steps is not sound
    public static Flow of(Names names, Contract contract, Answers answers) {
        return of(names, contract, answers, Optional.empty());
    }

    /// The same for a contract that hashes fields, too.
    ///
    /// @param key what they are hashed with
    /// @throws leat.core.yaml.ProblemsException when an expression of its steps is not sound
    /// @throws IllegalArgumentException when the contract hashes and there is no key
    public static Flow of(
            Names names, Contract contract, Answers answers, Optional<ProtectionKey> key) {
        return new Flow(
                contract.name().toString(),
                contract.version().toString(),
                names.raw(contract),
                names.enriched(contract),
                names.dead(contract, Names.DeadStage.ENRICHER),
                contract.reference().map(_ -> names.latest(contract)),
                contract.dedupeWindow(),
                PayloadDecoder.of(contract),
                new ContractJudge(contract, answers, key));
    }

    byte[] versionHeader() {
        return contractVersion.getBytes(StandardCharsets.UTF_8);
    }
}
