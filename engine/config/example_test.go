package config_test

import (
	"errors"
	"fmt"

	"github.com/yardmaster/yardmaster/engine/config"
)

// A configuration is read strictly, and everything that is wrong with it is
// told at once.
func ExampleParse() {
	source := `groups: [billing]
queues:
  - id: billing
    groups: [biling]
rules:
  - name: refunds
    when: ticket.subject contains "refund"
    thenn: [{route: billing}]
`
	_, err := config.Parse("desk.yaml", []byte(source))

	var problems *config.Errors
	if errors.As(err, &problems) {
		fmt.Print(problems.Text())
	}
	fmt.Println()
	fmt.Println(err)
	// Output:
	// desk.yaml:4:14: error[unknown-group]: group "biling" does not exist
	//    2 | queues:
	//    3 |   - id: billing
	// >  4 |     groups: [biling]
	//                     ^
	//    5 | rules:
	//    6 |   - name: refunds
	//   did you mean "billing"?
	//
	// desk.yaml:8:5: error[unknown-key]: "thenn" is no key of a rule
	//    6 |   - name: refunds
	//    7 |     when: ticket.subject contains "refund"
	// >  8 |     thenn: [{route: billing}]
	//            ^
	//   did you mean "then"?
	//
	// desk.yaml:4:14: error[unknown-group]: group "biling" does not exist (did you mean "billing"?)
	// desk.yaml:8:5: error[unknown-key]: "thenn" is no key of a rule (did you mean "then"?)
}

// A configuration that a program made becomes a file that people can edit.
func ExampleWrite() {
	c, err := config.Parse("desk.json", []byte(`{"name": "Support", "groups": [{"id": "billing"}], "queues": [{"id": "refunds", "groups": ["billing"], "order": "due"}]}`))
	if err != nil {
		panic(err)
	}
	source, err := config.Write(c)
	if err != nil {
		panic(err)
	}
	fmt.Print(string(source))
	// Output:
	// name: Support
	// groups:
	//   - id: billing
	// queues:
	//   - id: refunds
	//     order: due
	//     groups: [billing]
}
