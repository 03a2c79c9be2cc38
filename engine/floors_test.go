package engine_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// module is the prefix of the packages that the house below orders.
const module = "github.com/yardmaster/yardmaster"

// A room is a folder of the house with its subfolders, up to the next room below it.
type room struct {
	path     string
	floor    int
	step     int      // orders the rooms of one floor that build on each other
	doors    []string // what it may import besides the standard library and the floors below: modules, or guarded rooms
	pure     bool     // its result depends on its inputs alone: purity_test.go
	floats   bool     // pure, but its inputs are the caller's numbers, which it compares as they are
	memory   bool     // pure, but it reads the fields of its callers' facts by offset
	embedded bool     // a product that embeds Yardmaster links it
	guarded  bool     // opened by a door only, whatever the floor
}

// house is docs/architecture.md, "Floors": a room imports rooms on lower floors, or on lower steps of its own.
var house = []room{
	{path: "rules", floor: 1, pure: true, floats: true, memory: true, embedded: true, doors: []string{"github.com/expr-lang/expr"}},
	{path: "sla", floor: 1, pure: true, embedded: true},
	{path: "queue", floor: 1, pure: true, embedded: true, doors: []string{"github.com/google/btree"}},
	{path: "persist", floor: 1, embedded: true},

	{path: "engine/core", floor: 2, pure: true, embedded: true, doors: []string{"github.com/hashicorp/go-memdb"}},
	{path: "persist/pebble", floor: 2, guarded: true, doors: []string{"github.com/cockroachdb/pebble/v2"}},
	{path: "persist/persisttest", floor: 2, guarded: true, doors: testDoors},

	{path: "engine/internal/loop", floor: 3, step: 1, pure: true, embedded: true},
	{path: "engine", floor: 3, step: 2, embedded: true},

	{path: "engine/report", floor: 4, step: 1},
	{path: "engine/config", floor: 4, step: 1, embedded: true},
	{path: "bench", floor: 4, step: 2, doors: []string{module + "/persist/pebble"}},
	{path: "cmd", floor: 4, step: 3, doors: []string{
		module + "/persist/pebble",
		"github.com/danielgtaylor/huma/v2",
		"github.com/spf13/cobra",
		"golang.org/x/term",
	}},
}

// testDoors is what any test may import, besides what its package may, and any room.
var testDoors = []string{
	"github.com/goccy/go-yaml", // its YAML test suite
	"github.com/google/go-cmp",
	"github.com/rogpeppe/go-internal",
	"go.uber.org/goleak",
	"pgregory.net/rapid",
}

// embeddedModules is all that a product links with Yardmaster.
var embeddedModules = []string{
	"github.com/expr-lang/expr",
	"github.com/google/btree",
	"github.com/hashicorp/go-memdb",
	"github.com/hashicorp/go-immutable-radix",
	"github.com/hashicorp/golang-lru",
}

// A listed is a package as `go list -json` describes it.
type listed struct {
	ImportPath   string
	Dir          string
	Export       string
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
	Deps         []string
	Module       *struct{ Path string }
}

func TestImportsFollowTheFloors(t *testing.T) {
	findings := append(floorFindings(listPackages(t, "./...")), linkFindings(listPackages(t, "-deps", "./..."))...)
	for _, finding := range findings {
		t.Error(finding)
	}
}

