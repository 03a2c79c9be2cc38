package engine_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The pure rooms of the house give the same answer to the same inputs, on every machine and at every hour. What could break
// that is refused here by type, so that a renamed import, a method value or an inferred type hides nothing:
//
//   - goroutines, channels, select, and packages that read time, chance, or the machine;
//   - time and zones of the machine, wherever they come from;
//   - ranging over a map, unless the line says `// order: why it does not matter`;
//   - floating point, unless the line, or the comment of its declaration, says `// float: why nothing is decided by it`
//     (fused multiply-add makes two architectures disagree); rules compares its callers' numbers and is free to.

// impureImports is what a pure package never needs; a path ending in a slash stands for all below it.
var impureImports = []string{
	"crypto/rand", "hash/maphash", "log", "log/", "math/rand", "math/rand/", "net", "net/http", "os", "os/", "runtime", "runtime/",
	"sync", "sync/", "syscall", "testing", "testing/", "unsafe",
}

// impureObjects is what packages that are otherwise welcome should not be asked.
var impureObjects = map[string]string{
	"context.WithDeadline":      "waits",
	"context.WithDeadlineCause": "waits",
	"context.WithTimeout":       "waits",
	"context.WithTimeoutCause":  "waits",
	"time.After":                "waits",
	"time.AfterFunc":            "waits",
	"time.NewTicker":            "waits",
	"time.NewTimer":             "waits",
	"time.Sleep":                "waits",
	"time.Tick":                 "waits",
	"time.Now":                  "reads the clock",
	"time.Since":                "reads the clock",
	"time.Until":                "reads the clock",
	"time.Local":                "depends on the machine's zone",
	"(time.Time).Local":         "depends on the machine's zone",
	"(reflect.Value).MapKeys":   "depends on the order of a map",
	"(reflect.Value).MapRange":  "depends on the order of a map",
}

// mapIterators yield in the order of a map, and zonelessTimes in the machine's zone, until something around them settles it.
var (
	mapIterators  = []string{"maps.All", "maps.Keys", "maps.Values"}
	mapSettlers   = []string{"maps.Collect", "slices.Sorted"}
	zonelessTimes = []string{"time.Unix", "time.UnixMicro", "time.UnixMilli"}
	zoneSettlers  = []string{"After", "Before", "Compare", "Equal", "In", "Sub", "UTC", "Unix", "UnixNano"}
)

func TestPurePackagesArePure(t *testing.T) {
	var patterns []string
	for _, r := range house {
		if _, err := os.Stat(filepath.Join("..", r.path)); r.pure && err == nil {
			patterns = append(patterns, "./"+r.path+"/...")
		}
	}
	packages := listPackages(t, append([]string{"-export", "-deps"}, patterns...)...)
	checked := 0
	for _, p := range packages {
		r, ok := roomOf(p.ImportPath)
		if !ok || !r.pure || len(p.GoFiles) == 0 {
			continue
		}
		checked++
		for _, finding := range impuritiesOf(t, r, p, exportsOf(packages)) {
			t.Error(finding)
		}
	}
	if checked == 0 {
		t.Error("no pure package was found")
	}
}

