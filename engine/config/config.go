package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"

	"github.com/yardmaster/yardmaster/engine/config/internal/yaml"
	"github.com/yardmaster/yardmaster/engine/core"
)

// Bounds on what is read and told.
const (
	SourceBytesMax = yaml.BytesMax    // bytes of a source
	ProblemsMax    = yaml.ProblemsMax // problems told at once
)

// Read reads the configuration in a file. Errors are *Errors, or that of the
// file system.
func Read(path string) (*core.Config, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("config: open: %w", err)
	}
	source, err := io.ReadAll(io.LimitReader(file, SourceBytesMax+1))
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("config: read %s: %w", path, err)
	}
	return Parse(path, source)
}

// Parse reads a configuration. The name is that of the file, for the problems.
// The error is *Errors.
func Parse(name string, source []byte) (*core.Config, error) {
	r := &reader{source: newSource(name, string(source))}
	root, problems := yaml.Parse(r.source.text)
	for _, p := range problems {
		r.add(p.At, p.Code, p.Hint, "%s", p.Message)
	}
	if len(problems) > 0 {
		return nil, r.errors()
	}
	config := new(core.Config)
	if root.Kind == yaml.Null {
		r.add(root.Start, "empty", "", "there is no configuration here")
		return nil, r.errors()
	}
	r.value(root, reflect.ValueOf(config).Elem())
	if len(r.problems) < ProblemsMax {
		r.compile(root, config)
	}
	if len(r.problems) > 0 {
		return nil, r.errors()
	}
	return config, nil
}

// reader carries one Parse.
type reader struct {
	source   *source
	problems []found
	path     []any   // of the value being read
	omitted  int     // problems without a place
	broken   [][]any // paths that could not be read: what is said about them follows from that
}

// found is a problem at a byte of the source.
type found struct {
	at int
	Problem
}

// add notes a problem.
func (r *reader) add(at int, code, hint, format string, args ...any) {
	r.problems = append(r.problems, found{at: at, Problem: Problem{Code: code, Message: fmt.Sprintf(format, args...), Hint: hint}})
}
