package io.jvs.control;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows of docs/architecture.md that JPMS cannot hold. */
class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.jvs.director", "io.jvs.control");

    @Test
    void shouldNeverSeeDpdkNorNativeMemory() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.jvs.dpdk..", "io.jvs.memory..", "java.lang.foreign..")
                .check(CLASSES);
    }

    @Test
    void shouldKeepMessagesAndDoorsOutOfTheDirector() {
        noClasses()
                .that()
                .resideInAPackage("io.jvs.director..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.jvs.control..", "io.jvs.proto..", "io.grpc..", "com.google.protobuf..")
                .check(CLASSES);
    }

    @Test
    void shouldReachTheDirectorsThreadThroughItsProxyOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.jvs.director..")
                .should()
                .callMethodWhere(
                        com.tngtech.archunit.base.DescribedPredicate.describe(
                                "onXxx of the director",
                                call ->
                                        call.getTargetOwner()
                                                        .getFullName()
                                                        .equals("io.jvs.director.Director")
                                                && call.getName().startsWith("on")))
                .check(CLASSES);
    }

    @Test
    void shouldSeeOfTheDataplaneOnlyItsDoor() {
        classes()
                .that()
                .resideInAnyPackage("io.jvs.director..", "io.jvs.control..")
                .should()
                .onlyDependOnClassesThat(
                        com.tngtech.archunit.base.DescribedPredicate.describe(
                                "are not inside the data plane",
                                type ->
                                        !type.getPackageName().startsWith("io.jvs.connection")
                                                && !type.getPackageName()
                                                        .startsWith("io.jvs.forwarding")
                                                && !type.getPackageName().startsWith("io.jvs.link")
                                                && !type.getPackageName().startsWith("io.jvs.port")
                                                && !type.getSimpleName().startsWith("WorkerProxy")))
                .check(CLASSES);
    }

    @Test
    void shouldReadTheClockInFewPlaces() {
        noClasses()
                .that()
                .resideInAPackage("io.jvs.director..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }
}
