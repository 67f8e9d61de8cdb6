package dev.coffer.cli.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected outputs are those of Go's text/template with Docker's functions. */
class TemplateTest {

  private static final Object DATA =
      Values.of(
          Json.parse(
              """
              {"Id": "abc123", "Name": "/web", "Empty": "", "Zero": 0, "Count": 3, "Half": 0.5,
               "Large": 1e21, "On": true, "Off": false, "Null": null,
               "Config": {"Env": ["A=1", "B=2"], "Labels": {"com.x": "y", "plain": "z"}, "Cmd": []},
               "State": {"Status": "running", "Pid": 42},
               "Mounts": [{"Source": "/a", "Destination": "/b"}, {"Source": "/c", "Destination": "/d"}],
               "Markup": "<a href='x'>\\"&\\"</a>"}
              """,
              Limits.CONFIG));

  private static String render(String template) {
    return Template.parse(template).render(DATA);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      ignoreLeadingAndTrailingWhitespace = true,
      quoteCharacter = '\0',
      value = {
        "{{.Id}} => abc123",
        "{{ .State.Status }} => running",
        "{{$.State.Pid}} => 42",
        "a{{.Count}}b => a3b",
        "{{.Half}} {{.Large}} => 0.5 1e+21",
        "{{.On}} {{.Off}} {{.Null}} => true false <no value>",
        "{{.Config.Env}} => [A=1 B=2]",
        "{{.Config.Labels}} => map[com.x:y plain:z]",
        "{{.Config.Labels.plain}} => z",
        "{{.Config.Labels.missing}} => <no value>",
        "{{index .Config.Labels \"com.x\"}} => y",
        "{{index .Config.Labels \"none\"}}. => .",
        "{{index .Config.Env 1}} => B=2",
        "{{(index .Mounts 0).Source}} => /a",
        "{{len .Config.Env}} {{len .Id}} {{len .Config.Labels}} => 2 6 2",
        "{{json .Config.Env}} => [\"A=1\",\"B=2\"]",
        "{{json .State}} => {\"Status\":\"running\",\"Pid\":42}",
        "{{json .Null}} {{json .Markup}} => null \"<a href='x'>\\\"&\\\"</a>\"",
        "{{join .Config.Env \", \"}} => A=1, B=2",
        "{{.Name | printf \"%s!\"}} => /web!",
        "{{.Id | upper | printf \"%q\"}} => \"ABC123\"",
        "{{slice .Name 1}} {{slice .Id 1 3}} => web bc",
        "{{split \"a,b\" \",\"}} => [a b]",
        "{{title \"hello world\"}} {{lower \"ABC\"}} => Hello World abc",
        "[{{pad \"x\" 1 2}}] => [ x  ]",
        "{{truncate \"abcdef\" 3}} {{truncate \"ab\" 3}} => abc ab",
        "{{print 1 2 \"x\" 3}} => 1 2x3",
        "{{html .Markup}} => &lt;a href=&#39;x&#39;&gt;&#34;&amp;&#34;&lt;/a&gt;",
        "{{js \"'x'\"}} => \\'x\\'",
        "{{urlquery \"a b&c\"}} => a+b%26c",
        "{{`raw \\n`}} => raw \\n",
        "{{\"\\u00e9\\x41\"}} => éA",
        "{{'a'}} {{0x10}} {{1_000}} {{1.50}} => 97 16 1000 1.5",
        "{{true}} {{false}} => true false",
        "{{/* nothing */}}x => x",
        "a {{- /* nothing */ -}} b => ab",
        "a {{- .Count -}} b => a3b",
        "a{{ -3 }}b => a-3b"
      })
  void values(String template, String expected) {
    assertThat(render(template)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '\0',
      value = {
        "{{if .On}}yes{{else}}no{{end}} => yes",
        "{{if .Off}}yes{{else}}no{{end}} => no",
        "{{if .Empty}}a{{else if .Zero}}b{{else if .Count}}c{{else}}d{{end}} => c",
        "{{if .Config.Cmd}}cmd{{end}}. => .",
        "{{if not .Off}}x{{end}} => x",
        "{{if and .On .Count}}x{{end}}{{and .On .Zero .Id}} => x0",
        "{{or .Empty .Zero \"last\"}} => last",
        "{{if eq .State.Status \"exited\" \"running\"}}x{{end}} => x",
        "{{eq .Count 3}} {{ne .Count 3}} {{lt 1 2}} {{le 2 2}} {{gt 1 2}} {{ge 2 3}} => true false true true false false",
        "{{lt \"a\" \"b\"}} {{eq .Half 0.5}} {{eq .Null nil}} => true true true",
        "{{range .Config.Env}}<{{.}}>{{end}} => <A=1><B=2>",
        "{{range $i, $e := .Config.Env}}{{$i}}={{$e}};{{end}} => 0=A=1;1=B=2;",
        "{{range $e := .Config.Env}}{{$e}}{{end}} => A=1B=2",
        "{{range $k, $v := .Config.Labels}}{{$k}}:{{$v}} {{end}}. => com.x:y plain:z .",
        "{{range .Mounts}}{{.Source}}:{{.Destination}} {{end}}. => /a:/b /c:/d .",
        "{{range .Config.Cmd}}x{{else}}none{{end}} => none",
        "{{range .Null}}x{{else}}none{{end}} => none",
        "{{range 3}}{{.}}{{end}} => 012",
        "{{range .Config.Env}}{{.}}{{break}}{{end}} => A=1",
        "{{range $i, $e := .Config.Env}}{{if eq $i 0}}{{continue}}{{end}}{{$e}}{{end}} => B=2",
        "{{range .Mounts}}{{$.Id}} {{end}}. => abc123 abc123 .",
        "{{with .State}}{{.Pid}}{{end}} => 42",
        "{{with .Empty}}x{{else}}none{{end}} => none",
        "{{with .Empty}}x{{else with .Id}}{{.}}{{end}} => abc123",
        "{{with $x := .State.Pid}}{{$x}}{{end}} => 42",
        "{{$x := 1}}{{if .On}}{{$x = 2}}{{end}}{{$x}} => 2",
        "{{$x := 1}}{{if .On}}{{$x := 2}}{{end}}{{$x}} => 1",
        "{{$x := .State}}{{$x.Pid}} => 42",
        "{{ $s := split .Name \"/\" }}{{index $s 1}} => web"
      })
  void control(String template, String expected) {
    assertThat(render(template)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '\0',
      value = {
        "{{printf \"%s %d %v\" .Id .Count .On}} => abc123 3 true",
        "{{printf \"[%5s|%-5s|%05d]\" \"a\" \"b\" 42}} => [    a|b    |00042]",
        "{{printf \"%.2f %6.1f\" .Half .Half}} => 0.50    0.5",
        "{{printf \"%x %X %o %b\" 255 255 8 5}} => ff FF 10 101",
        "{{printf \"%q %c %U\" \"a\" 65 65}} => \"a\" A U+0041",
        "{{printf \"%t %%\" true}} => true %",
        "{{printf \"%.3s\" \"abcdef\"}} => abc",
        "[{{printf \"%*d\" 4 7}}] => [   7]",
        "{{printf \"%+d\" 7}} => +7",
        "{{printf \"%d\" \"x\"}} => %!d(string=x)",
        "{{printf \"%d\"}} => %!d(MISSING)",
        "{{printf \"x\" 1}} => x%!(EXTRA int=1)",
        "{{printf \"%x\" \"hi\"}} => 6869",
        "{{printf \"%T\" 1}} => int"
      })
  void printf(String template, String expected) {
    assertThat(render(template)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '\0',
      value = {
        "{{.Missing}} => map has no entry for key \"Missing\"",
        "{{.State.Health.Status}} => at <.State.Health>: map has no entry for key \"Health\"",
        "{{.Null.Foo}} => nil data; no entry for key \"Foo\"",
        "{{.Id.Foo}} => can't evaluate field Foo in type string",
        "{{index .Config.Env 9}} => error calling index: index out of range: 9",
        "{{len .Count}} => len of type int",
        "{{join .Id \",\"}} => expected list",
        "{{lt 1 \"a\"}} => incompatible types for comparison",
        "{{.Id 1}} => can't give argument to non-function .Id",
        "{{range .Id}}{{end}} => range can't iterate over abc123",
        "{{upper}} => wrong number of args: want 1 got 0"
      })
  void whatDoesNotFit(String template, String reason) {
    assertThatThrownBy(() -> render(template))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '\0',
      value = {
        "{{.Id => unclosed action",
        "{{if .On}}x => unexpected EOF",
        "{{end}} => unexpected {{end}}",
        "{{else}} => unexpected {{else}}",
        "{{nosuch .Id}} => function \"nosuch\" not defined",
        "{{$x}} => undefined variable \"$x\"",
        "{{}} => missing value for command",
        "{{if}}x{{end}} => missing value for if",
        "{{(.Id}} => unexpected \"}}\" in parenthesis",
        "{{\"a}} => unterminated quoted string",
        "{{.Id | 3}} => non executable command in pipeline",
        "{{break}} => {{break}} outside {{range}}",
        "{{template \"x\"}} => not supported in templates: template",
        "{{1x}} => bad number syntax",
        "{{.Id ! }} => unexpected \"!\"",
        "{{/* x }} => unclosed comment"
      })
  void whatIsNoTemplate(String template, String reason) {
    assertThatThrownBy(() -> Template.parse(template))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void linesEnd() {
    assertThat(render("{{println \"a\" 1}}.")).isEqualTo("a 1\n.");
    assertThat(render("a\n  {{- .Count}}\n{{.Count -}}\n b")).isEqualTo("a3\n3b");
  }

  @Test
  void rowsHaveFieldsAndMethods() {
    Row row =
        new Row() {
          @Override
          public List<String> names() {
            return List.of("Label", "Name");
          }

          @Override
          public Object field(String name) {
            return name.equals("Name") ? "web" : (Method) argument -> "label " + argument;
          }
        };
    assertThat(Template.parse("{{.Name}} {{.Label \"x\"}}").render(row)).isEqualTo("web label x");
    assertThat(Template.parse("{{json .}}").render(row)).isEqualTo("{\"Name\":\"web\"}");
    assertThatThrownBy(() -> Template.parse("{{.Nothing}}").render(row))
        .hasMessageContaining("can't evaluate field Nothing");
  }

  @Test
  void deepNestingIsRefusedRatherThanOverflowing() {
    String deep = "{{" + "(".repeat(5000) + "1" + ")".repeat(5000) + "}}";
    assertThatThrownBy(() -> Template.parse(deep)).isInstanceOf(TemplateException.class);
    assertThatThrownBy(() -> Template.parse("{{if 1}}".repeat(5000)))
        .isInstanceOf(TemplateException.class);
    assertThatThrownBy(() -> Template.parse("{{if 0}}" + "{{else if 0}}".repeat(5000) + "{{end}}"))
        .isInstanceOf(TemplateException.class);
  }
}