// TestPurityRefuses shows each kind of violation to the check above: every line of a fixture that should be refused says so.
func TestPurityRefuses(t *testing.T) {
	fixtures, err := filepath.Glob(filepath.Join("testdata", "purity", "*.go"))
	if err != nil || len(fixtures) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	std := exportsOf(listPackages(t, "-export", "-deps", "context", "crypto/rand", "hash/maphash", "maps", "math/rand/v2", "os", "reflect", "slices", "sync", "time"))
	for _, fixture := range fixtures {
		t.Run(filepath.Base(fixture), func(t *testing.T) {
			dir, name := filepath.Split(fixture)
			got := impuritiesOf(t, room{}, listed{ImportPath: "fixture", Dir: dir, GoFiles: []string{name}}, std)
			if diff := cmp.Diff(wantedImpurities(t, fixture), got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// wantedImpurities reads the comments `// want: finding; finding` of a fixture.
func wantedImpurities(t *testing.T, fixture string) []string {
	t.Helper()
	text, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	var wanted []string
	for i, line := range strings.Split(string(text), "\n") {
		if _, want, ok := strings.Cut(line, "// want: "); ok {
			for _, what := range strings.Split(want, "; ") {
				wanted = append(wanted, fmt.Sprintf("fixture/%s:%d: %s", filepath.Base(fixture), i+1, what))
			}
		}
	}
	return wanted
}

// exportsOf finds compiled packages where the go command left them.
func exportsOf(packages []listed) map[string]string {
	exports := make(map[string]string)
	for _, p := range packages {
		exports[p.ImportPath] = p.Export
	}
	return exports
}

// impuritiesOf parses and type-checks one package of a room, its tests left out, and says what in it is impure, in the order of its
// lines.
func impuritiesOf(t *testing.T, r room, p listed, exports map[string]string) []string {
	t.Helper()
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	open := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	config := types.Config{Importer: importer.ForCompiler(fset, "gc", open)}
	info := &types.Info{Types: make(map[ast.Expr]types.TypeAndValue), Uses: make(map[*ast.Ident]types.Object)}
	if _, err := config.Check(p.ImportPath, fset, files, info); err != nil {
		t.Fatal(err)
	}
	var findings []string
	for _, file := range files {
		inspection := newInspection(fset, info, file)
		inspection.floats, inspection.memory = r.floats, r.memory
		ast.Inspect(file, inspection.visit)
		findings = append(findings, inspection.report(p, file)...)
	}
	return findings
}

// An inspection walks one file.
type inspection struct {
	fset     *token.FileSet
	info     *types.Info
	floats   bool                    // are welcome
	memory   bool                    // may be read by offset
	settled  map[ast.Expr]bool       // expressions whose surroundings settle an order or a zone
	excused  map[string]map[int]bool // "order" and "float": the lines that explain themselves
	findings map[int][]string        // by line
}

var excuse = regexp.MustCompile(`^// ?(order|float): \w`)

func newInspection(fset *token.FileSet, info *types.Info, file *ast.File) *inspection {
	in := &inspection{
		fset:     fset,
		info:     info,
		settled:  make(map[ast.Expr]bool),
		excused:  map[string]map[int]bool{"order": {}, "float": {}},
		findings: make(map[int][]string),
	}
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if match := excuse.FindStringSubmatch(comment.Text); match != nil {
				in.excused[match[1]][in.line(comment)] = true
			}
		}
	}
	for _, declaration := range file.Decls {
		in.excuseDeclaration(declaration)
	}
	return in
}

// excuseDeclaration carries a `// float:` in the comment of a declaration to all its lines.
func (in *inspection) excuseDeclaration(declaration ast.Decl) {
	var doc *ast.CommentGroup
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		doc = d.Doc
	case *ast.GenDecl:
		doc = d.Doc
	}
	if doc == nil || !slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return in.excused["float"][in.line(c)] }) {
		return
	}
	for line := in.line(declaration); line <= in.fset.Position(declaration.End()).Line; line++ {
		in.excused["float"][line] = true
	}
}

// visit inspects one node; ast.Inspect calls it for the outer before the inner.
func (in *inspection) visit(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.ImportSpec:
		in.visitImport(n)
	case *ast.GoStmt:
		in.find(n, "starts a goroutine")
	case *ast.SelectStmt:
		in.find(n, "selects")
	case *ast.ChanType, *ast.SendStmt:
		in.find(n, "uses a channel")
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			in.find(n, "uses a channel")
		}
	case *ast.RangeStmt:
		in.visitRange(n)
	case *ast.CallExpr:
		in.visitCall(n)
	case *ast.Ident:
		in.visitUse(n)
	}
	if expression, ok := node.(ast.Expr); ok {
		in.visitType(expression)
	}
	return true
}

func (in *inspection) visitImport(spec *ast.ImportSpec) {
	path, err := strconv.Unquote(spec.Path.Value)
	refused := func(entry string) bool {
		return path == entry || strings.HasSuffix(entry, "/") && strings.HasPrefix(path, entry)
	}
	if err != nil || slices.ContainsFunc(impureImports, refused) && !(path == "unsafe" && in.memory) {
		in.find(spec, "imports "+path)
	}
}

func (in *inspection) visitRange(loop *ast.RangeStmt) {
	over := in.info.TypeOf(loop.X)
	if mayBe[*types.Map](over) && !in.excused["order"][in.line(loop)] {
		in.find(loop, "ranges over a map")
	}
	if mayBe[*types.Chan](over) {
		in.find(loop, "uses a channel")
	}
}

