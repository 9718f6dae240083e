package leat.core.prediction;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.contract.ContractVersion;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.contract.Quality;
import leat.core.contract.UnknownFields;
import leat.core.feature.CompiledView;
import leat.core.feature.ModelFeature;
import leat.core.monitor.Monitoring;
import leat.core.scoring.OutputValue;

/// The part `scoring` of a file `models/NAME.yaml`, read and found to fit its view: what is
/// predicted of each vector.
///
/// @param name of the predictions, the file's
/// @param version of the predictions' contract
/// @param model the registered model's name
/// @param view whose vectors are scored
/// @param set whose features the model takes; empty where they are the view's own
/// @param taken what the model takes, in its order; what is not of the view is of views that are
///   [beside][CompiledView#isBeside] it
/// @param nanForMissing whether a number that a vector lacks is given to the model as NaN; else
///   there is no prediction of the vector
/// @param champion the alias of the version that answers
/// @param challengers no two have one alias, and none has the champion's
/// @param monitoring how the predictions are watched; empty where they are not
public record Scoring(
        ContractName name,
        int version,
        String description,
        Optional<String> owner,
        List<String> tags,
        String model,
        CompiledView view,
        Optional<ContractName> set,
        List<ModelFeature> taken,
        boolean nanForMissing,
        List<Output> outputs,
        String champion,
        List<Challenger> challengers,
        Optional<Monitoring> monitoring,
        Path file) {

    /// The field of a prediction that says why there are no values.
    public static final String FAILURE = "failure";

    /// The field that says in which place a prediction was made.
    public static final String ROLE = "role";

    static final String MODEL_VERSION = "model_version";

    /// The field with the alias by which the version was found.
    public static final String ALIAS = "alias";

    static final String ALIAS_POSITION = "alias_position";
    static final String VIEW = "view";

    /// The field with the position of the vector.
    public static final String VECTOR = "vector";

    static final String SHADOW_SUFFIX = "-shadow";

    private static final FieldPath OF_ENTITY = new FieldPath(List.of(CompiledView.ENTITY));
    private static final FieldPath OF_TIME = new FieldPath(List.of(CompiledView.QUERY_TIME));

    public Scoring {
        tags = List.copyOf(tags);
        taken = List.copyOf(taken);
        outputs = List.copyOf(outputs);
        challengers = List.copyOf(challengers);
    }

    /// A field of a prediction.
    ///
    /// @param name what predictions call it
    /// @param value which value of the model's outputs it is
    public record Output(String name, OutputValue value, FieldType type) {}

    /// What stands as the source of its predictions, `scorer/failure-risk.v1`.
    public String source() {
        return "scorer/" + nameAndVersion();
    }

    /// `NAME.vN`, as in topics.
    public String nameAndVersion() {
        return contract().nameAndMajor();
    }

    /// The features' names, in the model's order.
    public List<String> features() {
        return taken.stream().map(ModelFeature::name).toList();
    }

    /// The views beside the one whose vectors are scored, each once: of each the vector is taken
    /// that was written with the same event.
    public List<CompiledView> beside() {
        return taken.stream()
                .map(ModelFeature::view)
                .filter(one -> !one.equals(view))
                .distinct()
                .toList();
    }

    /// The view whose vectors are scored, then those beside it.
    public Stream<CompiledView> views() {
        return Stream.concat(Stream.of(view), beside().stream());
    }

    /// The same of the views of the same names among others.
    public Scoring among(List<CompiledView> views) {
        return new Scoring(
                name,
                version,
                description,
                owner,
                tags,
                model,
                same(view, views),
                set,
                taken.stream()
                        .map(one ->
                                new ModelFeature(
                                        one.name(), same(one.view(), views), one.feature()))
                        .toList(),
                nanForMissing,
                outputs,
                champion,
                challengers,
                monitoring,
                file);
    }

    private static CompiledView same(CompiledView view, List<CompiledView> among) {
        return among.stream()
                .filter(one -> one.view().name().equals(view.view().name()))
                .findFirst()
                .orElseThrow();
    }

    /// The values of outputs that are asked for, in the order of [#outputs].
    public List<OutputValue> wanted() {
        return outputs.stream().map(Output::value).toList();
    }

    /// All aliases that are looked up, the champion's first.
    public List<String> aliases() {
        return Stream.concat(Stream.of(champion), challengers.stream().map(Challenger::alias))
                .toList();
    }

    /// The contract of the predictions that count, one a vector.
    public Contract contract() {
        return contract(name);
    }

    /// The contract of the predictions of shadows, one a vector and shadow; empty where there is no
    /// shadow.
    public Optional<Contract> shadowContract() {
        return challengers.stream().anyMatch(Challenger.Shadow.class::isInstance)
                ? Optional.of(contract(new ContractName(name.value() + SHADOW_SUFFIX)))
                : Optional.empty();
    }

    /// The contracts of all that is predicted.
    public List<Contract> contracts() {
        return Stream.concat(Stream.of(contract()), shadowContract().stream()).toList();
    }

    private Contract contract(ContractName named) {
        Contract vectors = view.contract();
        return new Contract(
                        named,
                        new ContractVersion(version, 0, 0),
                        description,
                        fields(vectors),
                        List.of(),
                        Optional.of(OF_ENTITY),
                        Optional.of(OF_TIME),
                        Contract.TimeBounds.DEFAULT,
                        UnknownFields.REJECT,
                        vectors.dedupeWindow(),
                        vectors.log(),
                        new Contract.LakeSettings(
                                Contract.TimePartitioning.DAY,
                                List.of(CompiledView.ENTITY, CompiledView.QUERY_TIME)),
                        List.of(),
                        file)
                .withQuality(Quality.NONE);
    }

    private List<Field> fields(Contract vectors) {
        Stream<Field> whose =
                vectors.fields().stream().filter(field -> !CompiledView.isFeature(field));
        Stream<Field> values =
                outputs.stream()
                        .map(output ->
                                field(
                                        output.name(),
                                        output.type(),
                                        false,
                                        "The model's " + output.value()));
        Stream<Field> origin =
                Stream.of(
                        text(FAILURE, false, "Why there is no prediction"),
                        text(ROLE, true, "In which place it was made: champion, canary or shadow"),
                        text(MODEL_VERSION, true, "Who predicts, NAME/VERSION"),
                        text(ALIAS, true, "By which alias the version was found"),
                        field(
                                ALIAS_POSITION,
                                FieldType.Int.any(),
                                false,
                                "Offset of the registry's record that made the alias mean it"),
                        text(VIEW, true, "The view of the vector, NAME.vN"),
                        text(
                                VECTOR,
                                true,
                                "Position of the vector, which has the features:"
                                        + " TOPIC-ID/PARTITION@OFFSET"));
        return Stream.of(whose, values, origin).flatMap(fields -> fields).toList();
    }

    private static Field text(String name, boolean required, String description) {
        return field(name, FieldType.Text.any(), required, description);
    }

    private static Field field(String name, FieldType type, boolean required, String description) {
        return new Field(
                name, type, required, false, Optional.empty(), Optional.empty(), description);
    }
}
