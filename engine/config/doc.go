// Package config reads desk.yaml, the configuration of a desk, and says of
// everything that is wrong with it where it stands and what would be right.
//
// What: Parse and Read turn YAML into a core.Config, strictly: an unknown key,
// a wrong type, a reference to nothing, a condition that does not compile are
// problems. Write is the way back. Schema describes the file for editors.
// Starter is a small desk to begin with.
//
// Contract: a configuration that Parse accepts compiles (core.Compile), and a
// source gives the same configuration or the same problems every time. JSON is
// YAML: a configuration may be given in it. A few forms are shorter than the
// types: a name stands for a group, a metric or a required skill; a list of
// names for an agent's skills at level 1; an amount for a target of all
// priorities. A key of a list or a mapping may be left without a value.
//
// Errors: Parse and Read return *Errors with all problems in the order of the
// file, or, from Read, the error of the file system. A problem that follows
// from another is not told. Lines, and columns in characters, count from 1.
//
// Concurrency: functions of values, safe to call from anywhere.
//
// Caveats: sources are read up to SourceBytesMax bytes, and problems told up to
// ProblemsMax; with that many of keys and types, references and conditions are
// not looked at. Anchors, aliases, tags, merge keys and further documents are
// refused. Comments are lost on the way through Write.
package config
