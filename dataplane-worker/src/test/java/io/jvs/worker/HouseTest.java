package io.jvs.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The order of the packages, as docs/architecture.md draws it: each may use only those before. */
class HouseTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.jvs");

    @Test
    void shouldKeepTheOrderOfThePackages() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("packet")
                .definedBy("io.jvs.packet")
                .layer("connection")
                .definedBy("io.jvs.connection")
                .layer("forwarding")
                .definedBy("io.jvs.forwarding")
                .layer("link")
                .definedBy("io.jvs.link")
                .layer("port")
                .definedBy("io.jvs.port")
                .layer("worker")
                .definedBy("io.jvs.worker")
                .whereLayer("connection")
                .mayOnlyBeAccessedByLayers("forwarding", "link", "port", "worker")
                .whereLayer("forwarding")
                .mayOnlyBeAccessedByLayers("link", "port", "worker")
                .whereLayer("link")
                .mayOnlyBeAccessedByLayers("port", "worker")
                .whereLayer("port")
                .mayOnlyBeAccessedByLayers("worker")
                .whereLayer("worker")
                .mayNotBeAccessedByAnyLayer()
                .check(CLASSES);
    }

    @Test
    void shouldKeepPacketCodeFreeOfDpdk() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.jvs.packet", "io.jvs.connection", "io.jvs.forwarding", "io.jvs.link")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.jvs.dpdk..")
                .check(CLASSES);
    }

    @Test
    void shouldReadTheClockOnlyInTheWorkersThread() {
        noClasses()
                .that()
                .resideInAPackage("io.jvs..")
                .and()
                .doNotHaveFullyQualifiedName("io.jvs.worker.WorkerThread")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }

    @Test
    void shouldReachWorkersOnlyThroughTheirProxy() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.jvs.worker.WorkerProxy")
                .should()
                .callConstructor(
                        GenerationCommand.class, long.class, List.class, CompletableFuture.class)
                .orShould()
                .callConstructor(ConnectionListing.class, int.class, WorkerProxy.class)
                .check(CLASSES);
    }
}
