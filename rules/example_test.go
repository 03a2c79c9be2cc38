package rules_test

import (
	"fmt"

	"github.com/yardmaster/yardmaster/rules"
)

// parcel is what the rules of a sorting hall see. Nothing about it is special: any struct with expr tags will do.
type parcel struct {
	Item struct {
		Grams   int      `expr:"grams"`
		Country string   `expr:"country"`
		Marks   []string `expr:"marks"`
	} `expr:"item"`
	Belt string `expr:"belt"`
}

// A pass goes through the rules in order; each sees what those before it did.
func Example() {
	type send struct{ to string }
	set, err := rules.Compile[parcel]([]rules.Rule[send]{
		{Name: "fragile", When: `"fragile" in marks`, Then: []send{{"by hand"}}},
		{Name: "heavy", When: `grams > 20_000 and belt == ""`, Then: []send{{"ground floor"}}},
		{Name: "abroad", On: []string{"scanned"}, When: `country not in ["DE", "AT"]`, Then: []send{{"customs"}}, Stop: true},
		{Name: "rest", When: `belt == ""`, Then: []send{{"belt 1"}}},
	}, rules.Options{Bare: "item"})
	if err != nil {
		fmt.Println(err)
		return
	}

	var p parcel
	p.Item.Grams, p.Item.Country, p.Item.Marks = 25_000, "FR", []string{"fragile"}
	belt, err := rules.PathOf[parcel]("belt")
	if err != nil {
		fmt.Println(err)
		return
	}
	var scratch rules.Scratch // one for each goroutine, kept
	result := set.Run(&scratch, &p, set.Triggers("scanned"), func(rule *rules.Rule[send]) rules.Changed {
		p.Belt = rule.Then[0].to
		fmt.Println(rule.Name, "->", p.Belt)
		return rules.Changed{}.With(belt)
	})
	fmt.Println("matched", result.Matched, "stopped by", set.Rule(result.Stop).Name)
	// Output:
	// fragile -> by hand
	// abroad -> customs
	// matched [0 2] stopped by abroad
}

// A mistake is shown where it was made, with the nearest name that exists; all mistakes are shown together.
func ExampleCompile_problems() {
	_, err := rules.Compile[parcel]([]rules.Rule[string]{
		{Name: "heavy", When: `item.gramms > 20_000`},
		{Name: "abroad", When: `item.country = "FR"`},
	}, rules.Options{})
	fmt.Println(err)
	// Output:
	// rules: rule "heavy" when 1:6: unknown name gramms
	//    item.gramms > 20_000
	//         ^
	//    did you mean "grams"?
	// rules: rule "abroad" when 1:14: unexpected "="
	//    item.country = "FR"
	//                 ^
	//    use "==" to compare
}

// A condition is a rule's when, on its own.
func ExampleCompileCondition() {
	light, err := rules.CompileCondition[parcel](`grams <= 500 and none(marks, # == "bulky")`, rules.Options{Bare: "item"})
	if err != nil {
		fmt.Println(err)
		return
	}
	var p parcel
	p.Item.Grams = 200
	held, err := light.Eval(nil, &p)
	fmt.Println(held, err)
	// Output: true <nil>
}

// Explain accounts for every rule of a pass, on facts that nobody minds being changed.
func ExampleSet_Explain() {
	set, err := rules.Compile[parcel]([]rules.Rule[string]{
		{Name: "heavy", When: `grams > 20_000 and belt == ""`},
		{Name: "fragile", When: `"fragile" in marks`},
		{Name: "light", When: `grams < 100 or country == "FR"`, Stop: true},
		{Name: "rest"},
	}, rules.Options{Bare: "item"})
	if err != nil {
		fmt.Println(err)
		return
	}
	p := parcel{Belt: "belt 1"}
	p.Item.Grams, p.Item.Country = 25_000, "FR"
	fmt.Print(set.Explain(&p, set.Triggers("scanned"), nil))
	// Output:
	// heavy: unmatched, belt == "" does not hold at 1:20
	//     belt = "belt 1"
	// fragile: unmatched, "fragile" in marks does not hold at 1:1
	//     marks = []
	// light: matched
	// rest: not reached
}

// Unindexed tells which rules cost time in every pass: a condition that only says what must not be gives nothing to look
// facts up by.
func ExampleSet_Unindexed() {
	set, err := rules.Compile[parcel]([]rules.Rule[string]{
		{Name: "french", When: `country in ["FR", "BE"] and grams > 100`},
		{Name: "foreign", When: `country != "DE"`},
	}, rules.Options{Bare: "item"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, i := range set.Unindexed() {
		fmt.Println(set.Rule(i).Name)
	}
	// Output: foreign
}
