package leat.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import leat.core.tracking.TrackingRefused;
import org.junit.jupiter.api.Test;

final class AliasCommandTest {

    private static final OptionalInt LAST = OptionalInt.empty();

    private final ModelState state = new ModelState().withModel("cars");
    private int wishes;

    AliasCommandTest() {
        for (String id : List.of("a", "b", "c")) {
            state.withVersion(id, "cars");
        }
    }

    private AliasCommand.Wish wish() {
        return new AliasCommand.Wish("w" + wishes++, false, "", Optional.empty());
    }

    private void promote(int version) {
        state.with(new AliasCommand.Promote("cars", "champion", version, wish()));
    }

    private AliasCommand.Rollback rollback(OptionalInt from, int to) {
        return new AliasCommand.Rollback("cars", "champion", from, to, wish());
    }

    private Alias champion() {
        return Objects.requireNonNull(
                state.fold().model("cars").orElseThrow().aliases().get("champion"));
    }

    private OptionalInt back(OptionalInt from) {
        return AliasCommand.back(state.fold().model("cars").orElseThrow(), champion(), from);
    }

    private MoveRefused refusal(ModelCommand command) {
        int before = state.log().size();
        MoveRefused refused = catchThrowableOfType(MoveRefused.class, () -> state.with(command));
        assertThat(refused).isNotNull();
        assertThat(state.log()).hasSize(before);
        return refused;
    }

    @Test
    void whoeverMovesAnAliasOneRecordSaysWhereItIsAndWhereItWas() {
        promote(1);
        state.with(new RegisteredModelCommand.SetAlias("cars", "champion", 3));
        int before = state.log().size();

        promote(2);

        assertThat(state.log()).hasSize(before + 1);
        assertThat(champion().moves()).extracting(AliasMove::version).containsExactly(2, 3, 1);
        assertThat(champion().before(champion().newest())).hasValue(3);
        assertThat(champion().position()).isEqualTo(before);
    }

    @Test
    void goingBackLeadsStepByStepToWhereItWasAndNotToWhatItLeft() {
        promote(1);
        promote(2);
        promote(1);
        promote(3);

        state.with(rollback(LAST, 1));
        assertThat(champion().version()).isEqualTo(1);
        state.with(rollback(OptionalInt.of(1), 2));
        assertThat(champion().version()).isEqualTo(2);
        state.with(rollback(OptionalInt.of(2), 1));
        assertThat(champion().version()).isEqualTo(1);

        assertThat(refusal(rollback(OptionalInt.of(1), 3)))
                .hasMessage(
                        "cars@champion is at version 1, and no version is known that it was at"
                                + " before")
                .extracting(MoveRefused::remedy)
                .isEqualTo("name the one that you want: leat models promote cars VERSION");
        promote(3);
        assertThat(back(LAST)).hasValue(1);
    }

    @Test
    void doneASecondTimeNothingIsWritten() {
        promote(1);
        promote(2);
        promote(3);
        AliasCommand.Rollback back = rollback(LAST, 2);
        state.with(back);
        int before = state.log().size();

        // Decided on once more, and by a second one who wants the same
        state.with(back).with(rollback(LAST, 2)).with(rollback(OptionalInt.of(3), 2));
        promote(2);

        assertThat(state.log()).hasSize(before);
        assertThat(champion().version()).isEqualTo(2);
    }

    @Test
    void decidedOnOnceMoreAPromotionIsNotRepeatedOverThatOfSomebodyElse() {
        AliasCommand.Promote promotion = new AliasCommand.Promote("cars", "champion", 1, wish());
        state.with(promotion);
        promote(2);

        state.with(promotion);

        assertThat(champion().version()).isEqualTo(2);
    }

    @Test
    void goingBackFromWhereItIsNotIsRefused() {
        promote(1);
        promote(2);

        assertThat(refusal(rollback(OptionalInt.of(3), 1)))
                .hasMessage("cars@champion is at version 2, not at 3");
        assertThat(refusal(rollback(LAST, 3)))
                .hasMessage("cars@champion has just been moved by somebody else");
        assertThat(refusal(new AliasCommand.Rollback("cars", "next", LAST, 1, wish())))
                .hasMessage("cars has no alias 'next'")
                .extracting(MoveRefused::remedy)
                .isEqualTo("choose one of champion");
    }

    @Test
    void whatWasDeletedOrIsNotThereIsRefused() {
        promote(1);
        promote(2);
        state.with(new VersionCommand.Delete("cars", 1));

        assertThat(refusal(rollback(LAST, 1)))
                .hasMessage("version 1, which cars@champion was at before, was deleted");
        assertThat(catchThrowableOfType(TrackingRefused.class, () -> promote(1)))
                .hasMessage("Model Version (name=cars, version=1) not found");

        state.with(new VersionCommand.Delete("cars", 2));
        assertThat(refusal(rollback(LAST, 1)))
                .hasMessage("cars has no alias 'champion'")
                .extracting(MoveRefused::remedy)
                .isEqualTo("set one first: leat models promote cars VERSION");
    }

    @Test
    void aVersionWhoseGatesFailedIsServedOnlyWhenSomebodySaysWhy() {
        promote(1);
        state.with(new VersionCommand.SetTag("cars", 2, ModelVersion.GATES_TAG, "failed"))
                .with(new VersionCommand.SetTag("cars", 3, ModelVersion.GATES_TAG, "passed"));

        assertThat(refusal(new AliasCommand.Promote("cars", "champion", 2, wish())))
                .hasMessage("the gates of cars/2 failed")
                .extracting(MoveRefused::remedy)
                .isEqualTo(
                        "choose another version, or do it all the same with --force --because WHY");

        state.with(
                new AliasCommand.Promote(
                        "cars",
                        "champion",
                        2,
                        new AliasCommand.Wish("f", true, "fire", Optional.of("the moon"))));
        assertThat(champion().newest().because()).isEqualTo("fire");
        assertThat(champion().newest().against()).isEqualTo("the gates of cars/2 failed; the moon");
        promote(3);
        assertThat(champion().newest().against()).isEmpty();
        assertThat(refusal(rollback(LAST, 2))).hasMessage("the gates of cars/2 failed");
    }

    @Test
    void theOldestMovesAreForgottenAndTheWayBackGoesAsFarAsTheyReach() {
        int moves = ModelLimits.MOVES;
        IntStream.rangeClosed(0, moves).forEach(i -> promote(1 + i % 3));

        assertThat(champion().moves()).hasSize(moves);
        int back = 0;
        while (champion().back().isPresent()) {
            int from = champion().version();
            state.with(rollback(OptionalInt.of(from), champion().back().getAsInt()));
            back++;
        }
        assertThat(back).isEqualTo(moves / 2);
    }

    @Test
    void aliasesWithTheirMovesFoldToTheSameAfterCompaction() {
        promote(1);
        promote(3);
        state.with(rollback(LAST, 1));

        assertThat(state.compacted().models()).isEqualTo(state.fold().models());
    }
}