// visitCall notes what a call settles for its receiver and its arguments.
func (in *inspection) visitCall(call *ast.CallExpr) {
	name := in.nameOf(call.Fun)
	if method, ok := strings.CutPrefix(name, "(time.Time)."); ok && slices.Contains(zoneSettlers, method) {
		in.settle(call.Args...)
		if selector, ok := call.Fun.(*ast.SelectorExpr); ok {
			in.settle(selector.X)
		}
	}
	if slices.Contains(mapSettlers, name) {
		in.settle(call.Args...)
	}
}

// settle marks the functions that some expressions call.
func (in *inspection) settle(expressions ...ast.Expr) {
	for _, expression := range expressions {
		if call, ok := expression.(*ast.CallExpr); ok {
			in.settled[callee(call.Fun)] = true
		}
	}
}

func (in *inspection) visitUse(ident *ast.Ident) {
	name := in.nameOf(ident)
	if why, ok := impureObjects[name]; ok {
		in.find(ident, name+" "+why)
	}
	if slices.Contains(zonelessTimes, name) && !in.settled[ident] {
		in.find(ident, name+" is in the machine's zone until .UTC() or .In() says otherwise")
	}
	if slices.Contains(mapIterators, name) && !in.settled[ident] && !in.excused["order"][in.line(ident)] {
		in.find(ident, name+" yields in the order of a map, which neither slices.Sorted nor `// order:` settles")
	}
}

func (in *inspection) visitType(expression ast.Expr) {
	t := in.info.TypeOf(expression)
	if t == nil || in.floats || in.excused["float"][in.line(expression)] {
		return
	}
	// Constants without a type are exact.
	basic, ok := t.Underlying().(*types.Basic)
	if ok && basic.Info()&types.IsUntyped == 0 && basic.Info()&(types.IsFloat|types.IsComplex) != 0 {
		in.find(expression, "uses floating point")
	}
}

// nameOf names the object that an expression refers to: "time.Now", "(time.Time).Local"; "" for what is local.
func (in *inspection) nameOf(expression ast.Expr) string {
	switch object := in.info.Uses[callee(expression)].(type) {
	case *types.Func:
		return object.Origin().FullName()
	case *types.Var:
		if object.Pkg() != nil && object.Parent() == object.Pkg().Scope() {
			return object.Pkg().Path() + "." + object.Name()
		}
	}
	return ""
}

// callee finds the identifier in name, package.name and their instantiations; nil in anything else.
func callee(expression ast.Expr) *ast.Ident {
	switch e := expression.(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return e.Sel
	case *ast.IndexExpr:
		return callee(e.X)
	case *ast.IndexListExpr:
		return callee(e.X)
	case *ast.ParenExpr:
		return callee(e.X)
	}
	return nil
}

// mayBe reports whether a type is of a kind, or is a type parameter whose constraint names one that is.
func mayBe[Kind types.Type](t types.Type) bool {
	if parameter, ok := t.(*types.TypeParam); ok {
		constraint := parameter.Constraint().Underlying().(*types.Interface)
		return slices.ContainsFunc(slices.Collect(constraint.EmbeddedTypes()), mayBe[Kind])
	}
	if union, ok := t.(*types.Union); ok {
		return slices.ContainsFunc(slices.Collect(union.Terms()), func(term *types.Term) bool { return mayBe[Kind](term.Type()) })
	}
	_, ok := t.Underlying().(Kind)
	return ok
}

func (in *inspection) line(node ast.Node) int { return in.fset.Position(node.Pos()).Line }

func (in *inspection) find(node ast.Node, what string) {
	line := in.line(node)
	if !slices.Contains(in.findings[line], what) {
		in.findings[line] = append(in.findings[line], what)
	}
}

// report writes the findings in the order of their lines.
func (in *inspection) report(p listed, file *ast.File) []string {
	name := shortPath(p.ImportPath) + "/" + filepath.Base(in.fset.Position(file.Pos()).Filename)
	var report []string
	for _, line := range slices.Sorted(maps.Keys(in.findings)) {
		for _, what := range in.findings[line] {
			report = append(report, fmt.Sprintf("%s:%d: %s", name, line, what))
		}
	}
	return report
}
