package dev.coffer.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * What docs call the layers, as a test over all modules. The build's modules forbid most of it
 * already; packages within a module only this does.
 */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.coffer");

  @Test
  void noModuleReachesAboveItsLayer() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("cli")
        .definedBy("dev.coffer.cli..")
        .layer("engine")
        .definedBy("dev.coffer.engine..")
        .layer("runtime")
        .definedBy("dev.coffer.runtime..")
        .layer("image")
        .definedBy("dev.coffer.image..")
        .layer("plan")
        .definedBy("dev.coffer.plan..")
        .layer("kernel")
        .definedBy("dev.coffer.kernel..")
        .layer("spec")
        .definedBy("dev.coffer.spec..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("engine")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("runtime")
        .mayOnlyBeAccessedByLayers("cli", "engine")
        .whereLayer("image")
        .mayOnlyBeAccessedByLayers("engine")
        .whereLayer("plan")
        .mayOnlyBeAccessedByLayers("cli", "engine", "runtime")
        .whereLayer("kernel")
        .mayOnlyBeAccessedByLayers("cli", "engine", "runtime", "image")
        .whereLayer("plan")
        .mayOnlyAccessLayers("spec")
        .whereLayer("spec")
        .mayNotAccessAnyLayer()
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.coffer.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void nothingStaticChanges() {
    fields()
        .that()
        .areStatic()
        .and()
        .doNotHaveModifier(com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC)
        .should()
        .beFinal()
        .check(CLASSES);
  }
}
