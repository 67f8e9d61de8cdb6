package dev.coffer.cli.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The shape of the program. Between modules the poms forbid what this forbids again, in case one of
 * them gains an edge; inside of a module only this does.
 */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("testkit"))
          .importPackages("dev.coffer");

  @Test
  void allModulesAreLookedAt() {
    for (String module :
        new String[] {"spec", "plan", "kernel", "runtime", "image", "network", "engine", "cli"}) {
      assertThat(CLASSES.that(resideInAnyPackage("dev.coffer." + module + "..")))
          .hasSizeGreaterThan(5);
    }
  }

  @Test
  void modulesSeeOnlyThoseBelow() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("spec")
        .definedBy("dev.coffer.spec..")
        .layer("plan")
        .definedBy("dev.coffer.plan..")
        .layer("kernel")
        .definedBy("dev.coffer.kernel..")
        .layer("runtime")
        .definedBy("dev.coffer.runtime..")
        .layer("image")
        .definedBy("dev.coffer.image..")
        .layer("network")
        .definedBy("dev.coffer.network..")
        .layer("engine")
        .definedBy("dev.coffer.engine..")
        .layer("cli")
        .definedBy("dev.coffer.cli..")
        .whereLayer("spec")
        .mayNotAccessAnyLayer()
        .whereLayer("plan")
        .mayOnlyAccessLayers("spec")
        .whereLayer("kernel")
        .mayOnlyAccessLayers("spec")
        .whereLayer("runtime")
        .mayOnlyAccessLayers("plan", "kernel", "spec")
        .whereLayer("image")
        .mayOnlyAccessLayers("kernel", "spec")
        .whereLayer("network")
        .mayOnlyAccessLayers("kernel", "spec")
        .whereLayer("engine")
        .mayOnlyAccessLayers("runtime", "image", "network", "plan", "kernel", "spec")
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spec", "plan", "kernel", "runtime", "image", "network", "engine", "cli"})
  void packagesFormNoCycles(String module) {
    slices()
        .matching("dev.coffer." + module + ".(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  /** What a process shares it shares by handing it on, else two engines could not live in one. */
  @Test
  void noFieldIsStaticAndMutable() {
    fields().that().areStatic().should().beFinal().check(CLASSES);
  }

  /** The plan is a pure value: it is made without looking at the host. */
  @Test
  void thePlanTouchesNothing() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.coffer.plan..", "dev.coffer.spec..")
        // A main of the build: it writes the C header.
        .and()
        .doNotHaveSimpleName("WireHeader")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..", "java.net..", "java.lang.foreign..")
        .because("Java decides from facts that it is given")
        .check(CLASSES);
  }

  /** Memory outside of the heap is a buffer anywhere; calling C has one door. */
  @Test
  void onlyTheKernelModuleCallsC() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.coffer.kernel..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.Linker")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.SymbolLookup")
        .check(CLASSES);
  }
}
