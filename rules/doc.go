// Package rules matches ordered rules, written as expressions, against a struct of facts.
//
// A rule is a name, the triggers it listens to, a condition and the caller's actions. The facts are any struct F whose
// fields carry `expr:"name"` tags, the actions any type A: the package knows nothing of what either means.
//
// # Contract
//
// Compile parses and type-checks every rule and reports all problems at once. Run makes one ordered pass: a rule is
// considered when it listens to one of the triggers that happened (or to none in particular), its condition is evaluated
// against the facts as the rules before it left them, and its actions are handed to the caller, who changes the facts. A
// rule with Stop ends the pass. Nothing is looked at twice: there is no recursion.
//
// # The language
//
// Conditions are expressions of github.com/expr-lang/expr over the names of F, and give true or false:
//
//	subject contains "refund" and (priority in ["high", "urgent"] or requester.tier == "gold")
//	any(tags, # startsWith "vip-") and not (fields.amount > 100)
//
// Operators: and or not (&& || !), == != < <= > >=, in, contains, startsWith, endsWith, matches (a constant RE2 pattern),
// + - * / %, ?: and if-else, ?? and ?., a..b between constants, let name = value; ..., [..] lists, x[i] and x[a:b].
// Functions: all any none one filter map find findLast findIndex findLastIndex count sum, len first last get min max,
// abs ceil floor round int float string type duration, lower upper trim trimPrefix trimSuffix indexOf lastIndexOf
// hasPrefix hasSuffix. Operands are evaluated from left to right; and, or, ?: and ?? evaluate what they need.
//
// What is absent is absent for a reason, and refused at compile time with that reason: now, date and timezone read the
// machine; keys, values and toPairs iterate maps in random order; ** differs between processors; repeat, replace, join,
// split, reduce and their like build values without bound; a < b < c and a ?: b, nested, take time without bound. Methods
// of facts cannot be called.
//
// # Missing values
//
// A nil pointer, an absent key of a map of any, and what first, last, find, min or max of nothing give are missing.
// Missing values are ordinary: == and != compare them with nil; a comparison of order, contains, startsWith, endsWith,
// matches or in with one is false; a member, a sum or a function of one is missing; as a condition one is false; as a
// collection one is empty. So `fields.amount > 10` does not hold without an amount, and `not (fields.amount > 10)` does.
//
// # How a pass is made
//
// Each rule is filed in an index under the part of its condition that fewest facts are likely to satisfy: an equality or
// in with constants, a text or number in a list, a part of a text, a range, a truth value, or an or of these. A pass reads
// the facts once, evaluates the rules that they lead to and those of which no such part is known (Set.Unindexed), and,
// after actions, looks up again what the facts that they changed lead to. So its cost grows with the rules that may match
// and not with their number. A rule is also filed under what would make its evaluation fail, so that failures are the same
// as without an index; only Result.Evaluated is smaller.
//
// A condition is evaluated by a chain of closures over the facts, without an allocation; what they do not know is left to
// expr's machine: functions beyond len, count, lower, upper and trim and the like, lists that a condition builds, facts of
// rare types, and failures, whose message is expr's. With Options.Linear there is neither index nor closure.
//
// Set.Explain makes the same pass, and says of every rule what became of it and, where its condition does not hold, which
// part of it and which values settled that.
//
// # Bounds
//
// A source is bounded in bytes, nodes, nesting, and in the steps that an evaluation may take and the bytes that it may
// build, both calculated from the size that facts may have (see Options). A failing evaluation may take both twice: by
// closures, then by expr's machine. Patterns and constant ranges are bounded too. Facts beyond their size give the same
// results in longer time: the caller bounds those.
//
// # Concurrency
//
// A Set and a Condition are immutable and safe for concurrent use. What changes during an evaluation lives in a Scratch,
// which belongs to one goroutine at a time and serves any number of sets and conditions. The package starts no goroutine,
// reads no clock and uses no randomness: equal facts give equal results, on any machine.
//
// # Errors
//
// Compile and CompileCondition return Problems; each Problem has the rule, the field, line and column, the source line
// with a caret, and a hint. An evaluation that fails (text compared with a number, an index out of range, a division of
// integers by zero) is a non-match, and a Problem in the Result.
//
// # Caveats
//
// Facts must be of the plain types: string, bool, the integers, floats, time.Duration, structs, pointers to these, slices,
// and maps with string keys. A named type (type Status string) does not compare with a literal. A fact named like a
// function of the language hides that function. Floats compare as IEEE 754 doubles.
package rules
