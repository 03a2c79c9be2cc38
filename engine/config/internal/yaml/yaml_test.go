package yaml

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	yamltestsuite "github.com/goccy/go-yaml/testdata/yaml-test-suite"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// plainForm renders a tree so that a test can show it: kinds by their Go values.
func plainForm(n *Node) any {
	switch n.Kind {
	case Null:
		return nil
	case Bool:
		return strings.EqualFold(n.Text, "true")
	case Int, Float:
		return "number " + n.Text
	case List:
		list := []any{}
		for _, item := range n.Items {
			list = append(list, plainForm(item))
		}
		return list
	case Map:
		m := map[string]any{}
		for _, pair := range n.Pairs {
			m[pair.Key.Text] = plainForm(pair.Value)
		}
		return m
	default:
		return n.Text
	}
}

func TestParse(t *testing.T) {
	type m = map[string]any
	type l = []any
	tests := []struct {
		name, src string
		want      any
	}{
		{"empty", "", nil},
		{"comments alone", "# a\n\n  # b\n", nil},
		{"document markers", "---\na: b\n...\n", m{"a": "b"}},
		{"byte order mark", "\ufeffa: b", m{"a": "b"}},
		{"kinds", "a: 1\nb: -2.5\nc: true\nd: ~\ne: null\nf:\ng: yes\nh: 1h\ni: 0x1f\nj: \"1\"\nk: 1.2.3\n", m{"a": "number 1", "b": "number -2.5", "c": true, "d": nil, "e": nil, "f": nil, "g": "yes", "h": "1h", "i": "0x1f", "j": "1", "k": "1.2.3"}},
		{"nested", "a:\n  b:\n    c: d\n  e: f\n", m{"a": m{"b": m{"c": "d"}, "e": "f"}}},
		{"list below its key", "a:\n  - b\n  - c: d\n    e: f\ng: h\n", m{"a": l{"b", m{"c": "d", "e": "f"}}, "g": "h"}},
		{"list in the column of its key", "a:\n- b\n- c: d\n  e: f\ng: h\n", m{"a": l{"b", m{"c": "d", "e": "f"}}, "g": "h"}},
		{"lists in lists", "- - a\n  - b\n-\n  - c\n-\n- {}\n", l{l{"a", "b"}, l{"c"}, nil, m{}}},
		{"flow", "a: [b, {c: d, e: [f]}, 'g', \"h\", ]\n", m{"a": l{"b", m{"c": "d", "e": l{"f"}}, "g", "h"}}},
		{"flow over lines", "a: [\n  b, # one\n  c\n]\nd: {e: f,\n    g: h}\n", m{"a": l{"b", "c"}, "d": m{"e": "f", "g": "h"}}},
		{"flow times", "{mon-fri: [09:00-12:00, 13:00-17:00]}", m{"mon-fri": l{"09:00-12:00", "13:00-17:00"}}},
		{"flow keys without values", "{a, b: , c}", m{"a": nil, "b": nil, "c": nil}},
		{"flow pair in a list", "[a: b, c]", l{m{"a": "b"}, "c"}},
		{"flow as JSON", `{"a":1,"b":["c"],"d":{"e":null}}`, m{"a": "number 1", "b": l{"c"}, "d": m{"e": nil}}},
		{"plain with indicators", "a: b#c\nd: x:y\ne: -f\ng: a & b | c\nh: a[0] {x}\n", m{"a": "b#c", "d": "x:y", "e": "-f", "g": "a & b | c", "h": "a[0] {x}"}},
		{"comment behind a value", "a: b # c\nd: # e\n  f\n", m{"a": "b", "d": "f"}},
		{"plain over lines", "a: one\n  two\n\n  three\nb: c\n", m{"a": "one two\nthree", "b": "c"}},
		{"quotes", `a: 'it''s'` + "\n" + `"b": "x\ty\u00e9\x41\U0001F600\ud83d\ude00\\"` + "\n", m{"a": "it's", "b": "x\tyéA😀😀\\"}},
		{"quotes over lines", "a: \"one  \n   two\n\n   three \\\n   four\\\n\n   five\"\nb: 'x\n y'\n", m{"a": "one two\nthree four\nfive", "b": "x y"}},
		{"quoted key with space before its colon", "\"a b\" : c\n'd': e\n", m{"a b": "c", "d": "e"}},
		{"literal", "a: |\n  one\n    two\n\n  three\n\nb: c\n", m{"a": "one\n  two\n\nthree\n", "b": "c"}},
		{"literal stripped and kept", "a: |-\n  one\n\nb: |+\n  two\n\nc: |\n", m{"a": "one", "b": "two\n\n", "c": ""}},
		{"literal with an indentation given", "a: |1\n   one\n  two\nb: c\n", m{"a": "  one\n two\n", "b": "c"}},
		{"literal at the end", "a: |\n  one", m{"a": "one\n"}},
		{"literal in a list", "- |\n  one\n- two\n", l{"one\n", "two"}},
		{"folded", "a: >\n  one\n  two\n\n  three\n    four\n  five\n\nb: c\n", m{"a": "one two\nthree\n  four\nfive\n", "b": "c"}},
		{"folded stripped", "a: >-  # why\n  one\n  two\n", m{"a": "one two"}},
		{"line feeds after carriage returns", "a:\r\n  - b\r\n  - |\r\n    x\r\n    y\r\nc: \"d\r\n  e\"\r\n", m{"a": l{"b", "x\ny\n"}, "c": "d e"}},
		{"not Latin", "名前: 한국 # 주석\n", m{"名前": "한국"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root, problems := Parse(tt.src)
			if len(problems) > 0 {
				t.Fatalf("problems: %v", problems)
			}
			if diff := cmp.Diff(tt.want, plainForm(root)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestParseProblems(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string
	}{
		{"tab", "a:\n\tb: c\n  \td: e\n", []string{"2:1 yaml-tab a tab cannot indent a line", "3:3 yaml-tab a tab cannot indent a line"}},
		{"not UTF-8", "a: b\xffc\n", []string{"1:5 encoding the byte 0xff is not UTF-8"}},
		{"control character", "a: b\x00\n", []string{"1:5 encoding the control character U+0000 cannot stand in a configuration"}},
		{"lone carriage return", "a: b\rc: d\n", []string{"1:5 encoding a carriage return stands alone"}},
		{"unclosed double quote", "a: \"b\nc: d\ne: [\nf: g\n", []string{`1:4 yaml-unclosed the quote " is not closed`, `3:4 yaml-unclosed the bracket "[" is not closed`}},
		{"unclosed quote at the end", "a: 'b", []string{`1:4 yaml-unclosed the quote ' is not closed`}},
		{"unclosed brace at the end", "a: {b: c", []string{`1:4 yaml-unclosed the bracket "{" is not closed`}},
		{"wrong bracket", "a: [b}\nc: d\n", []string{`1:6 yaml-syntax "," or "]" is expected here`}},
		{"empty item", "a: [b,,c]\n", []string{`1:7 yaml-syntax "," has no place here`}},
		{"colon in a plain text", "a: b: c\nd: e\n", []string{"1:5 yaml-syntax a colon cannot stand within a plain text"}},
		{"key deeper than its neighbours", "a: b\n  c: d\ne: f\n", []string{"2:3 yaml-indentation this line goes on with the text of the line before"}},
		{"mapping deeper than its neighbours", "a:\n  b: c\n    d: e\n   f: g\nh: 1\n", []string{"3:5 yaml-indentation this line goes on with the text of the line before"}},
		{"between two indentations", "a:\n    b: c\n  d: e\nf: g\n", []string{"3:3 yaml-indentation this line is indented by 2, its neighbours by 0"}},
		{"item where a key should be", "a: b\n- c\n", []string{"2:1 yaml-indentation a list item stands where a key is expected"}},
		{"key where an item should be", "a:\n  - b\n  c: d\n  - e\n", []string{"3:3 yaml-indentation this line is indented like a list item and is none"}},
		{"no space behind the colon", "a:b\nc: d\n", []string{"1:2 yaml-syntax a space is missing behind this colon"}},
		{"no space behind a later colon", "a: b\nc:d\ne: f\n", []string{"2:1 yaml-syntax a key with its colon is expected here"}},
		{"no colon", "c: d\nab\ne: f\n", []string{"2:1 yaml-syntax a key with its colon is expected here"}},
		{"item on the line of its key", "a: - b\nc: d\n", []string{"1:4 yaml-syntax a list item cannot stand on the line of its key"}},
		{"something behind a quoted text", "a: \"b\" c\nd: e\n", []string{"1:8 yaml-syntax there is something behind the value"}},
		{"something behind brackets", "a: [b] c\nd: e\n", []string{"1:8 yaml-syntax there is something behind the value"}},
		{"anchors and aliases", "a: &x b\nc: *x\n<<: *x\n", []string{
			`1:4 yaml-unsupported a text cannot start with "&": anchors and aliases are not read here`,
			`2:4 yaml-unsupported a text cannot start with "*": anchors and aliases are not read here`,
			`3:1 yaml-unsupported merge keys are not read here`,
			`3:5 yaml-unsupported a text cannot start with "*": anchors and aliases are not read here`}},
		{"tag", "a: !!str b\n", []string{`1:4 yaml-unsupported a text cannot start with "!": tags are not read here`}},
		{"directive", "%YAML 1.2\n---\na: b\n", []string{"1:1 yaml-unsupported directives such as %YAML are not read here"}},
		{"explicit key", "? a\n: b\n", []string{`1:1 yaml-unsupported keys marked with "?" are not read here`}},
		{"list as a key", "[a]: b\n", []string{"1:1 yaml-unsupported a key is a text on one line"}},
		{"list as a key in brackets", "a: {[b]: c}\nd: e\n", []string{"1:5 yaml-unsupported a key is a text on one line"}},
		{"dash in brackets", "[-]\n", []string{`1:2 yaml-syntax "-" has no place here`}},
		{"comment without space before it", "[a,#b\n]\n", []string{`1:4 yaml-syntax "#" has no place here`}},
		{"reserved", "a: @b\nc: `d\n", []string{`1:4 yaml-syntax a text cannot start with "@"`, "2:4 yaml-syntax a text cannot start with \"`\""}},
		{"wrong escape", `a: "b\qc"` + "\n", []string{`1:6 yaml-syntax \q is no escape`}},
		{"lone surrogate", `a: "\ud83d x"` + "\n", []string{`1:5 yaml-syntax \u is no escape`}},
		{"text behind a literal's mark", "a: |x\n  b\nc: | d\n", []string{`1:5 yaml-syntax "x" has no place behind | or >`, "3:6 yaml-syntax there is text behind | or >"}},
		{"two documents", "a: b\n---\nc: d\n", []string{"2:1 yaml-unsupported a second document starts here"}},
		{"text behind the end", "a: b\n...\nc: d\n", []string{"3:1 yaml-unsupported a second document starts here"}},
		{"deep flow", strings.Repeat("[", 100), []string{"1:65 too-large values are nested more than 64 deep"}},
		{"deep block", strings.Repeat("- ", 100), []string{"1:129 too-large values are nested more than 64 deep"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, problems := Parse(tt.src)
			var got []string
			for _, p := range problems {
				line := 1 + strings.Count(tt.src[:p.At], "\n")
				column := p.At - strings.LastIndexByte(tt.src[:p.At], '\n')
				got = append(got, fmt.Sprintf("%d:%d %s %s", line, column, p.Code, p.Message))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestBounds(t *testing.T) {
	tests := []struct {
		name, unit string
	}{
		{"bytes", "# x\n"}, {"values", "[a]\n,"}, {"problems", "x\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := "a: b\n" + strings.Repeat(tt.unit, BytesMax/len(tt.unit))
			if tt.name == "values" {
				src = "[" + strings.Repeat("a,", NodesMax+1) + "]"
			}
			_, problems := Parse(src)
			if len(problems) == 0 || len(problems) > ProblemsMax {
				t.Fatalf("%d problems", len(problems))
			}
		})
	}
}

// A place leads from a byte of a text to the byte of the source that stands for it.
func TestPlace(t *testing.T) {
	tests := []struct {
		name, src, find string // find: a run of the text; {} mark it in the source
	}{
		{"plain", "a: one {two} three", "two"},
		{"double quotes", `a: "one \"x\" é {two}"`, "two"},
		{"escape itself", `a: "one {\u0041}B"`, "AB"},
		{"single quotes", "a: 'it''s {two}'", "two"},
		{"plain over lines", "a: one\n  {two}\n\n  three", "two"},
		{"plain after an empty line", "a: one\n  two\n\n  {three}", "three"},
		{"quoted over lines", "a: \"one\n  {two} three\"", "two"},
		{"literal", "a: |\n  one\n    {two}\n", "two"},
		{"folded", "a: >-\n  one\n  {two}\n\n  three", "two"},
		{"folded after an empty line", "a: >-\n  one\n  two\n\n  {three}", "three"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := strings.Index(tt.src, "{")
			root, problems := Parse(strings.NewReplacer("{", "", "}", "").Replace(tt.src))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			value, _, _ := root.Get("a")
			offset := strings.Index(value.Text, tt.find)
			if got := value.Place(offset); offset < 0 || got != want {
				t.Errorf("Place(%d) of %q = %d, want %d", offset, value.Text, got, want)
			}
		})
	}
}

// lenient are the cases that the suite calls errors and Parse reads. Each means
// the same to whoever wrote it.
var lenient = map[string]string{
	"block-scalar-with-more-spaces-than-first-content-line":   "empty lines",
	"block-scalar-with-wrong-indented-line-after-spaces-only": "empty lines",
	"literal-block-scalar-with-more-spaces-in-first-line":     "empty lines",
	"implicit-key-followed-by-newline":                        "a key and its colon on two lines within brackets",
	"implicit-key-followed-by-newline-and-adjacent-value":     "a key and its colon on two lines within brackets",
	"flow-mapping-colon-on-line-after-key/02":                 "a key and its colon on two lines within brackets",
	"tabs-in-various-contexts/000":                            "an empty line with a tab",
	"tabs-in-various-contexts/004":                            "a tab behind a dash",
	"tabs-in-various-contexts/005":                            "a tab behind a dash",
	"flow-collections-over-many-lines/01":                     "a bracket in the column of its key",
}

// Whatever of the YAML test suite is read, is read as the suite says.
func TestParseAgreesWithTheSuite(t *testing.T) {
	if _, file, _, _ := runtime.Caller(0); !filepath.IsAbs(file) {
		t.Skip("the suite finds its files by the paths of its sources, and these are trimmed")
	}
	suite, err := yamltestsuite.TestSuites()
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, tt := range suite {
		root, problems := Parse(string(tt.InYAML))
		switch {
		case len(problems) > 0:
			if lenient[tt.Name] != "" {
				t.Errorf("%s is refused and listed as read", tt.Name)
			}
			continue
		case tt.Error && lenient[tt.Name] == "":
			t.Errorf("%s: an error is read:\n%s", tt.Name, tt.InYAML)
		case len(tt.InJSON) != 1:
			continue
		}
		read++
		if diff := cmp.Diff(tt.InJSON[0], jsonForm(t, root)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s\n%s", tt.Name, diff, tt.InYAML)
		}
	}
	if read < 140 {
		t.Errorf("%d cases were read", read)
	}
}

// jsonForm renders a tree as JSON decodes it, numbers included.
func jsonForm(t *testing.T, n *Node) any {
	switch n.Kind {
	case List:
		list := []any{}
		for _, item := range n.Items {
			list = append(list, jsonForm(t, item))
		}
		return list
	case Map:
		m := map[string]any{}
		for _, pair := range n.Pairs {
			m[pair.Key.Text] = jsonForm(t, pair.Value)
		}
		return m
	case Int, Float:
		f, err := strconv.ParseFloat(n.Text, 64)
		if err != nil {
			t.Errorf("number %q: %v", n.Text, err)
		}
		return f
	default:
		return plainForm(n)
	}
}

// What a writer of YAML produces is read as it was meant.
func TestParseReadsWhatIsWritten(t *testing.T) {
	word := rapid.StringOfN(rapid.RuneFrom([]rune("ab :-#'\"\\[]{},|>&*!?%@\n\té한😀0.~")), 0, 12, -1)
	var value func(depth int) *rapid.Generator[any]
	value = func(depth int) *rapid.Generator[any] {
		return rapid.Custom(func(t *rapid.T) any {
			switch k := rapid.IntRange(0, 6).Draw(t, "kind"); {
			case k == 0 && depth > 0:
				return rapid.SliceOfN(value(depth-1), 0, 3).Draw(t, "list")
			case k == 1 && depth > 0:
				return rapid.MapOfN(rapid.StringMatching(`[a-z]{1,5}`), value(depth-1), 0, 3).Draw(t, "map")
			case k == 2:
				return rapid.Bool().Draw(t, "bool")
			default:
				return word.Draw(t, "text")
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		root := map[string]any{"root": value(3).Draw(t, "root")}
		style := rapid.IntRange(0, 3).Draw(t, "style")
		src := string(write(nil, root, 0, style))
		if style == 3 { // JSON is YAML
			text, err := json.MarshalIndent(root, "", strings.Repeat(" ", rapid.IntRange(0, 3).Draw(t, "indent")))
			if err != nil {
				t.Fatal(err)
			}
			src = string(text)
		}
		got, problems := Parse(src)
		if len(problems) > 0 {
			t.Fatalf("%s\n%v", src, problems)
		}
		if diff := cmp.Diff(any(root), plainForm(got)); diff != "" {
			t.Fatalf("%s\n(-want +got)\n%s", src, diff)
		}
	})
}

// write renders a value in block form, its texts in double quotes, in single
// quotes or literally, as style says and the text allows.
func write(dst []byte, v any, indent, style int) []byte {
	pad := strings.Repeat(" ", indent)
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			return append(dst, " {}\n"...)
		}
		dst = append(dst, '\n')
		for key, item := range v {
			dst = append(dst, pad+key+":"...)
			dst = write(dst, item, indent+2, style)
		}
		return dst
	case []any:
		if len(v) == 0 {
			return append(dst, " []\n"...)
		}
		dst = append(dst, '\n')
		for _, item := range v {
			dst = append(dst, pad+"-"...)
			dst = write(dst, item, indent+2, style)
		}
		return dst
	case string:
		printable := !strings.ContainsAny(v, "\n\t")
		switch {
		case style == 1 && printable:
			return append(dst, " '"+strings.ReplaceAll(v, "'", "''")+"'\n"...)
		case style == 2 && indent > 0 && v != "" && v[0] != '\n' && v[0] != ' ' && !strings.ContainsAny(v, "\t"):
			header := " |-\n"
			if strings.HasSuffix(v, "\n") {
				header = " |+\n"
			}
			return append(dst, header+pad+strings.ReplaceAll(strings.TrimSuffix(v, "\n"), "\n", "\n"+pad)+"\n"...)
		}
		return append(dst, fmt.Sprintf(" %q\n", v)...)
	default:
		return append(dst, fmt.Sprintf(" %v\n", v)...)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a: b", "- [a, {b: c}]\n", "a: |\n  b\nc: >-\n  d\n", "a: \"\\u00e9\\\n b\"", "---\na: 'b'\n...\n", "[a: b]", "\ufeffa:\r\n- b", "? a", "a: &b c\n<<: *b", "a: [\n]: b", "- - - a\n  b", "\"a\\"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		root, problems := Parse(src)
		for _, p := range problems {
			if p.At < 0 || p.At > len(src) {
				t.Errorf("a problem at %d of %d bytes", p.At, len(src))
			}
		}
		within(t, root, len(src))
	})
}

func within(t *testing.T, n *Node, size int) {
	if n.Start < 0 || n.End < n.Start || n.End > size {
		t.Errorf("a node takes the bytes %d to %d of %d", n.Start, n.End, size)
	}
	for offset := range min(len(n.Text), 100) {
		if place := n.Place(offset); place < n.Start || place > n.End {
			t.Errorf("byte %d of %q stands at %d, outside %d to %d", offset, n.Text, place, n.Start, n.End)
		}
	}
	for _, item := range n.Items {
		within(t, item, size)
	}
	for _, pair := range n.Pairs {
		within(t, pair.Key, size)
		within(t, pair.Value, size)
	}
}

func BenchmarkParse(b *testing.B) {
	src := "rules:\n" + strings.Repeat("  - name: refunds\n    when: ticket.subject contains \"refund\"\n    then: [{route: billing}]\n", 10_000)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, problems := Parse(src); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}
