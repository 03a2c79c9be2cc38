package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/engine/config"
	"github.com/yardmaster/yardmaster/engine/core"
)

// root is the repository, seen from here.
const root = "../.."

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// documents are the README and everything under docs.
func documents(t *testing.T) []string {
	t.Helper()
	paths := []string{"README.md"}
	for _, pattern := range []string{"docs/*.md", "docs/adr/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %d found, %v", pattern, len(found), err)
		}
		for _, path := range found {
			paths = append(paths, strings.TrimPrefix(filepath.ToSlash(path), root+"/"))
		}
	}
	return paths
}

// blocks returns the fenced blocks of a language.
func blocks(text, language string) []string {
	fence := regexp.MustCompile("(?ms)^```" + language + "\n(.*?)^```$")
	var found []string
	for _, match := range fence.FindAllStringSubmatch(text, -1) {
		found = append(found, match[1])
	}
	return found
}

// The README's Go is what package engine runs as its Example.
func TestReadmeExampleIsTheEngines(t *testing.T) {
	example := readText(t, "engine/example_test.go")
	found := blocks(readText(t, "README.md"), "go")
	if len(found) == 0 {
		t.Fatal("the README has no Go block")
	}
	for _, block := range found {
		if !strings.Contains(example, block) {
			t.Errorf("not to be found in engine/example_test.go:\n%s", block)
		}
	}
	if !strings.Contains(found[0], "\nfunc Example() {\n") {
		t.Error("the first Go block is not the Example")
	}
}

var update = flag.Bool("update", false, "write what the replay prints into the README")

// measured are the lines of a report that differ from run to run.
var measured = regexp.MustCompile(`(?m)^  (commands|cost) .*$`)

// The README shows what a replay of the bundled sample prints.
func TestReadmeShowsTheReplay(t *testing.T) {
	var out, failure bytes.Buffer
	c := newConsole(strings.NewReader(""), &out, &failure)
	command := newRoot(c)
	command.SetArgs([]string{"replay"})
	if code := c.exit(command.ExecuteContext(t.Context())); code != exitFine {
		t.Fatalf("exit code %d: %s", code, failure.String())
	}
	readme := readText(t, "README.md")
	for _, block := range blocks(readme, "text") {
		if !strings.HasPrefix(block, "uci-servicenow:") {
			continue
		}
		if *update {
			writeText(t, "README.md", strings.Replace(readme, block, out.String(), 1))
			return
		}
		printed, shown := measured.ReplaceAllString(out.String(), "  $1"), measured.ReplaceAllString(block, "  $1")
		if diff := cmp.Diff(printed, shown); diff != "" {
			t.Errorf("the README shows another replay; -update writes this one (-printed +README):\n%s", diff)
		}
		return
	}
	t.Error("the README shows no replay")
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(root, path), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

var flags = regexp.MustCompile(`(?m)^ {2}.{4}--([a-z-]+)`)

// The README's table has each command with each of its flags.
func TestReadmeListsTheCommands(t *testing.T) {
	readme := readText(t, "README.md")
	for _, command := range newRoot(newConsole(strings.NewReader(""), io.Discard, io.Discard)).Commands() {
		if !command.IsAvailableCommand() || command.Name() == "help" || command.Name() == "completion" {
			continue
		}
		row := regexp.MustCompile("(?m)^\\| `" + command.Name() + "[` ].*$").FindString(readme)
		if row == "" {
			t.Errorf("no row of %s", command.Name())
		}
		for _, match := range flags.FindAllStringSubmatch(command.LocalFlags().FlagUsages(), -1) {
			if !strings.Contains(row, "`--"+match[1]+"`") && match[1] != "help" {
				t.Errorf("the row of %s lacks --%s", command.Name(), match[1])
			}
		}
	}
}

// Every configuration shown is one that compiles.
func TestDocumentsShowConfigurationsThatCompile(t *testing.T) {
	for _, path := range documents(t) {
		for _, block := range blocks(readText(t, path), "yaml") {
			if _, err := config.Parse(path, []byte(block)); err != nil {
				t.Errorf("%v", err)
			}
		}
	}
}

// Every line of JSON shown is a command or an event that reads back as itself.
func TestDocumentsShowCommandsAndEventsThatRead(t *testing.T) {
	for _, path := range documents(t) {
		for _, block := range blocks(readText(t, path), "json") {
			for line := range strings.Lines(block) {
				line = strings.TrimSpace(line)
				if err := readsBack(line); err != nil {
					t.Errorf("%s: %s\n%v", path, line, err)
				}
			}
		}
	}
}

func readsBack(line string) error {
	if !strings.HasPrefix(line, `{"seq"`) {
		_, err := core.ParseInput([]byte(line))
		return err
	}
	decoder := json.NewDecoder(strings.NewReader(line))
	decoder.DisallowUnknownFields()
	return decoder.Decode(new(core.Event))
}

// The reference of commands names each of them with each field, each event type
// and each reason.
func TestCommandsAreDocumented(t *testing.T) {
	text := readText(t, "docs/commands.md")
	sections := strings.Split(text, "\n### ")
	for _, name := range core.CommandNames() {
		i := slices.IndexFunc(sections, func(s string) bool {
			heading, _, _ := strings.Cut(s, "\n")
			return slices.Contains(strings.Split(heading, ", "), name)
		})
		if i < 0 {
			t.Errorf("no section of %s", name)
			continue
		}
		for _, field := range commandFields(t, name) {
			if !strings.Contains(sections[i], "`"+field+"`") {
				t.Errorf("%s: no field %s", name, field)
			}
		}
	}
	for _, file := range []string{"event.go", "rejection.go"} {
		for _, word := range constants(t, filepath.Join(root, "engine/core", file)) {
			if !strings.Contains(text, "`"+word+"`") {
				t.Errorf("%s of %s is not documented", word, file)
			}
		}
	}
}

// commandFields lists a command's fields as the schema has them.
func commandFields(t *testing.T, name string) []string {
	t.Helper()
	source, err := core.CommandSchema()
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		OneOf []struct {
			Title      string
			Properties map[string]any
		}
	}
	if err := json.Unmarshal(source, &schema); err != nil {
		t.Fatal(err)
	}
	var fields []string
	for _, command := range schema.OneOf {
		for field := range command.Properties {
			if command.Title == name && !slices.Contains([]string{"command", "at", "key"}, field) {
				fields = append(fields, field)
			}
		}
	}
	slices.Sort(fields)
	return fields
}

