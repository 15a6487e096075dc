package pt.sunbeam.proxy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls that the module poms cannot hold, because they stand inside modules. */
@AnalyzeClasses(packages = "pt.sunbeam", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String PEKKO_HTTP = "org.apache.pekko.http..";

    @ArchTest
    static final ArchRule modulesSeeOnlyWhatIsLeftOfThem = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("codegen")
            .definedBy("pt.sunbeam.codegen..")
            .layer("detector")
            .definedBy("pt.sunbeam.detector..")
            .layer("config")
            .definedBy("pt.sunbeam.config..")
            .layer("cluster-state")
            .definedBy("pt.sunbeam.cluster..")
            .layer("proxy-actors")
            .definedBy("pt.sunbeam.proxy..")
            .whereLayer("proxy-actors")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("cluster-state")
            .mayOnlyBeAccessedByLayers("proxy-actors")
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("cluster-state", "proxy-actors")
            .whereLayer("detector")
            .mayOnlyBeAccessedByLayers("config", "cluster-state", "proxy-actors");

    @ArchTest
    static final ArchRule onlyTheWireAndTheEndpointsSeePekkoHttp = noClasses()
            .that(not(resideInAnyPackage("pt.sunbeam.proxy.wire..", "pt.sunbeam.cluster.."))
                    .and(not(nameMatching("pt\\.sunbeam\\.proxy\\.observe\\.Endpoints.*"))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(PEKKO_HTTP);

    @ArchTest
    static final ArchRule onlyOnePackageSeesOpenTelemetry = noClasses()
            .that()
            .resideOutsideOfPackage("pt.sunbeam.proxy.observe.trace..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.opentelemetry..");

    @ArchTest
    static final ArchRule theDetectorIsPure = noClasses()
            .that()
            .resideInAPackage("pt.sunbeam.detector..")
            .and()
            .haveSimpleNameNotStartingWith("Kernels") // gives up warming up after a time
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.pekko..", "org.slf4j..", "java.util.logging..", "java.net.http..")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule codegenNeedsTheJdkAlone = classes()
            .that()
            .resideInAPackage("pt.sunbeam.codegen..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("pt.sunbeam.codegen..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule theWireKnowsMessagesAndNotTheRest = noClasses()
            .that()
            .resideInAPackage("pt.sunbeam.proxy.wire..")
            .should()
            .dependOnClassesThat(resideInAPackage("pt.sunbeam.proxy..")
                    .and(not(resideInAnyPackage("pt.sunbeam.proxy.wire..", "pt.sunbeam.proxy.message.."))));

    @ArchTest
    static final ArchRule theLifeOfARequestKnowsNoEngine = noClasses()
            .that()
            .resideInAnyPackage(
                    "pt.sunbeam.proxy.exchange..",
                    "pt.sunbeam.proxy.route..",
                    "pt.sunbeam.proxy.headers..",
                    "pt.sunbeam.proxy.limit..",
                    "pt.sunbeam.proxy.access..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("pt.sunbeam.proxy.wire..");

    @ArchTest
    static final ArchRule packagesFormNoCycles =
            slices().matching("pt.sunbeam.(*).(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nobodyInTheProxySeesTheTrainer =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("pt.sunbeam.trainer..", "ai.djl..");
}
