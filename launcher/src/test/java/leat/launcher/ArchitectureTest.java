package leat.launcher;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.URI;

/// The arrows of `ARCHITECTURE.md`: they point to the core, and stages meet on topics only.
@AnalyzeClasses(
        packages = "leat",
        importOptions = {
            ImportOption.DoNotIncludeTests.class,
            ArchitectureTest.DoNotIncludeGenerated.class
        })
final class ArchitectureTest {

    /// What protoc makes is written by nobody here.
    static final class DoNotIncludeGenerated implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/leat/enrichment/v1/")
                    && !location.contains("/leat/collector/v1/")
                    && !location.contains("/leat/features/v1/")
                    && !location.contains("/leat/inference/v2/");
        }
    }

    @ArchTest
    static final ArchRule coreKnowsNoEngine =
            classes()
                    .that()
                    .resideInAPackage("leat.core..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "leat.core..",
                            "java..",
                            // HMAC of the JDK.
                            "javax.crypto..",
                            "org.jspecify..",
                            "tools.jackson.core..",
                            "org.snakeyaml..",
                            "com.google.re2j..",
                            "dev.cel..",
                            // The languages of payloads' schemas.
                            "org.apache.avro..",
                            "com.google.protobuf..",
                            // The types of CEL's own interfaces.
                            "com.google.common.collect..");

    /// It may read an address, but not go there.
    @ArchTest
    static final ArchRule coreDoesNoNetworking =
            noClasses()
                    .that()
                    .resideInAPackage("leat.core..")
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage("java.net..", "java.sql..", "java.util.logging..")
                                    .and(not(type(URI.class))));

    @ArchTest
    static final ArchRule streamKnowsNeitherLauncherNorEmbeddedEngines =
            noClasses()
                    .that()
                    .resideInAPackage("leat.stream..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "leat.launcher..",
                            "leat.console..",
                            "leat.embedded..",
                            "leat.bench..",
                            "leat.ml..");

    @ArchTest
    static final ArchRule learningKnowsTheCoreAndTheLogOnly =
            noClasses()
                    .that()
                    .resideInAPackage("leat.ml..")
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("leat..")
                                    .and(
                                            not(
                                                    resideInAnyPackage(
                                                            "leat.ml..",
                                                            "leat.core..",
                                                            "leat.stream.log.."))));

    @ArchTest
    static final ArchRule collectorAndEnricherMeetOnTopicsOnly =
            noClasses()
                    .that()
                    .resideInAnyPackage("leat.stream.collector..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "leat.stream.enricher..",
                            "leat.stream.lake..",
                            "leat.stream.search..",
                            "leat.stream.influx..",
                            "leat.stream.sql..",
                            "leat.stream.audit..");

    @ArchTest
    static final ArchRule loadersKnowNoEarlierStage =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "leat.stream.lake..", "leat.stream.search..", "leat.stream.influx..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("leat.stream.collector..", "leat.stream.enricher..");

    @ArchTest
    static final ArchRule nobodyKnowsTheExamples =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("leat.examples..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("leat.examples..");

    @ArchTest
    static final ArchRule stagesHaveNoCycles =
            slices().matching("leat.stream.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule learningHasNoCycles =
            slices().matching("leat.ml.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule coreHasNoEngineCycles =
            slices().matching("leat.(*)..").should().beFreeOfCycles();

    @ArchTest static final ArchRule exceptionsAreNamed = NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

    @ArchTest
    static final ArchRule namesSayWhatAThingIs =
            noClasses()
                    .should()
                    .haveSimpleNameEndingWith("Impl")
                    .orShould()
                    .haveSimpleNameEndingWith("Manager")
                    .orShould()
                    .haveSimpleNameEndingWith("Helper")
                    .orShould()
                    .haveSimpleNameEndingWith("Util")
                    .orShould()
                    .haveSimpleNameEndingWith("Utils");
}