// constants lists the texts of a file's typed constants.
func constants(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for _, value := range spec.Values {
			if literal, ok := value.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				word, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				words = append(words, word)
			}
		}
		return true
	})
	if len(words) == 0 {
		t.Fatalf("%s has no constants", path)
	}
	return words
}

// headings are the sections of the reference of desk.yaml, by the noun that the
// schema gives to their mapping.
var headings = map[string]string{
	"": "The desk", "reopen": "reopen", "calendar": "calendars", "channel": "channels", "group": "groups", "agent": "agents",
	"queue": "queues", "offer": "offer", "rule": "rules", "action": "Actions", "set": "Actions", "require": "Actions",
	"notify": "Actions", "sla": "sla", "metric": "metrics", "policy": "policies",
}

// The reference of desk.yaml has just the keys that there are, each in a row of
// its section.
func TestKeysAreDocumented(t *testing.T) {
	type mapping struct {
		Properties map[string]any `json:"properties"`
	}
	var schema struct {
		mapping
		Defs map[string]mapping `json:"$defs"`
	}
	source, err := config.Schema()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(source, &schema); err != nil {
		t.Fatal(err)
	}
	schema.Defs[""] = schema.mapping
	want := map[string]bool{}
	for noun, m := range schema.Defs {
		for key := range m.Properties {
			want[headings[noun]+": "+key] = true
		}
	}
	text, _, _ := strings.Cut(readText(t, "docs/desk.md"), "\n## Codes of problems")
	row := regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|")
	got := map[string]bool{}
	for _, section := range regexp.MustCompile(`(?m)^##+ `).Split(text, -1) {
		heading, _, _ := strings.Cut(section, "\n")
		for _, match := range row.FindAllStringSubmatch(section, -1) {
			got[heading+": "+match[1]] = true
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("keys (-schema +docs):\n%s", diff)
	}
}

// Each scenario shows a rule of the semantics.
func TestScenariosAreDocumented(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "engine/core/testdata/scenarios/*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	text, _, _ := strings.Cut(readText(t, "docs/semantics.md"), "\n[agent-")
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".txt"); !strings.Contains(text, "["+name+"]") {
			t.Errorf("docs/semantics.md does not name %s", name)
		}
	}
}

var (
	links = regexp.MustCompile(`(?m)\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$`)
	tests = regexp.MustCompile("`((?:Test|Fuzz|Example)[A-Za-z0-9_]+)`")
)

// What the documents point to is there: files, and tests by name.
func TestDocumentsPointToWhatIsThere(t *testing.T) {
	known := testNames(t)
	for _, path := range documents(t) {
		text := readText(t, path)
		for _, match := range links.FindAllStringSubmatch(text, -1) {
			target, _, _ := strings.Cut(match[1]+match[2], "#")
			if target == "" || strings.Contains(target, "://") || strings.HasPrefix(target, "NNNN") {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(path), target)); err != nil {
				t.Errorf("%s points to %s: %v", path, target, err)
			}
		}
		for _, match := range tests.FindAllStringSubmatch(text, -1) {
			if !known[match[1]] {
				t.Errorf("%s names the test %s, which is nowhere", path, match[1])
			}
		}
	}
}

// testNames lists the tests of the module.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Example)\w+)\(`)
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, match := range function.FindAllSubmatch(text, -1) {
			names[string(match[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
