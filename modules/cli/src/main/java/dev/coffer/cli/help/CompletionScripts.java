package dev.coffer.cli.help;

import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Completion scripts: words and options come from the command models, names of containers and
 * images from the engine.
 */
public final class CompletionScripts {

  private static final String IMAGES =
      "coffer images --format '{{.Repository}}:{{.Tag}}' 2>/dev/null";

  private final String program;
  private final String containers;
  private final List<Spelling> spellings;

  /**
   * Scripts for these spellings of commands.
   *
   * @param program whose commands they are
   * @param containers command line that lists what can be given for a container
   */
  public CompletionScripts(String program, String containers, List<Spelling> spellings) {
    this.program = program;
    this.containers = containers + " 2>/dev/null";
    this.spellings = List.copyOf(spellings);
  }

  /** For bash, to be sourced or put into bash-completion's directory. */
  public String bash() {
    StringBuilder cases = new StringBuilder();
    words()
        .forEach(
            (path, words) ->
                cases.append("    '%s') words='%s' ;;\n".formatted(path, String.join(" ", words))));
    for (Spelling spelling : spellings) {
      cases.append(
          "    '%s') options='%s'; names=%s ;;\n"
              .formatted(
                  spelling.path(), String.join(" ", options(spelling)), names(spelling.model())));
    }
    return named(
        """
        # bash completion for @PROGRAM@
        _@FUNCTION@() {
          local current="${COMP_WORDS[COMP_CWORD]}" path='' words='' options='' names='' word
          for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
            case "$word" in -*) continue ;; esac
            case "$path" in
              ''|%s) path="${path:+$path }$word" ;;
              *) break ;;
            esac
          done
          case "$path" in
        %s  esac
          case "$current" in
            -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
            *)
              case "$names" in
                containers) words="$(%s)" ;;
                images) words="$(%s)" ;;
              esac
              COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
          esac
          [ -n "${COMPREPLY[*]}" ] || COMPREPLY=($(compgen -f -- "$current"))
        }
        complete -o filenames -F _@FUNCTION@ @PROGRAM@
        """
            .formatted(alternatives(), cases, containers, IMAGES));
  }

  /**
   * For zsh, as a file named {@code _coffer} in a directory of {@code fpath}, or to be sourced.
   * There {@code path} is another name of {@code PATH}, so nothing here is called that.
   */
  public String zsh() {
    StringBuilder cases = new StringBuilder();
    words()
        .forEach(
            (path, words) ->
                cases.append("    '%s') list=(%s) ;;\n".formatted(path, String.join(" ", words))));
    for (Spelling spelling : spellings) {
      cases.append(
          "    '%s') options=(%s); names=%s ;;\n"
              .formatted(
                  spelling.path(), String.join(" ", options(spelling)), names(spelling.model())));
    }
    return named(
        """
        #compdef @PROGRAM@
        _@PROGRAM@() {
          local current="${words[CURRENT]}" verb='' names='' word
          local -a list options
          for word in "${(@)words[2,CURRENT-1]}"; do
            [[ $word == -* ]] && continue
            case "$verb" in
              ''|%s) verb="${verb:+$verb }$word" ;;
              *) break ;;
            esac
          done
          case "$verb" in
        %s  esac
          case "$names" in
            containers) list=(${(f)"$(%s)"}) ;;
            images) list=(${(f)"$(%s)"}) ;;
          esac
          if [[ $current == -* ]]; then
            compadd -- $options
          else
            compadd -- $list || _files
          fi
        }
        if [[ $funcstack[1] == _@PROGRAM@ ]]; then
          _@PROGRAM@ "$@"
        else
          compdef _@PROGRAM@ @PROGRAM@
        fi
        """
            .formatted(alternatives(), cases, containers, IMAGES));
  }

  /** For fish, as {@code coffer.fish} in a completions directory. */
  public String fish() {
    StringBuilder out =
        new StringBuilder(
            """
            # fish completion for @PROGRAM@
            function __@FUNCTION@_path
              set -l path
              for word in (commandline -opc)[2..]
                string match -q -- '-*' $word; and continue
                set path $path $word
                contains -- "$path" %s; or break
              end
              echo "$path"
            end
            complete -c @PROGRAM@ -f
            """
                .formatted(groups().isEmpty() ? "''" : String.join(" ", groups())));
    words()
        .forEach(
            (path, words) ->
                out.append(
                    "complete -c @PROGRAM@ -n 'test (__@FUNCTION@_path) = \"%s\"' -a '%s'\n"
                        .formatted(path, String.join(" ", words))));
    for (Spelling spelling : spellings) {
      fish(out, spelling);
    }
    return named(out.toString());
  }

  private void fish(StringBuilder out, Spelling spelling) {
    String condition =
        "complete -c @PROGRAM@ -n 'test (__@FUNCTION@_path) = \"%s\"'".formatted(spelling.path());
    switch (names(spelling.model())) {
      case "containers" ->
          out.append(condition).append(" -a \"(").append(containers).append(")\"\n");
      case "images" -> out.append(condition).append(" -a \"(").append(IMAGES).append(")\"\n");
      default -> out.append(condition).append(" -F\n");
    }
    for (Option<?> option : HelpText.visible(spelling.model())) {
      out.append(condition).append(" -l ").append(option.name());
      if (option.hasShorthand()) {
        out.append(" -s ").append(option.shorthand());
      }
      if (option.type().takesValue()) {
        out.append(" -r -F");
      }
      out.append(" -d '").append(option.description().replace("'", "\\'")).append("'\n");
    }
  }

  private String named(String script) {
    return script.replace("@PROGRAM@", program).replace("@FUNCTION@", program.replace('-', '_'));
  }

  /** What a word may follow: nothing, or a group. */
  private String alternatives() {
    return groups().isEmpty() ? "''" : String.join("|", groups());
  }

  /** What may follow each path that is not complete yet: the empty one, and those of groups. */
  private Map<String, List<String>> words() {
    Map<String, List<String>> words = new TreeMap<>();
    for (Spelling spelling : spellings) {
      int space = spelling.path().indexOf(' ');
      String group = space < 0 ? "" : spelling.path().substring(0, space);
      String word = spelling.path().substring(space + 1);
      words.computeIfAbsent(group, none -> new ArrayList<>()).add(word);
    }
    words.get("").addAll(groups());
    return words;
  }

  private List<String> groups() {
    return spellings.stream()
        .map(Spelling::path)
        .filter(path -> path.indexOf(' ') > 0)
        .map(path -> path.substring(0, path.indexOf(' ')))
        .distinct()
        .toList();
  }

  private static List<String> options(Spelling spelling) {
    List<String> options = new ArrayList<>();
    for (Option<?> option : HelpText.visible(spelling.model())) {
      options.add("--" + option.name());
    }
    options.add("--help");
    return options;
  }

  /** What a command's arguments name. */
  private static String names(CommandModel model) {
    String operands = model.operands();
    if (operands.contains("CONTAINER")) {
      return "containers";
    }
    return operands.contains("IMAGE") || operands.contains("REPOSITORY") ? "images" : "''";
  }
}
