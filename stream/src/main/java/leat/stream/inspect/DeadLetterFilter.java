package leat.stream.inspect;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import leat.core.event.EventHeaders;
import leat.core.event.Names.DeadStage;
import leat.stream.inspect.DeadLetter.DeathReason;

/// Which dead letters are wanted: those that fit everything that is given.
///
/// @param reason a reason's code, e.g. `missing`
/// @param field a reason's field, the items of lists written `tyres[].pressure`; with `reason` too,
///   one and the same reason must have both
/// @param version the full version of the contract that they were judged by
/// @param since leaves out what is older
/// @param until leaves out what is not older
/// @param ids any of these ids, beginnings of ids or positions; empty for all
public record DeadLetterFilter(
        Optional<DeadStage> stage,
        Optional<String> reason,
        Optional<String> field,
        Optional<String> version,
        Optional<Instant> since,
        Optional<Instant> until,
        List<String> ids) {

    /// How much of an id's beginning is enough to ask for it.
    public static final int MIN_ID_CHARS = 8;

    public static final DeadLetterFilter ALL =
            new DeadLetterFilter(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of());

    public DeadLetterFilter {
        ids = List.copyOf(ids);
    }

    /// Only those of one stage.
    public DeadLetterFilter at(DeadStage only) {
        return new DeadLetterFilter(Optional.of(only), reason, field, version, since, until, ids);
    }

    /// Whether a letter is wanted.
    public boolean accepts(DeadLetter letter) {
        Instant appended = letter.event().appended();
        return stage.map(wanted -> wanted.word().equals(letter.stage())).orElse(true)
                && version.map(letter.version()::equals).orElse(true)
                && since.map(from -> !appended.isBefore(from)).orElse(true)
                && until.map(appended::isBefore).orElse(true)
                && (ids.isEmpty() || ids.stream().anyMatch(id -> isCalled(letter, id)))
                && !reasons(letter).isEmpty();
    }

    /// Those of a letter's reasons that are wanted.
    List<DeathReason> reasons(DeadLetter letter) {
        return letter.reasons().stream()
                .filter(one -> reason.map(one.code()::equals).orElse(true))
                .filter(one -> field.map(one.group()::equals).orElse(true))
                .toList();
    }

    /// Whether a letter has this id or stands at, or comes from, this position.
    static boolean isNamed(DeadLetter letter, String idOrPosition) {
        return letter.id().equals(idOrPosition)
                || letter.event().where().equals(idOrPosition)
                || letter.event()
                        .header(EventHeaders.POSITION)
                        .filter(idOrPosition::equals)
                        .isPresent();
    }

    /// Whether the letter's id begins like this, with enough of it.
    static boolean begins(DeadLetter letter, String beginning) {
        return beginning.length() >= MIN_ID_CHARS && letter.id().startsWith(beginning);
    }

    private static boolean isCalled(DeadLetter letter, String idOrPosition) {
        return isNamed(letter, idOrPosition) || begins(letter, idOrPosition);
    }
}
