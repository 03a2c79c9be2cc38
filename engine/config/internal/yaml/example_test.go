package yaml_test

import (
	"fmt"
	"strings"

	"github.com/yardmaster/yardmaster/engine/config/internal/yaml"
)

// A byte of a text is found again in the source, whatever quoting and folding
// did to it.
func Example() {
	source := "rules:\n  - when: >-\n      status == 'new'\n      and prioriti > 2\n"
	root, problems := yaml.Parse(source)
	if len(problems) > 0 {
		panic(problems)
	}
	rules, _, _ := root.Get("rules")
	when, _, _ := rules.Items[0].Get("when")
	fmt.Printf("%q\n", when.Text)

	place := when.Place(strings.Index(when.Text, "prioriti"))
	fmt.Printf("%q\n", source[place:place+8])
	// Output:
	// "status == 'new' and prioriti > 2"
	// "prioriti"
}