// TestFloorsRefuse shows each kind of violation to the checks above.
func TestFloorsRefuse(t *testing.T) {
	at := func(path string) string { return module + "/" + path }
	tests := []struct {
		name string
		give listed
		want []string
	}{
		{"own floor", listed{ImportPath: at("rules"), Imports: []string{at("sla")}},
			[]string{"rules (floor 1) imports sla (floor 1)"}},
		{"floor above", listed{ImportPath: at("engine/core"), Imports: []string{at("engine")}},
			[]string{"engine/core (floor 2) imports engine (floor 3)"}},
		{"floor above, from an inner package", listed{ImportPath: at("engine/core/internal/paged"), Imports: []string{at("bench/replay")}},
			[]string{"engine/core/internal/paged (floor 2) imports bench/replay (floor 4)"}},
		{"the machine of the shell, from the shell's outside", listed{ImportPath: at("engine/internal/loop"), Imports: []string{at("engine")}},
			[]string{"engine/internal/loop (floor 3) imports engine (floor 3)"}},
		{"step above", listed{ImportPath: at("engine/config"), Imports: []string{at("cmd/yardmaster/page")}},
			[]string{"engine/config (floor 4) imports cmd/yardmaster/page (floor 4)"}},
		{"a store chosen for the embedder", listed{ImportPath: at("engine"), Imports: []string{at("persist/pebble")}},
			[]string{"engine imports persist/pebble, which is not one of its doors"}},
		{"a conformance suite in the product", listed{ImportPath: at("cmd/yardmaster"), Imports: []string{at("persist/persisttest")}},
			[]string{"cmd/yardmaster imports persist/persisttest, which is not one of its doors"}},
		{"a door of another room", listed{ImportPath: at("engine"), Imports: []string{"github.com/expr-lang/expr/vm"}},
			[]string{"engine imports github.com/expr-lang/expr/vm, which is not one of its doors"}},
		{"a module whose name only begins like a door", listed{ImportPath: at("queue"), Imports: []string{"github.com/google/btree2"}},
			[]string{"queue imports github.com/google/btree2, which is not one of its doors"}},
		{"a test's module in the product", listed{ImportPath: at("sla"), Imports: []string{"pgregory.net/rapid"}},
			[]string{"sla imports pgregory.net/rapid, which is not one of its doors"}},
		{"a test behind another room's door", listed{ImportPath: at("engine"), XTestImports: []string{"github.com/google/btree"}},
			[]string{"engine (test) imports github.com/google/btree, which is not one of its doors"}},
		{"a folder without a floor", listed{ImportPath: at("util")},
			[]string{"util has no floor: name it in the house, or move it"}},
		{"what is allowed", listed{
			ImportPath:   at("engine/core"),
			Imports:      []string{"fmt", at("rules"), at("engine/core/internal/paged"), "github.com/hashicorp/go-memdb"},
			TestImports:  []string{"testing", "pgregory.net/rapid", at("persist/pebble")},
			XTestImports: []string{"github.com/google/go-cmp/cmp", at("bench")},
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, floorFindings([]listed{tt.give})); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLinksRefuse shows a dependency of a dependency that would reach embedders.
func TestLinksRefuse(t *testing.T) {
	in := func(path string) *struct{ Path string } { return &struct{ Path string }{path} }
	packages := []listed{
		{ImportPath: module + "/engine", Module: in(module), Deps: []string{"fmt", "example.org/heavy/part", "github.com/google/btree"}},
		{ImportPath: module + "/engine/config", Module: in(module), Deps: []string{"github.com/goccy/go-yaml/ast"}},
		{ImportPath: module + "/cmd/yardmaster", Module: in(module), Deps: []string{"example.org/heavy/part"}},
		{ImportPath: "example.org/heavy/part", Module: in("example.org/heavy")},
		{ImportPath: "github.com/google/btree", Module: in("github.com/google/btree")},
		{ImportPath: "github.com/goccy/go-yaml/ast", Module: in("github.com/goccy/go-yaml")},
		{ImportPath: "fmt"},
	}
	want := []string{
		"engine links example.org/heavy, which embedders do not",
		"engine/config links github.com/goccy/go-yaml, which embedders do not",
	}
	if diff := cmp.Diff(want, linkFindings(packages)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestDependenciesAreExplained keeps docs/dependencies.md complete: each module that go.mod requires directly, at its version.
func TestDependenciesAreExplained(t *testing.T) {
	var file struct {
		Require []struct {
			Path, Version string
			Indirect      bool
		}
	}
	if err := json.Unmarshal(runGo(t, "mod", "edit", "-json"), &file); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join("..", "docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, require := range file.Require {
		row := fmt.Sprintf("| %s | %s |", require.Path, require.Version)
		if !require.Indirect && !bytes.Contains(page, []byte(row)) {
			t.Errorf("docs/dependencies.md has no row %q", row)
		}
	}
}

// floorFindings names each import that goes up, sideways, or through a door of another room.
func floorFindings(packages []listed) []string {
	var findings []string
	for _, p := range packages {
		r, ok := roomOf(p.ImportPath)
		if !ok {
			findings = append(findings, shortPath(p.ImportPath)+" has no floor: name it in the house, or move it")
			continue
		}
		for _, path := range p.Imports {
			findings = append(findings, r.refuse(p.ImportPath, path)...)
		}
		for _, path := range slices.Concat(p.TestImports, p.XTestImports) {
			findings = append(findings, r.refuseInTest(p.ImportPath, path)...)
		}
	}
	return findings
}

// refuse says what is wrong with one import by one package of r, if anything is.
func (r room) refuse(importer, path string) []string {
	to, ours := roomOf(path)
	switch {
	case behind(r.doors, path) || to.path == r.path:
		return nil
	case to.guarded || !ours && thirdParty(path):
		return []string{fmt.Sprintf("%s imports %s, which is not one of its doors", shortPath(importer), shortPath(path))}
	case ours && !to.below(r):
		return []string{fmt.Sprintf("%s (floor %d) imports %s (floor %d)", shortPath(importer), r.floor, shortPath(path), to.floor)}
	}
	return nil
}

// refuseInTest is refuse for tests, which stand above every floor and have doors of their own.
func (r room) refuseInTest(importer, path string) []string {
	if _, ours := roomOf(path); ours || !thirdParty(path) || behind(testDoors, path) || behind(r.doors, path) {
		return nil
	}
	return []string{fmt.Sprintf("%s (test) imports %s, which is not one of its doors", shortPath(importer), path)}
}

func (r room) below(other room) bool {
	return r.floor < other.floor || r.floor == other.floor && r.step < other.step
}

// linkFindings names each module that an embedded package links, at any depth, and should not. The packages include all
// dependencies.
func linkFindings(packages []listed) []string {
	moduleOf := make(map[string]string)
	for _, p := range packages {
		if p.Module != nil {
			moduleOf[p.ImportPath] = p.Module.Path
		}
	}
	var findings []string
	for _, p := range packages {
		r, ok := roomOf(p.ImportPath)
		if !ok || !r.embedded {
			continue
		}
		allowed := slices.Concat(embeddedModules, r.doors, []string{"", module})
		for _, dep := range p.Deps {
			if linked := moduleOf[dep]; !slices.Contains(allowed, linked) {
				findings = append(findings, fmt.Sprintf("%s links %s, which embedders do not", shortPath(p.ImportPath), linked))
			}
		}
	}
	return slices.Compact(findings)
}

// roomOf finds the innermost room that holds a package; false if no room does, or the package is not ours.
func roomOf(path string) (room, bool) {
	var best room
	for _, r := range house {
		if within(module+"/"+r.path, path) && len(r.path) > len(best.path) {
			best = r
		}
	}
	return best, best.path != ""
}

func behind(doors []string, path string) bool {
	return slices.ContainsFunc(doors, func(door string) bool { return within(door, path) })
}

// within reports whether path is the folder or lies in it.
func within(folder, path string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

// thirdParty reports whether an import path is neither the standard library's, whose first element has no dot, nor ours.
func thirdParty(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return strings.Contains(first, ".") && !within(module, path)
}

func shortPath(path string) string { return strings.TrimPrefix(path, module+"/") }

// listPackages asks the go command for packages of this module, seen from its root.
func listPackages(t *testing.T, args ...string) []listed {
	t.Helper()
	openFolders(t)
	decoder := json.NewDecoder(bytes.NewReader(runGo(t, append([]string{"list", "-json"}, args...)...)))
	var packages []listed
	for {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		packages = append(packages, p)
	}
}

// openFolders looks into every folder of the module. The go command keeps the result of a test until a file or folder changes that
// the test itself opened: those that its children open do not count.
func openFolders(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && path != ".." && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// runGo runs the go command in the root of the module and returns what it prints.
func runGo(t *testing.T, args ...string) []byte {
	t.Helper()
	command := exec.Command("go", args...)
	command.Dir = ".."
	var complaint bytes.Buffer
	command.Stderr = &complaint
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, &complaint)
	}
	return out
}
