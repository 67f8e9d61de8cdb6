package dev.coffer.engine.handlers;

import dev.coffer.engine.command.ImageCommand;
import dev.coffer.engine.command.ImageCommand.ListTrees;
import dev.coffer.engine.command.ImageCommand.ShowTree;
import dev.coffer.engine.model.ImagePlatform;
import dev.coffer.engine.model.ImageSummary;
import dev.coffer.engine.model.ImageTree;
import dev.coffer.engine.model.ImageTree.Dependent;
import dev.coffer.engine.model.ImageTree.Layer;
import dev.coffer.engine.model.NamedImage;
import dev.coffer.image.Image;
import dev.coffer.image.ImageLayer;
import dev.coffer.image.ImageStore;
import dev.coffer.image.Variant;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** {@code image tree}: what an image is made of, and what it shares. */
public final class ShowImageTree {

  private final ImageStore images;
  private final ListImages listing;
  private final Predicate<Digest> isUsed;

  /** Shows images of this store. */
  public ShowImageTree(ImageStore images, ListImages listing, Predicate<Digest> isUsed) {
    this.images = images;
    this.listing = listing;
    this.isUsed = isUsed;
  }

  /** Carries the command out. */
  public ImageTree handle(ShowTree command) {
    return Attempt.at(
        "cannot show the tree of image \"" + command.image() + "\"",
        () -> {
          Image image = images.resolve(command.image(), Optional.empty());
          List<Image> all = images.list();
          List<Layer> layers = new ArrayList<>();
          for (ImageLayer layer : images.layersOf(image)) {
            layers.add(layer(layer, image, all));
          }
          return new ImageTree(
              listing.summary(image),
              platforms(images.variants(command.image())),
              layers,
              command.dependents() ? above(image.chainIds(), all) : List.of());
        });
  }

  /** Carries the command out. */
  public List<NamedImage> handle(ListTrees command) {
    return Attempt.at(
        "cannot list images",
        () -> {
          Map<String, NamedImage> all = new LinkedHashMap<>();
          for (ImageSummary image :
              listing.handle(new ImageCommand.ListImages(command.filters()))) {
            for (String name : names(image)) {
              if (!all.containsKey(name)) {
                all.put(name, named(name, image));
              }
            }
          }
          return List.copyOf(all.values());
        });
  }

  private static List<String> names(ImageSummary image) {
    if (!image.references().isEmpty()) {
      return image.references();
    }
    return image.digests().isEmpty() ? List.of(image.id()) : image.digests();
  }

  private NamedImage named(String name, ImageSummary image) throws IOException {
    List<ImagePlatform> platforms = platforms(images.variants(name));
    if (platforms.isEmpty()) {
      return new NamedImage(name, image.id(), 0, image.sizeBytes(), false, platforms);
    }
    return new NamedImage(
        name,
        image.id(),
        platforms.stream().mapToLong(ImagePlatform::sizeBytes).sum(),
        platforms.stream().mapToLong(ImagePlatform::contentBytes).sum(),
        platforms.stream().anyMatch(ImagePlatform::used),
        platforms);
  }

  /** The platforms of a name, as users know them. */
  private List<ImagePlatform> platforms(List<Variant> variants) {
    return variants.stream()
        .map(
            variant ->
                new ImagePlatform(
                    variant.platform().toString(),
                    variant.manifest().toString(),
                    variant.image().map(image -> image.id().toString()),
                    variant.image().map(Image::sizeBytes).orElse(0L),
                    variant.contentBytes(),
                    variant.image().map(Image::id).filter(isUsed).isPresent()))
        .toList();
  }

  /**
   * A layer with those who have it.
   *
   * @param shown the image that it is shown for, which is not told as one that shares it
   */
  private static Layer layer(ImageLayer layer, Image shown, List<Image> all) {
    List<String> topOf = new ArrayList<>();
    List<String> partOf = new ArrayList<>();
    for (Image each : all) {
      if (!each.chainIds().isEmpty() && each.chainIds().getLast().equals(layer.chainId())) {
        topOf.addAll(names(each));
      } else if (each.chainIds().contains(layer.chainId()) && !each.id().equals(shown.id())) {
        partOf.addAll(names(each));
      }
    }
    return new Layer(layer.chainId().toString(), layer.sizeBytes(), topOf, partOf);
  }

  private static List<String> names(Image image) {
    return image.references().isEmpty()
        ? List.of(image.id().shortHex())
        : image.references().stream().map(Reference::familiar).toList();
  }

  /** The layers right above a stack, each with those above it. */
  private List<Dependent> above(List<Digest> stack, List<Image> all) throws IOException {
    Map<Digest, List<Image>> next = new LinkedHashMap<>();
    for (Image image : all) {
      List<Digest> chain = image.chainIds();
      if (chain.size() > stack.size() && chain.subList(0, stack.size()).equals(stack)) {
        next.computeIfAbsent(chain.get(stack.size()), _ -> new ArrayList<>()).add(image);
      }
    }
    List<Dependent> above = new ArrayList<>();
    for (List<Image> holders : next.values()) {
      Image first = holders.getFirst();
      ImageLayer layer = images.layersOf(first).get(stack.size());
      List<Digest> higher = first.chainIds().subList(0, stack.size() + 1);
      List<String> topOf =
          holders.stream()
              .filter(each -> each.chainIds().size() == higher.size())
              .flatMap(each -> names(each).stream())
              .toList();
      above.add(
          new Dependent(
              new Layer(layer.chainId().toString(), layer.sizeBytes(), topOf, List.of()),
              above(higher, holders)));
    }
    return above;
  }
}
